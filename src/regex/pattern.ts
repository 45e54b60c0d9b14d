/** A guest's regular expression, ready to be asked: read as Python would, run by JavaScript where that is safe and by our own bounded engine where not. */

import { type Bounded, makeBounded } from './bounded-search.ts';
import { withoutConditions } from './conditionals.ts';
import { RegexError } from './error.ts';
import type { Found } from './match.ts';
import { isAscii, makeNative, type Native } from './native.ts';
import { foldForNeedles, type Needles, needlesOf } from './needles.ts';
import { parse } from './parse.ts';
import { type Cost, costOf, nativeIsSafe, USUAL_LENGTH } from './safety.ts';

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
  readonly groupNames: readonly string[];
  readonly engine: 'native' | 'bounded';
  search(text: string, from?: number): Found;
}

export function compile(source: string, options: RegexOptions = {}): Pattern {
  const expression = parse(source, options);
  const root = withoutConditions(expression.root) ?? expression.root;
  const native = makeNative(root, expression.names);
  const bounded = makeBounded(root, expression.names);
  const engines: Engines = { native, bounded, cost: costOf(root) };
  if (native === null && bounded === null) throw new RegexError('too large when its repeats are written out', 0);
  return new CompiledPattern(source, expression.names, engines, needlesOf(root));
}

interface Engines {
  readonly native: Native | null;
  readonly bounded: Bounded | null;
  readonly cost: Cost;
}

class CompiledPattern implements Pattern {
  readonly source: string;
  readonly needles: readonly string[] | null;
  readonly needlesFold: boolean;
  readonly groupNames: readonly string[];
  readonly engine: 'native' | 'bounded';
  private readonly engines: Engines;

  constructor(source: string, names: readonly (string | undefined)[], engines: Engines, needles: Needles | null) {
    this.source = source;
    this.needles = needles?.texts ?? null;
    this.needlesFold = needles?.fold ?? false;
    this.groupNames = names.filter((name) => name !== undefined);
    this.engine = engines.native !== null && nativeIsSafe(engines.cost, USUAL_LENGTH) ? 'native' : 'bounded';
    this.engines = engines;
  }

  search(text: string, from = 0): Found {
    if (!this.hasNeedle(text)) return null;
    const { native, bounded, cost } = this.engines;
    if (native !== null && nativeIsSafe(cost, text.length) && isAscii(text)) return native(text, from);
    return bounded === null ? 'over-budget' : bounded(text, from);
  }

  private hasNeedle(text: string): boolean {
    if (this.needles === null) return true;
    const looked = this.needlesFold ? foldForNeedles(text) : text;
    for (const needle of this.needles) if (looked.includes(needle)) return true;
    return false;
  }
}
