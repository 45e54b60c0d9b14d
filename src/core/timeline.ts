/** When something happened, and how often, in bounded memory. */

import { Marks } from './marks.ts';
import type { Millis } from './words.ts';

const MARKS_AT_MOST = 64;

/**
 * When something happened, and how often: a sliding window over the whole time, in whatever order it is told. Of many marks those that
 * lie closest together become one at the later time, so single events far apart stay exact and floods become coarse.
 */
export class Timeline {
  readonly #marks: Marks;
  readonly #one: number;

  /** Many timelines share one list of marks, where each has a number that lasts until it is closed. */
  constructor(marksAtMost = MARKS_AT_MOST, marks = new Marks(), one = marks.open(marksAtMost)) {
    this.#marks = marks;
    this.#one = one;
  }

  get total(): number {
    return this.#marks.total(this.#one);
  }

  /** 0 when nothing happened. */
  get first(): Millis {
    return this.#marks.first(this.#one);
  }

  get last(): Millis {
    const count = this.#count;
    return count === 0 ? 0 : this.#at(count - 1);
  }

  /** A negative number takes back what was counted too much, the newest first. */
  add(at: Millis, times = 1): void {
    if (times < 0) this.#marks.takeBack(this.#one, -times);
    if (times > 0) this.#marks.add(this.#one, at, times);
  }

  /** Takes in all of another one. */
  absorb(other: Timeline): void {
    const count = other.#count;
    if (count === 0) return;
    for (let place = 0; place < count; place += 1) this.add(other.#at(place), other.#times(place));
    this.#marks.began(this.#one, other.first);
  }

  /** Its number and its marks go to another; it must not be asked any more. */
  close(): void {
    this.#marks.close(this.#one);
  }

  /** How often after `from` and not after `to`. */
  between(from: Millis, to: Millis): number {
    const count = this.#count;
    let sum = 0;
    for (let place = 0; place < count; place += 1) if (this.#at(place) > from && this.#at(place) <= to) sum += this.#times(place);
    return sum;
  }

  /** The first mark after a time, or null. */
  firstAfter(from: Millis): Millis | null {
    const count = this.#count;
    if (count > 0 && this.first > from) return this.first;
    for (let place = 0; place < count; place += 1) if (this.#at(place) > from) return this.#at(place);
    return null;
  }

  /** The last mark before a time, or null. */
  lastBefore(to: Millis): Millis | null {
    for (let place = this.#count - 1; place >= 0; place -= 1) if (this.#at(place) < to) return this.#at(place);
    return null;
  }

  /** The most that happened within any span of this length. */
  most(spanMs: number): number {
    const count = this.#count;
    let most = 0;
    let sum = 0;
    let start = 0;
    for (let end = 0; end < count; end += 1) {
      sum += this.#times(end);
      while (this.#at(end) - this.#at(start) > spanMs) {
        sum -= this.#times(start);
        start += 1;
      }
      most = Math.max(most, sum);
    }
    return most;
  }

  get #count(): number {
    return this.#marks.count(this.#one);
  }

  #at(place: number): Millis {
    return this.#marks.at(this.#one, place);
  }

  #times(place: number): number {
    return this.#marks.times(this.#one, place);
  }
}
