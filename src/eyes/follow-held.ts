/** One file in the hands of the follower: how far it was given to the reader, and how far the reader says that it was judged. */

import type { Millis } from '../core/words.ts';
import type { LiveClock } from './follow-items.ts';
import type { Place } from './follow-place.ts';
import type { Mark } from './follow-step.ts';
import type { Strand } from './follow-strand.ts';

export class Held {
  readonly strand: Strand;
  /** One for the whole file: the years of its stamps are counted along. */
  readonly clock: LiveClock;
  /** Its last growth, or its renaming. */
  movedAt: Millis;
  /** When this was last seen to be the file of its name. */
  verifiedAt: Millis;
  /** All that it has was given, or is lost. */
  done = false;
  #given: Mark | null;
  #taken: Mark | null;

  /** `quiet` = it goes to its end first; until then there is no place to come back to. */
  constructor(strand: Strand, clock: LiveClock, now: Millis, quiet = false) {
    this.strand = strand;
    this.clock = clock;
    this.movedAt = now;
    this.verifiedAt = now;
    this.#given = quiet ? null : strand.mark();
    this.#taken = this.#given;
  }

  /** On its silent way to the end. */
  get quiet(): boolean {
    return this.#given === null;
  }

  /** Something was given to the reader. */
  gave(): void {
    this.#given = this.strand.mark();
  }

  /** The silent way to the end is over: nothing before it is ever given. */
  began(): void {
    this.gave();
    this.took();
  }

  /** The reader has judged all that it was given. */
  took(): void {
    this.#taken = this.#given;
  }

  /** Nothing that a restart would have to come back for. */
  get settled(): boolean {
    return this.done && this.#taken === this.#given;
  }

  place(): Place | null {
    return this.#taken && this.strand.placeOf(this.#taken, this.verifiedAt);
  }
}
