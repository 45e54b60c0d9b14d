/** New places of an account: told only when there is something to compare with. */

import { describe, expect, it } from 'vitest';
import { entryFromNewNetwork } from '../../src/detectors/entry-from-new-network.ts';
import { accepted, accountSeen, DAY, HOUR, hear, MINUTE, probed, START, tries } from './hearing.ts';

const old = (days: readonly number[]) => days.map((day) => accepted({ at: START + day * DAY, account: 'anna', ip: '10.1.1.5' }));
const journey = accepted({ at: START + 9 * DAY, account: 'anna', ip: '198.51.100.7' });

describe('entry-from-new-network', () => {
  it('tells of the first login from elsewhere, as information', () => {
    const [finding, ...more] = hear(entryFromNewNetwork, [
      ...old([0, 1, 1]),
      journey,
      accepted({ at: START + 9 * DAY + HOUR, account: 'anna', ip: '198.51.100.8' }),
    ]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({
      key: 'anna 198.51.100.0/24',
      severity: 'info',
      at: START + 9 * DAY,
      seen: 2,
      figures: { loginsBefore: 3, networksBefore: 1 },
    });
    expect(finding?.culprit).toEqual([
      { is: 'address', ip: '198.51.100.7' },
      { is: 'account', name: 'anna' },
    ]);
  });

  it('is silent without three logins on two days before', () => {
    expect(hear(entryFromNewNetwork, [...old([0, 1]), journey])).toEqual([]);
    expect(hear(entryFromNewNetwork, [...old([1, 1, 1]), journey])).toEqual([]);
    expect(hear(entryFromNewNetwork, old([0, 1, 2, 3, 4]))).toEqual([]);
  });

  it('weighs accounts that act as root, and those of services, more', () => {
    const events = [...old([0, 1, 2]), journey];
    expect(hear(entryFromNewNetwork, [accountSeen({ name: 'anna', admin: 'member of sudo' }), ...events])[0]?.severity).toBe('low');
    expect(hear(entryFromNewNetwork, [accountSeen({ name: 'anna', system: true, uid: 120 }), ...events])[0]?.severity).toBe('low');
    expect(hear(entryFromNewNetwork, [accountSeen({ name: 'anna' }), ...events])[0]?.severity).toBe('info');
  });

  it('weighs a network most that had guessed any account before', () => {
    const guesses = (count: number, at: number) => tries(count, MINUTE, { at, ip: '198.51.100.200', account: 'root' });
    expect(hear(entryFromNewNetwork, [...old([0, 1, 2]), ...guesses(5, START + 8 * DAY), journey])[0]).toMatchObject({
      severity: 'medium',
      figures: { networkFailures: 5 },
    });
    expect(hear(entryFromNewNetwork, [...old([0, 1, 2]), ...guesses(4, START + 8 * DAY), journey])[0]?.severity).toBe('info');
    expect(hear(entryFromNewNetwork, [...old([0, 1, 2]), ...guesses(50, START + 20 * DAY), journey])[0]?.severity).toBe('info');
  });
});

describe('entry-from-new-network, keys', () => {
  const byKey = (event: ReturnType<typeof accepted>, fingerprint: string) =>
    event.kind === 'login.accepted' ? { ...event, fields: { ...event.fields, method: 'publickey' as const, fingerprint } } : event;
  const usual = Array.from({ length: 20 }, (_, index) =>
    byKey(accepted({ at: START + index * 10 * HOUR, account: 'anna', ip: '10.1.1.5' }), 'SHA256:old'),
  );

  it('weighs a new key more, names it, and does not so with one that was used before', () => {
    const [finding] = hear(entryFromNewNetwork, [...usual, byKey(journey, 'SHA256:new')]);
    expect(finding).toMatchObject({ severity: 'low', says: expect.stringContaining('SHA256:new, never used before') });
    const [same] = hear(entryFromNewNetwork, [...usual, byKey(journey, 'SHA256:old')]);
    expect(same).toMatchObject({ severity: 'info' });
    expect(same?.says).not.toContain('never used');
  });

  it('knows by sudo who may act as root', () => {
    const sudo = {
      kind: 'privilege.used' as const,
      at: START,
      source: 'log',
      fields: { account: 'anna', target: 'root', command: '/bin/ls', cwd: null, tty: null, service: 'sudo' },
    };
    expect(hear(entryFromNewNetwork, [sudo, ...usual, byKey(journey, 'SHA256:old')])[0]).toMatchObject({ severity: 'low' });
  });

  it('does not blame a network for keys that did not fit until one did', () => {
    const offered = Array.from({ length: 8 }, (_, index) =>
      probed('too-many-tries', { at: START + 8 * DAY + index * MINUTE, ip: '198.51.100.9', account: 'ben', pid: index }),
    );
    const ben = byKey(accepted({ at: START + 8 * DAY + HOUR, ip: '198.51.100.9', account: 'ben' }), 'SHA256:ben');
    expect(hear(entryFromNewNetwork, [...usual, ...offered, ben, byKey(journey, 'SHA256:old')])[0]).toMatchObject({ severity: 'info' });
  });
});
