/**
 * Access logs of web servers on their way to the parser: they have no syslog header, and nearly all of their lines tell nothing. Every line
 * is counted; a `Line` is made only of those that some detector can want. Which these are: core/web-interest.ts.
 */

import { given, quoteEnd, unescaped } from '../core/access-escape.ts';
import { ACCESS_LINE_AT_MOST, readAccess } from '../core/access-line.ts';
import { clfTime, looksLikeClf, type Stamp } from '../core/access-time.ts';
import { headersAttack } from '../core/web-attack.ts';
import { requestMatters } from '../core/web-interest.ts';
import { Bounded } from '../core/window.ts';
import type { Line, Millis } from '../core/words.ts';
import type { AccessScanner, Chunk } from '../core/world.ts';
import {
  END,
  HEADER_END,
  HEADER_START,
  INPUT,
  KIND,
  LINE,
  NEW_AGENT,
  RECORD_BYTES,
  RECORDS,
  RECORDS_AT_MOST,
  START,
  UNSURE,
} from '../scan-access/places.ts';
import { writeAccessTables } from './access-tables.ts';
import type { SiftCounts } from './sift-counts.ts';

export const ACCESS_PROGRAM = 'web-access';

/** Agents and referrers are few and come again and again: what was said of one is kept. */
const HEADERS_KEPT = 20_000;
/** Addresses that were asked for a password (401): their log-ins with a name count. */
const ASKED_KEPT = 20_000;

const NEWLINE = 10;
const RETURN = 13;
const QUOTE = 34;
const ZERO = 48;
const BACKSLASH = 92;
const BRACE = 123;

interface Take {
  line(line: Line): void;
}

/** One chunk on its way. */
interface Sifting {
  readonly chunk: Chunk;
  readonly counts: SiftCounts;
  readonly take: Take;
}

const NOTHING = { lines: 0, candidates: 0, cut: 0, headless: 0, backwards: 0, hole: 0, elsewhere: 0, aheadMs: 0, from: null, to: null };

/** One for all access logs of a look: what it remembers is bounded. */
export class AccessSieve {
  readonly #agents = new Bounded<boolean>(HEADERS_KEPT, null);
  readonly #referrers = new Bounded<boolean>(HEADERS_KEPT, null);
  readonly #asked = new Bounded<true>(ASKED_KEPT, null);
  readonly #scanner: AccessScanner;

  constructor(scanner: AccessScanner) {
    this.#scanner = scanner;
  }

  /** The first and the last line are read in full: they say of what time the log is. What lies between goes through the loop over bytes. */
  sift(chunk: Chunk, take: Take): SiftCounts {
    const counts: SiftCounts = { ...NOTHING, hosts: new Set() };
    const { bytes } = chunk;
    if (bytes.length === 0) return counts;
    const firstEnd = endOf(bytes, 0);
    const last = bytes.length < 2 ? 0 : bytes.lastIndexOf(NEWLINE, bytes.length - 2) + 1;
    const sifting = { chunk, counts, take };
    this.#line(sifting, 0, firstEnd, chunk.firstLine, true);
    counts.lines = 1;
    if (last <= firstEnd) return counts;
    if (last > firstEnd + 1) this.#between(sifting, firstEnd + 1, last);
    this.#line(sifting, last, endOf(bytes, last), chunk.firstLine + counts.lines, true);
    counts.lines += 1;
    return counts;
  }

