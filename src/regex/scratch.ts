/** The bounded engine's working memory: marks of ways that failed, and the stack of ways still open. One of each serves all patterns, since a search never pauses. */

/** Words kept between searches (8 MiB); what a hostile line made larger is given back. */
const WORDS_KEPT = 2_097_152;
/** Numbers on the stack at most (32 MiB). */
const STACK_AT_MOST = 8_388_608;
const SMALLEST = 1024;

/** One bit for each choice and position. */
export class Marks {
  private words = new Int32Array(SMALLEST);

  clear(bits: number): void {
    const needed = (bits >> 5) + 1;
    if (this.words.length < needed) this.words = new Int32Array(Math.max(needed, this.words.length * 2));
    else if (this.words.length > WORDS_KEPT && needed <= WORDS_KEPT) this.words = new Int32Array(Math.max(needed, SMALLEST));
    else this.words.fill(0, 0, needed);
  }

  /** Sets a bit; true when it was set already. */
  mark(bit: number): boolean {
    const word = this.words[bit >> 5] ?? 0;
    const mask = 1 << (bit & 31);
    if ((word & mask) !== 0) return true;
    this.words[bit >> 5] = word | mask;
    return false;
  }

  unmark(bit: number): void {
    this.words[bit >> 5] = (this.words[bit >> 5] ?? 0) & ~(1 << (bit & 31));
  }
}

/** Pairs of numbers: a step and a position to go on at, or (first number negative) a register and what it held. */
export class Stack {
  top = 0;
  full = false;
  private values = new Int32Array(SMALLEST);

  reset(): void {
    this.top = 0;
    this.full = false;
    if (this.values.length > WORDS_KEPT) this.values = new Int32Array(SMALLEST);
  }

  push(a: number, b: number): void {
    if (this.top + 2 > this.values.length) this.enlarge();
    this.values[this.top] = a;
    this.values[this.top + 1] = b;
    if (!this.full) this.top += 2;
  }

  private enlarge(): void {
    if (this.values.length >= STACK_AT_MOST) {
      this.full = true;
      this.top -= 2;
      return;
    }
    const larger = new Int32Array(this.values.length * 2);
    larger.set(this.values);
    this.values = larger;
  }

  at(index: number): number {
    return this.values[index] ?? 0;
  }

  /** Drops the open ways from a height on and keeps what restores registers. */
  keepRestores(base: number): void {
    let to = base;
    for (let i = base; i < this.top; i += 2) {
      if (this.at(i) >= 0) continue;
      this.values[to] = this.at(i);
      this.values[to + 1] = this.at(i + 1);
      to += 2;
    }
    this.top = to;
  }
}
