/** The interval sets: networks as parts that do not overlap, what of them is laid in the kernel, and what they have counted. */

import { netOf } from '../core/nets.ts';
import type { Book } from './book.ts';
import { cover, type Spread } from './cover.ts';
import type { Nft, Tallies } from './nft.ts';
import { familyOf, rangeText, type SetName, setOf, statement, TABLE, type Tally, tail, WITNESS } from './table.ts';
import type { Clock } from './words.ts';

export interface SpreadChange {
  readonly set: SetName;
  readonly parts: readonly Spread[];
  readonly text: string;
}

export class Spreads {
  readonly #nft: Nft;
  readonly #book: Book;
  readonly #clock: Clock;
  readonly #laid = new Map<SetName, readonly Spread[]>();

  constructor(nft: Nft, book: Book, clock: Clock) {
    this.#nft = nft;
    this.#book = book;
    this.#clock = clock;
  }

  /** What the book wants in a set now. */
  wanted(set: SetName): Spread[] {
    const spreads: Spread[] = [];
    for (const held of this.#book.spread()) {
      if (setOf(held.kind, held.net) === set && this.#book.lives(held))
        spreads.push({ first: held.net.first, last: held.net.last, endsAt: held.endsAt });
    }
    return cover(spreads);
  }

  laid(set: SetName, parts: readonly Spread[]): void {
    this.#laid.set(set, parts);
  }

  /** Parts that the kernel surely still has so long from now. */
  lasting(set: SetName, spanMs: number): Spread[] {
    const end = this.#clock.steady() + spanMs;
    return (this.#laid.get(set) ?? []).filter((part) => part.endsAt === null || part.endsAt > end);
  }

  text(set: SetName, parts: readonly Spread[], tallies: Tallies): string {
    const family = familyOf(set);
    const counted = set.startsWith('net') ? tallyOf(tallies.get(set)) : null;
    const elements = parts.map((part) => {
      const left = part.endsAt === null ? null : part.endsAt - this.#clock.steady();
      return rangeText(family, part) + tail(left, counted?.(part) ?? null);
    });
    return statement('add', set, elements);
  }

  /** New parts beside the old are added; anything else lays the set anew, with what it has counted. */
  async change(set: SetName): Promise<SpreadChange> {
    const parts = this.wanted(set);
    const wanted = new Set(parts.map(nameOf));
    const laid = this.lasting(set, 0);
    if (laid.every((part) => wanted.has(nameOf(part)))) {
      const there = new Set(laid.map(nameOf));
      const fresh = parts.filter((part) => !there.has(nameOf(part)));
      return { set, parts, text: this.text(set, fresh, new Map()) };
    }
    const tallies = set.startsWith('net') ? await this.#nft.tallies([set]) : new Map();
    const witness = statement('add', set, [WITNESS[familyOf(set)]]);
    return { set, parts, text: `flush set ${TABLE} ${set}\n${witness}${this.text(set, parts, tallies)}` };
  }
}

function nameOf(part: Spread): string {
  return `${part.first} ${part.last} ${part.endsAt}`;
}

export interface Counted {
  readonly first: bigint;
  readonly tally: Tally;
}

/** The elements of an interval set by their first address, in order: nft writes `a/24` where it can, else `a-b`. */
export function counts(tallies: ReadonlyMap<string, Tally> | undefined): Counted[] {
  const found = [...(tallies ?? [])].flatMap(([element, tally]) => {
    const net = netOf(element.split('-', 1)[0] ?? '');
    return typeof net === 'string' ? [] : [{ first: net.first, tally }];
  });
  return found.sort((a, b) => (a.first < b.first ? -1 : a.first > b.first ? 1 : 0));
}

/** What all elements that begin within a range have counted. */
export function tallyOf(tallies: ReadonlyMap<string, Tally> | undefined): (range: Pick<Spread, 'first' | 'last'>) => Tally {
  const inOrder = counts(tallies);
  return ({ first, last }) => {
    let low = 0;
    for (let high = inOrder.length; low < high; ) {
      const middle = (low + high) >> 1;
      if ((inOrder[middle]?.first ?? 0n) < first) low = middle + 1;
      else high = middle;
    }
    let packets = 0;
    let bytes = 0;
    for (let one = inOrder[low]; one && one.first <= last; one = inOrder[++low]) {
      packets += one.tally.packets;
      bytes += one.tally.bytes;
    }
    return { packets, bytes };
  };
}
