/** The lines of other programs between those of a query log, as one piece of log for the ordinary way; an empty line stands for each that was read already. */

import type { Chunk, FileClock } from '../core/world.ts';

const NEWLINE = 10;

/** Some lines that follow one another: bytes from `start` to before `end`, `lines` of them, the first of which has the number `first` in the piece. */
export interface Run {
  readonly start: number;
  readonly end: number;
  readonly first: number;
  readonly lines: number;
}

export class OthersOfChunk implements Chunk {
  readonly source: string;
  readonly firstLine: number;
  readonly bytes: Uint8Array;
  readonly clock: FileClock;
  readonly skip: ReadonlySet<string>;
  readonly #whole: Chunk;
  readonly #runs: readonly Run[];
  /** Where each run begins in `bytes`. */
  readonly #places: readonly number[];
  #text: string | null = null;

  /** At least one run, in order. */
  constructor(whole: Chunk, runs: readonly Run[]) {
    this.source = whole.source;
    this.firstLine = whole.firstLine + (runs[0]?.first ?? 0);
    this.clock = whole.clock;
    this.skip = whole.skip;
    this.#whole = whole;
    this.#runs = runs;
    const places: number[] = [];
    let size = 0;
    runs.forEach((run, index) => {
      const before = runs[index - 1];
      size += before === undefined ? 0 : run.first - before.first - before.lines;
      places.push(size);
      size += run.end - run.start;
    });
    this.#places = places;
    this.bytes = new Uint8Array(size).fill(NEWLINE);
    runs.forEach((run, index) => {
      this.bytes.set(whole.bytes.subarray(run.start, run.end), places[index]);
    });
  }

  get text(): string {
    if (this.#text === null) {
      let text = '';
      this.#runs.forEach((run, index) => {
        text = `${text.padEnd(this.#places[index] ?? 0, '\n')}${this.#whole.latin1(run.start, run.end)}`;
      });
      this.#text = text;
    }
    return this.#text;
  }

  /** Both positions are in one line. */
  latin1(start: number, end: number): string {
    const at = this.#at(start);
    return this.#whole.latin1(at, at + end - start);
  }

  line(start: number, end: number): string {
    const at = this.#at(start);
    return this.#whole.line(at, at + end - start);
  }

  /** Where a position stands in the whole: in the last run that begins before it. */
  #at(position: number): number {
    let low = 0;
    let high = this.#places.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#places[middle] ?? 0) <= position) low = middle;
      else high = middle - 1;
    }
    return (this.#runs[low]?.start ?? 0) + position - (this.#places[low] ?? 0);
  }
}
