/**
 * Lines that are kept to be shown, for a hundred thousand addresses at once. Most are kept for a while only, until a later one takes their
 * place: as objects they would be what the garbage collector does all day, so their text lies in one field of bytes and they are numbers.
 */

import { Rows } from './rows.ts';
import type { Evidence, Millis } from './words.ts';

/** Evidence quotes at most so many characters. */
const QUOTED_CHARACTERS = 300;
/** Texts have room in steps of so many bytes, so that a later one fits where an older one was. */
const STEP_BYTES = 32;
const FIRST_BYTES = 1 << 16;

/** What is known of a quote, as a row of numbers. START below 0: the text is still in the piece of log, so far behind its beginning, less one. */
const START = 0;
const LENGTH = 1;
const LINE = 2;
const AT = 3;
const SOURCE = 4;
/** How many samples hold it. */
const HELD = 5;
const WIDTH = 6;

/** A line of a log: its text, or where its bytes are while they are plain ASCII. */
export interface Quotable {
  readonly source: string;
  readonly at: Millis;
  readonly line?: number;
  readonly raw?: string;
  /** Not given where the text holds more than ASCII, or is no longer there. */
  readonly ascii?: { readonly bytes: Uint8Array; readonly start: number; readonly end: number } | null;
  /** Its quote, where it has been kept already. */
  readonly quote?: number;
}

export class Quotes {
  readonly #rows = new Rows(WIDTH);
  #texts = new Uint8Array(FIRST_BYTES);
  #end = 0;
  /** Where texts were that are gone, by how many steps they had. */
  readonly #left = new Map<number, number[]>();
  readonly #sources: string[] = [];
  /** The piece of log that is being read, and which quotes are still in it. Most are dropped before it ends, and never copied. */
  #piece: Uint8Array | null = null;
  readonly #inPiece: number[] = [];
  /** What could not be kept as bytes. */
  readonly #wholes = new Map<number, Evidence>();

  /** A number for the line. It is forgotten when the last one who holds it lets it go. */
  add(line: Quotable): number {
    if (line.quote !== undefined) return line.quote;
    const quote = this.#rows.open();
    const { list } = this.#rows;
    const { ascii } = line;
    list[quote + SOURCE] = this.#sourceOf(line.source);
    list[quote + AT] = line.at;
    list[quote + LINE] = line.line ?? -1;
    if (ascii && ascii.end > ascii.start && line.line !== undefined) {
      if (ascii.bytes !== this.#piece) this.pieceEnds();
      this.#piece = ascii.bytes;
      this.#inPiece.push(quote);
      list[quote + START] = -1 - ascii.start;
      list[quote + LENGTH] = Math.min(ascii.end - ascii.start, QUOTED_CHARACTERS);
    } else this.#wholes.set(quote, evidenceOfLine(line));
    return quote;
  }

  hold(quote: number): void {
    const { list } = this.#rows;
    list[quote + HELD] = (list[quote + HELD] ?? 0) + 1;
  }

  /** Of those that nobody holds any more the place is used again. */
  release(quote: number): void {
    const { list } = this.#rows;
    const held = (list[quote + HELD] ?? 1) - 1;
    list[quote + HELD] = held;
    if (held > 0) return;
    const length = list[quote + LENGTH] ?? 0;
    const start = list[quote + START] ?? 0;
    if (length === 0) this.#wholes.delete(quote);
    else if (start >= 0) this.#leave(start, stepsOf(length));
    list[quote + START] = 0;
    this.#rows.close(quote);
  }

  evidence(quote: number): Evidence {
    const whole = this.#wholes.get(quote);
    if (whole) return whole;
    const { list } = this.#rows;
    const at = list[quote + START] ?? 0;
    const [texts, start] = at < 0 ? [this.#piece ?? this.#texts, -1 - at] : [this.#texts, at];
    const says = asciiOf(texts.subarray(start, start + (list[quote + LENGTH] ?? 0)));
    return { source: this.#sources[list[quote + SOURCE] ?? 0] ?? '', line: list[quote + LINE] ?? 0, at: list[quote + AT] ?? 0, says };
  }

  /** To be told when the bytes of the lines that were quoted may change. */
  pieceEnds(): void {
    const { list } = this.#rows;
    for (const quote of this.#inPiece) if ((list[quote + START] ?? 0) < 0 && this.#piece) this.#copy(quote, this.#piece);
    this.#inPiece.length = 0;
    this.#piece = null;
  }

  #copy(quote: number, bytes: Uint8Array): void {
    const { list } = this.#rows;
    const from = -1 - (list[quote + START] ?? 0);
    const length = list[quote + LENGTH] ?? 0;
    const steps = stepsOf(length);
    const start = this.#left.get(steps)?.pop() ?? this.#atEnd(steps * STEP_BYTES);
    const texts = this.#texts;
    // Lines are short: a loop is done before a copy of memory has begun.
    for (let at = 0; at < length; at += 1) texts[start + at] = bytes[from + at] ?? 0;
    list[quote + START] = start;
  }

  #atEnd(bytes: number): number {
    const start = this.#end;
    this.#end += bytes;
    if (this.#end > this.#texts.length) {
      const texts = new Uint8Array(Math.max(this.#end, Math.ceil(1.5 * this.#texts.length)));
      texts.set(this.#texts);
      this.#texts = texts;
    }
    return start;
  }

  #leave(start: number, steps: number): void {
    const left = this.#left.get(steps);
    if (left) left.push(start);
    else this.#left.set(steps, [start]);
  }

  /** There are few logs, and one is read after the other. */
  #sourceOf(source: string): number {
    if (this.#sources[this.#sources.length - 1] === source) return this.#sources.length - 1;
    const old = this.#sources.indexOf(source);
    if (old >= 0) return old;
    this.#sources.push(source);
    return this.#sources.length - 1;
  }
}

function stepsOf(bytes: number): number {
  return Math.ceil(bytes / STEP_BYTES);
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
