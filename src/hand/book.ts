/** What is banned and what is allowed now, in memory; the ledger makes it last. */

import { holds, type Net, netAround, netOf, netText, overlap, WIDTH } from '../core/nets.ts';
import { SPREAD_SETS, setOf } from './table.ts';
import { type Act, type Clock, type Entry, type Held, type Kind, keyOf } from './words.ts';

/** The kernel counts from its own moment, a little later than ours: an entry is forgotten when the kernel surely has. */
const GRACE_MS = 1000;

export class Book {
  readonly #held = new Map<string, Held>();
  /** Those of `#held` that the kernel keeps as intervals: they are few, and asked for often. */
  readonly #spread = new Map<string, Held>();
  /** How many entries there are of each kind, family and prefix length: only those lengths are looked for. */
  readonly #lengths = new Map<number, number>();
  readonly #counts = { ban: 0, allow: 0 };
  readonly #clock: Clock;
  #nextEnd = Number.POSITIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  count(kind: Kind): number {
    return this.#counts[kind];
  }

  get(kind: Kind, net: string): Held | null {
    return this.#held.get(keyOf(kind, net)) ?? null;
  }

  /** Is it in force, or only waiting to be forgotten? */
  lives(held: Held): boolean {
    return held.endsAt === null || held.endsAt > this.#clock.steady();
  }

  *all(kind?: Kind): Generator<Held> {
    for (const held of this.#held.values()) if (kind === undefined || held.kind === kind) yield held;
  }

  /** Is there any entry of this width? */
  hasAny(kind: Kind, { family, prefix }: Net): boolean {
    return this.#lengths.has(lengthOf(kind, family, prefix));
  }

  spread(): Iterable<Held> {
    return this.#spread.values();
  }

  apply(acts: readonly Act[]): void {
    for (const act of acts) this.#set(act.kind, act.net, act.now);
  }

  undo(acts: readonly Act[]): void {
    for (const act of [...acts].reverse()) this.#set(act.kind, act.net, act.was);
  }

  #set(kind: Kind, text: string, entry: Entry | null): void {
    const key = keyOf(kind, text);
    this.#forget(key, kind);
    const net = netOf(text);
    if (entry === null || typeof net === 'string') return;
    const endsAt = this.#endOf(entry);
    const { since, untilMs, because, decision } = entry;
    const held: Held = { since, untilMs, because, decision, kind, net, text, endsAt };
    this.#held.set(key, held);
    if (SPREAD_SETS.includes(setOf(kind, net))) this.#spread.set(key, held);
    this.#lengthen(held, 1);
    this.#counts[kind] += 1;
    if (endsAt !== null) this.#nextEnd = Math.min(this.#nextEnd, endsAt + GRACE_MS);
  }

  #forget(key: string, kind: Kind): void {
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    this.#counts[kind] -= 1;
    this.#spread.delete(key);
    this.#lengthen(held, -1);
  }

  #lengthen({ kind, net }: Held, by: number): void {
    const length = lengthOf(kind, net.family, net.prefix);
    const count = (this.#lengths.get(length) ?? 0) + by;
    if (count > 0) this.#lengths.set(length, count);
    else this.#lengths.delete(length);
  }

  /** Never longer than was ordered: a clock that was set back must not make a ban of an hour last a day. */
  #endOf({ since, untilMs }: Entry): number | null {
    if (untilMs === null) return null;
    return this.#clock.steady() + Math.min(untilMs - this.#clock.wall(), untilMs - since);
  }

  /** Forgets what is over. */
  expire(): Held[] {
    const now = this.#clock.steady();
    if (now < this.#nextEnd) return [];
    const over: Held[] = [];
    this.#nextEnd = Number.POSITIVE_INFINITY;
    for (const [key, held] of this.#held) {
      if (held.endsAt === null) continue;
      if (held.endsAt + GRACE_MS <= now) {
        this.#forget(key, held.kind);
        over.push(held);
      } else this.#nextEnd = Math.min(this.#nextEnd, held.endsAt + GRACE_MS);
    }
    return over;
  }

  /** The narrowest living entry that holds all of a network, itself left out. */
  around(kind: Kind, net: Net): Held | null {
    for (let prefix = net.prefix - 1; prefix >= 0; prefix -= 1) {
      if (!this.#lengths.has(lengthOf(kind, net.family, prefix))) continue;
      const held = this.#held.get(keyOf(kind, netText(netAround(net.family, net.first, prefix))));
      if (held && this.lives(held) && holds(held.net, net)) return held;
    }
    return null;
  }

  /** Living entries that a network shares an address with. */
  touching(kind: Kind, net: Net): Held[] {
    const found: Held[] = [];
    const outer = this.around(kind, net);
    if (outer) found.push(outer);
    const own = this.get(kind, netText(net));
    if (own && this.lives(own)) found.push(own);
    if (net.prefix === WIDTH[net.family]) return found;
    for (const held of this.all(kind)) if (held !== own && held !== outer && overlap(held.net, net) && this.lives(held)) found.push(held);
    return found;
  }
}

function lengthOf(kind: Kind, family: 4 | 6, prefix: number): number {
  return (kind === 'ban' ? 0 : 512) + (family === 4 ? 0 : 256) + prefix;
}
