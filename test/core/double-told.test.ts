/** One try at a mail or FTP server that the server and PAM both tell of, under different pids and in any order of their logs, counts once. */

import { describe, expect, it } from 'vitest';
import { GuessBook } from '../../src/core/guess-book.ts';
import type { Line } from '../../src/core/words.ts';
import { ftp } from '../../src/parsers/ftp.ts';
import { mailboxes } from '../../src/parsers/mailboxes.ts';
import { pamServices } from '../../src/parsers/pam-services.ts';
import { postfix } from '../../src/parsers/postfix.ts';
import { fakeNetworks } from '../fake-eyes.ts';

const IP = '203.0.113.20';
const MINUTE = 60_000;
const PARSERS = { auth: pamServices, dovecot: mailboxes, 'postfix/smtpd': postfix, vsftpd: ftp } as const;

type Said = readonly [at: number, program: keyof typeof PARSERS, pid: number | null, message: string];

function book(lines: readonly Said[]): GuessBook {
  const guesses = new GuessBook(fakeNetworks());
  lines.forEach(([at, program, pid, message], index) => {
    const line: Line = { source: 'log', line: index + 1, at, host: 'h', program, pid, message, raw: message };
    const draft = PARSERS[program].parse(line);
    if (draft?.kind !== 'login.probed') throw new Error(`not read: ${message}`);
    guesses.refused({ ...draft, at, source: 'log', line: index + 1, raw: message });
  });
  return guesses;
}

const tries = (lines: readonly Said[]) =>
  Object.fromEntries(
    book(lines)
      .guessers()
      .map(({ ip, tries }) => [ip, tries.total]),
  );
const pam = (at: number, pid: number, ip = IP, service = 'dovecot'): Said => [
  at,
  service === 'vsftpd' ? 'vsftpd' : 'auth',
  pid,
  `pam_unix(${service}:auth): authentication failure; logname= uid=0 euid=0 tty=x ruser=info rhost=${ip}`,
];
const own = (at: number, many = 1, ip = IP): Said => [
  at,
  'dovecot',
  null,
  `imap-login: Disconnected (auth failed, ${many} attempts in 9 secs): user=<info>, method=PLAIN, rip=${ip}, lip=192.0.2.1`,
];
const sasl = (at: number, pid: number): Said => [at, 'postfix/smtpd', pid, `warning: x[${IP}]: SASL LOGIN authentication failed: UGFzc3dvcmQ6`];

describe('a try that PAM and the server tell of', () => {
  const steps = Array.from({ length: 40 }, (_, index) => index * MINUTE);

  it('counts once, whichever log was read first, and under the name that the server tells', () => {
    const byPam = steps.map((at) => pam(at, 700));
    const byServer = steps.map((at) => own(at + 4_000));
    for (const lines of [
      [...byPam, ...byServer],
      [...byServer, ...byPam],
      steps.flatMap((at) => [pam(at, 700), own(at + 4_000)]),
      steps.flatMap((at) => [own(at), pam(at + 1_000, 700)]),
    ]) {
      expect(tries(lines)).toEqual({ [IP]: 40 });
      expect(book(lines).target('info')?.by.values().next().value?.tries.total).toBe(40);
    }
  });

  it('counts once where the mail server asks the mailbox server, and for FTP', () => {
    expect(tries(steps.flatMap((at) => [pam(at, 700), sasl(at + 2_000, 5000)]))).toEqual({ [IP]: 40 });
    const ftpd = steps.flatMap((at, index): Said[] => [
      pam(at, 9000 + 2 * index, IP, 'vsftpd'),
      [at, 'vsftpd', 9001 + 2 * index, `[www] FAIL LOGIN: Client "${IP}"`],
    ]);
    expect(tries(ftpd)).toEqual({ [IP]: 40 });
  });

  it('counts as often as the end of its connection says', () => {
    expect(tries([pam(0, 700), pam(5_000, 700), pam(9_000, 700), own(12_000, 3)])).toEqual({ [IP]: 3 });
    expect(tries([own(12_000, 3), pam(0, 700), pam(5_000, 700), pam(9_000, 700)])).toEqual({ [IP]: 3 });
  });

  it('is another one from another address, at another kind of server, or at another time', () => {
    expect(tries([pam(0, 700), own(1_000, 1, '203.0.113.21')])).toEqual({ [IP]: 1, '203.0.113.21': 1 });
    expect(tries([pam(0, 700, IP, 'vsftpd'), own(1_000)])).toEqual({ [IP]: 2 });
    expect(tries([pam(0, 700), own(60 * MINUTE)])).toEqual({ [IP]: 2 });
  });

  it('counts where PAM alone tells of it, and what PAM tells beyond the others', () => {
    expect(tries(steps.map((at) => pam(at, 700)))).toEqual({ [IP]: 40 });
    expect(tries([pam(0, 1), pam(1_000, 2), pam(2_000, 3), own(3_000)])).toEqual({ [IP]: 3 });
  });

  it('is none where another module of PAM lets the same one in', () => {
    const passed: Said = [
      1_000,
      'auth',
      700,
      `pam_sss(dovecot:auth): authentication success; logname= uid=0 euid=0 tty=x ruser=info rhost=${IP} user=info`,
    ];
    expect(tries([pam(0, 700), passed])).toEqual({});
  });
});
