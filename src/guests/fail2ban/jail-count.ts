/**
 * Counts failures as a jail of fail2ban does: `maxretry` within `findtime` bans, whoever was banned before needs fewer and stays longer,
 * and those on the list are spared. Cannot see: names on the list (nothing is resolved), and addresses that were pushed out by hundreds of thousands of newer ones.
 */

import { addressBits } from '../../core/address-bits.ts';
import { holds, type Network, networkOf } from './address.ts';
import { nextBanMs } from './ban-formula.ts';
import type { JailDefinition } from './definition.ts';
import { Oldest } from './oldest.ts';

/** What counting needs of a jail. */
export type CountedJail = Pick<JailDefinition, 'name' | 'maxRetry' | 'findMs' | 'ban' | 'ignoreip' | 'ignoreSelf'>;

export interface JailSurroundings {
  /** The machine's own addresses, for `ignoreself`. */
  readonly own: readonly string[];
  /** From 0 to 1, for `bantime.rndtime`: pure code knows no chance. */
  chance(): number;
  /** How often an address was banned before this run and when last, by this jail or, with `overalljails`, by any. */
  before?(id: string): BansBefore | null;
  /** Whether it is kept out already: its failures count, and no ban begins. */
  isOut?(id: string, at: number): boolean;
}

export interface BansBefore {
  readonly count: number;
  readonly lastAt: number;
}

export interface JailBan {
  readonly id: string;
  readonly at: number;
  /** Milliseconds; -1 = for ever. */
  readonly banMs: number;
  /** The first and the last failure that led to it. */
  readonly from: number;
  readonly failures: number;
  /** How often the address was banned before. */
  readonly bansBefore: number;
}

interface Count {
  firstAt: number;
  lastAt: number;
  retries: number;
  failures: number;
}

interface Known {
  count: number;
  lastAt: number;
}

/** 200 bytes each, at most 20 MB a jail. */
const IDS_AT_MOST = 100_000;
/** fail2ban takes no more doublings than this for those it knows. */
const DOUBLINGS_AT_MOST = 20;

export class JailCount {
  readonly #jail: CountedJail;
  readonly #surroundings: JailSurroundings;
  readonly #spared: readonly Network[];
  /** In the order of their last failure. */
  readonly #counts = new Map<string, Count>();
  readonly #banned = new Map<string, Known>();
  readonly #oldestCount = new Oldest(this.#counts);
  readonly #oldestBan = new Oldest(this.#banned);
  #sparedCount = 0;
  #pushedOut = 0;

  constructor(jail: CountedJail, surroundings: JailSurroundings) {
    this.#jail = jail;
    this.#surroundings = surroundings;
    const words = jail.ignoreSelf ? [...jail.ignoreip, ...surroundings.own] : jail.ignoreip;
    this.#spared = words.flatMap((word) => networkOf(word) ?? []);
  }

  /** Failures that were not counted because of whom they came from, and addresses that were forgotten for want of room. */
  get uncounted(): { readonly spared: number; readonly pushedOut: number } {
    return { spared: this.#sparedCount, pushedOut: this.#pushedOut };
  }

  get size(): number {
    return this.#counts.size;
  }

  /** One failure; `id` is an address or whatever the filter counts by. A ban where it was the last one needed. */
  failure(id: string, at: number): JailBan | null {
    if (this.spares(id)) {
      this.#sparedCount += 1;
      return null;
    }
    const bansBefore = this.#bansBefore(id, at);
    const count = this.#counted(id, at, this.#weight(bansBefore));
    if (count.retries < this.#jail.maxRetry) return null;
    this.#counts.delete(id);
    if (this.#surroundings.isOut?.(id, at)) return null;
    this.#remember(id, at, bansBefore);
    const banMs = nextBanMs(this.#jail.ban, bansBefore, this.#surroundings.chance());
    return { id, at, banMs, from: count.firstAt, failures: count.failures, bansBefore };
  }

  spares(id: string): boolean {
    // Whoever is counted is not spared; telling it from the bits of an address costs more.
    if (this.#counts.has(id)) return false;
    const bits = addressBits(id);
    if (bits === null) return this.#jail.ignoreip.includes(id);
    return this.#spared.some((network) => holds(network, bits));
  }

  /** Forgets whose last failure is older than `findtime`. */
  sweep(now: number): void {
    for (const [id, { lastAt }] of this.#counts) {
      if (lastAt > now - this.#jail.findMs) break;
      this.#counts.delete(id);
    }
  }

  /** Those who were banned before count faster: 1, 2, 3, 5, 9 … for each failure. */
  #weight(bansBefore: number): number {
    if (!this.#jail.ban.increment || bansBefore === 0) return 1;
    return Math.max(1, Math.min(Math.floor(2 ** Math.min(bansBefore, DOUBLINGS_AT_MOST) / 2 + 1), this.#jail.maxRetry));
  }

  #bansBefore(id: string, at: number): number {
    if (!this.#jail.ban.increment) return 0;
    const here = this.#banned.get(id);
    if (here !== undefined) return at > here.lastAt ? here.count : 0;
    const earlier = this.#surroundings.before?.(id) ?? null;
    return earlier !== null && at > earlier.lastAt ? earlier.count : 0;
  }

  #counted(id: string, at: number, weight: number): Count {
    const count = this.#counts.get(id) ?? { firstAt: at, lastAt: at, retries: 0, failures: 0 };
    this.#counts.delete(id);
    this.#age(count, at);
    count.retries += weight;
    count.failures += 1;
    this.#makeRoom();
    this.#counts.set(id, count);
    return count;
  }

  /** Failures that span more than `findtime` count as many as their rate makes of it: fail2ban keeps no list of times. */
  #age(count: Count, at: number): void {
    const { findMs } = this.#jail;
    if (at <= count.lastAt) return;
    if (count.lastAt <= at - findMs) {
      count.retries = 0;
      count.failures = 0;
      count.firstAt = at;
    } else if (count.firstAt < at - findMs) {
      count.retries = roundedToEven((count.retries / (at - count.firstAt)) * findMs);
      count.firstAt = at - findMs;
    }
    count.lastAt = at;
  }

  #makeRoom(): void {
    this.#oldestCount.pass();
    while (this.#counts.size >= IDS_AT_MOST) {
      this.#counts.delete(this.#oldestCount.next() ?? '');
      this.#pushedOut += 1;
    }
  }

  #remember(id: string, at: number, bansBefore: number): void {
    if (!this.#jail.ban.increment) return;
    this.#banned.delete(id);
    this.#oldestBan.pass();
    while (this.#banned.size >= IDS_AT_MOST) this.#banned.delete(this.#oldestBan.next() ?? '');
    this.#banned.set(id, { count: bansBefore + 1, lastAt: at });
  }
}

/** Python rounds halves to the even neighbour. */
function roundedToEven(value: number): number {
  const below = Math.floor(value);
  if (value - below !== 0.5) return Math.round(value);
  return below % 2 === 0 ? below : below + 1;
}

/** What stands in a definition but cannot be counted by: names and words that are no network. */
export function unresolved(ignoreip: readonly string[]): string[] {
  return ignoreip.filter((word) => networkOf(word) === null);
}
