/** When something happened, and how often, in bounded memory. */

import type { Millis } from './words.ts';

const MARKS_AT_MOST = 64;
/** Most of a hundred thousand timelines have one mark or two: lists begin small, and what is left of their room is never looked at. */
const ROOM: readonly number[][] = [2, 4, 8, 16, 32, 64].map((marks) => new Array<number>(2 * marks).fill(0.5));
const NONE: number[] = [];

/**
 * When something happened, and how often: a sliding window over the whole time, in whatever order it is told. Of many marks those that
 * lie closest together become one at the later time, so single events far apart stay exact and floods become coarse.
 */
export class Timeline {
  /** When and how often, by turns, in the order of time: one list costs half of what two do. */
  #marks: number[] = NONE;
  #count = 0;
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
    return this.#count === 0 ? 0 : this.#at(this.#count - 1);
  }

  /** A negative number takes back what was counted too much, the newest first. */
  add(at: Millis, times = 1): void {
    if (times < 0) this.#takeBack(-times);
    if (times > 0) this.#insert(at, times);
  }

  #at(place: number): Millis {
    return this.#marks[2 * place] ?? 0;
  }

  #times(place: number): number {
    return this.#marks[2 * place + 1] ?? 0;
  }

  #insert(at: Millis, times: number): void {
    this.#total += times;
    if (this.#first === null || at < this.#first) this.#first = at;
    let place = this.#count;
    while (place > 0 && this.#at(place - 1) > at) place -= 1;
    if (place > 0 && this.#at(place - 1) === at) {
      this.#marks[2 * place - 1] = this.#times(place - 1) + times;
      return;
    }
    if (2 * this.#count === this.#marks.length) this.#grow();
    if (place < this.#count) this.#marks.copyWithin(2 * place + 2, 2 * place, 2 * this.#count);
    this.#marks[2 * place] = at;
    this.#marks[2 * place + 1] = times;
    this.#count += 1;
    if (this.#count > 2 * this.#marksAtMost) this.#joinClosest();
  }

  #grow(): void {
    const more = ROOM.find((room) => room.length >= this.#marks.length) ?? ROOM[ROOM.length - 1] ?? NONE;
    this.#marks = this.#marks.concat(more);
  }

  /** Takes in all of another one. */
  absorb(other: Timeline): void {
    if (other.#first === null) return;
    for (let place = 0; place < other.#count; place += 1) this.#insert(other.#at(place), other.#times(place));
    this.#first = Math.min(this.#first ?? other.#first, other.#first);
  }

  /** How often after `from` and not after `to`. */
  between(from: Millis, to: Millis): number {
    let sum = 0;
    for (let place = 0; place < this.#count; place += 1) if (this.#at(place) > from && this.#at(place) <= to) sum += this.#times(place);
    return sum;
  }

  /** The first mark after a time, or null. */
  firstAfter(from: Millis): Millis | null {
    if (this.#first !== null && this.#first > from) return this.#first;
    for (let place = 0; place < this.#count; place += 1) if (this.#at(place) > from) return this.#at(place);
    return null;
  }

  /** The last mark before a time, or null. */
  lastBefore(to: Millis): Millis | null {
    for (let place = this.#count - 1; place >= 0; place -= 1) if (this.#at(place) < to) return this.#at(place);
    return null;
  }

  /** The most that happened within any span of this length. */
  most(spanMs: number): number {
    let most = 0;
    let sum = 0;
    let start = 0;
    for (let end = 0; end < this.#count; end += 1) {
      sum += this.#times(end);
      while (this.#at(end) - this.#at(start) > spanMs) {
        sum -= this.#times(start);
        start += 1;
      }
      most = Math.max(most, sum);
    }
    return most;
  }

  /** Down to what is allowed in one go, the closest first, so that a mark more costs little. In place: what is kept moves to the front. */
  #joinClosest(): void {
    const count = this.#count;
    const gaps = new Float64Array(count - 1);
    for (let place = 1; place < count; place += 1) gaps[place - 1] = this.#at(place) - this.#at(place - 1);
    gaps.sort();
    let left = count - this.#marksAtMost;
    const widest = gaps[left - 1] ?? 0;
    let atWidest = left - gaps.indexOf(widest);
    let kept = 0;
    let carried = 0;
    for (let place = 0; place < count; place += 1) {
      const at = this.#at(place);
      const gap = place + 1 < count ? this.#at(place + 1) - at : Number.POSITIVE_INFINITY;
      carried += this.#times(place);
      if (left > 0 && (gap < widest || (gap === widest && atWidest > 0))) {
        left -= 1;
        if (gap === widest) atWidest -= 1;
        continue;
      }
      this.#marks[2 * kept] = at;
      this.#marks[2 * kept + 1] = carried;
      kept += 1;
      carried = 0;
    }
    this.#count = kept;
  }

  #takeBack(times: number): void {
    let left = Math.min(times, this.#total);
    this.#total -= left;
    while (left > 0 && this.#count > 0) {
      const newest = this.#count - 1;
      const taken = Math.min(left, this.#times(newest));
      left -= taken;
      this.#marks[2 * newest + 1] = this.#times(newest) - taken;
      if (this.#times(newest) === 0) this.#count -= 1;
    }
    if (this.#count === 0) this.#first = null;
  }
}
