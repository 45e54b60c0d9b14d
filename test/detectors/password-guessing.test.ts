/** Guessers at any pace, one try told in several lines, and people who mistype. */

import { describe, expect, it } from 'vitest';
import { passwordGuessing } from '../../src/detectors/password-guessing.ts';
import { accepted, DAY, failed, HOUR, hear, MINUTE, probed, START, tries } from './hearing.ts';

describe('password-guessing', () => {
  it('tells of five refused tries within ten minutes, with names and span', () => {
    const [finding, ...more] = hear(passwordGuessing, [
      ...tries(3, MINUTE, { at: START, account: 'root' }),
      ...tries(2, MINUTE, { at: START + 3 * MINUTE, account: 'oracle', known: false, pid: 6000 }),
    ]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ key: 'address 203.0.113.9', severity: 'medium', from: START, to: START + 4 * MINUTE, seen: 5 });
    expect(finding?.figures).toEqual({ failures: 5, accounts: 2, spanMs: 4 * MINUTE, perHour: 75, known: 1 });
    expect(finding?.culprit).toEqual([{ is: 'address', ip: '203.0.113.9' }]);
    expect(finding?.victim).toEqual([
      { is: 'account', name: 'root' },
      { is: 'account', name: 'oracle' },
    ]);
    expect(finding?.evidence).toHaveLength(5);
  });

  it('is silent at four, and at nineteen that are far apart; twenty at any pace are guessing', () => {
    expect(hear(passwordGuessing, tries(4, MINUTE, { at: START }))).toEqual([]);
    expect(hear(passwordGuessing, tries(19, HOUR, { at: START }))).toEqual([]);
    expect(hear(passwordGuessing, tries(20, HOUR, { at: START }))).toHaveLength(1);
  });

  it('counts one try once, though sshd writes several lines for it', () => {
    const connection = (index: number) => {
      const one = { at: START + index * MINUTE, account: 'admin', pid: 700 + index };
      return [probed('invalid-user', one), failed({ ...one, known: false }), probed('gave-up', one)];
    };
    expect(hear(passwordGuessing, [0, 1, 2, 3].flatMap(connection))).toEqual([]);
    expect(hear(passwordGuessing, [0, 1, 2, 3, 4].flatMap(connection))[0]?.figures).toMatchObject({ failures: 5, known: 0 });
  });

  it('takes a pid that comes back after a quarter of an hour for another connection', () => {
    const gaveUp = (at: number) => probed('gave-up', { at, account: 'root', pid: 7 });
    expect(
      hear(
        passwordGuessing,
        Array.from({ length: 20 }, (_, index) => gaveUp(START + index * 16 * MINUTE)),
      )[0]?.seen,
    ).toBe(20);
    expect(
      hear(
        passwordGuessing,
        Array.from({ length: 20 }, (_, index) => gaveUp(START + index * MINUTE)),
      ),
    ).toEqual([]);
  });

  it('explains a neighbour who mistyped and then got in, but not one who needed ten tries', () => {
    const near = { ip: '10.1.2.3', account: 'anna' };
    const person = [...tries(6, 10_000, { at: START, ...near }), accepted({ at: START + 2 * MINUTE, ...near })];
    expect(hear(passwordGuessing, person)[0]).toMatchObject({ severity: 'low', explained: expect.stringContaining('mistyped') });
    const intruder = [...tries(10, 10_000, { at: START, ...near }), accepted({ at: START + 3 * MINUTE, ...near })];
    expect(hear(passwordGuessing, intruder)[0]).toMatchObject({ severity: 'medium' });
    expect(hear(passwordGuessing, intruder)[0]?.explained).toBeUndefined();
  });

  it('explains a person who mistypes now and then over weeks, but not one who first got in after many tries', () => {
    const daily = Array.from({ length: 25 }, (_, day) => [
      failed({ at: START + day * DAY, pid: day }),
      accepted({ at: START + day * DAY + MINUTE, pid: 100 + day }),
    ]);
    expect(hear(passwordGuessing, daily.flat())[0]).toMatchObject({ severity: 'low', explained: expect.stringContaining('logged in') });
    const slow = [...tries(25, DAY, { at: START }), ...Array.from({ length: 30 }, (_, index) => accepted({ at: START + 26 * DAY + index * HOUR }))];
    expect(hear(passwordGuessing, slow)[0]?.explained).toBeUndefined();
  });

  it('does not count the keys that an agent offers before the right one', () => {
    const logins = Array.from({ length: 10 }, (_, index) => {
      const one = { at: START + index * MINUTE, account: 'anna', pid: 900 + index, method: 'publickey' as const };
      return [failed(one), failed(one), failed(one), accepted(one)];
    });
    expect(hear(passwordGuessing, logins.flat())).toEqual([]);
  });

  it('leaves local tries alone, and visits that are none', () => {
    expect(hear(passwordGuessing, tries(30, 1000, { at: START, ip: null }))).toEqual([]);
    const visits = Array.from({ length: 30 }, (_, index) => probed('no-identification', { at: START + index, pid: index }));
    expect(hear(passwordGuessing, visits)).toEqual([]);
  });

  it('names at most twenty victims and fifty lines, the first and the last among them', () => {
    const flood = Array.from({ length: 400 }, (_, index) => failed({ at: START + index * 1000, account: `name${index}`, pid: index }));
    const [finding] = hear(passwordGuessing, flood);
    expect(finding?.victim).toHaveLength(20);
    expect(finding?.figures).toMatchObject({ failures: 400, accounts: 400 });
    expect(finding?.evidence.length).toBeLessThanOrEqual(50);
    expect(finding?.evidence[0]?.at).toBe(START);
    expect(finding?.evidence.at(-1)?.at).toBe(START + 399_000);
  });

  it('keeps names that could move a cursor out of its sentence', () => {
    const [finding] = hear(passwordGuessing, tries(5, 1000, { at: START, account: '\u001b[2Jroot' }));
    expect(finding?.says).not.toContain('\u001b');
  });
});