  #between(sifting: Sifting, from: number, to: number): void {
    const scanner = this.#scanner;
    const { bytes, firstLine } = sifting.chunk;
    scanner.room(bytes.length + 1);
    writeAccessTables(scanner);
    const memory = scanner.all();
    memory.set(bytes.subarray(from, to), INPUT + from);
    const records = new Int32Array(memory.buffer, memory.byteOffset + RECORDS, (RECORDS_AT_MOST * RECORD_BYTES) >> 2);
    for (let at = from; at < to; at = scanner.stopped()) {
      const count = scanner.scan(at, to, firstLine + sifting.counts.lines);
      sifting.counts.lines += scanner.seen();
      sifting.counts.candidates += scanner.seen() - count;
      for (let index = 0; index < count; index += 1) this.#record(sifting, records, (index * RECORD_BYTES) >> 2);
    }
  }

  /** A line of which the loop cannot say that it tells nothing. */
  #record(sifting: Sifting, records: Int32Array, place: number): void {
    const word = (field: number) => records[place + (field >> 2)] ?? 0;
    const kind = word(KIND);
    if (kind !== UNSURE) this.#learn(sifting.chunk, word(HEADER_START), word(HEADER_END), kind);
    this.#line(sifting, word(START), word(END), word(LINE), false);
  }

  /** A referrer or an agent that is no attack is none when it comes again. */
  #learn(chunk: Chunk, start: number, end: number, kind: number): void {
    const header = chunk.latin1(start, end);
    if (!(kind === NEW_AGENT ? this.#came(header) : this.#referred(header))) this.#scanner.keep(start, end, kind);
  }

  #line({ chunk, counts, take }: Sifting, start: number, lineEnd: number, number: number, edge: boolean): void {
    if (lineEnd - start > ACCESS_LINE_AT_MOST) counts.cut += 1;
    const end = Math.min(chunk.bytes[lineEnd - 1] === RETURN ? lineEnd - 1 : lineEnd, start + ACCESS_LINE_AT_MOST);
    if (end <= start) return;
    const line = chunk.latin1(start, end);
    const json = line.charCodeAt(0) === BRACE;
    const wanted = json ? this.#jsonMatters(line) : this.#matters(line);
    if (wanted === null) counts.headless += 1;
    else counts.candidates += 1;
    if (wanted !== true && !edge) return;
    const raw = chunk.ascii ? line : chunk.line(start, end);
    const at = this.#date(raw, json, chunk, counts);
    if (wanted !== true || at === null) return;
    take.line({ source: chunk.source, line: number, at, host: '', program: ACCESS_PROGRAM, pid: null, message: raw, raw });
  }

  /** Null = no line of an access log. */
  #matters(line: string): boolean | null {
    const open = line.indexOf('] "');
    // HAProxy's form, and damaged lines: the parser decides.
    if (open < 0) return looksLikeClf(line, line.indexOf('[') + 1) ? true : null;
    const quote = open + 3;
    let close = line.indexOf('"', quote);
    if (close >= 0 && line.charCodeAt(close - 1) === BACKSLASH) close = quoteEnd(line, quote);
    if (close < 0 || line.charCodeAt(close + 2) === QUOTE) return true;
    const status = (line.charCodeAt(close + 2) - ZERO) * 100;
    if (status === 400 && line.startsWith('401', close + 2)) this.#asked.open(copied(firstWord(line)), () => true);
    if (status === 400) return true;
    const blank = line.indexOf(' ', quote);
    const last = line.lastIndexOf(' ', close);
    if (blank >= close || last <= blank || requestMatters(line.slice(quote, blank), line.slice(blank + 1, last), status)) return true;
    return this.#headersMatter(line, close) || this.#named(line, open);
  }

  /** Somebody with a name who was asked for a password before. */
  #named(line: string, open: number): boolean {
    if (this.#asked.size === 0 || line.startsWith(' - ', line.lastIndexOf('[', open) - 3)) return false;
    return this.#asked.get(firstWord(line)) === true;
  }

  /** Status and size stand before the referrer. */
  #headersMatter(line: string, close: number): boolean {
    const from = line.indexOf('"', close + 1);
    if (from < 0) return false;
    const mid = line.indexOf('" "', from + 1);
    if (mid < 0) return this.#referred(line.slice(from + 1, line.endsWith('"') ? -1 : undefined));
    let to = line.indexOf('"', mid + 3);
    if (to < 0 || line.charCodeAt(to - 1) === BACKSLASH) to = line.length;
    return this.#referred(line.slice(from + 1, mid)) || this.#came(line.slice(mid + 3, to));
  }

  #referred(referrer: string): boolean {
    if (referrer === '-') return false;
    return this.#referrers.get(referrer) ?? this.#referrers.open(copied(referrer), () => headersAttack(given(unescaped(referrer)), null));
  }

  #came(agent: string): boolean {
    return this.#agents.get(agent) ?? this.#agents.open(copied(agent), () => headersAttack(null, given(unescaped(agent))));
  }

  #jsonMatters(text: string): boolean | null {
    const request = readAccess(text)?.request;
    if (!request) return null;
    const { method, target, status, referrer, agent, ip } = request;
    if (status === 401 && ip !== null) this.#asked.open(copied(ip), () => true);
    if (method === null || requestMatters(method, target, status ?? 0)) return true;
    return headersAttack(referrer, agent) || (request.user !== null && this.#asked.get(ip ?? '') === true);
  }

  /** When it was written; null where nobody can tell. */
  #date(raw: string, json: boolean, { clock }: Chunk, counts: SiftCounts): Millis | null {
    const stamp = json ? (readAccess(raw)?.stamp ?? null) : clfIn(raw);
    if (stamp === null) return null;
    const told = stamp.utc ? stamp.at : clock.toUtc(stamp.at);
    const received = clock.received ?? clock.latest;
    if (told > received) counts.aheadMs = Math.max(counts.aheadMs, told - received);
    const at = Math.min(told, clock.latest);
    // No word about stamps that go back: a line is written when its answer is sent, and has the time of the request.
    counts.from = counts.from === null ? at : Math.min(counts.from, at);
    counts.to = counts.to === null ? at : Math.max(counts.to, at);
    return at;
  }
}

function endOf(bytes: Uint8Array, start: number): number {
  const newline = bytes.indexOf(NEWLINE, start);
  return newline < 0 ? bytes.length : newline;
}

/** The first bracket that looks like a stamp. */
function clfIn(raw: string): Stamp | null {
  for (let at = raw.indexOf('['); at >= 0; at = raw.indexOf('[', at + 1))
    if (looksLikeClf(raw, at + 1)) return clfTime(raw.slice(at + 1, raw.indexOf(']', at)));
  return null;
}

function firstWord(line: string): string {
  return line.slice(0, line.indexOf(' '));
}

/** A part of a chunk that is kept would keep all of the chunk: this one stands for itself. */
function copied(part: string): string {
  return JSON.parse(JSON.stringify(part));
}
