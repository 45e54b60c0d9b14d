/** Decides for one pattern whether a text may go to JavaScript's engine. What was found of one line holds for all that look no worse, so that most are not looked at closely. */

import { type Features, together, within } from './features.ts';
import { type Cost, nativeIsSafe } from './safety.ts';
import { type Tally, WorstCase } from './tally.ts';
import type { Ways } from './ways.ts';

/** Steps of JavaScript's engine take about a nanosecond: twenty milliseconds for a line that is as bad as it can be. */
const STEPS_AT_MOST = 16_000_000;
/** After so many lines that did not let the proof be widened, no further try is made. */
const TRIES_AT_MOST = 32;

export class Proof {
  readonly #cost: Cost;
  readonly #ways: Ways | null;
  #proven: Features | null = null;
  #tries = 0;

  constructor(cost: Cost, ways: Ways | null) {
    this.#cost = cost;
    this.#ways = ways;
  }

  holds(tally: Tally): boolean {
    if (nativeIsSafe(this.#cost, tally.length)) return true;
    if (this.#ways === null) return false;
    const { features } = tally;
    if (this.#proven !== null && within(features, this.#proven)) return true;
    if (this.#ways(tally) > STEPS_AT_MOST) return false;
    if (this.#tries < TRIES_AT_MOST) this.#widen(this.#ways, features);
    return true;
  }

  #widen(ways: Ways, features: Features): void {
    const wider = together(features, this.#proven ?? features);
    if (ways(new WorstCase(wider)) <= STEPS_AT_MOST) this.#proven = wider;
    else this.#tries += 1;
  }
}
