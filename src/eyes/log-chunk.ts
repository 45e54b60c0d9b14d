/** A piece of a log file: its bytes, and strings of them only where somebody asks. */

import { isAscii } from 'node:buffer';
import type { Chunk, FileClock } from '../core/world.ts';
import { textOf } from './disk.ts';

export class LogChunk implements Chunk {
  readonly source: string;
  readonly firstLine: number;
  readonly bytes: Buffer;
  readonly clock: FileClock;
  readonly skip: ReadonlySet<string>;
  declare readonly form?: NonNullable<Chunk['form']>;
  readonly ascii: boolean;
  #text: string | null = null;
  #lines: number | null = null;

  constructor(source: string, firstLine: number, bytes: Buffer, clock: FileClock, skip: ReadonlySet<string>, form?: Chunk['form']) {
    this.source = source;
    this.firstLine = firstLine;
    this.bytes = bytes;
    this.clock = clock;
    this.skip = skip;
    if (form !== undefined) this.form = form;
    this.ascii = isAscii(bytes);
  }

  get text(): string {
    this.#text ??= this.bytes.toString('latin1');
    return this.#text;
  }

  get lines(): number {
    this.#lines ??= newlines(this.bytes);
    return this.#lines;
  }

  counted(lines: number): void {
    this.#lines = lines;
  }

  latin1(start: number, end: number): string {
    return this.bytes.toString('latin1', start, end);
  }

  /** Latin-1 is the same for ASCII, and needs no look at each byte. */
  line(start: number, end: number): string {
    return this.ascii ? this.latin1(start, end) : textOf(this.bytes.subarray(start, end));
  }
}

export function newlines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
