/** Reports name the door that was tried. */

import { expect, it } from 'vitest';
import { bitOfKind, byServers, cameBySsh, kindFigures, kindOfService, kindsGuessed, kindsOfFigures, SSH_ALONE } from '../../src/core/service-kind.ts';

it('knows services by the names that parsers and PAM give them', () => {
  const kinds = ['sshd', 'sshd-session', 'dovecot', 'imap', 'smtp', 'vsftpd', 'openvpn', 'postgresql', 'gitea', 'xrdp-sesman', 'frobnicator'].map(
    kindOfService,
  );
  expect(kinds).toEqual(['ssh', 'ssh', 'mail', 'mail', 'mail', 'ftp', 'vpn', 'database', 'web', 'desktop', 'other']);
});

it('says nothing of sshd alone, and names the others beside it', () => {
  expect(byServers(SSH_ALONE)).toBe('');
  expect(byServers(bitOfKind('mail') | SSH_ALONE)).toBe(' by sshd and the mail server');
  expect(kindFigures(SSH_ALONE)).toEqual({});
  expect(kindsOfFigures(kindFigures(bitOfKind('mail') | bitOfKind('ftp')))).toEqual(['mail', 'ftp']);
});

it('tells what a case guessed at, and whether somebody came by sshd', () => {
  const mail = { detector: 'password-guessing', tells: 'attack', figures: { services: 'mail' } } as const;
  expect(kindsGuessed([mail, { detector: 'web-scanner', tells: 'attack', figures: {} }])).toEqual(['mail']);
  expect(kindsGuessed([{ detector: 'spread-guessing', tells: 'attack', figures: {} }])).toEqual(['ssh']);
  expect(cameBySsh({ detector: 'entry-after-guessing', figures: {} })).toBe(true);
  expect(cameBySsh({ detector: 'entry-after-guessing', figures: { services: 'ftp' } })).toBe(false);
  expect(cameBySsh({ detector: 'web-exploit', figures: {} })).toBe(false);
});
