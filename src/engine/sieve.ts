/**
 * Lets through only the lines that somebody asked for: the program of each line is looked up before anything is made of it, so
 * that the boring majority costs a search for its end and no string. The seam where a scan for all needles at once can take over.
 */

import type { Line, Millis } from '../core/words.ts';
import type { Chunk, FileClock } from '../core/world.ts';
import { type Header, readHeader } from './header.ts';
import { lineOfJournal } from './journal-entry.ts';
import { Stamps } from './stamp.ts';
import { isHost, type Wanted, wantsProgram } from './wanted.ts';

/** Longer lines are cut: no honest daemon writes them, and a pattern should not be fed more. */
export const LINE_BYTES_AT_MOST = 8_192;
/** A stamp this much before the one before it means that somebody set the clock, or daylight saving ended. */
const BACKWARDS_MS = 60_000;
const REPEATED = 'last message repeated ';
/** Names of hosts that are kept: enough to say that a log is of several. */
const HOSTS_AT_MOST = 50;

/** What went through the sieve in one chunk. */
export interface SiftCounts {
  lines: number;
  candidates: number;
  /** Longer than 8,192 bytes and cut. */
  cut: number;
  /** No syslog header: another kind of log, or binary junk. */
  headless: number;
  /** Stamps that went back by more than a minute. */
  backwards: number;
  /** NUL bytes before lines: a crash left a hole in the file. */
  hole: number;
  /** Lines that were left out because they are of another host than the one asked for. */
  elsewhere: number;
  /** Whose lines they are, as the headers say. */
  readonly hosts: Set<string>;
  /** How far the stamps run ahead of the clock that received them. */
  aheadMs: number;
  from: Millis | null;
  to: Millis | null;
}

/** What is known of a file from one chunk to the next. `previous` is the line before, where somebody wanted it. */
interface Memory {
  readonly stamps: Stamps;
  last: Millis;
  previous: Line | null;
  host: string;
}

/** One file's stamps are read in order over all of its chunks; its clock is the file's own object. */
const memories = new WeakMap<FileClock, Memory>();

function memoryOf(clock: FileClock): Memory {
  const old = memories.get(clock);
  if (old) return old;
  const memory: Memory = { stamps: new Stamps(clock), last: Number.NEGATIVE_INFINITY, previous: null, host: '' };
  memories.set(clock, memory);
  return memory;
}

function noCounts(): SiftCounts {
  const none = { lines: 0, candidates: 0, cut: 0, headless: 0, backwards: 0, hole: 0, elsewhere: 0, aheadMs: 0 };
  return { ...none, hosts: new Set(), from: null, to: null };
}

export function sift(chunk: Chunk, wanted: Wanted, take: (line: Line) => void): SiftCounts {
  return new Sieve(chunk, wanted, take).all();
}

class Sieve {
  readonly #chunk: Chunk;
  readonly #wanted: Wanted;
  readonly #take: (line: Line) => void;
  readonly #file: Memory;
  readonly #counts = noCounts();
  /** One object for all lines. */
  readonly #header: Header = { stampStart: 0, tagStart: 0, tagEnd: 0, pid: -1, hostStart: 0, hostEnd: 0, messageStart: 0 };

  constructor(chunk: Chunk, wanted: Wanted, take: (line: Line) => void) {
    this.#chunk = chunk;
    this.#wanted = wanted;
    this.#take = take;
    this.#file = memoryOf(chunk.clock);
  }

  all(): SiftCounts {
    const { text } = this.#chunk;
    const counts = this.#counts;
    for (let start = this.#textFrom(0); start < text.length; ) {
      const newline = text.indexOf('\n', start);
      const lineEnd = newline < 0 ? text.length : newline;
      const end = Math.min(text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd, start + LINE_BYTES_AT_MOST);
      counts.lines += 1;
      if (lineEnd - start > LINE_BYTES_AT_MOST) counts.cut += 1;
      // No syslog line begins with a brace: it is one of `journalctl -o json`.
      if (text.charCodeAt(start) === 123) this.#journalled(start, lineEnd);
      else if (end > start) this.#line(start, end, counts.lines === 1 || lineEnd + 1 >= text.length);
      start = this.#textFrom(lineEnd + 1);
    }
    counts.aheadMs = this.#file.stamps.aheadMs;
    return counts;
  }

