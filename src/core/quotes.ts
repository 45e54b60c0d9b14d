/**
 * Lines that are kept to be shown, for a hundred thousand addresses at once. Most are kept for a while only, until a later one takes their
 * place: as objects they would be what the garbage collector does all day, so their text lies in one field of bytes and they are numbers.
 */

import { Sample } from './window.ts';
import type { Evidence, Millis } from './words.ts';

/** Evidence quotes at most so many characters. */
const QUOTED_CHARACTERS = 300;
const FIRST_BYTES = 1 << 20;
const FIRST_QUOTES = 1 << 12;

/** A line of a log: its text, or where its bytes are while they are plain ASCII. */
export interface Quotable {
  readonly source: string;
  readonly at: Millis;
  readonly line?: number;
  readonly raw?: string;
  /** Not given where the text holds more than ASCII, or is no longer there. */
  readonly ascii?: { readonly bytes: Uint8Array; readonly start: number; readonly end: number } | null;
}

export class Quotes {
  #texts = new Uint8Array(FIRST_BYTES);
  #end = 0;
  #starts = new Int32Array(FIRST_QUOTES);
  #lengths = new Int16Array(FIRST_QUOTES);
  #lines = new Int32Array(FIRST_QUOTES);
  #times = new Float64Array(FIRST_QUOTES);
  /** How many samples hold it. */
  #held = new Uint8Array(FIRST_QUOTES);
  readonly #sources: string[] = [];
  /** What could not be kept as bytes, and where each line is from. */
  readonly #wholes: (Evidence | null)[] = [];
  readonly #free: number[] = [];
  #count = 0;

  /** A number for the line. The first to hold it must keep it while others take it up: with the last one who lets it go it is forgotten. */
  add(line: Quotable): number {
    const quote = this.#free.pop() ?? this.#fresh();
    const { ascii } = line;
    this.#sources[quote] = line.source;
    this.#times[quote] = line.at;
    this.#lines[quote] = line.line ?? -1;
    this.#held[quote] = 0;
    this.#lengths[quote] = 0;
    this.#wholes[quote] = ascii && line.line !== undefined ? null : evidenceOfLine(line);
    if (ascii && line.line !== undefined) this.#write(quote, ascii.bytes, ascii.start, Math.min(ascii.end, ascii.start + QUOTED_CHARACTERS));
    return quote;
  }

  hold(quote: number): void {
    this.#held[quote] = (this.#held[quote] ?? 0) + 1;
  }

  /** Of those that nobody holds any more the place is used again. One function for all samples: each has it as its own. */
  readonly release = (quote: number): void => {
    const left = (this.#held[quote] ?? 1) - 1;
    this.#held[quote] = left;
    if (left > 0) return;
    this.#wholes[quote] = null;
    this.#lengths[quote] = 0;
    this.#free.push(quote);
  };

  evidence(quote: number): Evidence {
    const whole = this.#wholes[quote];
    if (whole) return whole;
    const start = this.#starts[quote] ?? 0;
    const says = asciiOf(this.#texts.subarray(start, start + (this.#lengths[quote] ?? 0)));
    return { source: this.#sources[quote] ?? '', line: this.#lines[quote] ?? 0, at: this.#times[quote] ?? 0, says };
  }

  #write(quote: number, bytes: Uint8Array, start: number, end: number): void {
    if (this.#end + end - start > this.#texts.length) this.#sweep(end - start);
    this.#texts.set(bytes.subarray(start, end), this.#end);
    this.#starts[quote] = this.#end;
    this.#lengths[quote] = end - start;
    this.#end += end - start;
  }

  /** Moves what is still held together, into a field that has as much room again. */
  #sweep(more: number): void {
    let used = more;
    for (let quote = 0; quote < this.#count; quote += 1) used += this.#lengths[quote] ?? 0;
    const texts = new Uint8Array(Math.max(FIRST_BYTES, 2 * used));
    let end = 0;
    for (let quote = 0; quote < this.#count; quote += 1) {
      const length = this.#lengths[quote] ?? 0;
      const start = this.#starts[quote] ?? 0;
      if (length === 0) continue;
      texts.set(this.#texts.subarray(start, start + length), end);
      this.#starts[quote] = end;
      end += length;
    }
    this.#texts = texts;
    this.#end = end;
  }

  #fresh(): number {
    if (this.#count === this.#starts.length) this.#grow();
    this.#count += 1;
    return this.#count - 1;
  }

  #grow(): void {
    const size = 2 * this.#count;
    const [starts, lengths, lines, times, held] = [this.#starts, this.#lengths, this.#lines, this.#times, this.#held];
    this.#starts = new Int32Array(size);
    this.#lengths = new Int16Array(size);
    this.#lines = new Int32Array(size);
    this.#times = new Float64Array(size);
    this.#held = new Uint8Array(size);
    this.#starts.set(starts);
    this.#lengths.set(lengths);
    this.#lines.set(lines);
    this.#times.set(times);
    this.#held.set(held);
  }
}

/** A sample of the lines of one address, account or network. */
export class Shown {
  readonly #quotes: Quotes;
  readonly #sample: Sample<number>;

  constructor(quotes: Quotes, atMost: number) {
    this.#quotes = quotes;
    this.#sample = new Sample<number>(atMost, quotes.release);
  }

  add(quote: number): void {
    this.#quotes.hold(quote);
    this.#sample.add(quote);
  }

  /** Its owner is no longer in the book. */
  letGo(): void {
    for (const quote of this.#sample.all()) this.#quotes.release(quote);
  }

  all(): readonly Evidence[] {
    return this.#sample.all().map((quote) => this.#quotes.evidence(quote));
  }
}

/** Is there the text of a line behind it? Asks without having the text made. */
export function isOfLine(event: object): boolean {
  return 'raw' in event;
}

export function evidenceOfLine({ source, line, at, raw }: Quotable): Evidence {
  // One shape for what millions of log lines become: spreading costs more than all the rest of a line's way.
  if (line !== undefined && raw !== undefined) return { source, line, at, says: raw.slice(0, QUOTED_CHARACTERS) };
  return { source, ...(line === undefined ? {} : { line }), at, ...(raw === undefined ? {} : { says: raw.slice(0, QUOTED_CHARACTERS) }) };
}

/** `apply` takes the bytes as they are; spreading them goes through an iterator. Its type knows nothing of typed arrays. */
function asciiOf(bytes: Uint8Array): string {
  return String.fromCharCode.apply(null, bytes as unknown as number[]);
}
