/** One expression of a filter with its tags filled in, and what it found in a text. */

import { compile, type Match, type Pattern, RegexError } from '../../regex/pattern.ts';
import type { Captures } from './captures.ts';

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
    const captures: Captures = new Map();
    this.addTo(captures);
    return captures;
  }

  /** What groups took, beside what other expressions captured before. */
  addTo(captures: Captures): void {
    const { numbered, names } = this.#match;
    for (let group = 1; group < names.length; group++) {
      const name = names[group];
      if (name !== undefined) captures.set(name, numbered[group] ?? null);
    }
  }

  /** Groups that took part, as text. */
  texts(): Map<string, string> {
    const { numbered, names } = this.#match;
    const texts = new Map<string, string>();
    for (let group = 1; group < names.length; group++) {
      const text = numbered[group];
      const name = names[group];
      if (name !== undefined && text !== undefined) texts.set(name, text);
    }
    return texts;
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

  /** Of each of these lists one text stands in each text that matches. */
  get needleLists(): Pattern['needleLists'] {
    return this.#pattern.needleLists;
  }

  /** Whether a text that begins with this ASCII character can match; only expressions that are bound to the beginning say no. */
  mayBegin(code: number): boolean {
    const { opening } = this.#pattern;
    return opening === null || (((opening.low[code >> 5] ?? 0) >>> (code & 31)) & 1) === 1;
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
