/** What only PAM tells of is counted, and nothing is counted twice. */

import { describe, expect, it } from 'vitest';
import { GuessBook } from '../../src/core/guess-book.ts';
import type { Line } from '../../src/core/words.ts';
import { pamServices } from '../../src/parsers/pam-services.ts';
import { sshd } from '../../src/parsers/sshd.ts';
import { sshdVisits } from '../../src/parsers/sshd-visits.ts';
import { fakeNetworks } from '../fake-eyes.ts';

const PAM = (rhost: string, user = 'bob', service = 'sshd') =>
  `pam_unix(${service}:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${rhost}  user=${user}`;
const FAILED = (ip: string, user = 'bob') => `Failed password for ${user} from ${ip} port 4000 ssh2`;

/** Tries by source after lines of `[pid, message]`, a second apart. */
function tries(lines: readonly (readonly [number, string])[], program = 'sshd'): Record<string, number> {
  const book = new GuessBook(fakeNetworks());
  lines.forEach(([pid, message], index) => {
    const line: Line = { source: 'log', line: index + 1, at: index * 1000, host: 'h', program, pid, message, raw: message };
    const draft = program === 'sshd' ? (sshd.parse(line) ?? sshdVisits.parse(line)) : pamServices.parse(line);
    const event = draft && { ...draft, at: line.at, source: line.source, line: line.line, raw: line.raw };
    if (event?.kind === 'login.failed' || event?.kind === 'login.probed') book.refused(event as Parameters<GuessBook['refused']>[0]);
    else if (event?.kind === 'login.accepted') book.accepted(event as Parameters<GuessBook['accepted']>[0]);
  });
  return Object.fromEntries(book.guessers().map((guesser) => [guesser.ip, guesser.tries.total]));
}

describe('refusals that only PAM tells of', () => {
  it('are tries, each of them, with what it says at the end of a conversation', () => {
    expect(tries(Array.from({ length: 59 }, (_, index) => [100 + index, PAM('203.0.113.20')]))).toEqual({ '203.0.113.20': 59 });
    expect(
      tries([
        [1, PAM('203.0.113.20')],
        [1, 'PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.20  user=bob'],
      ]),
    ).toEqual({ '203.0.113.20': 3 });
  });

  it('are none beside a line of sshd about the same connection, before or after', () => {
    const ip = '203.0.113.20';
    expect(
      tries([
        [1, PAM(ip)],
        [1, FAILED(ip)],
        [1, PAM(ip)],
        [1, FAILED(ip)],
      ]),
    ).toEqual({ [ip]: 2 });
    expect(
      tries([
        [1, FAILED(ip)],
        [1, PAM(ip)],
      ]),
    ).toEqual({ [ip]: 1 });
    expect(
      tries([
        [1, PAM(ip)],
        [1, `Connection closed by authenticating user bob ${ip} port 4 [preauth]`],
      ]),
    ).toEqual({ [ip]: 1 });
  });

  it('do not add up to more for names that sshd tells', () => {
    const book = [
      [1, PAM('203.0.113.20', 'bob')],
      [1, FAILED('203.0.113.20', 'bob')],
      [2, PAM('203.0.113.20', 'bob')],
    ] as const;
    expect(tries(book)).toEqual({ '203.0.113.20': 2 });
  });

  it('are none where another module let the same one in', () => {
    const accepted = 'Accepted password for bob from 203.0.113.20 port 4000 ssh2';
    expect(
      tries([
        [1, PAM('203.0.113.20')],
        [1, accepted],
      ]),
    ).toEqual({});
    const passed = 'pam_sss(dovecot:auth): authentication success; logname= uid=0 euid=0 tty=dovecot ruser=bob rhost=203.0.113.20 user=bob';
    const mails = Array.from(
      { length: 20 },
      () =>
        [
          [7, PAM('203.0.113.20', 'bob', 'dovecot')],
          [7, passed],
        ] as const,
    ).flat();
    expect(tries(mails, 'dovecot-auth')).toEqual({});
  });

  it('count for one worker that asks for all', () => {
    expect(
      tries(
        Array.from({ length: 59 }, () => [7, PAM('203.0.113.20', 'bob', 'vsftpd')] as const),
        'vsftpd',
      ),
    ).toEqual({ '203.0.113.20': 59 });
  });
});

describe('host names', () => {
  const told = (pid: number) => [pid, 'error: PAM: Authentication failure for alice from Evil.example.net'] as const;

  it('stand for the source where no address is told, and count once', () => {
    expect(tries(Array.from({ length: 80 }, (_, index) => [[index, PAM('evil.example.net', 'alice')] as const, told(index)]).flat())).toEqual({
      'evil.example.net': 80,
    });
  });

  it('give way to an address under the same pid', () => {
    expect(tries([told(1), [1, FAILED('203.0.113.20', 'alice')]])).toEqual({ '203.0.113.20': 1 });
    expect(tries([[1, PAM('203.0.113.20', 'alice')], told(1)])).toEqual({ '203.0.113.20': 1 });
  });

  it('must look like names', () => {
    expect(
      tries([
        [1, PAM('localhost')],
        [2, PAM('a..b')],
        [3, PAM('-')],
        [4, PAM('1.2.3')],
      ]),
    ).toEqual({});
  });
});
