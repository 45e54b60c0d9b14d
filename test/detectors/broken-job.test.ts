/** Jobs with an old key or password beside people and lists that guess. */

import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/words.ts';
import { entryAfterGuessing } from '../../src/detectors/entry-after-guessing.ts';
import { passwordGuessing } from '../../src/detectors/password-guessing.ts';
import { accepted, failed, HOUR, hear, MINUTE, START, tries } from './hearing.ts';

const ip = '10.9.7.9';
const keys = (count: number, print: (index: number) => string): Event[] =>
  tries(count, 5 * MINUTE, { at: START, ip: '203.0.113.5', account: 'vault', method: 'publickey' }).map((event, index) => ({
    ...event,
    raw: `Failed publickey for vault from 203.0.113.5 port 1 ssh2: RSA SHA256:${print(index)}`,
  }));

describe('a job that was not told of a new key', () => {
  it('is explained: nobody guesses keys', () => {
    const [finding] = hear(
      passwordGuessing,
      keys(300, () => 'q'.repeat(43)),
    );
    expect(finding).toMatchObject({ severity: 'low', explained: expect.stringContaining('nobody guesses keys') });
  });

  it('is none where the keys differ, a password was tried too, or several names', () => {
    const many = keys(40, (index) => `${index}`.padStart(43, 'x'));
    const word = failed({ at: START, ip: '203.0.113.5', account: 'vault', pid: 1 });
    const other = failed({ at: START, ip: '203.0.113.5', account: 'root', pid: 1, method: 'publickey' });
    const one = keys(40, () => 'q'.repeat(43));
    for (const events of [many, [word, ...one], [other, ...one]]) expect(hear(passwordGuessing, events)[0]?.explained).toBeUndefined();
  });
});

describe('a job that was not told of a new password', () => {
  const logins = Array.from({ length: 30 }, (_, index) => accepted({ at: START + index * HOUR, ip, account: 'scan' }));
  const start = START + 30 * HOUR;
  const end = (count: number) => accepted({ at: start + count * HOUR, ip, account: 'scan' });

  it('is explained where it is refused at the pace at which it logged in', () => {
    const events = [...logins, ...tries(60, HOUR, { at: start, ip, account: 'scan' }), end(60)];
    expect(hear(passwordGuessing, events)[0]?.explained).toContain('a job with an old password');
    expect(hear(entryAfterGuessing, events)[0]).toMatchObject({ severity: 'low', explained: expect.stringContaining('old password') });
  });

  it('accuses without earlier logins, from outside, with other names, or at the pace of a list', () => {
    const steady = tries(60, HOUR, { at: start, ip, account: 'scan' });
    const outside = [...logins, ...steady, end(60)].map(
      (event): Event =>
        event.kind === 'login.failed'
          ? { ...event, fields: { ...event.fields, ip: '203.0.113.5' } }
          : event.kind === 'login.accepted'
            ? { ...event, fields: { ...event.fields, ip: '203.0.113.5' } }
            : event,
    );
    const names = tries(8, HOUR, { at: start, ip, account: 'root', pid: 90_000 });
    const list = tries(60, 10_000, { at: start, ip, account: 'scan' });
    for (const events of [[...steady, end(60)], outside, [...logins, ...steady, ...names, end(60)], [...logins, ...list, end(60)]]) {
      expect(hear(entryAfterGuessing, events)[0]?.explained).toBeUndefined();
    }
  });
});
