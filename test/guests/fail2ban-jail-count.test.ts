/** Counting failures as fail2ban's jails do. */

import { describe, expect, it } from 'vitest';
import { canonicalAddress, holds, networkOf } from '../../src/guests/fail2ban/address.ts';
import type { BanTime } from '../../src/guests/fail2ban/definition.ts';
import { type CountedJail, JailCount, type JailSurroundings, unresolved } from '../../src/guests/fail2ban/jail-count.ts';

const PLAIN: BanTime = {
  banMs: 600_000,
  increment: false,
  factor: 1,
  multipliers: null,
  formula: 'doubling',
  unknownFormula: null,
  maxMs: null,
  randomMs: 0,
  overAllJails: false,
};
const GROWING: BanTime = { ...PLAIN, increment: true };

function jail(parts: Partial<CountedJail> = {}, surroundings: Partial<JailSurroundings> = {}): JailCount {
  const whole = { name: 'paper', maxRetry: 3, findMs: 600_000, ban: PLAIN, ignoreip: [], ignoreSelf: true, ...parts };
  return new JailCount(whole, { own: ['198.51.100.1'], chance: () => 0, ...surroundings });
}

const SECOND = 1000;
const A = '192.0.2.1';

describe('a jail', () => {
  it('bans at the third failure within findtime', () => {
    const count = jail();
    expect([0, 1].map((at) => count.failure(A, at * SECOND))).toEqual([null, null]);
    expect(count.failure('192.0.2.2', 2 * SECOND)).toBeNull();
    expect(count.failure(A, 3 * SECOND)).toEqual({ id: A, at: 3000, banMs: 600_000, from: 0, failures: 3, bansBefore: 0 });
  });
  it('begins anew after a ban, and after findtime without a failure', () => {
    const count = jail();
    for (const at of [0, 1, 2]) count.failure(A, at * SECOND);
    expect(count.failure(A, 3 * SECOND)).toBeNull();
    expect(count.failure(A, 603 * SECOND)).toBeNull();
    expect(count.failure(A, 604 * SECOND)).toBeNull();
    expect(count.failure(A, 605 * SECOND)?.failures).toBe(3);
  });
  it('takes failures that span more than findtime by their rate', () => {
    // Two in 500 s, the next 400 s later: 2 / 900 s × 600 s = 1.3, rounded 1, and the new one makes 2 of 3.
    const count = jail();
    expect([0, 500, 900].map((at) => count.failure(A, at * SECOND))).toEqual([null, null, null]);
    expect(count.failure(A, 901 * SECOND)?.failures).toBe(4);
  });
  it('forgets whom nobody saw for findtime', () => {
    const count = jail();
    count.failure(A, 0);
    count.failure('192.0.2.2', 300 * SECOND);
    count.sweep(601 * SECOND);
    expect(count.size).toBe(1);
  });
  it('has room for a hundred thousand and pushes the oldest out', () => {
    const count = jail();
    count.failure(A, 0);
    for (let number = 0; number < 100_000; number += 1) count.failure(`10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`, SECOND);
    expect([count.size, count.uncounted.pushedOut]).toEqual([100_000, 1]);
  });
});

describe('those on the list', () => {
  it('are spared, as address, network or the machine itself', () => {
    const count = jail({ maxRetry: 1, ignoreip: ['203.0.113.0/24', '2001:db8::/32', '192.0.2.7', 'mail.example.com'] });
    const spared = ['203.0.113.200', '2001:DB8:1::1', '192.0.2.7', '::ffff:192.0.2.7', '198.51.100.1', 'mail.example.com'];
    expect(spared.map((id) => count.failure(id, 0))).toEqual(spared.map(() => null));
    expect(count.failure('203.0.114.1', 0)?.id).toBe('203.0.114.1');
    expect(count.uncounted.spared).toBe(spared.length);
  });
  it('the machine itself is not, where ignoreself is off', () =>
    expect(jail({ maxRetry: 1, ignoreSelf: false }).failure('198.51.100.1', 0)).not.toBeNull());
  it('names and nonsense are told of', () =>
    expect(unresolved(['192.0.2.0/33', 'x.example', '192.0.2.0/24', '10.0.0.0/255.0.0.0'])).toEqual(['192.0.2.0/33', 'x.example']));
});

describe('bans that grow', () => {
  /** The length of each ban of one address that fails once a second, in seconds. */
  function bans(ban: BanTime, failures: number, maxRetry = 1): (readonly [number, number])[] {
    const count = jail({ ban, maxRetry });
    return Array.from({ length: failures }, (_, at) => count.failure(A, (at + 1) * SECOND)).flatMap((one) =>
      one ? [[one.at / SECOND, one.banMs / SECOND] as const] : [],
    );
  }
  it('double', () => expect(bans(GROWING, 4).map(([, length]) => length)).toEqual([600, 1200, 2400, 4800]));
  it('follow the multipliers, the last of them for ever', () =>
    expect(bans({ ...GROWING, multipliers: [1, 5, 30] }, 5).map(([, length]) => length)).toEqual([600, 3000, 18_000, 18_000, 18_000]));
  it('end at maxtime', () => expect(bans({ ...GROWING, maxMs: 2_000_000 }, 4).map(([, length]) => length)).toEqual([600, 1200, 2000, 2000]));
  it('need fewer failures: 5, then 5 at 2 each is 3, 3 each is 2, 5 each is 1', () =>
    // Weights by earlier bans: 1 → 2, 2 → 3, 3 → 5; maxretry 5.
    expect(bans(GROWING, 12, 5).map(([at]) => at)).toEqual([5, 8, 10, 11, 12]));
  it('know of bans before this run', () => {
    const count = jail({ ban: GROWING, maxRetry: 1 }, { before: (id) => (id === A ? { count: 2, lastAt: 0 } : null) });
    expect(count.failure(A, SECOND)).toMatchObject({ bansBefore: 2, banMs: 2_400_000 });
    expect(count.failure('192.0.2.9', SECOND)).toMatchObject({ bansBefore: 0, banMs: 600_000 });
  });
});

describe('addresses', () => {
  const cases = [
    ['2001:0DB8:0:0:0:0:0:1', '2001:db8::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['::', '::'],
    ['1::', '1::'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['192.000.002.001', '192.0.2.1'],
    ['192.0.2.256', null],
    ['1:2', null],
  ] as const;
  it.each(cases)('%s is %s', (written, canonical) => expect(canonicalAddress(written)).toBe(canonical));
  it('an IPv4 network holds no IPv6 address', () => {
    const network = networkOf('0.0.0.0/0');
    expect(network && [holds(network, '0'.repeat(128)), holds(network, '1'.repeat(32))]).toEqual([false, true]);
  });
});
