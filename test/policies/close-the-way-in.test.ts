/** Doors are shut before intruders, never before honest people, and the reasons are true. */

import { describe, expect, it } from 'vitest';
import type { Case, Finding } from '../../src/core/words.ts';
import { closeTheWayIn } from '../../src/policies/close-the-way-in.ts';
import { type FakeMachine, fakeEyes, fakeHistory, fakeNetworks } from '../fake-eyes.ts';

const networkOf = (ip: string) => (ip.includes(':') ? `${ip.split(':').slice(0, 4).join(':')}::/64` : fakeNetworks().networkOf(ip));
const given = { eyes: fakeEyes({}), history: fakeHistory({}), networks: { ...fakeNetworks(), networkOf } };

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

function decided(...findings: Finding[]) {
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
  return closeTheWayIn.decide(story, given);
}
const orders = (...findings: Finding[]) => decided(...findings).proposes;
const verbs = (...findings: Finding[]) => orders(...findings).map(({ order }) => order.verb);

describe('close-the-way-in', () => {
  it('ends the sessions of root by words, since no order may', () => {
    const root = entry('password', { culprit: [{ is: 'account', name: 'root' }] });
    expect(verbs(root)).toEqual([]);
    expect(decided(root).recommends.join()).toContain('loginctl terminate-session');
    expect(decided(entry('password')).recommends).toEqual([]);
  });

  it('bans few addresses of one IPv6 network, and says that the network is to be shut out', () => {
    const many = Array.from({ length: 30 }, (_, index) => guessing(`2a02:1:2:3::${index + 1}`));
    expect(orders(...many)).toHaveLength(3);
    expect(decided(...many).recommends.join()).toContain('2a02:1:2:3::/64');
    expect(decided(...many.slice(0, 3)).recommends).toEqual([]);
  });

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

describe('what servers other than sshd were asked', () => {
  const sshd = { passwordAuthentication: true, ports: [22] } as unknown as NonNullable<FakeMachine['sshd']>; // the policy asks for no more
  const withSshd = (...findings: Finding[]) => closeTheWayIn.decide({ findings } as unknown as Case, { ...given, eyes: fakeEyes({ sshd }) }).proposes; // nor a case for more

  it('hardens sshd only where somebody came in by it', () => {
    const hardened = (...findings: Finding[]) => withSshd(...findings).some(({ order }) => order.verb === 'harden-sshd');
    expect(hardened(entry('password'))).toBe(true);
    expect(hardened(entry('password', { figures: { method: 'password', services: 'ftp' } }))).toBe(false);
    expect(hardened(guessing('198.51.100.9', { figures: { services: 'mail' } }))).toBe(false);
  });

  it('says what the address did, and bans nobody for a few tries on one mail account', () => {
    expect(orders(guessing('198.51.100.9', { figures: { services: 'mail' } }))[0]?.because).toBe('198.51.100.9 guesses mail passwords');
    expect(orders(guessing('198.51.100.9', { detector: 'web-scanner' }))[0]?.because).toBe('198.51.100.9 looks for holes in web sites');
    expect(orders(guessing('198.51.100.9', { severity: 'low', figures: { services: 'mail' } }))).toEqual([]);
    // By UDP anybody can send in the name of a victim.
    expect(orders(guessing('198.51.100.9', { figures: { services: 'telephone' } }))).toEqual([]);
  });
});
