/** What a search finds: where, and what each group took. */

export interface Match {
  readonly start: number;
  readonly end: number;
  readonly groups: Readonly<Record<string, string | undefined>>;
  /** Where a named group's text begins; -1 where it took no part. */
  startOf(name: string): number;
  /** By group number; 0 is the whole match. */
  readonly numbered: readonly (string | undefined)[];
  /** Names by group number. */
  readonly names: readonly (string | undefined)[];
}

export type Found = Match | null | 'over-budget';

/** One match; both engines give it. */
export class FoundMatch implements Match {
  readonly start: number;
  readonly end: number;
  readonly numbered: readonly (string | undefined)[];
  readonly names: readonly (string | undefined)[];
  private readonly starts: () => readonly number[];

  constructor(
    start: number,
    end: number,
    numbered: readonly (string | undefined)[],
    names: readonly (string | undefined)[],
    starts: () => readonly number[],
  ) {
    this.start = start;
    this.end = end;
    this.numbered = numbered;
    this.names = names;
    this.starts = starts;
  }

  get groups(): Readonly<Record<string, string | undefined>> {
    const named: Record<string, string | undefined> = {};
    this.names.forEach((name, i) => {
      if (name !== undefined) named[name] = this.numbered[i];
    });
    return named;
  }

  startOf(name: string): number {
    const group = this.names.indexOf(name);
    return group < 1 || this.numbered[group] === undefined ? -1 : (this.starts()[group] ?? -1);
  }
}
