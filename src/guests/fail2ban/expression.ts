/** One expression of a filter with its tags filled in, and what it found in a text. */

import { compile, type Match, type Pattern, RegexError } from '../../regex/pattern.ts';
import type { Capture, Captures } from './captures.ts';

export class Found {
  readonly #match: Match;
  readonly #names: readonly string[];

  constructor(match: Match, names: readonly string[]) {
    this.#match = match;
    this.#names = names;
  }

  get start(): number {
    return this.#match.start;
  }

  get end(): number {
    return this.#match.end;
  }

  captures(): Captures {
    const { groups } = this.#match;
    return new Map<string, Capture>(this.#names.map((name) => [name, groups[name] ?? null]));
  }

  /** Groups that took part, as text. */
  texts(): Map<string, string> {
    const { groups } = this.#match;
    return new Map(this.#names.flatMap((name) => (groups[name] === undefined ? [] : [[name, groups[name]] as const])));
  }

  textOf(group: number): string | null {
    return this.#match.numbered[group] ?? null;
  }

  startOf(name: string): number {
    return this.#match.startOf(name);
  }

  /** What `<SKIPLINES>` left out, in order. */
  get skipped(): string {
    const { groups } = this.#match;
    let text = '';
    for (let index = 0; this.#names.includes(`skiplines${index}`); index += 1) text += groups[`skiplines${index}`] ?? '';
    return text;
  }
}

export class Expression {
  readonly #pattern: Pattern;

  private constructor(pattern: Pattern) {
    this.#pattern = pattern;
  }

  /** Or why it is none. */
  static read(source: string, multiline: boolean): Expression | string {
    const key = `${multiline ? 'm' : ' '}${source}`;
    const known = READ.get(key);
    if (known !== undefined) return known;
    if (READ.size >= READ_AT_MOST) READ.clear();
    const made = Expression.#made(source, multiline);
    READ.set(key, made);
    return made;
  }

  static #made(source: string, multiline: boolean): Expression | string {
    if (source.trim() === '') return 'the expression is empty';
    try {
      return new Expression(compile(source, { multiline }));
    } catch (error) {
      if (error instanceof RegexError) return error.message;
      throw error;
    }
  }

  get names(): readonly string[] {
    return this.#pattern.groupNames;
  }

  /** At least one stands in each text that matches; null = none is known. */
  get needles(): readonly string[] | null {
    return this.#pattern.needles;
  }

  /** The needles are in small letters and stand for either case. */
  get needlesFold(): boolean {
    return this.#pattern.needlesFold;
  }

  find(text: string, from = 0): Found | null | 'over-budget' {
    const match = this.#pattern.search(text, from);
    return match === null || match === 'over-budget' ? match : new Found(match, this.#pattern.groupNames);
  }
}

/** Filters share their date forms and many of their expressions; reading one takes about a millisecond. */
const READ = new Map<string, Expression | string>();
/** All of fail2ban's filters with all their modes have about 700. */
const READ_AT_MOST = 2000;