describe('password-guessing, honest people', () => {
  it('explains somebody who mistypes twice a day and then gets in, in the same connection', () => {
    const days = Array.from({ length: 12 }, (_, day) => {
      const one = { at: START + day * DAY, account: 'anna', pid: 40 + day };
      return [failed(one), failed({ ...one, at: one.at + 4000 }), accepted({ ...one, at: one.at + 8000 })];
    });
    expect(hear(passwordGuessing, days.flat())[0]).toMatchObject({ severity: 'low', explained: expect.stringContaining('logged in') });
  });

  it('does not take his log-ins for those of other names', () => {
    const days = Array.from({ length: 12 }, (_, day) => [
      failed({ at: START + day * DAY, account: 'anna', pid: day }),
      failed({ at: START + day * DAY + 1000, account: 'root', pid: 100 + day }),
      accepted({ at: START + day * DAY + MINUTE, account: 'anna' }),
    ]);
    expect(hear(passwordGuessing, days.flat())[0]?.explained).toBeUndefined();
  });

  it.each(['too-many-tries', 'gave-up'])('explains keys that did not fit until one did: %s', (how) => {
    const offered = Array.from({ length: 30 }, (_, index) => probed(how, { at: START + index * MINUTE, account: 'anna', pid: index }));
    const into = accepted({ at: START + HOUR, account: 'anna', method: 'publickey' });
    expect(hear(passwordGuessing, [...offered, into])[0]).toMatchObject({ severity: 'low', explained: expect.stringContaining('keys') });
    expect(hear(passwordGuessing, offered)[0]).toMatchObject({ severity: 'medium' });
    const byPassword = failed({ at: START + 5000, account: 'anna', pid: 900 });
    expect(hear(passwordGuessing, [...offered, byPassword, into])[0]?.explained).toBeUndefined();
  });

  it('knows that a name which is not allowed exists, though sshd calls it invalid', () => {
    const refused = Array.from({ length: 6 }, (_, index) => {
      const one = { at: START + index * 1000, account: 'root', pid: index };
      return [probed('not-allowed', one), failed({ ...one, known: false })];
    });
    const [finding] = hear(passwordGuessing, refused.flat());
    expect(finding).toMatchObject({ figures: { failures: 6, known: 1 }, says: expect.stringContaining('1 of them existing here') });
  });
});
