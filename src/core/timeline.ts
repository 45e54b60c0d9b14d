/** When something happened, and how often, in bounded memory. */

import type { Millis } from './words.ts';

const MARKS_AT_MOST = 64;
/** Most of a hundred thousand timelines have few marks: up to here their lists have exactly the room that they need. */
const FEW = 12;
const NONE: number[] = [];

/**
 * When something happened, and how often: a sliding window over the whole time, in whatever order it is told. Of many marks those that
 * lie closest together become one at the later time, so single events far apart stay exact and floods become coarse.
 */
export class Timeline {
  #at: Millis[] = NONE;
  #times: number[] = NONE;
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
    if (this.#at.length === 0) {
      this.#at = [at];
      this.#times = [times];
      return;
    }
    const marks = this.#at;
    let place = marks.length;
    while (place > 0 && (marks[place - 1] ?? 0) > at) place -= 1;
    if (marks[place - 1] === at) {
      this.#times[place - 1] = (this.#times[place - 1] ?? 0) + times;
      return;
    }
    if (place === marks.length && place < FEW) {
      this.#at = marks.concat(at);
      this.#times = this.#times.concat(times);
    } else if (place === marks.length) {
      marks.push(at);
      this.#times.push(times);
    } else {
      marks.splice(place, 0, at);
      this.#times.splice(place, 0, times);
    }
    if (marks.length > 2 * this.#marksAtMost) this.#joinClosest();
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

  /** Down to what is allowed in one go, the closest first, so that a mark more costs little. */
  #joinClosest(): void {
    const at = this.#at;
    const gaps = new Float64Array(at.length - 1).map((_, index) => (at[index + 1] ?? 0) - (at[index] ?? 0)).sort();
    let left = at.length - this.#marksAtMost;
    const widest = gaps[left - 1] ?? 0;
    let atWidest = left - gaps.indexOf(widest);
    const marks: Millis[] = [];
    const times: number[] = [];
    let carried = 0;
    for (let index = 0; index < at.length; index += 1) {
      const gap = (at[index + 1] ?? Number.POSITIVE_INFINITY) - (at[index] ?? 0);
      const joins = left > 0 && (gap < widest || (gap === widest && atWidest > 0));
      carried += this.#times[index] ?? 0;
      if (joins) {
        left -= 1;
        if (gap === widest) atWidest -= 1;
        continue;
      }
      marks.push(at[index] ?? 0);
      times.push(carried);
      carried = 0;
    }
    this.#at = marks;
    this.#times = times;
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
