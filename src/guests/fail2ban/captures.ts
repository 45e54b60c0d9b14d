/** What the groups of one match come to: `alt_x` fills in for `x`, `tuple_x` is put beside it. */

import { groupOf } from './tags.ts';

/** A value of several parts (`<F-TUPLE_x>`) has them in a list; null = the group took no part. */
export type Capture = string | null | readonly Capture[];

/** Fields by group; a Map, because the names are those of a file. */
export type Captures = Map<string, Capture>;

interface Complex {
  readonly group: string;
  readonly target: string;
  readonly kind: 'alt' | 'tuple';
}

const COMPLEX = /^(alt|tuple)_(.*?)(?:_\d+)?$/;

/** Which groups of an expression stand for others, in the order in which they are merged. */
export class Merging {
  readonly #complex: readonly Complex[];

  constructor(names: Iterable<string>) {
    const found: Complex[] = [];
    for (const group of names) {
      const [, kind, rest] = COMPLEX.exec(group) ?? [];
      if (rest === undefined || (kind !== 'alt' && kind !== 'tuple')) continue;
      found.push({ group, target: groupOf(rest), kind });
    }
    // Alternatives first, tuples after; by name in each, as numbers at their ends mean an order.
    found.sort((a, b) => (a.kind === b.kind ? (a.group < b.group ? -1 : 1) : a.kind === 'alt' ? -1 : 1));
    this.#complex = found;
  }

  /** Most expressions have no such groups. */
  get none(): boolean {
    return this.#complex.length === 0;
  }

  merge(captures: Captures): void {
    for (const { group, target, kind } of this.#complex) {
      const value = captures.get(group) ?? null;
      const there = captures.get(target) ?? null;
      if (kind === 'tuple') captures.set(target, Array.isArray(there) ? [...there, value] : [there, value]);
      else if (isFilled(value) && !isFilled(there)) captures.set(target, value);
    }
  }
}

/** Whether a group took part and holds something. */
export function isFilled(value: Capture | undefined): boolean {
  return value !== null && value !== undefined && value.length > 0;
}

/** A capture as one text. */
export function textOf(value: Capture | undefined): string | null {
  if (value === null || value === undefined || typeof value === 'string') return value ?? null;
  return `(${value.map((part) => textOf(part) ?? '').join(', ')})`;
}
