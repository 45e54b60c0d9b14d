/** The busiest hour and the busiest ten seconds of each record of a table, as lines come in the order of time. */

import { HOUR_MS, SECOND_MS } from '../core/spans.ts';
import type { QuerySpan } from '../core/words.ts';

export const TEN_SECONDS_MS = 10 * SECOND_MS;
const TENS_AN_HOUR = HOUR_MS / TEN_SECONDS_MS;

/**
 * Numbers of spans since 1970 fit into 31 bits until the year 2650. Lines out of order begin their span anew: peaks are told too low then,
 * never too high. A record's number is below the capacity everywhere here.
 */
export class QueryPeaks {
  readonly #ten: Int32Array;
  readonly #inTen: Uint32Array;
  readonly #bestTen: Int32Array;
  readonly #inBestTen: Uint32Array;
  readonly #hour: Int32Array;
  readonly #inHour: Uint32Array;
  readonly #bestHour: Int32Array;
  readonly #inBestHour: Uint32Array;

  constructor(capacity: number) {
    this.#ten = new Int32Array(capacity);
    this.#inTen = new Uint32Array(capacity);
    this.#bestTen = new Int32Array(capacity);
    this.#inBestTen = new Uint32Array(capacity);
    this.#hour = new Int32Array(capacity);
    this.#inHour = new Uint32Array(capacity);
    this.#bestHour = new Int32Array(capacity);
    this.#inBestHour = new Uint32Array(capacity);
  }

  clear(record: number): void {
    for (const counts of [this.#ten, this.#inTen, this.#bestTen, this.#inBestTen]) counts[record] = 0;
    for (const counts of [this.#hour, this.#inHour, this.#bestHour, this.#inBestHour]) counts[record] = 0;
  }

  /** `ten` = ten seconds since 1970. */
  hear(record: number, ten: number): void {
    if (this.#ten[record] === ten) {
      this.#inTen[record] = (this.#inTen[record] as number) + 1;
      return;
    }
    this.#fold(record);
    this.#ten[record] = ten;
    this.#inTen[record] = 1;
  }

  /** The ten seconds are over: they count for their hour. */
  #fold(record: number): void {
    const ten = this.#ten[record] as number;
    const inTen = this.#inTen[record] as number;
    this.#inTen[record] = 0;
    if (inTen > (this.#inBestTen[record] as number)) {
      this.#inBestTen[record] = inTen;
      this.#bestTen[record] = ten;
    }
    const hour = (ten / TENS_AN_HOUR) | 0;
    const inHour = (this.#hour[record] === hour ? (this.#inHour[record] as number) : 0) + inTen;
    this.#hour[record] = hour;
    this.#inHour[record] = inHour;
    if (inHour > (this.#inBestHour[record] as number)) {
      this.#inBestHour[record] = inHour;
      this.#bestHour[record] = hour;
    }
  }

  tenSeconds(record: number): QuerySpan {
    this.#fold(record);
    return { at: (this.#bestTen[record] ?? 0) * TEN_SECONDS_MS, queries: this.#inBestTen[record] ?? 0 };
  }

  hour(record: number): QuerySpan {
    this.#fold(record);
    return { at: (this.#bestHour[record] ?? 0) * HOUR_MS, queries: this.#inBestHour[record] ?? 0 };
  }
}
