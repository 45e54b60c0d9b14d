/** What the hand accepts as an order, and what it refuses as a whole. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressText, netOf, netText } from '../../src/core/nets.ts';
import { ORDERS_AT_MOST, readBatch } from '../../src/core/orders.ts';

const ban = { verb: 'ban', net: '203.0.113.9', untilMs: 2_000_000_000_000, because: 'guessed passwords', decision: 'd1' };
const line = (orders: unknown, id: unknown = 1) => JSON.stringify({ id, orders });
const refusal = (text: string) => {
  const read = readBatch(text);
  return 'refused' in read ? read.refused : null;
};

describe('a line of orders', () => {
  it('is read with every net in its one form', () => {
    const read = readBatch(
      line([
        { ...ban, net: '2001:DB8:0:0:0:0:0:1' },
        { verb: 'allow', net: '::ffff:192.0.2.1', untilMs: null, because: '' },
      ]),
    );
    expect(read).toEqual({
      id: 1,
      orders: [
        { ...ban, net: '2001:db8::1' },
        { verb: 'allow', net: '192.0.2.1', untilMs: null, because: '' },
      ],
    });
  });

  const wrong: readonly (readonly [string, string])[] = [
    ['no JSON', 'ban 203.0.113.9'],
    ['a list', '[]'],
    ['no id', JSON.stringify({ orders: [] })],
    ['an id that is a text', line([], '1')],
    ['an unknown field of the line', JSON.stringify({ id: 1, orders: [], also: 'x' })],
    ['orders that are no list', line({})],
    ['an unknown verb', line([{ verb: 'flush' }])],
    ['a verb of Object', line([{ verb: 'constructor' }])],
    ['an unknown field of an order', line([{ ...ban, force: true }])],
    ['a field named __proto__', '{"id":1,"orders":[{"verb":"ping","__proto__":{}}]}'],
    ['a missing field', line([{ verb: 'ban', net: '203.0.113.9', untilMs: null, because: '' }])],
    ['a net with host bits', line([{ ...ban, net: '203.0.113.9/24' }])],
    ['a net with a zone', line([{ ...ban, net: 'fe80::1%eth0' }])],
    ['a net with an nft word behind it', line([{ ...ban, net: '203.0.113.9 } ; flush ruleset' }])],
    ['leading zeros', line([{ ...ban, net: '203.0.113.09' }])],
    ['a prefix that is none', line([{ ...ban, net: '203.0.113.0/033' }])],
    ['a time that is no whole number', line([{ ...ban, untilMs: 1.5 }])],
    ['a time below 0', line([{ ...ban, untilMs: -1 }])],
    ['a reason that is too long', line([{ ...ban, because: 'x'.repeat(501) }])],
    ['a wide that is a text', line([{ ...ban, wide: 'yes' }])],
    ['one bad order behind good ones', line([ban, ban, { verb: 'ban' }])],
    ['more orders than a line may have', line(Array.from({ length: ORDERS_AT_MOST + 1 }, () => ({ verb: 'ping' })))],
  ];
  it.each(wrong)('is refused as a whole: %s', (_, text) => expect(refusal(text)).toMatch(/\.$/));

  it('names the order and the better form of a net with host bits', () => {
    expect(refusal(line([ban, { ...ban, net: '203.0.113.9/24' }]))).toBe(
      'Order 2 (ban): 203.0.113.9/24 has host bits set: write 203.0.113.0/24. Nothing of the line was done.',
    );
  });

  it('never throws, whatever is said', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.anything().map(String)), (text) => typeof readBatch(text) === 'object'));
    fc.assert(fc.property(fc.object(), (order) => typeof readBatch(JSON.stringify({ id: 1, orders: [order] })) === 'object'));
  });
});

describe('a net', () => {
  it('is written as it is read again', () => {
    const four = fc.tuple(fc.constant(4 as const), fc.bigInt(0n, (1n << 32n) - 1n), fc.integer({ min: 0, max: 32 }));
    const six = fc.tuple(fc.constant(6 as const), fc.bigInt(0n, (1n << 128n) - 1n), fc.integer({ min: 0, max: 128 }));
    fc.assert(
      fc.property(fc.oneof(four, six), ([family, address, prefix]) => {
        const rest = (1n << BigInt((family === 4 ? 32 : 128) - prefix)) - 1n;
        const text = `${addressText(family, address & ~rest)}/${prefix}`;
        const net = netOf(text);
        if (typeof net === 'string') throw new Error(`${text} ${net}`);
        // ::ffff:0:0/96 and narrower are IPv4 by another name.
        const mapped = family === 6 && prefix >= 96 && address >> 32n === 0xffffn;
        if (!mapped) expect([net.family, net.first, net.last, net.prefix]).toEqual([family, address & ~rest, address | rest, prefix]);
        expect(netOf(netText(net))).toEqual(net);
      }),
    );
  });

  it('follows RFC 5952', () => {
    const pairs = [
      ['2001:0db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
      ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
      ['0:0:0:0:0:0:0:0', '::'],
      ['::1', '::1'],
      ['fe80:0:0:0:0:0:0:0/10', 'fe80::/10'],
      ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
    ] as const;
    for (const [text, short] of pairs) {
      const net = netOf(text);
      expect(typeof net === 'string' ? net : netText(net)).toBe(short);
    }
  });
});
