/** A guest's regular expression, ready to be asked: read as Python would, run by JavaScript where that is safe and by our own bounded engine where not. */

import { type Bounded, makeBounded } from './bounded-search.ts';
import { withoutConditions } from './conditionals.ts';
import { RegexError } from './error.ts';
import type { Found } from './match.ts';
import { makeNative, type Native } from './native.ts';
import { type Needles, needleLists, needlesOf } from './needles.ts';
import { type Opening, openingOf, opens } from './opening.ts';
import { parse } from './parse.ts';
import { Proof } from './proof.ts';
import { costOf, nativeIsSafe, USUAL_LENGTH } from './safety.ts';
import { Tally } from './tally.ts';
import { waysOf } from './ways.ts';

export { RegexError } from './error.ts';
export type { Found, Match } from './match.ts';
export { foldForNeedles } from './needles.ts';

export interface RegexOptions {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  readonly dotAll?: boolean;
  /** Read as PCRE (Sigma's `|re`) and not as Python: ASCII classes, `(?<n>…)`, `[[:alpha:]]`, flags in mid-pattern. */
  readonly pcre?: boolean;
}

export interface Pattern {
  readonly source: string;
  /** ASCII literals of which at least one stands in every text that matches; when `needlesFold`, they are lower case and stand in `foldForNeedles(text)`. Null: none could be derived, so the pattern is slow. */
  readonly needles: readonly string[] | null;
  readonly needlesFold: boolean;
  /** Of each of these lists one text stands in every text that matches; like the needles otherwise. */
  readonly needleLists: readonly Needles[];
  readonly groupNames: readonly string[];
  readonly engine: 'native' | 'bounded';
  /** What a text that matches begins with; null = not bound to the beginning, or anything. */
  readonly opening: Opening | null;
  search(text: string, from?: number): Found;
}

export function compile(source: string, options: RegexOptions = {}): Pattern {
  const expression = parse(source, options);
  const root = withoutConditions(expression.root) ?? expression.root;
  const native = makeNative(root, expression.names);
  const bounded = makeBounded(root, expression.names);
  const cost = costOf(root);
  const engine = native !== null && nativeIsSafe(cost, USUAL_LENGTH) ? 'native' : 'bounded';
  const proof = new Proof(cost, native === null ? null : waysOf(root));
  const engines: Engines = { native, bounded, proof, opening: openingOf(root), engine, lists: needleLists(root) };
  if (native === null && bounded === null) throw new RegexError('too large when its repeats are written out', 0);
  return new CompiledPattern(source, expression.names, engines, needlesOf(root));
}

interface Engines {
  readonly native: Native | null;
  readonly bounded: Bounded | null;
  readonly proof: Proof;
  readonly opening: Opening | null;
  readonly engine: Pattern['engine'];
  readonly lists: readonly Needles[];
}

/** One for all patterns, since a search never pauses. */
const tally = new Tally();

class CompiledPattern implements Pattern {
  readonly source: string;
  readonly needles: readonly string[] | null;
  readonly needlesFold: boolean;
  readonly needleLists: readonly Needles[];
  readonly groupNames: readonly string[];
  readonly engine: 'native' | 'bounded';
  readonly opening: Opening | null;
  private readonly engines: Engines;

  constructor(source: string, names: readonly (string | undefined)[], engines: Engines, needles: Needles | null) {
    this.source = source;
    this.needles = needles?.texts ?? null;
    this.needlesFold = needles?.fold ?? false;
    this.groupNames = names.filter((name) => name !== undefined);
    this.needleLists = engines.lists;
    this.engine = engines.engine;
    this.opening = engines.opening;
    this.engines = engines;
  }

  search(text: string, from = 0): Found {
    const { native, bounded, opening, proof } = this.engines;
    if (opening !== null && !opens(opening, text, from)) return null;
    tally.take(text);
    if (!this.hasNeedle(text)) return null;
    if (native !== null && tally.ascii && proof.holds(tally)) return native(text, from);
    return bounded === null ? 'over-budget' : bounded(text, from);
  }

  private hasNeedle(text: string): boolean {
    if (this.needles === null) return true;
    const looked = this.needlesFold ? tally.folded : text;
    for (let i = 0; i < this.needles.length; i++) if (looked.includes(this.needles[i] ?? '')) return true;
    return false;
  }
}
