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
    chunk.counted?.(counts.lines);
    return counts;
  }

  #line(chunk: Chunk, start: number, end: number, edge: boolean, counts: SiftCounts, take: { line(line: Line): void }): void {
    const { text } = chunk;
    const json = text.charCodeAt(start) === 123;
    const open = json ? -1 : text.indexOf('] "', start);
    const wanted = json ? this.#jsonMatters(text.slice(start, end)) : this.#matters(text, start, open, end);
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

  /** Null = no line of an access log. `open` is where the stamp ends. */
  #matters(text: string, start: number, open: number, end: number): boolean | null {
    // HAProxy's form, and damaged lines: the parser decides.
    if (open < 0 || open >= end) return looksLikeClf(text, text.indexOf('[', start) + 1) ? true : null;
    const quote = open + 3;
    let close = text.indexOf('"', quote);
    if (close >= 0 && close < end && text.charCodeAt(close - 1) === 92) close = quoteEnd(text.slice(0, end), quote);
    if (close < 0 || close >= end) return true;
    const status = text.charCodeAt(close + 2) === 34 ? 400 : (text.charCodeAt(close + 2) - 48) * 100;
    if (status === 400 && text.startsWith('401', close + 2)) this.#asked.open(firstWord(text, start), () => true);
    if (status >= 400 && status < 500) return true;
    const blank = text.indexOf(' ', quote);
    const last = text.lastIndexOf(' ', close);
    if (blank >= close || last <= blank || requestMatters(text.slice(quote, blank), text.slice(blank + 1, last), status)) return true;
    return this.#headersMatter(text, close, end) || this.#named(text, start, open);
  }

  /** Somebody with a name who was asked for a password before. */
  #named(text: string, start: number, open: number): boolean {
    const stamp = text.lastIndexOf('[', open);
    if (text.startsWith(' - ', stamp - 3) || this.#asked.size === 0) return false;
    return this.#asked.get(firstWord(text, start)) === true;
  }

  /** Status and size stand before the referrer. */
  #headersMatter(text: string, close: number, end: number): boolean {
    const from = text.indexOf('"', close + 1);
    if (from < 0 || from >= end) return false;
    const mid = text.indexOf('" "', from + 1);
    if (mid < 0 || mid >= end) return this.#referred(text.slice(from + 1, text.charCodeAt(end - 1) === 34 ? end - 1 : end));
    let to = text.indexOf('"', mid + 3);
    if (text.charCodeAt(to - 1) === 92) to = end;
    const referrer = text.slice(from + 1, mid);
    const agent = text.slice(mid + 3, to < 0 || to > end ? end : to);
    return this.#referred(referrer) || this.#agents.open(agent, () => headersAttack(null, given(unescaped(agent))));
  }

  #referred(referrer: string): boolean {
    return referrer !== '-' && this.#referrers.open(referrer, () => headersAttack(given(unescaped(referrer)), null));
  }

  #jsonMatters(text: string): boolean | null {
    const request = readAccess(text)?.request;
    if (!request) return null;
    const { method, target, status, referrer, agent, ip } = request;
    if (status === 401 && ip !== null) this.#asked.open(ip, () => true);
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

function firstWord(text: string, start: number): string {
  return text.slice(start, text.indexOf(' ', start));
}
