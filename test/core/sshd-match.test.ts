/** Match blocks as sshd_config(5) says that they are evaluated. */

import { describe, expect, it } from 'vitest';
import { addressBits, fitsPattern } from '../../src/core/address-bits.ts';
import { allowedBy, fits, openedForPasswords } from '../../src/core/sshd-match.ts';
import type { SshdSeen } from '../../src/core/words.ts';

const sshd: SshdSeen = {
  by: 'sshd_config',
  path: '/etc/ssh/sshd_config',
  ports: [22],
  passwordAuthentication: false,
  keyboardInteractive: false,
  permitRootLogin: 'no',
  permitEmptyPasswords: false,
  maxAuthTries: 6,
  usePam: true,
  allowUsers: [],
  allowGroups: [],
  denyUsers: [],
  denyGroups: [],
  matches: [],
};
const kim = { user: 'kim', groups: ['kim', 'ftp'], ip: '198.51.100.7' };
const judged = (criteria: string, visitor = kim as Parameters<typeof fits>[1]) => fits({ criteria, settings: {} }, visitor);

describe('a Match line', () => {
  it('fits when each of its criteria does', () => {
    expect([judged('User kim'), judged('User ann,k?m'), judged('User kim Group ftp'), judged('Group web*,ftp'), judged('all')]).toEqual(
      Array(5).fill('yes'),
    );
    expect([judged('User ann'), judged('User kim Group web'), judged('User KIM'), judged('')]).toEqual(Array(4).fill('no'));
  });

  it('knows negation: one that fits ends it, and negations alone fit nobody', () => {
    expect([judged('User *,!kim'), judged('User !ann'), judged('User !ann,*')]).toEqual(['no', 'no', 'yes']);
  });

  it('knows addresses by network and by pattern', () => {
    expect([judged('Address 198.51.100.0/24'), judged('Address 198.51.*'), judged('Address 10.0.0.0/8,198.51.100.7/32')]).toEqual(
      Array(3).fill('yes'),
    );
    expect([judged('Address 198.51.101.0/24'), judged('Address *,!198.51.100.0/24'), judged('Address 2001:db8::/32')]).toEqual(Array(3).fill('no'));
    expect(judged('Address 2001:db8::/32', { ...kim, ip: '2001:db8:1::5' })).toBe('yes');
  });

  it('is not decided where what it asks for is not known', () => {
    expect([judged('Host *.example'), judged('User kim LocalPort 2222'), judged('Address 10.0.0.0/8', { ...kim, ip: null })]).toEqual(
      Array(3).fill('maybe'),
    );
    expect(judged('User ann LocalPort 2222')).toBe('no');
  });
});

describe('what is allowed', () => {
  const blocks = [
    { criteria: 'User ann', settings: { passwordauthentication: 'yes' } },
    { criteria: 'Group ftp', settings: { x11forwarding: 'no' } },
    { criteria: 'User kim', settings: { passwordauthentication: 'yes' } },
    { criteria: 'all', settings: { passwordauthentication: 'no', permitrootlogin: 'yes' } },
  ];
  it('is what the first fitting block with that keyword says, else what stands above them all', () => {
    const allowed = allowedBy({ ...sshd, matchBlocks: blocks }, kim);
    expect(allowed).toMatchObject({ passwordAuthentication: true, by: 'Match User kim', permitRootLogin: 'yes', undecided: [] });
    expect(allowedBy({ ...sshd, matchBlocks: blocks }, { ...kim, user: 'eve' })).toMatchObject({ passwordAuthentication: false, by: 'Match all' });
    expect(allowedBy(sshd, kim)).toMatchObject({ passwordAuthentication: false, by: null });
    expect(openedForPasswords({ ...sshd, matchBlocks: blocks })).toEqual(['Match User ann', 'Match User kim']);
  });
});

it('addresses have their bits, and patterns end', () => {
  expect(addressBits('192.0.2.1')).toBe(addressBits('::ffff:192.0.2.1'));
  expect(addressBits('2001:db8::1')).toHaveLength(128);
  for (const wrong of ['1.2.3', '1.2.3.400', '1::2::3', 'x', '1:2:3:4:5:6:7:8:9']) expect(addressBits(wrong)).toBeNull();
  expect(fitsPattern('a'.repeat(5_000), `${'*a'.repeat(50)}b`)).toBe(false);
});
