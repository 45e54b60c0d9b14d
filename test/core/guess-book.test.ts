/** The book of guesses: whatever way an event comes, it is the same try, and what is forgotten is what was tried least. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TryEvent } from '../../src/core/connections.ts';
import { GuessBook } from '../../src/core/guess-book.ts';
import { type Guesser, namesTried } from '../../src/core/guessing.ts';
import { fakeNetworks } from '../fake-eyes.ts';

const ADDRESSES = ['203.0.113.9', '203.0.113.10', '198.51.100.255', '255.255.255.255', '0.0.0.1'];
const NAMES = ['root', 'bob', 'x', 'nobody-here'];
const HOWS = ['invalid-user', 'gave-up', 'pam-told', 'closed', 'not-allowed', 'pam-passed'];

const step = fc.record({
  who: fc.nat(ADDRESSES.length - 1),
  name: fc.nat(NAMES.length - 1),
  how: fc.option(fc.constantFrom(...HOWS)),
  pid: fc.option(fc.constantFrom(7, 8, 7 + 32_768)),
  afterMs: fc.constantFrom(0, 1_000, 200_000, 1_000_000),
  times: fc.integer({ min: 1, max: 3 }),
});

function eventOf(
  index: number,
  { who, name, how, pid, times }: { who: number; name: number; how: string | null; pid: number | null; times: number },
  at: number,
) {
  const place = { at, source: 'log', line: index + 1, raw: `line ${index + 1}` };
  const [ip = '', account = ''] = [ADDRESSES[who], NAMES[name]];
  const common = { ip, account, service: 'sshd', times, pid };
  return (
    how === null
      ? { kind: 'login.failed', ...place, fields: { ...common, port: 1, method: 'password', known: name === 0 } }
      : { kind: 'login.probed', ...place, fields: { ...common, how } }
  ) as TryEvent;
}

function told(guesser: Guesser): unknown {
  const { ip, tries, passwords, keys, moreNames, kinds, evidence, network } = guesser;
  const names = namesTried(guesser).map((one) => [
    one.account,
    one.tries.total,
    one.known,
    one.unknown,
    one.denied,
    one.passwords,
    one.evidence.all(),
  ]);
  const near = network.guessers.map((other) => other.ip);
  return {
    ip,
    total: tries.total,
    first: tries.first,
    last: tries.last,
    passwords,
    keys,
    moreNames,
    kinds,
    lines: evidence.all(),
    network: network.name,
    near,
    names,
  };
}

const all = (book: GuessBook) => [
  book.guessers().map(told),
  book.targets().map((target) => [target.account, target.tries.total, target.by.map((name) => name.guesser.ip), target.evidence.all()]),
  { ...book.whole() },
];

function failed(ip: string, account: string, at: number, known = true): TryEvent {
  return {
    kind: 'login.failed',
    at,
    source: 'log',
    line: 1,
    raw: 'a line',
    fields: { ip, account, port: 1, method: 'password', service: 'sshd', known, times: 1, pid: null },
  };
}

describe('the book of guesses', () => {
  it('adds up the same of numbered events as of texts', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const [plain, numbered] = [new GuessBook(fakeNetworks()), new GuessBook(fakeNetworks())];
        let at = 1_000_000;
        steps.forEach((one, index) => {
          at += one.afterMs;
          const event = eventOf(index, one, at);
          const peer = (ADDRESSES[one.who] ?? '').split('.').reduce((sum, byte) => 256 * sum + Number(byte), 0);
          plain.refused(event);
          numbered.refused({ ...event, peer, place: one.name });
        });
        expect(all(numbered)).toEqual(all(plain));
      }),
    );
  });

  it('takes the last text of a place, where another name came to stand there', () => {
    const book = new GuessBook(fakeNetworks());
    for (const [index, account] of ['one', 'two', 'one'].entries())
      book.refused({ ...failed('203.0.113.9', account, index), peer: 0xcb007109, place: 5 });
    expect(
      book
        .get('203.0.113.9')
        ?.names()
        .map((name) => [name.account, name.tries.total]),
    ).toEqual([
      ['one', 2],
      ['two', 1],
    ]);
  });

  it('keeps names, hosts and addresses of every kind apart', () => {
    const book = new GuessBook(fakeNetworks());
    const others = ['2001:db8::1', '2001:db8::2', '1.2.3.4', '01.2.3.4'];
    for (const ip of others) book.refused(failed(ip, 'bob', 5));
    expect(book.guessers().map(({ ip }) => ip)).toEqual(others.slice(0, 3).concat('01.2.3.4'));
    expect(book.target('bob')?.by.length).toBe(4);
  });

  it('forgets the addresses that tried least, keeps what their networks did, and says how many they were', () => {
    const book = new GuessBook(fakeNetworks());
    const ip = (number: number) => `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}`;
    for (let number = 0; number <= 50_000; number += 1) {
      book.refused(failed(ip(number), 'root', number));
      if (number % 2 === 0) book.refused(failed(ip(number), 'root', number));
    }
    expect([book.addressesForgotten, book.guessers().length, book.whole().total]).toEqual([5_000, 45_001, 75_002]);
    // The oldest of those that tried once.
    expect([book.get(ip(1)), book.get(ip(9_999)), book.get(ip(0))?.tries.total, book.get(ip(10_001))?.tries.total]).toEqual([
      undefined,
      undefined,
      2,
      1,
    ]);
    expect(book.fromNetwork('10.0.0.0/24')?.tries.total).toBe(3 * 128);
    expect(book.target('root')?.by.length).toBe(45_001);
    expect(book.target('root')?.tries.total).toBe(75_002);
  });

  it('stays bounded where each try has a name of its own', () => {
    const book = new GuessBook(fakeNetworks());
    for (let number = 0; number < 120_000; number += 1) book.refused(failed(`198.51.${number % 200}.${(number >> 8) % 200}`, `n${number}`, number));
    expect(book.whole().total).toBe(120_000);
    expect(book.guessers().reduce((sum, one) => sum + one.tries.total, 0)).toBe(120_000);
    expect(book.targets().length).toBeLessThanOrEqual(100_000);
    expect(book.forgotten).toBeGreaterThanOrEqual(120_000 - 80_000);
  });
});
