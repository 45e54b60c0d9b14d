/** Which lines show what each of a hundred thousand addresses did: samples of numbered quotes, all in one list. */

import type { Quotes } from './quotes.ts';
import { Thinning } from './window.ts';
import type { Evidence } from './words.ts';

const AT_MOST = 0;
const PASSED = 1;
const STRIDE = 2;
const COUNT = 3;
const HEAD = 4;
const FIRST_NUMBERS = 256;
/** A sample of no lines. */
export const NO_LINES = -1;

export class Shows extends Thinning {
  readonly #quotes: Quotes;
  #list = new Int32Array(FIRST_NUMBERS);
  #end = 0;
  /** Samples that were let go, by how many lines they may have. */
  readonly #free = new Map<number, number[]>();
  /** The one that is being added to. */
  #start = 0;

  constructor(quotes: Quotes) {
    super();
    this.#quotes = quotes;
  }

  /** A number for a sample of at most so many lines. */
  open(atMost: number): number {
    if (atMost === 0) return NO_LINES;
    const one = this.#free.get(atMost)?.pop() ?? this.#atEnd(HEAD + atMost + 2);
    this.#list.fill(0, one, one + HEAD);
    this.#list[one + AT_MOST] = atMost;
    this.#list[one + STRIDE] = 1;
    return one;
  }

  add(one: number, quote: number): void {
    if (one === NO_LINES) return;
    const list = this.#list;
    this.#start = one;
    this.begin(list[one + AT_MOST] ?? 0);
    this.passed = list[one + PASSED] ?? 0;
    this.stride = list[one + STRIDE] ?? 1;
    this.count = list[one + COUNT] ?? 0;
    this.#quotes.hold(quote);
    list[one + HEAD + this.count] = quote;
    this.arrived();
    list[one + PASSED] = this.passed;
    list[one + STRIDE] = this.stride;
    list[one + COUNT] = this.count;
  }

  /** Its owner is no longer in the book. */
  close(one: number): void {
    if (one === NO_LINES) return;
    for (const quote of this.#quotesOf(one)) this.#quotes.release(quote);
    const atMost = this.#list[one + AT_MOST] ?? 0;
    const free = this.#free.get(atMost);
    if (free) free.push(one);
    else this.#free.set(atMost, [one]);
  }

  all(one: number): Evidence[] {
    return one === NO_LINES ? [] : Array.from(this.#quotesOf(one), (quote) => this.#quotes.evidence(quote));
  }

  protected without(place: number): void {
    const at = this.#start + HEAD + place;
    this.#quotes.release(this.#list[at] ?? 0);
    this.#list.copyWithin(at, at + 1, this.#start + HEAD + this.count);
  }

  #quotesOf(one: number): Int32Array {
    return this.#list.slice(one + HEAD, one + HEAD + (this.#list[one + COUNT] ?? 0));
  }

  #atEnd(numbers: number): number {
    const one = this.#end;
    this.#end += numbers;
    if (this.#end > this.#list.length) {
      const list = new Int32Array(Math.max(this.#end, Math.ceil(1.5 * this.#list.length)));
      list.set(this.#list);
      this.#list = list;
    }
    return one;
  }
}
