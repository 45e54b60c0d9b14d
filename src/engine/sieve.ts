/**
 * Lets through only the lines that somebody asked for. The innermost loop (src/scan) goes over the bytes and says which lines these are;
 * what it cannot say at once is read here in full, and the boring majority never becomes a string.
 */

import type { Event, Line, Millis } from '../core/words.ts';
import type { Chunk, Scanner } from '../core/world.ts';
import * as record from '../scan/record.ts';
import { behindFrame, type Header, readHeader } from './header.ts';
import { lineOfJournal } from './journal-entry.ts';
import { Layout } from './layout.ts';
import { SeenLine } from './seen-line.ts';
import { type Memory, memoryOf, type SiftCounts, Tally } from './sift-counts.ts';
import { isHost, mayTell, type Taking, type Wanted, wantsProgram } from './wanted.ts';

/** Longer lines are cut: no honest daemon writes them, and a pattern should not be fed more. */
export const LINE_BYTES_AT_MOST = 8_192;
const LINE_FEED = 10;
const BRACE = 123;
const REPEATED = 'last message repeated ';

export function sift(chunk: Chunk, wanted: Wanted, taking: Taking, scanner: Scanner): SiftCounts {
  return new Sieve(chunk, wanted, taking, scanner).all();
}

class Sieve {
  readonly #chunk: Chunk;
  readonly #wanted: Wanted;
  readonly #taking: Taking;
  readonly #file: Memory;
  readonly #layout: Layout;
  readonly #seen: SeenLine;
  readonly #tally: Tally;
  readonly #counts: SiftCounts;
  /** One object for all lines. */
  readonly #header: Header = { stampStart: 0, tagStart: 0, tagEnd: 0, pid: -1, hostStart: 0, hostEnd: 0, messageStart: 0 };
  /** Where the line before began, if nothing but its event was made of it; else -1. */
  #toldStart = -1;
  #toldEnd = -1;
  #host = '';
  /** The line that is read in full, one character a byte, and where it begins; the header's positions are within it. */
  #text = '';
  #start = 0;

  constructor(chunk: Chunk, wanted: Wanted, taking: Taking, scanner: Scanner) {
    this.#chunk = chunk;
    this.#wanted = wanted;
    this.#taking = taking;
    this.#seen = new SeenLine(chunk);
    this.#file = memoryOf(chunk.clock);
    this.#tally = new Tally(this.#file, wanted.host);
    this.#counts = this.#tally.counts;
    this.#layout = new Layout(scanner, chunk, this.#file.stamps, wanted);
  }

  /** The first and the last line are always read in full: they date the chunk. */
  all(): SiftCounts {
    const { bytes } = this.#chunk;
    const last = bytes.lastIndexOf(LINE_FEED, bytes.length - 2) + 1;
    for (let start = 0; start < bytes.length; ) start = this.#layout.learned && start < last ? this.#scanned(start, last) : this.#full(start);
    this.#remember();
    this.#taking.pieceEnds?.();
    this.#counts.aheadMs = this.#file.stamps.aheadMs;
    return this.#counts;
  }

