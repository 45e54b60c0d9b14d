/** When something happened, and how often, in bounded memory. */

import { atOf, COUNT, FIRST, inserted, newMarks, TOTAL, takenBack, timesOf } from './marks.ts';
import type { Millis } from './words.ts';

const MARKS_AT_MOST = 64;

/**
 * When something happened, and how often: a sliding window over the whole time, in whatever order it is told. Of many marks those that
 * lie closest together become one at the later time, so single events far apart stay exact and floods become coarse.
 */
export class Timeline {
  #marks = newMarks();
  readonly #marksAtMost: number;

  constructor(marksAtMost = MARKS_AT_MOST) {
    this.#marksAtMost = marksAtMost;
  }

  get total(): number {
    return this.#marks[TOTAL] ?? 0;
  }

  /** 0 when nothing happened. */
  get first(): Millis {
    return this.#marks[COUNT] === 0 ? 0 : (this.#marks[FIRST] ?? 0);
  }

  get last(): Millis {
    const count = this.#marks[COUNT] ?? 0;
    return count === 0 ? 0 : atOf(this.#marks, count - 1);
  }

  /** A negative number takes back what was counted too much, the newest first. */
  add(at: Millis, times = 1): void {
    if (times < 0) takenBack(this.#marks, -times);
    if (times > 0) this.#marks = inserted(this.#marks, at, times, this.#marksAtMost);
  }

  /** Takes in all of another one. */
  absorb(other: Timeline): void {
    const theirs = other.#marks;
    const count = theirs[COUNT] ?? 0;
    if (count === 0) return;
    for (let place = 0; place < count; place += 1) this.add(atOf(theirs, place), timesOf(theirs, place));
    this.#marks[FIRST] = Math.min(this.first, other.first);
  }

  /** How often after `from` and not after `to`. */
  between(from: Millis, to: Millis): number {
    const marks = this.#marks;
    const count = marks[COUNT] ?? 0;
    let sum = 0;
    for (let place = 0; place < count; place += 1) if (atOf(marks, place) > from && atOf(marks, place) <= to) sum += timesOf(marks, place);
    return sum;
  }

  /** The first mark after a time, or null. */
  firstAfter(from: Millis): Millis | null {
    const marks = this.#marks;
    const count = marks[COUNT] ?? 0;
    if (count > 0 && this.first > from) return this.first;
    for (let place = 0; place < count; place += 1) if (atOf(marks, place) > from) return atOf(marks, place);
    return null;
  }

  /** The last mark before a time, or null. */
  lastBefore(to: Millis): Millis | null {
    for (let place = (this.#marks[COUNT] ?? 0) - 1; place >= 0; place -= 1) if (atOf(this.#marks, place) < to) return atOf(this.#marks, place);
    return null;
  }

  /** The most that happened within any span of this length. */
  most(spanMs: number): number {
    const marks = this.#marks;
    const count = marks[COUNT] ?? 0;
    let most = 0;
    let sum = 0;
    let start = 0;
    for (let end = 0; end < count; end += 1) {
      sum += timesOf(marks, end);
      while (atOf(marks, end) - atOf(marks, start) > spanMs) {
        sum -= timesOf(marks, start);
        start += 1;
      }
      most = Math.max(most, sum);
    }
    return most;
  }
}
