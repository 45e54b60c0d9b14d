/** Logins after guessing from one address, one network and many places, and the people who only look like that. */

import { describe, expect, it } from 'vitest';
import { entryAfterGuessing } from '../../src/detectors/entry-after-guessing.ts';
import { accepted, DAY, failed, HOUR, hear, MINUTE, probed, START, tries } from './hearing.ts';

const guesser = '198.51.100.7';
const noon = START + 10 * DAY + 12 * HOUR;
/** A login on each of the days before. */
const habit = (account: string, ip: string, days: number) =>
  Array.from({ length: days }, (_, day) => accepted({ at: noon - (day + 1) * DAY, account, ip })).reverse();

describe('entry-after-guessing', () => {
  it('tells of a login after five refused tries of the same address', () => {
    const [finding, ...more] = hear(entryAfterGuessing, [
      ...tries(5, 10_000, { at: noon, ip: guesser, account: 'service' }),
      accepted({ at: noon + MINUTE, ip: guesser, account: 'service' }),
    ]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ key: `service ${guesser}`, severity: 'high', confidence: 'strong', at: noon + MINUTE, from: noon, victim: [] });
    expect(finding?.culprit).toEqual([
      { is: 'address', ip: guesser },
      { is: 'account', name: 'service' },
    ]);
    expect(finding?.figures).toEqual({ method: 'password', failuresBefore: 5, fromSameAddress: 5, logins: 1, accountsTried: 1 });
    expect(finding?.evidence).toHaveLength(6);
    expect(finding?.evidence[0]?.at).toBe(noon + MINUTE);
    expect(finding?.says).toContain('; 1 login of service from there');
  });

  it('is silent after four, also in one connection', () => {
    const four = tries(4, 10_000, { at: noon, ip: guesser, account: 'service' });
    expect(hear(entryAfterGuessing, [...four, accepted({ at: noon + MINUTE, ip: guesser, account: 'service' })])).toEqual([]);
    const one = { ip: guesser, account: 'service', pid: 77 };
    const connection = [0, 1, 2, 3].map((second) => failed({ ...one, at: noon + second * 1000 }));
    expect(hear(entryAfterGuessing, [...connection, accepted({ ...one, at: noon + 5000 })])).toEqual([]);
  });

  it('does not mind tries that came after the login', () => {
    const events = [
      accepted({ at: noon, ip: guesser, account: 'service' }),
      ...tries(50, 1000, { at: noon + HOUR, ip: guesser, account: 'service' }),
    ];
    expect(hear(entryAfterGuessing, events)).toEqual([]);
  });

  it('sees the order of time and not the order in which two logs are read', () => {
    const login = accepted({ at: noon + HOUR, ip: guesser, account: 'service' });
    const guesses = tries(8, MINUTE, { at: noon, ip: guesser, account: 'service' });
    expect(hear(entryAfterGuessing, [login, ...guesses])[0]?.figures).toMatchObject({ failuresBefore: 8 });
  });

  it('counts tries on other names of the same address', () => {
    const names = ['root', 'admin', 'test', 'oracle', 'service'];
    const guesses = names.map((account, index) => failed({ at: noon + index * 1000, ip: guesser, account, pid: index, known: account === 'root' }));
    const [finding] = hear(entryAfterGuessing, [...guesses, accepted({ at: noon + MINUTE, ip: guesser, account: 'service' })]);
    expect(finding?.figures).toMatchObject({ failuresBefore: 5, accountsTried: 5 });
  });

  it('adds later logins to the same finding, and counts them all', () => {
    const logins = Array.from({ length: 30 }, (_, index) => accepted({ at: noon + HOUR + index * HOUR, ip: guesser, account: 'service' }));
    const findings = hear(entryAfterGuessing, [...tries(9, 1000, { at: noon, ip: guesser, account: 'service' }), ...logins]);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({ at: noon + HOUR, to: noon + 30 * HOUR, seen: 39, figures: { logins: 30, failuresBefore: 9 } });
    expect(findings[0]?.evidence.length).toBeLessThanOrEqual(50);
  });

  it('takes the network for the address, with less confidence', () => {
    const events = [
      ...tries(6, 1000, { at: noon, ip: guesser, account: 'service' }),
      accepted({ at: noon + MINUTE, ip: '198.51.100.99', account: 'service' }),
    ];
    expect(hear(entryAfterGuessing, events)[0]).toMatchObject({
      severity: 'high',
      confidence: 'medium',
      figures: { fromSameAddress: 0, failuresBefore: 6 },
    });
  });

  it('tells of a new network after twenty tries from many places within a day, but not when a key was used or it is an old network', () => {
    const spread = Array.from({ length: 20 }, (_, index) =>
      failed({ at: noon + index * MINUTE, ip: `198.18.${index}.4`, account: 'service', pid: index }),
    );
    const login = { at: noon + HOUR, ip: guesser, account: 'service' };
    expect(hear(entryAfterGuessing, [...spread, accepted(login)])[0]).toMatchObject({ severity: 'medium', figures: { failuresBefore: 20 } });
    expect(hear(entryAfterGuessing, [...spread.slice(1), accepted(login)])).toEqual([]);
    expect(hear(entryAfterGuessing, [...spread, accepted({ ...login, method: 'publickey' })])).toEqual([]);
    expect(hear(entryAfterGuessing, [...spread, accepted({ ...login, at: noon + 2 * DAY })])).toEqual([]);
    expect(hear(entryAfterGuessing, [...habit('service', guesser, 1), ...spread, accepted(login)])).toEqual([]);
    expect(hear(entryAfterGuessing, [...spread, accepted({ ...login, ip: '10.1.1.5' })])).toEqual([]);
  });

  it('explains a usual network of the account with five to nine tries, and no more from ten on', () => {
    const at = (count: number) => [
      ...habit('anna', guesser, 3),
      ...tries(count, 1000, { at: noon, ip: guesser, account: 'anna' }),
      accepted({ at: noon + MINUTE, ip: guesser, account: 'anna' }),
    ];
    expect(hear(entryAfterGuessing, at(9))[0]).toMatchObject({ severity: 'low', explained: expect.stringContaining('somebody mistyped') });
    expect(hear(entryAfterGuessing, at(10))[0]).toMatchObject({ severity: 'high' });
    expect(hear(entryAfterGuessing, at(10))[0]?.explained).toBeUndefined();
  });

  it('does not call logins of one day a habit', () => {
    const today = [1, 2, 3].map((hours) => accepted({ at: noon - hours * HOUR, ip: guesser, account: 'anna' }));
    const events = [
      ...today,
      ...tries(6, 1000, { at: noon, ip: guesser, account: 'anna' }),
      accepted({ at: noon + MINUTE, ip: guesser, account: 'anna' }),
    ];
    expect(hear(entryAfterGuessing, events)[0]).toMatchObject({ severity: 'high' });
  });

  it('explains a key after refused passwords, from where the account came before', () => {
    const events = [
      ...habit('anna', guesser, 1),
      ...tries(12, 1000, { at: noon, ip: guesser, account: 'anna' }),
      accepted({ at: noon + MINUTE, ip: guesser, account: 'anna', method: 'publickey' }),
    ];
    expect(hear(entryAfterGuessing, events)[0]).toMatchObject({ severity: 'low', explained: expect.stringContaining('key') });
  });

  it('does not add up the slips of weeks: each login in between ends the count', () => {
    const slips = Array.from({ length: 40 }, (_, day) => [
      failed({ at: START + day * DAY, ip: guesser, account: 'anna', pid: day }),
      failed({ at: START + day * DAY + 5000, ip: guesser, account: 'anna', pid: 100 + day }),
      accepted({ at: START + day * DAY + MINUTE, ip: guesser, account: 'anna' }),
    ]);
    expect(hear(entryAfterGuessing, slips.flat())).toEqual([]);
  });

  it('does not make a habit of an intruder: his later addresses are told too', () => {
    const first = [
      ...tries(30, 1000, { at: START, ip: guesser, account: 'service' }),
      accepted({ at: START + HOUR, ip: guesser, account: 'service' }),
    ];
    const daily = Array.from({ length: 5 }, (_, day) => accepted({ at: START + (day + 1) * DAY, ip: guesser, account: 'service' }));
    const moved = accepted({ at: START + 7 * DAY, ip: '198.51.100.50', account: 'service' });
    const findings = hear(entryAfterGuessing, [...first, ...daily, moved]);
    expect(findings.map((finding) => [finding.key, finding.severity, finding.explained])).toEqual([
      [`service ${guesser}`, 'high', undefined],
      ['service 198.51.100.50', 'high', undefined],
    ]);
  });

  it('accuses nobody else of what was guessed at another account', () => {
    const events = [
      ...habit('anna', '10.1.1.5', 4),
      ...tries(60, 1000, { at: noon, ip: guesser, account: 'root' }),
      accepted({ at: noon + HOUR, ip: '10.1.1.5', account: 'anna' }),
    ];
    expect(hear(entryAfterGuessing, events)).toEqual([]);
  });
});

