/** Which rules can match a text at all: one pass over the text instead of one for each rule. */

import type { Check, Test } from './rule.ts';

/** Texts of which at least one stands in every event that passes the check; null = none can be named. */
export type Needles = readonly string[] | null;

/** Pieces this long are looked up; shorter needles cannot be. */
const PIECE = 4;
const NEEDLES_AT_MOST = 2_000;

export function needlesOf(check: Check): Needles {
  switch (check.is) {
    case 'and':
      return best(check.of.map(needlesOf));
    case 'or':
      return together(check.of.map(needlesOf));
    case 'atLeast':
      return together(check.of.map(needlesOf));
    case 'not':
      return null;
    default:
      return together(check.tests.map(needlesOfTest));
  }
}

function needlesOfTest(test: Test): Needles {
  if (test.by === 'text') return best(test.pattern.literals.map((text) => [text]));
  if (test.by === 'regex') return test.needles?.every((text) => /^[ -~]*$/.test(text)) ? test.needles.map((text) => text.toLowerCase()) : null;
  return null;
}

/** Of several that all must be there, the ones whose shortest is longest. */
function best(all: readonly Needles[]): Needles {
  const shortest = (needles: readonly string[]) => Math.min(...needles.map((text) => text.length));
  let found: Needles = null;
  for (const needles of all) {
    if (needles === null || needles.length === 0 || needles.length > NEEDLES_AT_MOST || shortest(needles) < PIECE) continue;
    if (found === null || shortest(needles) > shortest(found)) found = needles;
  }
  return found;
}

function together(all: readonly Needles[]): Needles {
  const found: string[] = [];
  for (const needles of all) {
    if (needles === null || needles.some((text) => text.length < PIECE)) return null;
    found.push(...needles);
    if (found.length > NEEDLES_AT_MOST) return null;
  }
  return found;
}

/** Multiplier of Knuth's multiplicative hash: 2^32 divided by the golden ratio. */
const GOLDEN = 0x9e3779b1;
const FILTER_BITS = 16;

/** Rules by the rarest piece of each of their needles. */
export class NeedleIndex {
  readonly #always: number[] = [];
  readonly #byPiece = new Map<number, number[]>();
  /** One bit a hash: most places of a text are settled by it. */
  readonly #filter = new Uint8Array(1 << FILTER_BITS);
  #marks = new Uint32Array(0);
  #round = 0;

  constructor(all: readonly Needles[]) {
    const uses = new Map<number, number>();
    for (const needles of all) for (const text of needles ?? []) for (const piece of piecesOf(text)) uses.set(piece, (uses.get(piece) ?? 0) + 1);
    for (const [number, needles] of all.entries()) {
      if (needles === null) this.#always.push(number);
      else for (const text of needles) this.#put(rarest(piecesOf(text), uses), number);
    }
    this.#marks = new Uint32Array(all.length);
  }

  #put(piece: number, number: number): void {
    const there = this.#byPiece.get(piece);
    if (there === undefined) this.#byPiece.set(piece, [number]);
    else if (there.at(-1) !== number) there.push(number);
    this.#filter[piece >>> (32 - FILTER_BITS)] = 1;
  }

  /** Rules that every event must be held against. */
  get always(): number {
    return this.#always.length;
  }

  /** Numbers of the rules that may match a folded text, in order; with `open`, only of those that are marked there. */
  candidates(text: string, open: Uint8Array | null): number[] {
    this.#round += 1;
    const found = open === null ? [...this.#always] : this.#always.filter((number) => open[number] === 1);
    let hash = 0;
    for (let at = 0; at < text.length; at++) {
      hash = rolled(hash, text, at);
      if (at < PIECE - 1) continue;
      const piece = Math.imul(hash, GOLDEN) >>> 0;
      if (this.#filter[piece >>> (32 - FILTER_BITS)] === 0) continue;
      for (const number of this.#byPiece.get(piece) ?? []) {
        if (this.#marks[number] === this.#round || (open !== null && open[number] !== 1)) continue;
        this.#marks[number] = this.#round;
        found.push(number);
      }
    }
    return found.sort((a, b) => a - b);
  }
}

/** Eight bits of each of the last four characters: what leaves at the top is older. Characters beyond may share a hash, which costs a look and no match. */
function rolled(hash: number, text: string, at: number): number {
  return (hash << 8) | (text.charCodeAt(at) & 0xff);
}

function piecesOf(text: string): number[] {
  const pieces: number[] = [];
  let hash = 0;
  for (let at = 0; at < text.length; at++) {
    hash = rolled(hash, text, at);
    if (at >= PIECE - 1) pieces.push(Math.imul(hash, GOLDEN) >>> 0);
  }
  return pieces;
}

function rarest(pieces: readonly number[], uses: ReadonlyMap<number, number>): number {
  return pieces.reduce((least, piece) => ((uses.get(piece) ?? 0) < (uses.get(least) ?? 0) ? piece : least), pieces[0] ?? 0);
}
