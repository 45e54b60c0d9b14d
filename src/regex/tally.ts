/** What patterns ask of a text, one text at a time: how often each ASCII character stands in it, and how long its longest words and gaps are. */

import { ASCII, type Counted, isBlank, SPACE } from './counted.ts';
import { emptyFeatures, type Features } from './features.ts';
import { foldForNeedles } from './needles.ts';

const BEYOND_ASCII = /[^\x00-\x7f]/;
const COLON = 58;
const LETTER = 1;
const BLANK = 2;
/** Letters and digits, blanks, and all others. */
const KINDS = Uint8Array.from({ length: ASCII }, (_, code) => (isBlank(code) ? BLANK : /\w/.test(String.fromCharCode(code)) ? LETTER : 0));

/** How often a set stands in a text, or at most may. */
export interface Counts {
  readonly length: number;
  of(set: Counted): number;
  /** The longest run of a set, said too long rather than too short. */
  runOf(set: Counted): number;
  /** Steps that the pattern may take which is being looked at. */
  steps: number;
}

/** Texts and proofs have numbers, so that what was counted in one is not counted again. */
let numbers = 0;

export class Tally implements Counts {
  #text = '';
  /** What was counted: the text, or one that ends with it. */
  #whole = '';
  #ascii = true;
  #folded: string | null = null;
  #number = 0;
  #counted = true;
  readonly #times = new Uint32Array(ASCII);
  readonly #features = emptyFeatures();
  steps = 0;

  get length(): number {
    return this.#text.length;
  }

  /** Whether the text has no character beyond ASCII. */
  get ascii(): boolean {
    return this.#ascii;
  }

  /** As folded needles are looked for in it. */
  get folded(): string {
    this.#folded ??= this.#ascii ? this.#text.toLowerCase() : foldForNeedles(this.#text);
    return this.#folded;
  }

  /** Of the text that was taken last; changes with the next one. */
  get features(): Features {
    if (!this.#counted) this.#count();
    return this.#features;
  }

  /** The end of the text that was taken before is no worse than the whole of it, so nothing is counted again. */
  take(text: string): void {
    if (text === this.#text) return;
    this.#folded = null;
    if (text !== '' && this.#ascii && this.#whole.endsWith(text)) {
      this.#text = text;
      return;
    }
    this.#text = text;
    this.#whole = text;
    this.#number = ++numbers;
    this.#counted = false;
    this.#ascii = !BEYOND_ASCII.test(text);
  }

  of(set: Counted): number {
    if (set.text === this.#number) return set.times;
    if (!this.#counted) this.#count();
    let sum = 0;
    for (let i = 0; i < set.members.length; i++) sum += this.#times[set.members[i] ?? 0] ?? 0;
    set.times = set.absent ? this.#whole.length - sum : sum;
    set.text = this.#number;
    return set.times;
  }

  runOf(set: Counted): number {
    return shorter(this.of(set), set, this.features);
  }

  #count(): void {
    const times = this.#times;
    const text = this.#whole;
    times.fill(0);
    let gapFrom = 0;
    let wordFrom = 0;
    let gap = 0;
    let word = 0;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i) & (ASCII - 1);
      times[code] = (times[code] ?? 0) + 1;
      if (KINDS[code] !== BLANK) {
        gapFrom = i + 1;
        continue;
      }
      if (i + 1 - gapFrom > gap) gap = i + 1 - gapFrom;
      if (code !== SPACE) continue;
      if (i - wordFrom > word) word = i - wordFrom;
      wordFrom = i + 1;
    }
    this.#features.gap = gap;
    this.#features.word = Math.max(word, text.length - wordFrom);
    this.#sum();
    this.#counted = true;
  }

  #sum(): void {
    const { present } = this.#features;
    present.fill(0);
    let marks = 0;
    let letters = 0;
    for (let code = 0; code < ASCII; code++) {
      const times = this.#times[code] ?? 0;
      if (times === 0) continue;
      present[code >> 5] = (present[code >> 5] ?? 0) | (1 << (code & 31));
      if (KINDS[code] === 0 && code !== COLON && times > marks) marks = times;
      if (KINDS[code] === LETTER && times > letters) letters = times;
    }
    this.#features.length = this.#whole.length;
    this.#features.spaces = this.#times[SPACE] ?? 0;
    this.#features.letters = letters;
    this.#features.marks = marks;
    this.#features.colons = this.#times[COLON] ?? 0;
  }
}

/** The worst text with given features. */
export class WorstCase implements Counts {
  readonly #features: Features;
  readonly #number = ++numbers;
  steps = 0;

  constructor(features: Features) {
    this.#features = features;
  }

  get length(): number {
    return this.#features.length;
  }

  of(set: Counted): number {
    if (set.text === this.#number) return set.times;
    const { present, length } = this.#features;
    let sum = 0;
    for (let code = 0; code < ASCII && sum < length; code++) {
      const bit = 1 << (code & 31);
      if (((set.low[code >> 5] ?? 0) & (present[code >> 5] ?? 0) & bit) !== 0) sum += this.#most(code);
    }
    set.times = Math.min(sum, length);
    set.text = this.#number;
    return set.times;
  }

  runOf(set: Counted): number {
    return shorter(this.of(set), set, this.#features);
  }

  #most(code: number): number {
    if (code === SPACE) return this.#features.spaces;
    if (code === COLON) return this.#features.colons;
    const { marks, letters, length } = this.#features;
    return KINDS[code] === 0 ? marks : KINDS[code] === LETTER ? letters : length;
  }
}

function shorter(times: number, set: Counted, { gap, word }: Features): number {
  if (set.runs === 'any') return times;
  return Math.min(times, set.runs === 'gap' ? gap : word);
}