describe('entry-after-guessing, several accounts of one address', () => {
  const sprayed = Array.from({ length: 60 }, (_, index) =>
    failed({ at: noon + index * 1000, ip: guesser, account: ['anna', 'ben', 'cleo', `x${index % 17}`][index % 4] ?? '', pid: index }),
  );
  const into = ['anna', 'ben', 'cleo'].map((account, index) => accepted({ at: noon + (2 + index) * MINUTE, ip: guesser, account }));

  it('tells of each account that the same tries opened', () => {
    const findings = hear(entryAfterGuessing, [...sprayed, ...into]);
    expect(findings.map(({ key, severity, figures }) => [key, severity, figures?.['failuresBefore']])).toEqual(
      ['anna', 'ben', 'cleo'].map((account) => [`${account} ${guesser}`, 'high', 60]),
    );
  });

  it("ends no count by the intruder's own log-ins, and goes on counting between them", () => {
    const rounds = into.flatMap((login, round) => [
      ...tries(10, 1000, { at: login.at - 30_000, ip: guesser, account: 'dora', pid: 100 * round }),
      login,
    ]);
    expect(hear(entryAfterGuessing, rounds).map(({ figures }) => figures?.['failuresBefore'])).toEqual([10, 20, 30]);
  });

  it('counts log-ins of the account and says so', () => {
    const more = accepted({ at: noon + HOUR, ip: guesser, account: 'anna' });
    const [anna, ben] = hear(entryAfterGuessing, [...sprayed, ...into, more]);
    expect(anna?.says).toMatch(/; 2 logins of anna from there$/);
    expect(ben?.says).toMatch(/; 1 login of ben from there$/);
  });

  it('shows the log-in first and then the guesses', () => {
    const [anna] = hear(entryAfterGuessing, [...sprayed, ...into]);
    expect(anna?.evidence[0]?.at).toBe(noon + 2 * MINUTE);
    expect(anna?.evidence.slice(1).every((line) => (line.at ?? 0) < noon + 2 * MINUTE)).toBe(true);
  });
});