  /** Where the next line begins: behind what frames a journal's entries, behind the NUL bytes that a crash left and behind a byte order mark (EF BB BF), which belong to no line. */
  #textFrom(start: number): number {
    const { text } = this.#chunk;
    let at = start;
    while (text.charCodeAt(at) === 0) at += 1;
    this.#counts.hole += at - start;
    if (text.charCodeAt(at) === 0xef && text.startsWith('\u00ef\u00bb\u00bf', at)) at += 3;
    // `journalctl -o json-seq` begins each entry with a record separator (RFC 7464), json-sse with `data: `.
    if (text.charCodeAt(at) === 0x1e && text.charCodeAt(at + 1) === 123) return at + 1;
    return text.startsWith('data: {', at) ? at + 6 : at;
  }

  /** Also the edges of what nobody asked for are dated: a log of other things covers its time too, and New Year is not missed. */
  #line(start: number, end: number, edge: boolean): void {
    const { text, skip } = this.#chunk;
    const header = this.#header;
    if (!readHeader(text, start, end, header)) {
      // `-- Boot 4f… --`: journalctl's own marks between entries.
      if (!text.startsWith('-- ', start)) this.#counts.headless += 1;
      this.#file.previous = null;
    } else if (this.#isRepeat()) this.#repeat(start, end);
    else if (wantsProgram(this.#wanted, text, header.tagStart, header.tagEnd, skip)) this.#pass(start, end);
    else {
      this.#file.previous = null;
      if (edge) this.#date();
    }
  }

  get #number(): number {
    return this.#chunk.firstLine + this.#counts.lines - 1;
  }

  #journalled(start: number, end: number): void {
    const line = lineOfJournal(this.#chunk.line(start, end), this.#chunk.source, this.#number);
    this.#file.previous = null;
    if (line === null) {
      this.#counts.headless += 1;
      return;
    }
    const at = this.#dated(this.#file.stamps.bounded(line.at));
    if (!this.#wanted.programs.has(line.program) || this.#chunk.skip.has(line.program.toLowerCase()) || !this.#isOfHost(line.host)) return;
    this.#counts.candidates += 1;
    this.#take({ ...line, at });
  }

  /** `last message repeated 3 times`: classic syslogds write it without a tag, older rsyslogs with that of the line before. */
  #isRepeat(): boolean {
    const { text } = this.#chunk;
    const { messageStart, tagStart, tagEnd } = this.#header;
    return text.startsWith(REPEATED, messageStart) || (tagEnd - tagStart === 4 && text.startsWith(REPEATED, tagStart));
  }

  /** What the line before told, so many times more; in the words of rsyslog, which parsers understand. */
  #repeat(start: number, end: number): void {
    const at = this.#date();
    const { previous } = this.#file;
    const times = /repeated (\d{1,9}) times?$/.exec(this.#chunk.text.slice(Math.max(start, end - 40), end).trimEnd())?.[1];
    if (at === null || previous === null || times === undefined) return;
    this.#counts.candidates += 1;
    const message = `message repeated ${times} times: [ ${previous.message}]`;
    this.#take({ ...previous, line: this.#number, at, message, raw: this.#chunk.line(start, end) });
  }

  #pass(start: number, end: number): void {
    const { source, text } = this.#chunk;
    const { hostStart, hostEnd, tagStart, tagEnd, messageStart, pid } = this.#header;
    const at = this.#date();
    const host = text.slice(hostStart, hostEnd);
    this.#file.previous = null;
    if (at === null || !this.#isOfHost(host)) return;
    this.#counts.candidates += 1;
    const raw = this.#chunk.line(start, end);
    // Bytes and characters agree unless the line holds more than ASCII; then the message is decoded by itself.
    const message = raw.length === end - start ? raw.slice(messageStart - start) : this.#chunk.line(messageStart, end);
    const program = text.slice(tagStart, tagEnd);
    const line: Line = { source, line: this.#number, at, host, program, pid: pid < 0 ? null : pid, message, raw };
    this.#file.previous = line;
    this.#take(line);
  }

  #isOfHost(host: string): boolean {
    const { hosts } = this.#counts;
    if (host !== this.#file.host || hosts.size === 0) {
      this.#file.host = host;
      if (hosts.size < HOSTS_AT_MOST) hosts.add(host);
    }
    if (isHost(host, this.#wanted.host)) return true;
    this.#counts.elsewhere += 1;
    return false;
  }

  /** Reads the stamp of a line whose header was read. */
  #date(): Millis | null {
    const at = this.#file.stamps.read(this.#chunk.text, this.#header.stampStart);
    if (at !== null) return this.#dated(at);
    this.#counts.headless += 1;
    return null;
  }

  /** Keeps account of the time that the log covers. */
  #dated(at: Millis): Millis {
    const counts = this.#counts;
    if (at < this.#file.last - BACKWARDS_MS) counts.backwards += 1;
    this.#file.last = at;
    counts.from = counts.from === null ? at : Math.min(counts.from, at);
    counts.to = counts.to === null ? at : Math.max(counts.to, at);
    return at;
  }
}
