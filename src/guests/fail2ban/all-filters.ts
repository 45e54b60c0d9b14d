/**
 * Many filters at the price of one: a single search tells which of them a line concerns. Filters without needles (`slow`) get only the
 * lines of their own logs. Cannot see: a line without a date whose time a filter would have taken from a line that it was not given.
 */

import { foldForNeedles } from '../../regex/pattern.ts';
import type { FilterHit, RunningFilter } from './hit.ts';
import { NeedleSearch } from './needle-search.ts';

export interface Listening {
  readonly filter: RunningFilter;
  /** Whether a log is one of those that its jails watch. */
  hears(source: string): boolean;
}

/** Looking for more in a line costs more than the filter. */
const NEEDLES_AT_MOST = 8;
const NOBODY: readonly FilterHit[] = [];

export class AllFilters {
  readonly #quick: readonly Listening[];
  readonly #slow: readonly Listening[];
  readonly #search: NeedleSearch;
  readonly #further: readonly (readonly (readonly string[])[])[];
  readonly #concerned: Uint16Array;
  #source: string | null = null;
  /** For the log that is being read. */
  #heard: readonly boolean[] = [];
  #slowHere: readonly Listening[] = [];

  constructor(filters: readonly Listening[]) {
    this.#quick = filters.filter(({ filter }) => filter.needles !== null);
    this.#slow = filters.filter(({ filter }) => filter.needles === null);
    this.#search = new NeedleSearch(this.#quick.map(({ filter }) => filter.needles ?? []));
    this.#further = this.#quick.map(({ filter }) => filter.furtherNeedles.filter((list) => list.length <= NEEDLES_AT_MOST));
    this.#concerned = new Uint16Array(this.#quick.length);
  }

  /** Names of those that no needle speeds up. */
  get slow(): readonly string[] {
    return this.#slow.map(({ filter }) => filter.name);
  }

  /** What all filters say of a line; `at` where its time is known already. */
  feed(text: string, source: string, at: number | null = null): readonly FilterHit[] {
    if (source !== this.#source) this.#turnTo(source);
    const count = this.#search.search(text, this.#concerned);
    if (count === 0 && this.#slowHere.length === 0) return NOBODY;
    let hits = NOBODY;
    const folded = count > 0 ? foldForNeedles(text) : '';
    for (let i = 0; i < count; i++) {
      const index = this.#concerned[i] ?? 0;
      if (this.#heard[index] === true && this.#holds(index, folded)) hits = joined(hits, this.#quick[index]?.filter.feed(text, at) ?? NOBODY);
    }
    for (const { filter } of this.#slowHere) hits = joined(hits, filter.feed(text, at));
    return hits;
  }

  /** Whether the rest that a filter asks for is there, too. */
  #holds(index: number, folded: string): boolean {
    for (const list of this.#further[index] ?? []) if (!list.some((needle) => folded.includes(needle))) return false;
    return true;
  }

  #turnTo(source: string): void {
    this.#source = source;
    this.#heard = this.#quick.map((one) => one.hears(source));
    this.#slowHere = this.#slow.filter((one) => one.hears(source));
  }
}

function joined(a: readonly FilterHit[], b: readonly FilterHit[]): readonly FilterHit[] {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...a, ...b];
}
