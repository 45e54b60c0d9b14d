/** Filters that look for dates in the same way find the date of a line once for all of them. */

import { DateDetector, type DateFinder, type DateMatch } from './date-detector.ts';

/** What finds the date in a line. */
export interface Dates {
  find(line: string): DateMatch | null;
}

/** One log's lines; what one filter learned of them serves the others. */
export class SharedDates {
  readonly #known = new Map<string, Dates>();

  /** `pattern` = the datepattern as written. */
  of(pattern: string, finders: readonly DateFinder[], now: () => number): Dates {
    const known = this.#known.get(pattern) ?? new OnceALine(new DateDetector(finders, now));
    this.#known.set(pattern, known);
    return known;
  }
}

class OnceALine implements Dates {
  readonly #detector: DateDetector;
  #line: string | null = null;
  #match: DateMatch | null = null;

  constructor(detector: DateDetector) {
    this.#detector = detector;
  }

  find(line: string): DateMatch | null {
    if (line === this.#line) return this.#match;
    this.#line = line;
    this.#match = askedOnce(this.#detector.find(line));
    return this.#match;
  }
}

function askedOnce(match: DateMatch | null): DateMatch | null {
  if (match === null) return null;
  let moment: number | null | undefined;
  return {
    ...match,
    at: () => {
      if (moment === undefined) moment = match.at();
      return moment;
    },
  };
}
