/** Counting that an attacker cannot make endless: maps, timelines and samples that forget the least useful and say how much they forgot. */

import type { Millis } from './words.ts';

/** A part of the map is forgotten at a time, so that making room costs little for each new key. */
const FORGOTTEN_AT_ONCE = 0.1;

/** A map of at most so many keys. When it is full the least worthy are forgotten, the oldest first among equals, or where worth is null. */
export class Bounded<V> {
  readonly #values = new Map<string, V>();
  readonly #atMost: number;
  readonly #worth: ((value: V) => number) | null;
  readonly #parting: (value: V) => void;
  #forgotten = 0;

  /** `parting` is told of what is forgotten, for those who count what is inside. */
  constructor(atMost: number, worth: ((value: V) => number) | null, parting: (value: V) => void = () => {}) {
    this.#atMost = atMost;
    this.#worth = worth;
    this.#parting = parting;
  }

  /** How many keys were forgotten. A key that comes back begins anew. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  /** What the key has, made now where it has nothing. */
  open(key: string, make: () => V): V {
    const old = this.#values.get(key);
    if (old !== undefined) return old;
    if (this.#values.size >= this.#atMost) this.#makeRoom();
    const made = make();
    this.#values.set(key, made);
    return made;
  }

  remove(key: string): void {
    this.#values.delete(key);
  }

  entries(): [string, V][] {
    return [...this.#values];
  }

  values(): V[] {
    return [...this.#values.values()];
  }

  #makeRoom(): void {
    const count = Math.max(1, Math.floor(this.#atMost * FORGOTTEN_AT_ONCE));
    const gone = this.#worth ? this.#leastWorthy(this.#worth, count) : this.#oldest(count);
    for (const [key, value] of gone) {
      this.#values.delete(key);
      this.#parting(value);
    }
    this.#forgotten += gone.length;
  }

  #leastWorthy(worth: (value: V) => number, count: number): [string, V][] {
    const weighed = [...this.#values].map((entry) => ({ entry, worth: worth(entry[1]) }));
    return weighed
      .sort((a, b) => a.worth - b.worth)
      .slice(0, count)
      .map(({ entry }) => entry);
  }

  #oldest(count: number): [string, V][] {
    const oldest: [string, V][] = [];
    for (const entry of this.#values) {
      if (oldest.length >= count) break;
      oldest.push(entry);
    }
    return oldest;
  }
}

const MARKS_AT_MOST = 64;

/**
 * When something happened, and how often: a sliding window over the whole time, in whatever order it is told. Of many marks the two that
 * lie closest together become one at the later time, so single events far apart stay exact and floods become coarse.
 */
export class Timeline {
  readonly #at: Millis[] = [];
  readonly #times: number[] = [];
  readonly #marksAtMost: number;
  #total = 0;
  #first: Millis | null = null;

  constructor(marksAtMost = MARKS_AT_MOST) {
    this.#marksAtMost = marksAtMost;
  }

  get total(): number {
    return this.#total;
  }

  /** 0 when nothing happened. */
  get first(): Millis {
    return this.#first ?? 0;
  }

  get last(): Millis {
    return this.#at[this.#at.length - 1] ?? 0;
  }

  /** A negative number takes back what was counted too much, the newest first. */
  add(at: Millis, times = 1): void {
    if (times < 0) this.#takeBack(-times);
    if (times > 0) this.#insert(at, times);
  }

  #insert(at: Millis, times: number): void {
    this.#total += times;
    this.#first = this.#first === null ? at : Math.min(this.#first, at);
    let place = this.#at.length;
    while (place > 0 && (this.#at[place - 1] ?? 0) > at) place -= 1;
    if (this.#at[place - 1] === at) {
      this.#times[place - 1] = (this.#times[place - 1] ?? 0) + times;
      return;
    }
    this.#at.splice(place, 0, at);
    this.#times.splice(place, 0, times);
    if (this.#at.length > this.#marksAtMost) this.#joinClosest();
  }

  /** How often after `from` and not after `to`. */
  between(from: Millis, to: Millis): number {
    return this.#at.reduce((sum, at, index) => (at > from && at <= to ? sum + (this.#times[index] ?? 0) : sum), 0);
  }

  /** The first mark after a time, or null. */
  firstAfter(from: Millis): Millis | null {
    if (this.#first !== null && this.#first > from) return this.#first;
    return this.#at.find((at) => at > from) ?? null;
  }

  /** The last mark before a time, or null. */
  lastBefore(to: Millis): Millis | null {
    for (let place = this.#at.length - 1; place >= 0; place -= 1) {
      const at = this.#at[place];
      if (at !== undefined && at < to) return at;
    }
    return null;
  }

  /** The most that happened within any span of this length. */
  most(spanMs: number): number {
    let most = 0;
    let sum = 0;
    let start = 0;
    for (let end = 0; end < this.#at.length; end += 1) {
      sum += this.#times[end] ?? 0;
      while ((this.#at[end] ?? 0) - (this.#at[start] ?? 0) > spanMs) {
        sum -= this.#times[start] ?? 0;
        start += 1;
      }
      most = Math.max(most, sum);
    }
    return most;
  }

  #joinClosest(): void {
    let closest = 1;
    for (let index = 2; index < this.#at.length; index += 1) {
      if (this.#gap(index) < this.#gap(closest)) closest = index;
    }
    this.#times[closest] = (this.#times[closest] ?? 0) + (this.#times[closest - 1] ?? 0);
    this.#at.splice(closest - 1, 1);
    this.#times.splice(closest - 1, 1);
  }

  #gap(index: number): number {
    return (this.#at[index] ?? 0) - (this.#at[index - 1] ?? 0);
  }

  #takeBack(times: number): void {
    let left = Math.min(times, this.#total);
    this.#total -= left;
    while (left > 0 && this.#times.length > 0) {
      const newest = this.#times.length - 1;
      const taken = Math.min(left, this.#times[newest] ?? 0);
      left -= taken;
      this.#times[newest] = (this.#times[newest] ?? 0) - taken;
      if (this.#times[newest] === 0) {
        this.#times.pop();
        this.#at.pop();
      }
    }
    this.#first = this.#at.length === 0 ? null : this.#first;
  }
}

/** At most so many of a long row: the first, the last, and some evenly spread between them. A fifth of the places is for each end. */
export class Sample<T> {
  readonly #edge: number;
  readonly #room: number;
  readonly #kept: T[] = [];
  #passed = 0;
  #stride = 1;

  constructor(atMost: number) {
    this.#edge = Math.max(1, Math.floor(atMost / 5));
    this.#room = Math.max(0, atMost - 2 * this.#edge);
  }

  /** One list: the first ones, those between, the last ones. What leaves the last ones stays between them at each stride, or is dropped. */
  add(item: T): void {
    this.#kept.push(item);
    const leaving = this.#kept.length - 1 - this.#edge;
    if (leaving < this.#edge) return;
    this.#passed += 1;
    if (this.#passed % this.#stride !== 0) this.#kept.splice(leaving, 1);
    if (this.#kept.length <= 2 * this.#edge + this.#room) return;
    for (let place = leaving - ((leaving - this.#edge) % 2); place >= this.#edge; place -= 2) this.#kept.splice(place, 1);
    this.#stride *= 2;
  }

  all(): readonly T[] {
    return this.#kept;
  }
}
