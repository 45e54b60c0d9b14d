/**
 * One line of a name server's query log, read from its bytes: BIND 9.4 to 9.20 and later, unbound (`log-queries`, `log-replies`) and dnsmasq
 * (`log-queries`). No string is made. Strictly from left to right: names are chosen by whoever asks, and stand behind all that is believed.
 * Cannot see: PowerDNS, dnsdist and Knot, whose lines have other forms; what a server refuses without writing a query line.
 */

import { QueryClient } from './query-client.ts';
import { BIND, BIND_BY_SYSLOG, begins, DNSMASQ, NOBODY, QueryHead, UNBOUND, UNBOUND_EITHER, UNBOUND_REPLY, word } from './query-head.ts';
import { Known, sameAt } from './query-known.ts';
import { QueryStamps } from './query-stamp.ts';
import { typeAt } from './query-types.ts';
import type { FileClock } from './world.ts';

/** What a line is. `SERVERS_OWN` = of the name server, but no query. */
export const NO_LINE = 0;
export const QUERY_LINE = 1;
export const SERVERS_OWN = 2;

/** Longer lines are cut: a name has at most 255 bytes, each of which is written with at most four (RFC 1035, 5.1). */
export const QUERY_LINE_AT_MOST = 4_096;

/** Flags. A server that writes none (unbound, dnsmasq) leaves them 0. */
export const RECURSION = 1;
export const BY_TCP = 2;
/** A cookie that this server had given (RFC 7873): the address is no forgery. */
export const VALID_COOKIE = 4;

const BLANK = 32;
const COLON = 58;
const HASH = 35;
const AT = 64;
const OPEN = 40;
const CLOSE = 41;
const BACKSLASH = 92;
const PLUS = 43;
const MINUS = 45;
const HEAD_BYTES = 192;

const QUERY = word('query: ');
const VIEW = word('view ');
const QUERY_TYPED = word('query[');
const FROM = word(' from ');
const KEY = word('/key ');
const DENIED = word(' denied');

/** The reader of one file; its fields are of the line that was read last. */
export class QueryReader {
  readonly stamps: QueryStamps;
  readonly client = new QueryClient();
  /** Where the name stands, without the dot of the root at its end. */
  nameStart = 0;
  nameEnd = 0;
  /** A number of core/query-types.ts. */
  type = 0;
  flags = 0;
  /** So far the line was read: its end is not before. */
  behind = 0;
  readonly #head = new QueryHead();
  /** The head of the line before: most lines have the same. */
  readonly #known = new Known(HEAD_BYTES);
  #of: Uint8Array | null = null;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #server = NOBODY;
  /** unbound can log queries, answers or both: answers count only where there are no queries. */
  #asked = false;

  constructor(clock: FileClock) {
    this.stamps = new QueryStamps(clock);
  }

