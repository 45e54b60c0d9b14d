/** The parts of networks that lie in one another: apart, complete, and each as long as its longest network. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { netAround } from '../../src/core/nets.ts';
import { cover, type Spread } from '../../src/hand/cover.ts';

/** Networks of a world of 256 addresses, so that a plain table of addresses is the truth. */
const small = fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 24, max: 32 }), fc.option(fc.integer({ min: 1, max: 9 })));

function spreadOf([address, prefix, endsAt]: readonly [number, number, number | null]): Spread {
  const { first, last } = netAround(4, BigInt(address), prefix);
  return { first, last, endsAt };
}

function longest(spreads: readonly Spread[], address: bigint): number | null | undefined {
  const ends = spreads.filter((one) => one.first <= address && address <= one.last).map((one) => one.endsAt ?? Number.POSITIVE_INFINITY);
  if (ends.length === 0) return undefined;
  const end = Math.max(...ends);
  return end === Number.POSITIVE_INFINITY ? null : end;
}

describe('cover', () => {
  it('says for each address what the networks say', () => {
    fc.assert(
      fc.property(fc.array(small, { maxLength: 40 }), (drawn) => {
        const spreads = drawn.map(spreadOf);
        const parts = cover(spreads);
        for (let address = 0n; address < 256n; address += 1n) {
          const holding = parts.filter((part) => part.first <= address && address <= part.last);
          const wanted = longest(spreads, address);
          expect(holding.map((part) => part.endsAt)).toEqual(wanted === undefined ? [] : [wanted]);
        }
      }),
    );
  });

  it('gives the parts in order and apart', () => {
    fc.assert(
      fc.property(fc.array(small, { maxLength: 40 }), (drawn) => {
        const parts = cover(drawn.map(spreadOf));
        for (const [at, part] of parts.entries()) {
          expect(part.first <= part.last).toBe(true);
          const next = parts[at + 1];
          if (next) expect(part.last < next.first).toBe(true);
        }
      }),
    );
  });

  it('keeps neighbours apart, so that each is counted by itself', () => {
    const parts = cover([spreadOf([0, 31, null]), spreadOf([2, 31, null])]);
    expect(parts).toHaveLength(2);
  });
});