describe('entry-after-guessing, keys', () => {
  const keyIn = (ip: string, account = 'anna') => accepted({ at: noon + 3 * HOUR, ip, account, method: 'publickey' });

  it.each(['10.1.1.5', guesser])('explains a key after an agent offered too many, or after it was broken: %s', (ip) => {
    const offered = Array.from({ length: 30 }, (_, index) =>
      probed('too-many-tries', { at: noon + index * MINUTE, ip, account: 'anna', pid: index }),
    );
    const [finding] = hear(entryAfterGuessing, [...offered, keyIn(ip)]);
    expect(finding).toMatchObject({ severity: 'low', explained: expect.stringContaining('a key cannot be guessed') });
  });

  it('is not sure, but not silent, where the address guessed many names or many passwords', () => {
    const names = Array.from({ length: 30 }, (_, index) => failed({ at: noon + index * 1000, ip: guesser, account: `x${index % 10}`, pid: index }));
    for (const before of [names, tries(40, 1000, { at: noon, ip: guesser, account: 'anna' })]) {
      const [finding] = hear(entryAfterGuessing, [...before, keyIn(guesser)]);
      expect(finding).toMatchObject({ severity: 'medium', confidence: 'medium', figures: { method: 'publickey' } });
      expect(finding?.explained).toBeUndefined();
    }
  });

  it('gives way to a guessed password that comes later', () => {
    const before = tries(40, 1000, { at: noon, ip: guesser, account: 'anna' });
    const [finding] = hear(entryAfterGuessing, [...before, keyIn(guesser), accepted({ at: noon + 4 * HOUR, ip: guesser, account: 'anna' })]);
    expect(finding).toMatchObject({ severity: 'high', figures: { method: 'password', failuresBefore: 40 } });
  });
});

describe('entry-after-guessing, near by', () => {
  const near = '10.1.1.5';

  it('explains a few typing errors on one account, and no more than nine', () => {
    const into = accepted({ at: noon + HOUR, ip: near, account: 'anna' });
    const typed = (count: number) => hear(entryAfterGuessing, [...tries(count, 5000, { at: noon, ip: near, account: 'anna' }), into])[0];
    expect(typed(9)).toMatchObject({ severity: 'low', explained: expect.stringContaining('mistyped') });
    expect(typed(10)).toMatchObject({ severity: 'high' });
    expect(typed(10)?.explained).toBeUndefined();
  });

  it('accuses an attacker there who tries several names', () => {
    const guesses = Array.from({ length: 8 }, (_, index) =>
      failed({ at: noon + index * 1000, ip: near, account: index % 2 ? 'anna' : 'root', pid: index }),
    );
    const [finding] = hear(entryAfterGuessing, [...guesses, accepted({ at: noon + MINUTE, ip: near, account: 'anna' })]);
    expect(finding).toMatchObject({ severity: 'high' });
    expect(finding?.explained).toBeUndefined();
  });
});

describe('entry-after-guessing, a clock that goes back', () => {
  it('believes the order of the lines: guesses above a log-in came before it', () => {
    const guesses = tries(300, 1000, { at: noon, ip: guesser, account: 'anna' });
    const [finding] = hear(entryAfterGuessing, [...guesses, accepted({ at: noon - DAY, ip: guesser, account: 'anna' })]);
    expect(finding).toMatchObject({ severity: 'medium', figures: { failuresBefore: 300 }, says: expect.stringContaining('the clock was set back') });
  });

  it('says nothing of it where the lines agree with the stamps', () => {
    const login = accepted({ at: noon - DAY, ip: guesser, account: 'anna' });
    expect(hear(entryAfterGuessing, [login, ...tries(300, 1000, { at: noon, ip: guesser, account: 'anna' })])).toEqual([]);
  });
});