  /** `end` may lie behind the line: nothing is read over a line's end. */
  read(bytes: Uint8Array, start: number, end: number): number {
    this.behind = start;
    if (bytes !== this.#of) this.#open(bytes);
    const after = this.stamps.read(bytes, this.#view, start, end);
    const { length } = this.#known;
    let at = after + length;
    if (length === 0 || at > end || !this.#known.isAt(this.#view, after)) {
      at = this.#head.read(bytes, after, end, this.stamps.bySyslog);
      if (at < 0) return NO_LINE;
      this.#server = this.#head.server;
      this.#known.learn(this.#view, after, at - after);
    }
    if (this.#server === BIND || this.#server === BIND_BY_SYSLOG) return this.#bind(bytes, at, end);
    if (this.#server === DNSMASQ) return this.#dnsmasq(bytes, at, end);
    if (this.#server === UNBOUND || this.#server === UNBOUND_REPLY || this.#server === UNBOUND_EITHER) return this.#unbound(bytes, at, end);
    return SERVERS_OWN;
  }

  #open(bytes: Uint8Array): void {
    this.#of = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** `[@0xHEX ]ADDRESS#PORT[/key K][ (NAME)]: [view V: ]query: NAME CLASS TYPE FLAGS …` */
  #bind(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    if (bytes[at] === AT) at = behindBlank(bytes, at, end);
    at = this.client.read(bytes, at, end);
    if (at < 0 || at >= end || bytes[at] !== HASH) return NO_LINE;
    at += 1;
    while (at < end && isDigit(bytes[at] as number)) at += 1; // below `end`
    if (begins(bytes, at, end, KEY)) at = behindKey(bytes, at + KEY.length, end);
    let named = 0;
    let length = 0;
    if (at + 1 < end && bytes[at] === BLANK && bytes[at + 1] === OPEN) {
      named = at + 2;
      at = closing(bytes, named, end);
      length = at - named;
      at += 1;
    }
    if (at + 1 >= end || bytes[at] !== COLON || bytes[at + 1] !== BLANK) return NO_LINE;
    at += 2;
    if (begins(bytes, at, end, VIEW)) at = behindColon(bytes, at, end);
    if (!begins(bytes, at, end, QUERY)) return this.#server === BIND_BY_SYSLOG && isDenied(bytes, at, end) ? NO_LINE : SERVERS_OWN;
    at += QUERY.length;
    return this.#asks(bytes, at, endOfName(bytes, this.#view, at, named, length, end), end);
  }

  /** The name is known: what follows the class, and the flags in any order (they changed their places in 9.20). */
  #asks(bytes: Uint8Array, nameStart: number, nameEnd: number, end: number): number {
    if (nameEnd <= nameStart || nameEnd >= end || bytes[nameEnd] !== BLANK) return SERVERS_OWN;
    const classEnd = endOfWord(bytes, nameEnd + 1, end);
    if (classEnd >= end || bytes[classEnd] !== BLANK) return SERVERS_OWN;
    const typeEnd = endOfWord(bytes, classEnd + 1, end);
    if (typeEnd === classEnd + 1) return SERVERS_OWN;
    this.#name(bytes, nameStart, nameEnd);
    this.type = typeAt(bytes, classEnd + 1, typeEnd);
    this.flags = 0;
    this.behind = typeEnd;
    if (typeEnd < end && bytes[typeEnd] === BLANK) this.#flags(bytes, typeEnd + 1, end);
    return QUERY_LINE;
  }

  /** `+E(0)TDCVK`: recursion, TCP and a valid cookie; the others say nothing about a flood. */
  #flags(bytes: Uint8Array, start: number, end: number): void {
    this.behind = start;
    if (start >= end || (bytes[start] !== PLUS && bytes[start] !== MINUS)) return;
    let flags = bytes[start] === PLUS ? RECURSION : 0;
    let at = start + 1;
    for (; at < end; at += 1) {
      const byte = bytes[at] as number; // below `end`
      if (byte <= BLANK) break;
      if (byte === 84) flags |= BY_TCP;
      else if (byte === 86) flags |= VALID_COOKIE;
    }
    this.flags = flags;
    this.behind = at;
  }

  #name(bytes: Uint8Array, start: number, end: number): void {
    this.nameStart = start;
    this.nameEnd = end - start > 1 && bytes[end - 1] === 46 && bytes[end - 2] !== BACKSLASH ? end - 1 : end;
  }

  /** `ADDRESS NAME. TYPE CLASS`, and of an answer `… RCODE SECONDS CACHED SIZE` behind it. */
  #unbound(bytes: Uint8Array, start: number, end: number): number {
    const at = this.client.read(bytes, start, end);
    if (at < 0 || at >= end || bytes[at] !== BLANK) return SERVERS_OWN;
    const nameEnd = endOfWord(bytes, at + 1, end);
    if (nameEnd <= at + 1 || nameEnd >= end || bytes[nameEnd] !== BLANK) return SERVERS_OWN;
    const typeEnd = endOfWord(bytes, nameEnd + 1, end);
    if (typeEnd <= nameEnd + 1 || typeEnd >= end || bytes[typeEnd] !== BLANK) return SERVERS_OWN;
    const classEnd = endOfWord(bytes, typeEnd + 1, end);
    const isAnswer = this.#server === UNBOUND_REPLY || (classEnd + 1 < end && bytes[classEnd] === BLANK && (bytes[classEnd + 1] as number) > BLANK);
    if (!isAnswer) this.#asked = true;
    if (isAnswer && this.#asked) return SERVERS_OWN;
    this.#name(bytes, at + 1, nameEnd);
    this.type = typeAt(bytes, nameEnd + 1, typeEnd);
    this.flags = 0;
    return QUERY_LINE;
  }

  /** `[SERIAL ADDRESS/PORT ]query[TYPE] NAME from ADDRESS` */
  #dnsmasq(bytes: Uint8Array, start: number, end: number): number {
    let at = start;
    for (let words = 0; words < 2 && at < end && bytes[at] !== 113; words += 1) at = behindBlank(bytes, at, end);
    if (!begins(bytes, at, end, QUERY_TYPED)) return SERVERS_OWN;
    const typeStart = at + QUERY_TYPED.length;
    const typeEnd = endOfWord(bytes, typeStart, end) - 1;
    if (typeEnd <= typeStart || typeEnd + 1 >= end || bytes[typeEnd] !== 93 || bytes[typeEnd + 1] !== BLANK) return SERVERS_OWN;
    const nameEnd = endOfWord(bytes, typeEnd + 2, end);
    if (nameEnd === typeEnd + 2 || !begins(bytes, nameEnd, end, FROM)) return SERVERS_OWN;
    if (this.client.read(bytes, nameEnd + FROM.length, end) < 0) return SERVERS_OWN;
    this.#name(bytes, typeEnd + 2, nameEnd);
    this.type = typeAt(bytes, typeStart, typeEnd);
    this.flags = 0;
    return QUERY_LINE;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

/** The blank behind a word, or what else ends it: the end of the line. */
function endOfWord(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] as number) > BLANK) at += 1; // below `end`
  return at;
}

function behindBlank(bytes: Uint8Array, start: number, end: number): number {
  const blank = endOfWord(bytes, start, end);
  return blank < end && bytes[blank] === BLANK ? blank + 1 : blank;
}

/** The bracket that is not of the name: those are escaped. */
function closing(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (; at < end; at += 1) {
    const byte = bytes[at] as number; // below `end`
    if (byte === CLOSE || byte < BLANK) return at;
    if (byte === BACKSLASH && at + 1 < end && (bytes[at + 1] as number) >= BLANK) at += 1;
  }
  return at;
}

/** BIND writes the same name twice: the second one is as long as the first, which began at `named`. */
function endOfName(bytes: Uint8Array, view: DataView, start: number, named: number, length: number, end: number): number {
  const same = length > 0 && start + length < end && sameAt(view, start, named, length);
  return same ? start + length : endOfWord(bytes, start, end);
}

/** The name of a key, up to ` (` or `: `. */
function behindKey(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] as number) > BLANK && !(bytes[at] === COLON && at + 1 < end && bytes[at + 1] === BLANK)) at += 1; // below `end`
  return at;
}

/** Behind `view NAME: `. */
function behindColon(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (; at + 1 < end && (bytes[at] as number) >= BLANK; at += 1) if (bytes[at] === COLON && bytes[at + 1] === BLANK) return at + 2; // below `end`
  return at;
}

/** Refusals that syslog wrote have a parser of their own. */
function isDenied(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end && (bytes[at] as number) >= BLANK; at += 1) if (begins(bytes, at, end, DENIED)) return true; // below `end`
  return false;
}
