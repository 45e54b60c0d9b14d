/**
 * Lets through only the lines that somebody asked for: the program of each line is looked up before anything is made of it, so
 * that the boring majority costs a search for its end and no string. The seam where a scan for all needles at once can take over.
 */

import type { Parser } from '../core/contracts.ts';
import type { Line, Millis } from '../core/words.ts';
import type { Chunk, FileClock } from '../core/world.ts';
import { type Header, readHeader } from './header.ts';
import { Stamps } from './stamp.ts';

/** Longer lines are cut: no honest daemon writes them, and a pattern should not be fed more. */
export const LINE_BYTES_AT_MOST = 8_192;
/** A stamp this much before the one before it means that somebody set the clock, or daylight saving ended. */
const BACKWARDS_MS = 60_000;

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
  from: Millis | null;
  to: Millis | null;
}

/** Programs that any parser wants, and a filter by length and first letter that turns most others away unread. */
export interface Wanted {
  readonly programs: ReadonlyMap<string, boolean>;
  readonly shapes: Uint8Array;
}

export function wantedBy(parsers: readonly Parser[]): Wanted {
  const programs = new Map<string, boolean>();
  const shapes = new Uint8Array(128 * 128);
  for (const program of parsers.flatMap((parser) => parser.programs)) {
    for (const form of [program, program.toLowerCase(), program.toUpperCase()]) {
      programs.set(form, true);
      shapes[shapeOf(form.length, form.charCodeAt(0))] = 1;
    }
  }
  return { programs, shapes };
}

function shapeOf(length: number, first: number): number {
  return ((length & 127) << 7) | (first & 127);
}

/** `previous` is the line before, where somebody wanted it. */
type Dated = { readonly stamps: Stamps; last: Millis; previous: Line | null };

/** One file's stamps are read in order over all of its chunks; its clock is the file's own object. */
const stampsOf = new WeakMap<FileClock, Dated>();

export function sift(chunk: Chunk, wanted: Wanted, take: (line: Line) => void): SiftCounts {
  const counts: SiftCounts = { lines: 0, candidates: 0, cut: 0, headless: 0, backwards: 0, from: null, to: null };
  const file = stampsOf.get(chunk.clock) ?? { stamps: new Stamps(chunk.clock), last: Number.NEGATIVE_INFINITY, previous: null };
  stampsOf.set(chunk.clock, file);
  const header: Header = { stampStart: 0, tagStart: 0, tagEnd: 0, pid: -1, hostStart: 0, hostEnd: 0, messageStart: 0 };
  const { text } = chunk;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf('\n', start);
    const lineEnd = newline < 0 ? text.length : newline;
    const end = Math.min(text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd, start + LINE_BYTES_AT_MOST);
    const number = chunk.firstLine + counts.lines;
    counts.lines += 1;
    if (lineEnd - start > LINE_BYTES_AT_MOST) counts.cut += 1;
    if (end > start && !readHeader(text, start, end, header)) {
      counts.headless += 1;
      file.previous = null;
    } else if (end > start && again(text, header)) repeat(chunk, header, start, end, number, file, counts, take);
    else if (end > start && isWanted(text, header, wanted, chunk.skip)) pass(chunk, header, start, end, number, file, counts, take);
    else if (end > start) {
      file.previous = null;
      // Also the edges of what nobody asked for are dated: a log of other things covers its time too, and New Year is not missed.
      if (counts.lines === 1 || lineEnd + 1 >= text.length) date(text, header, file, counts);
    }
    start = lineEnd + 1;
  }
  return counts;
}

function isWanted(text: string, header: Header, wanted: Wanted, skip: ReadonlySet<string>): boolean {
  const length = header.tagEnd - header.tagStart;
  if (wanted.shapes[shapeOf(length, text.charCodeAt(header.tagStart))] !== 1) return false;
  const program = text.slice(header.tagStart, header.tagEnd);
  return wanted.programs.has(program) && !skip.has(program.toLowerCase());
}

/** `last message repeated 3 times`: classic syslogds write it without a tag, older rsyslogs with that of the line before. */
function again(text: string, header: Header): boolean {
  if (text.startsWith('last message repeated ', header.messageStart)) return true;
  return header.tagEnd - header.tagStart === 4 && text.startsWith('last message repeated ', header.tagStart);
}

/** What the line before told, so many times more; in the words of rsyslog, which parsers understand. */
function repeat(
  chunk: Chunk,
  header: Header,
  start: number,
  end: number,
  number: number,
  file: Dated,
  counts: SiftCounts,
  take: (line: Line) => void,
): void {
  const at = date(chunk.text, header, file, counts);
  const { previous } = file;
  const times = /repeated (\d{1,9}) times?$/.exec(chunk.text.slice(Math.max(start, end - 40), end).trimEnd())?.[1];
  if (at === null || previous === null || times === undefined) return;
  counts.candidates += 1;
  take({ ...previous, line: number, at, message: `message repeated ${times} times: [ ${previous.message}]`, raw: chunk.line(start, end) });
}

function pass(
  chunk: Chunk,
  header: Header,
  start: number,
  end: number,
  number: number,
  file: Dated,
  counts: SiftCounts,
  take: (line: Line) => void,
): void {
  const at = date(chunk.text, header, file, counts);
  file.previous = null;
  if (at === null) return;
  counts.candidates += 1;
  const raw = chunk.line(start, end);
  // Bytes and characters agree unless the line holds more than ASCII; then the message is decoded by itself.
  const message = raw.length === end - start ? raw.slice(header.messageStart - start) : chunk.line(header.messageStart, end);
  const line: Line = {
    source: chunk.source,
    line: number,
    at,
    host: chunk.text.slice(header.hostStart, header.hostEnd),
    program: chunk.text.slice(header.tagStart, header.tagEnd),
    pid: header.pid < 0 ? null : header.pid,
    message,
    raw,
  };
  file.previous = line;
  take(line);
}

/** Reads the stamp of a line whose header was read, and keeps account of the time that the log covers. */
function date(text: string, header: Header, file: Dated, counts: SiftCounts): Millis | null {
  const at = file.stamps.read(text, header.stampStart);
  if (at === null) {
    counts.headless += 1;
    return null;
  }
  if (at < file.last - BACKWARDS_MS) counts.backwards += 1;
  file.last = at;
  counts.from = counts.from === null ? at : Math.min(counts.from, at);
  counts.to = counts.to === null ? at : Math.max(counts.to, at);
  return at;
}
