/** Doors are shut before intruders, never before honest people, and the reasons are true. */

import { describe, expect, it } from 'vitest';
import type { Case, Finding } from '../../src/core/words.ts';
import { closeTheWayIn } from '../../src/policies/close-the-way-in.ts';
import { fakeEyes, fakeHistory, fakeNetworks } from '../fake-eyes.ts';

const given = { eyes: fakeEyes({}), history: fakeHistory({}), networks: fakeNetworks() };

function entry(method: string, more: Partial<Finding> = {}, ip = '198.51.100.7'): Finding {
  return {
    id: 'e',
    detector: 'entry-after-guessing',
    key: 'e',
    at: 1,
    severity: 'high',
    confidence: 'strong',
    says: '',
    victim: [],
    evidence: [],
    seen: 1,
    culprit: [
      { is: 'address', ip },
      { is: 'account', name: 'anna' },
    ],
    attack: [],
    tells: 'compromise',
    role: 'entry',
    figures: { method },
    ...more,
  };
}
const guessing = (ip: string, more: Partial<Finding> = {}) =>
  entry('', { detector: 'password-guessing', tells: 'attack', culprit: [{ is: 'address', ip }], ...more });

function orders(...findings: Finding[]) {
  const story: Case = {
    id: 'c',
    title: '',
    state: 'open',
    severity: 'high',
    confidence: 'strong',
    openedAt: 1,
    chain: [],
    findings,
    facts: [],
    attack: [],
    proposes: [],
    gaps: [],
    recommends: [],
  };
  return closeTheWayIn.decide(story, given).proposes;
}
const verbs = (...findings: Finding[]) => orders(...findings).map(({ order }) => order.verb);

describe('close-the-way-in', () => {
  it('locks, ends and bans after a guessed password, and says how sure it is', () => {
    expect(verbs(entry('password'))).toEqual(['end-sessions', 'lock-account', 'ban-address']);
    expect(orders(entry('password'))[1]?.because).toContain('its password is known to others');
    expect(orders(entry('password', { severity: 'medium' }))[1]?.because).toContain('its password may be known to others');
  });

  it('does nothing to those who came by a key, or are explained', () => {
    expect(verbs(entry('publickey', { severity: 'medium' }))).toEqual([]);
    expect(verbs(entry('password', { severity: 'low', explained: 'somebody mistyped' }))).toEqual([]);
  });

  it('bans no address whose guessing or log-in is explained, nor a host name', () => {
    expect(verbs(guessing('10.1.1.5', { explained: 'somebody mistyped' }))).toEqual([]);
    expect(verbs(guessing('10.1.1.5'), entry('password', { severity: 'low', explained: 'somebody mistyped' }, '10.1.1.5'))).toEqual([]);
    expect(verbs(guessing('198.51.100.9'))).toEqual(['ban-address']);
  });

  it('does not say of a password that it is known where none was used', () => {
    expect(orders(entry('gssapi'))[1]?.because).not.toContain('password is known');
  });
});
