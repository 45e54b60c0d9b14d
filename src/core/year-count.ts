/** Counts the New Years in a row of months, for log stamps that carry no year (RFC 3164). Cannot see: more than six months of silence over a New Year. */

/** A step back by more months than this is New Year; a smaller one is a clock that was set, or lines out of order. The same forward may be a late line. */
const HALF_A_YEAR = 6;

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

/** 0 to 11 for `Jan` to `Dec` as syslog writes them, else -1. */
export function monthOf(name: string): number {
  const at = name.length === 3 ? MONTHS.indexOf(name) : -1;
  return at % 3 === 0 ? at / 3 : -1;
}

export class YearCount {
  #years = 0;
  /** Months are 0 to 11; -1 before the first. */
  #month = -1;
  /** The month that the last New Year followed, or null where there was none. */
  #before: number | null = null;

  /** How many New Years lie between the first month heard and this one. */
  hear(month: number): number {
    const step = this.#month < 0 ? 0 : month - this.#month;
    // A late line of the old year, or a board without battery that began at 1 January: the old year goes on, and New Year is not counted twice.
    if (step > HALF_A_YEAR && this.#before !== null && month >= this.#before - 1) return this.#years - 1;
    if (step < -HALF_A_YEAR) {
      this.#before = this.#month;
      this.#years += 1;
    }
    this.#month = month;
    return this.#years;
  }
}
