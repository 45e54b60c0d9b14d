/** Conditions: how the named parts of a detection are joined (`selection and not 1 of filter_*`). */

import type { Check } from './rule.ts';
import { Unusable } from './rule.ts';
import { tokensOf, wildcard } from './wildcard.ts';

/** What stands behind the `|` of old rules: `count(field) by group > n`. */
export interface Aggregation {
  readonly text: string;
}

export interface Condition {
  readonly check: Check;
  readonly aggregation: Aggregation | null;
  readonly used: ReadonlySet<string>;
}

const DEPTH_AT_MOST = 100;
const WORD = /\s*(?:([()])|([^\s()|]+))/y;

export function conditionOf(text: string, parts: ReadonlyMap<string, Check>, line: number): Condition {
  const bar = text.indexOf('|');
  const reader = new Reader(words(bar === -1 ? text : text.slice(0, bar), line), parts, line);
  const check = reader.whole();
  return { check, aggregation: bar === -1 ? null : { text: text.slice(bar + 1).trim() }, used: reader.used };
}

function words(text: string, line: number): string[] {
  const found: string[] = [];
  let at = 0;
  while (at < text.length) {
    WORD.lastIndex = at;
    const match = WORD.exec(text);
    if (match === null) {
      if (text.slice(at).trim() === '') break;
      throw new Unusable(`the condition cannot be read at “${text.slice(at, at + 20)}”`, line);
    }
    found.push(match[1] ?? match[2] ?? '');
    at = WORD.lastIndex;
  }
  return found;
}

/** From the loosest to the tightest: or, and, not, `n of`, parentheses. */
class Reader {
  readonly used = new Set<string>();
  readonly #words: readonly string[];
  readonly #parts: ReadonlyMap<string, Check>;
  readonly #line: number;
  #at = 0;
  #depth = 0;

  constructor(list: readonly string[], parts: ReadonlyMap<string, Check>, line: number) {
    this.#words = list;
    this.#parts = parts;
    this.#line = line;
  }

  whole(): Check {
    if (this.#words.length === 0) throw this.#wrong('the condition is empty');
    const check = this.#joined('or');
    const rest = this.#words[this.#at];
    if (rest !== undefined) throw this.#wrong(`the condition does not go on with “${rest}”`);
    return check;
  }

  #wrong(reason: string): Unusable {
    return new Unusable(reason, this.#line);
  }

  #next(): string {
    return (this.#words[this.#at] ?? '').toLowerCase();
  }

  #joined(by: 'or' | 'and'): Check {
    const of = [by === 'or' ? this.#joined('and') : this.#not()];
    while (this.#next() === by) {
      this.#at += 1;
      of.push(by === 'or' ? this.#joined('and') : this.#not());
    }
    const [only] = of;
    return of.length === 1 && only !== undefined ? only : { is: by, of };
  }

  #not(): Check {
    this.#depth += 1;
    if (this.#depth > DEPTH_AT_MOST) throw this.#wrong(`the condition is nested deeper than ${DEPTH_AT_MOST} levels`);
    const check = this.#one();
    this.#depth -= 1;
    return check;
  }

  #one(): Check {
    const word = this.#words[this.#at];
    if (word === undefined) throw this.#wrong('the condition ends too early');
    this.#at += 1;
    if (word === '(') {
      const inner = this.#joined('or');
      if (this.#next() !== ')') throw this.#wrong('a parenthesis of the condition is not closed');
      this.#at += 1;
      return inner;
    }
    const low = word.toLowerCase();
    if (low === 'not') return { is: 'not', of: this.#not() };
    if (this.#next() === 'of' && /^(?:\d+|all|any)$/.test(low)) return this.#someOf(low);
    if (word === ')' || low === 'and' || low === 'or') throw this.#wrong(`the condition has “${word}” where a name is wanted`);
    return this.#named(word);
  }

  #named(name: string): Check {
    const part = this.#parts.get(name);
    if (part === undefined) throw this.#wrong(`the condition names “${name}”, which the detection does not have`);
    this.used.add(name);
    return part;
  }

  /** `1 of them`, `all of selection_*`, `2 of them`. `them` leaves out names that begin with an underscore. */
  #someOf(count: string): Check {
    this.#at += 1;
    const pattern = this.#words[this.#at];
    if (pattern === undefined || pattern === '(' || pattern === ')') throw this.#wrong(`the condition lacks a name behind “${count} of”`);
    this.#at += 1;
    const fits = wildcard(tokensOf(pattern), true).matches;
    const names = [...this.#parts.keys()].filter((name) => (pattern.toLowerCase() === 'them' ? !name.startsWith('_') : fits(name)));
    if (names.length === 0) throw this.#wrong(`no part of the detection is called like “${pattern}”`);
    const of = names.map((name) => this.#named(name));
    if (count === 'all') return { is: 'and', of };
    const times = count === 'any' ? 1 : Number(count);
    if (times < 1) throw this.#wrong('the condition wants none of its parts');
    return times === 1 ? { is: 'or', of } : { is: 'atLeast', times, of };
  }
}

export interface LegacyCount {
  /** Null: events are counted; else different values of this field. */
  readonly field: string | null;
  readonly by: readonly string[];
  readonly sign: string;
  readonly limit: number;
}

const COUNT = /^count\(\s*([^()\s]*)\s*\)\s*(?:by\s+([^<>=]+?)\s*)?(<=|>=|==?|<|>)\s*(\d+)$/i;

/** `count(user) by host > 5` of rules before correlations; null for anything else (near, min, max …). */
export function legacyCount({ text }: Aggregation): LegacyCount | null {
  const match = COUNT.exec(text.slice(0, 1000).trim());
  if (match === null) return null;
  const [, field = '', by = '', sign = '', limit = ''] = match;
  const groups = by.split(',').map((name) => name.trim());
  return { field: field === '' || field === '*' ? null : field, by: groups.filter((name) => name !== ''), sign, limit: Number(limit) };
}
