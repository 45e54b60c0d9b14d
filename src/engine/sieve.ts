/**
 * Lets through only the lines that somebody asked for: the program of each line is looked up before anything is made of it, so
 * that the boring majority costs a search for its end and no string. The seam where a scan for all needles at once can take over.
 */

import type { Parser } from '../core/contracts.ts';
import type { Line, Millis } from '../core/words.ts';
import type { Chunk, FileClock } from '../core/world.ts';
import { type Header, readHeader } from './header.ts';
import { lineOfJournal } from './journal-entry.ts';
import { Stamps } from './stamp.ts';

/** Longer lines are cut: no honest daemon writes them, and a pattern should not be fed more. */
export const LINE_BYTES_AT_MOST = 8_192;
/** A stamp this much before the one before it means that somebody set the clock, or daylight saving ended. */
const BACKWARDS_MS = 60_000;

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

/** Programs that any parser wants, and a filter by length and first letter that turns most others away unread. */
export interface Wanted {
  readonly programs: ReadonlyMap<string, boolean>;
  readonly shapes: Uint8Array;
  /** Only the lines of this host, by its whole name or its first label; null = of all. */
  readonly host: string | null;
}

export function wantedBy(parsers: readonly Parser[], host: string | null = null): Wanted {
  const programs = new Map<string, boolean>();
  const shapes = new Uint8Array(128 * 128);
  for (const program of parsers.flatMap((parser) => parser.programs)) {
    for (const form of [program, program.toLowerCase(), program.toUpperCase()]) {
      programs.set(form, true);
      shapes[shapeOf(form.length, form.charCodeAt(0))] = 1;
    }
  }
  return { programs, shapes, host: host?.toLowerCase() ?? null };
}

function shapeOf(length: number, first: number): number {
  return ((length & 127) << 7) | (first & 127);
}

/** `previous` is the line before, where somebody wanted it. */
type Dated = { readonly stamps: Stamps; last: Millis; previous: Line | null; host: string };

/** One file's stamps are read in order over all of its chunks; its clock is the file's own object. */
const stampsOf = new WeakMap<FileClock, Dated>();

function noCounts(): SiftCounts {
  const none = { lines: 0, candidates: 0, cut: 0, headless: 0, backwards: 0, hole: 0, elsewhere: 0, aheadMs: 0 };
  return { ...none, hosts: new Set(), from: null, to: null };
}

export function sift(chunk: Chunk, wanted: Wanted, take: (line: Line) => void): SiftCounts {
  const counts = noCounts();
  const file = stampsOf.get(chunk.clock) ?? { stamps: new Stamps(chunk.clock), last: Number.NEGATIVE_INFINITY, previous: null, host: '' };
  stampsOf.set(chunk.clock, file);
  const header: Header = { stampStart: 0, tagStart: 0, tagEnd: 0, pid: -1, hostStart: 0, hostEnd: 0, messageStart: 0 };
  const { text } = chunk;
  for (let start = textFrom(text, 0, counts); start < text.length; start = textFrom(text, start, counts)) {
    const newline = text.indexOf('\n', start);
    const lineEnd = newline < 0 ? text.length : newline;
    const end = Math.min(text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd, start + LINE_BYTES_AT_MOST);
    const number = chunk.firstLine + counts.lines;
    counts.lines += 1;
    if (lineEnd - start > LINE_BYTES_AT_MOST) counts.cut += 1;
    if (isEntry(text, start)) journalled(chunk, start, lineEnd, number, file, wanted, counts, take);
    else if (end > start && !readHeader(text, start, end, header)) {
      // `-- Boot 4f… --`: journalctl's own marks between entries.
      if (!text.startsWith('-- ', start)) counts.headless += 1;
      file.previous = null;
    } else if (end > start && again(text, header)) repeat(chunk, header, start, end, number, file, counts, take);
    else if (end > start && isWanted(text, header, wanted, chunk.skip)) pass(chunk, header, start, end, number, file, wanted, counts, take);
    else if (end > start) {
      file.previous = null;
      // Also the edges of what nobody asked for are dated: a log of other things covers its time too, and New Year is not missed.
      if (counts.lines === 1 || lineEnd + 1 >= text.length) date(text, header, file, counts);
    }
    start = lineEnd + 1;
  }
  counts.aheadMs = file.stamps.aheadMs;
  return counts;
}

/** Where the next line begins: behind the NUL bytes that a crash left and behind a byte order mark (EF BB BF), which belong to no line. */
function textFrom(text: string, start: number, counts: SiftCounts): number {
  let at = start;
  while (text.charCodeAt(at) === 0) at += 1;
  counts.hole += at - start;
  return text.charCodeAt(at) === 0xef && text.startsWith('\u00ef\u00bb\u00bf', at) ? at + 3 : at;
}

/** A line of `journalctl -o json`; no syslog line begins with a brace. */
function isEntry(text: string, start: number): boolean {
  return text.charCodeAt(start) === 123;
}

function journalled(
  chunk: Chunk,
  start: number,
  end: number,
  number: number,
  file: Dated,
  wanted: Wanted,
  counts: SiftCounts,
  take: (line: Line) => void,
): void {
  const line = lineOfJournal(chunk.line(start, end), chunk.source, number);
  file.previous = null;
  if (line === null) {
    counts.headless += 1;
    return;
  }
  const at = dated(file.stamps.bounded(line.at), file, counts);
  if (!wanted.programs.has(line.program) || chunk.skip.has(line.program.toLowerCase()) || !isOf(line.host, wanted, file, counts)) return;
  counts.candidates += 1;
  take({ ...line, at });
}

function isOf(host: string, wanted: Wanted, file: Dated, counts: SiftCounts): boolean {
  if (host !== file.host) {
    file.host = host;
    if (counts.hosts.size < HOSTS_AT_MOST) counts.hosts.add(host);
  } else if (counts.hosts.size === 0) counts.hosts.add(host);
  if (isHost(host, wanted.host)) return true;
  counts.elsewhere += 1;
  return false;
}

/** `web1` is also `web1.example.org`; null is every host. */
export function isHost(host: string, asked: string | null): boolean {
  if (asked === null) return true;
  const name = host.toLowerCase();
  return name === asked || name.startsWith(`${asked}.`);
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
  wanted: Wanted,
  counts: SiftCounts,
  take: (line: Line) => void,
): void {
  const at = date(chunk.text, header, file, counts);
  const host = chunk.text.slice(header.hostStart, header.hostEnd);
  file.previous = null;
  if (at === null || !isOf(host, wanted, file, counts)) return;
  counts.candidates += 1;
  const raw = chunk.line(start, end);
  // Bytes and characters agree unless the line holds more than ASCII; then the message is decoded by itself.
  const message = raw.length === end - start ? raw.slice(header.messageStart - start) : chunk.line(header.messageStart, end);
  const line: Line = {
    source: chunk.source,
    line: number,
    at,
    host,
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
  return dated(at, file, counts);
}

function dated(at: Millis, file: Dated, counts: SiftCounts): Millis {
  if (at < file.last - BACKWARDS_MS) counts.backwards += 1;
  file.last = at;
  counts.from = counts.from === null ? at : Math.min(counts.from, at);
  counts.to = counts.to === null ? at : Math.max(counts.to, at);
  return at;
}
