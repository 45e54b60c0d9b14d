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
import type { Chunk } from '../core/world.ts';
import type { SiftCounts } from './sift-counts.ts';

export const ACCESS_PROGRAM = 'web-access';

/** Agents and referrers are few and come again and again: what was said of one is kept. */
const HEADERS_KEPT = 20_000;
/** Addresses that were asked for a password (401): their log-ins with a name count. */
const ASKED_KEPT = 20_000;

const BACKSLASH = 92;
const QUOTE = 34;
const ZERO = 48;

const NOTHING = { lines: 0, candidates: 0, cut: 0, headless: 0, backwards: 0, hole: 0, elsewhere: 0, aheadMs: 0, from: null, to: null };

/** One for all access logs of a look: what it remembers is bounded. */
export class AccessSieve {
  readonly #agents = new Bounded<boolean>(HEADERS_KEPT, null);
  readonly #referrers = new Bounded<boolean>(HEADERS_KEPT, null);
  readonly #asked = new Bounded<true>(ASKED_KEPT, null);
  /** Stamps of one second are alike, and neighbours have mostly the same. */
  #stampText = '';
  #stamp: Stamp | null = null;

  sift(chunk: Chunk, take: { line(line: Line): void }): SiftCounts {
    const counts: SiftCounts = { ...NOTHING, hosts: new Set() };
    const { text } = chunk;
    for (let start = 0; start < text.length; ) {
      const newline = text.indexOf('\n', start);
      const lineEnd = newline < 0 ? text.length : newline;
      counts.lines += 1;
      if (lineEnd - start > ACCESS_LINE_AT_MOST) counts.cut += 1;
      const end = Math.min(text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd, start + ACCESS_LINE_AT_MOST);
      const edge = counts.lines === 1 || lineEnd + 1 >= text.length;
      if (end > start) this.#line(chunk, start, end, edge, counts, take);
      start = lineEnd + 1;
    }
    return counts;
  }

  #line(chunk: Chunk, start: number, end: number, edge: boolean, counts: SiftCounts, take: { line(line: Line): void }): void {
    const { text } = chunk;
    const json = text.charCodeAt(start) === 123;
    const line = text.slice(start, end);
    const wanted = json ? this.#jsonMatters(line) : this.#matters(line);
    if (wanted === null) counts.headless += 1;
    else counts.candidates += 1;
    if (wanted !== true && !edge) return;
    const raw = chunk.line(start, end);
    const at = this.#date(raw, json, chunk, counts);
    if (wanted !== true || at === null) return;
    take.line({
      source: chunk.source,
      line: chunk.firstLine + counts.lines - 1,
      at,
      host: '',
      program: ACCESS_PROGRAM,
      pid: null,
      message: raw,
      raw,
    });
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
    const stamp = json ? (readAccess(raw)?.stamp ?? null) : this.#clf(raw);
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

  #clf(raw: string): Stamp | null {
    for (let at = raw.indexOf('['); at >= 0; at = raw.indexOf('[', at + 1)) {
      if (!looksLikeClf(raw, at + 1)) continue;
      const text = raw.slice(at + 1, raw.indexOf(']', at));
      if (text !== this.#stampText) {
        this.#stampText = text;
        this.#stamp = clfTime(text);
      }
      return this.#stamp;
    }
    return null;
  }
}

function firstWord(line: string): string {
  return line.slice(0, line.indexOf(' '));
}

/** A part of a chunk that is kept would keep all of the chunk: this one stands for itself. */
function copied(part: string): string {
  return JSON.parse(JSON.stringify(part));
}