  /** Reads one line in full; returns where the next one begins. */
  #full(from: number): number {
    const { bytes } = this.#chunk;
    const counts = this.#counts;
    const start = this.#textFrom(from);
    if (start >= bytes.length) return start;
    const newline = bytes.indexOf(LINE_FEED, start);
    const lineEnd = newline < 0 ? bytes.length : newline;
    const end = Math.min(bytes[lineEnd - 1] === 13 ? lineEnd - 1 : lineEnd, start + LINE_BYTES_AT_MOST);
    counts.lines += 1;
    if (lineEnd - start > LINE_BYTES_AT_MOST) counts.cut += 1;
    // No syslog line begins with a brace: it is one of `journalctl -o json`.
    if (bytes[start] === BRACE) this.#journalled(start, lineEnd);
    else if (end > start) {
      this.#start = start;
      this.#text = this.#chunk.latin1(start, end);
      this.#line(counts.lines === 1 || lineEnd + 1 >= bytes.length);
    }
    return lineEnd + 1;
  }

  /** Goes on with the scanner as far as it comes. */
  #scanned(from: number, last: number): number {
    const counts = this.#counts;
    const before = counts.lines;
    const records = this.#layout.scan(from, last, before);
    const { stopped, seen } = this.#layout;
    for (let index = 0; index < records; index += 1) {
      const line = this.#layout.word(index, record.LINE);
      // Lines between two records are of programs that nobody wants.
      if (line > counts.lines) this.#forget();
      counts.lines = line;
      const kind = this.#layout.word(index, record.KIND);
      if (kind === record.STRANGE) this.#layout.learned = false;
      if (kind <= record.STRANGE) this.#full(this.#layout.word(index, record.START));
      else this.#recorded(index);
    }
    if (counts.lines < before + seen) this.#forget();
    counts.lines = before + seen;
    return stopped;
  }

  #recorded(index: number): void {
    const counts = this.#counts;
    counts.lines += 1;
    const at = this.#tally.dated(this.#layout.at(index));
    const start = this.#layout.word(index, record.START);
    const lineEnd = this.#layout.word(index, record.END);
    const end = this.#chunk.bytes[lineEnd - 1] === 13 ? lineEnd - 1 : lineEnd;
    this.#tally.isOfHost(this.#host);
    counts.candidates += 1;
    this.#passed(start, end);
    if (!this.#layout.tell(index, this.#seen)) return;
    this.#seen.stood(at, this.#number, start, end);
    // Its kind and its fields belong together; a class of both kinds cannot say so.
    this.#taking.told(this.#seen as Event);
  }

  #forget(): void {
    this.#passed(-1, -1);
  }

  /** Nothing but an event was made of the line, if that; -1 of none. */
  #passed(start: number, end: number): void {
    this.#file.previous = null;
    this.#toldStart = start;
    this.#toldEnd = end;
  }

  /** The line before becomes a `Line` after all: the next one may say that it came again. */
  #remember(): void {
    if (this.#toldStart < 0) return;
    const text = this.#chunk.latin1(this.#toldStart, this.#toldEnd);
    const header = { ...this.#header };
    if (readHeader(text, 0, text.length, header)) this.#file.previous = this.#lineOf(text, this.#toldStart, header, this.#file.last);
    this.#toldStart = -1;
  }

  /** Behind the NUL bytes that a crash left, which belong to no line. */
  #textFrom(start: number): number {
    const { bytes } = this.#chunk;
    let at = start;
    while (bytes[at] === 0) at += 1;
    this.#counts.hole += at - start;
    return behindFrame(bytes, at);
  }

  /** Also the edges of what nobody asked for are dated: a log of other things covers its time too, and New Year is not missed. */
  #line(edge: boolean): void {
    const header = this.#header;
    if (!readHeader(this.#text, 0, this.#text.length, header)) {
      // `-- Boot 4f… --`: journalctl's own marks between entries.
      if (!this.#text.startsWith('-- ')) this.#counts.headless += 1;
      this.#forget();
      return;
    }
    if (this.#isRepeat()) this.#repeat();
    else if (wantsProgram(this.#wanted, this.#text, header.tagStart, header.tagEnd, this.#chunk.skip)) this.#pass();
    else {
      this.#forget();
      if (edge) this.#date();
    }
    if (!this.#layout.learned) this.#learn();
  }

  #learn(): void {
    const { hostStart, hostEnd } = this.#header;
    this.#host = this.#text.slice(hostStart, hostEnd);
    this.#layout.learn(this.#text, this.#start, this.#header, isHost(this.#host, this.#wanted.host));
  }

  get #number(): number {
    return this.#chunk.firstLine + this.#counts.lines - 1;
  }

  #journalled(start: number, end: number): void {
    const line = lineOfJournal(this.#chunk.line(start, end), this.#chunk.source, this.#number);
    this.#forget();
    if (line === null) {
      this.#counts.headless += 1;
      return;
    }
    const at = this.#tally.dated(this.#file.stamps.bounded(line.at));
    if (!this.#wanted.programs.has(line.program) || this.#chunk.skip.has(line.program.toLowerCase()) || !this.#tally.isOfHost(line.host)) return;
    this.#counts.candidates += 1;
    this.#taking.line({ ...line, at });
  }

  /** `last message repeated 3 times`: classic syslogds write it without a tag, older rsyslogs with that of the line before. */
  #isRepeat(): boolean {
    const { messageStart, tagStart, tagEnd } = this.#header;
    return this.#text.startsWith(REPEATED, messageStart) || (tagEnd - tagStart === 4 && this.#text.startsWith(REPEATED, tagStart));
  }

  /** What the line before told, so many times more; in the words of rsyslog, which parsers understand. */
  #repeat(): void {
    this.#remember();
    const at = this.#date();
    const { previous } = this.#file;
    const times = /repeated (\d{1,9}) times?$/.exec(this.#text.slice(-40).trimEnd())?.[1];
    if (at === null || previous === null || times === undefined) return;
    this.#counts.candidates += 1;
    const message = `message repeated ${times} times: [ ${previous.message}]`;
    const raw = this.#chunk.line(this.#start, this.#start + this.#text.length);
    this.#taking.line({ ...previous, line: this.#number, at, message, raw });
  }

  #pass(): void {
    const at = this.#date();
    this.#forget();
    if (at === null || !this.#tally.isOfHost(this.#text.slice(this.#header.hostStart, this.#header.hostEnd))) return;
    this.#counts.candidates += 1;
    const program = this.#text.slice(this.#header.tagStart, this.#header.tagEnd);
    if (mayTell(this.#wanted, program, this.#text)) {
      this.#file.previous = this.#lineOf(this.#text, this.#start, this.#header, at);
      this.#taking.line(this.#file.previous);
    } else this.#passed(this.#start, this.#start + this.#text.length);
  }

  /** `text` is the whole line, one character a byte; `start` its place in the chunk. */
  #lineOf(text: string, start: number, header: Header, at: Millis): Line {
    const { source } = this.#chunk;
    const { hostStart, hostEnd, tagStart, tagEnd, messageStart, pid } = header;
    const raw = this.#chunk.line(start, start + text.length);
    // Bytes and characters agree unless the line holds more than ASCII; then the message is decoded by itself.
    const message = raw.length === text.length ? raw.slice(messageStart) : this.#chunk.line(start + messageStart, start + text.length);
    const [host, program] = [text.slice(hostStart, hostEnd), text.slice(tagStart, tagEnd)];
    return { source, line: this.#number, at, host, program, pid: pid < 0 ? null : pid, message, raw };
  }

  /** Reads the stamp of a line whose header was read. */
  #date(): Millis | null {
    const at = this.#file.stamps.read(this.#text, this.#header.stampStart);
    if (at !== null) return this.#tally.dated(at);
    this.#counts.headless += 1;
    return null;
  }
}
