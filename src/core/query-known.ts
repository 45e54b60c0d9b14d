/** Bytes that stood in the line before and mostly stand in the next one too: a date, a head. Compared four at a time. */

const WORD = 4;

export class Known {
  /** 0 = nothing is known. */
  length = 0;
  readonly #words: Int32Array;
  /** Whole words before the last one, which may overlap them. */
  #whole = 0;
  #last = 0;

  constructor(atMost: number) {
    this.#words = new Int32Array(atMost / WORD);
  }

  forget(): void {
    this.length = 0;
  }

  /** Nothing is known of what is shorter than a word, or too long. */
  learn(view: DataView, start: number, length: number): void {
    this.length = length < WORD || length > this.#words.length * WORD ? 0 : length;
    if (this.length === 0) return;
    this.#whole = (length - 1) >> 2;
    for (let index = 0; index < this.#whole; index += 1) this.#words[index] = view.getInt32(start + index * WORD, true);
    this.#last = view.getInt32(start + length - WORD, true);
  }

  /** Does it stand at `at`? Something must be known, and so many bytes must be there. */
  isAt(view: DataView, at: number): boolean {
    if (view.getInt32(at + this.length - WORD, true) !== this.#last) return false;
    for (let index = 0; index < this.#whole; index += 1) if (view.getInt32(at + index * WORD, true) !== this.#words[index]) return false;
    return true;
  }
}

/** Are the `length` bytes at both places the same? All of them must be there. */
export function sameAt(view: DataView, one: number, other: number, length: number): boolean {
  let at = 0;
  for (; at + WORD <= length; at += WORD) if (view.getInt32(one + at, true) !== view.getInt32(other + at, true)) return false;
  for (; at < length; at += 1) if (view.getUint8(one + at) !== view.getUint8(other + at)) return false;
  return true;
}
