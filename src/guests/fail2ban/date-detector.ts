/**
 * Finds the date in each line of one log. The form that fitted last is tried first, forms that fit often move forward, and a date
 * further behind than those before it is held for one that the message tells of. Cannot see: a log whose lines change their form at each line
 * and have dates of strangers in their messages.
 */

import type { DateTemplate } from './date-patterns.ts';

export interface DateMatch {
  readonly start: number;
  readonly end: number;
  /** What is cut out of the line. */
  readonly cutStart: number;
  readonly cutEnd: number;
  /** UTC milliseconds, or null where what was found is no date. Asked only when it is wanted. */
  readonly at: () => number | null;
}

export interface DateFinder {
  readonly template: DateTemplate;
  /** The first date that begins at `from` or later in the line as if it ended at `to`. */
  find(line: string, from: number, to: number): DateMatch | null;
}

interface Row {
  readonly finder: DateFinder;
  /** How often this form won. */
  hits: number;
  /** How often it fitted. */
  fits: number;
  lastUsed: number;
  /** Where it was found last. */
  distance: number;
}

interface Found {
  readonly match: DateMatch;
  readonly index: number;
}

/** A form that was not used for this long gives way to any other. */
const UNUSED_MS = 300_000;
const NEVER = Number.POSITIVE_INFINITY;

function weightOf(row: Row): number {
  return (row.hits * row.finder.template.weight) / Math.max(1, row.distance);
}

/** Letters and digits of all scripts. */
function isWordy(text: string): boolean {
  return /^[\p{L}\p{N}]+$/u.test(text);
}

/** The characters around and inside the ends of the last date: another line is likely to have the date in the same place if they are the same. */
interface Ends {
  readonly start: number;
  readonly end: number;
  readonly before: string;
  readonly first: string;
  readonly last: string;
  readonly after: string;
}

function endsOf(line: string, start: number, end: number): Ends {
  return {
    start,
    end,
    before: line.slice(Math.max(0, start - 1), start),
    first: line.charAt(start),
    last: line.charAt(end - 1),
    after: line.slice(end, end + 1),
  };
}

function sameEnds(line: string, last: Ends): boolean {
  const now = endsOf(line, last.start, last.end);
  const left = now.before === last.before || (now.first === last.first && !isWordy(last.first));
  return left && (now.after === last.after || (now.last === last.last && !isWordy(last.last)));
}

export class DateDetector {
  readonly #rows: Row[];
  readonly #now: () => number;
  #lastIndex = -1;
  #ends: Ends | null = null;
  #firstUnused = 0;

  constructor(finders: readonly DateFinder[], now: () => number) {
    this.#rows = finders.map((finder) => ({ finder, hits: 0, fits: 0, lastUsed: 0, distance: NEVER }));
    this.#now = now;
  }

  find(line: string): DateMatch | null {
    const { sure, reserve, skip } = this.#again(line);
    const found = sure ?? this.#search(line, reserve, skip);
    if (found === null) return null;
    this.#won(line, found);
    return found.match;
  }

  #match(index: number, line: string, from = 0, to = line.length): DateMatch | null {
    const row = this.#rows[index];
    const match = row?.finder.find(line, from, to) ?? null;
    if (row !== undefined && match !== null) row.fits += 1;
    return match;
  }

  /** The form that won last, where it won last. `skip` = it needs no second try. */
  #again(line: string): { readonly sure: Found | null; readonly reserve: Found | null; readonly skip: number } {
    const index = this.#lastIndex;
    const row = this.#rows[index];
    const ends = this.#ends;
    if (row === undefined || ends === null) return { sure: null, reserve: null, skip: -1 };
    const { anchored } = row.finder.template;
    const within = !anchored && sameEnds(line, ends);
    const match = within ? this.#match(index, line, ends.start, Math.min(ends.end, line.length)) : this.#match(index, line);
    const skip = within ? -1 : index;
    if (match === null) return { sure: null, reserve: null, skip };
    const found = { match, index };
    const alike = this.#rows.length === 1 || anchored || (match.start === ends.start && match.end === ends.end);
    return alike ? { sure: found, reserve: null, skip } : { sure: null, reserve: found, skip };
  }

  #search(line: string, reserve: Found | null, skip: number): Found | null {
    let best = reserve;
    for (let index = 0; index < this.#rows.length; index += 1) {
      const match = index === skip ? null : this.#match(index, line);
      if (match === null) continue;
      if (!this.#isAside(index, match)) return { match, index };
      if (best === null || match.start < best.match.start) best = { match, index };
    }
    return best;
  }

  /** Whether a date stands further behind than dates stood before: the message may tell of it. */
  #isAside(index: number, match: DateMatch): boolean {
    const row = this.#rows[index];
    const next = this.#rows[index + 1];
    if (row === undefined || next === undefined || row.finder.template.anchored) return false;
    if (match.start === 0 && row.hits > 0 && next.fits === 0) return false;
    return match.start > row.distance || match.start > (this.#ends?.start ?? 1);
  }

  #won(line: string, { match, index }: Found): void {
    const row = this.#rows[index];
    if (row === undefined) return;
    row.hits += 1;
    row.lastUsed = this.#now();
    row.distance = match.start;
    if (this.#firstUnused === index) this.#firstUnused += 1;
    this.#ends = endsOf(line, match.start, match.end);
    this.#lastIndex = index > 0 && index !== this.#lastIndex ? this.#forward(index, row) : index;
  }

  /** Moves a form to the first one that was never used, or half the way to the front, or one place, as far as it outweighs what stands there. */
  #forward(index: number, row: Row): number {
    const half = this.#firstUnused < index ? this.#firstUnused : Math.floor(index / 2);
    const place = [half, index - 1].find((target) => this.#outweighs(row, target));
    if (place === undefined) return index;
    this.#rows.splice(index, 1);
    this.#rows.splice(place, 0, row);
    while ((this.#rows[this.#firstUnused]?.hits ?? 0) > 0) this.#firstUnused += 1;
    return place;
  }

  #outweighs(row: Row, place: number): boolean {
    const there = this.#rows[place];
    return there !== undefined && (weightOf(row) > weightOf(there) || row.lastUsed - UNUSED_MS > there.lastUsed);
  }
}
