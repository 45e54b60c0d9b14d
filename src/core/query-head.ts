/**
 * What stands between the stamp and the query: host and program as syslog writes them, a second stamp, category and severity as BIND's
 * channels print them. Left to right, because all that clients choose comes behind it.
 */

/** Whose lines they are. `ANY_OF_BIND` = BIND's, but of no client. */
export const NOBODY = 0;
export const BIND = 1;
export const ANY_OF_BIND = 2;
export const UNBOUND = 3;
export const UNBOUND_REPLY = 4;
export const DNSMASQ = 5;
/** unbound's lines that do not say whether they are of a query or its answer (`log-tag-queryreply: no`). */
export const UNBOUND_EITHER = 6;
/** Other lines of unbound and dnsmasq: answers, starts, statistics. */
export const OTHER = 7;
/** BIND's, behind the header of a syslog. */
export const BIND_BY_SYSLOG = 8;

const BLANK = 32;
const COLON = 58;
const OPEN = 91;
/** Category and severity; `debug 3:` is none. */
const CATEGORIES_AT_MOST = 3;
const WORD_BYTES_AT_MOST = 256;

/** ASCII, one byte a letter. */
export function word(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}
const CLIENT = word('client ');
const NAMED = word('named');
const UNBOUND_NAME = word('unbound');
const DNSMASQ_NAME = word('dnsmasq');
const INFO = word('info: ');
const QUERY = word('query: ');
const REPLY = word('reply: ');

export function begins(bytes: Uint8Array, at: number, end: number, what: Uint8Array): boolean {
  if (at + what.length > end) return false;
  for (let index = 0; index < what.length; index += 1) if (bytes[at + index] !== what[index]) return false;
  return true;
}

/** The last head that was read. */
export class QueryHead {
  server = NOBODY;

  /** The position behind the head, and `server` says whose; -1 where it is none. `bySyslog` = a host and a program may stand there. */
  read(bytes: Uint8Array, start: number, end: number, bySyslog: boolean): number {
    this.server = NOBODY;
    let at = behindBlanks(bytes, start, end);
    let wordEnd = endOfWord(bytes, at, end);
    let program = wordEnd < 0 ? NOBODY : programAt(bytes, at, wordEnd);
    if (program === NOBODY && bySyslog && wordEnd >= 0) {
      const next = endOfWord(bytes, wordEnd + 1, end);
      program = next < 0 ? NOBODY : programAt(bytes, wordEnd + 1, next);
      if (program !== NOBODY) wordEnd = next;
    }
    if (program === UNBOUND) return this.#unbound(bytes, wordEnd + 1, end);
    if (program === DNSMASQ) return this.#is(DNSMASQ, wordEnd + 1);
    if (program === BIND) at = behindStamp(bytes, wordEnd + 1, end);
    return this.#bind(bytes, at, end, program === BIND ? BIND : bySyslog ? NOBODY : ANY_OF_BIND);
  }

  /** `otherwise` = whose it is where no client and no category follows. */
  #bind(bytes: Uint8Array, start: number, end: number, otherwise: number): number {
    let at = start;
    for (let count = 0; count < CATEGORIES_AT_MOST; count += 1) {
      const wordEnd = endOfWord(bytes, at, end);
      if (wordEnd < 0 || !isCategory(bytes, at, wordEnd)) break;
      at = wordEnd + 1;
    }
    if (begins(bytes, at, end, CLIENT)) return this.#is(otherwise === BIND ? BIND_BY_SYSLOG : BIND, at + CLIENT.length);
    return at > start && otherwise !== BIND ? this.#is(ANY_OF_BIND, at) : -1;
  }

  #is(server: number, at: number): number {
    this.server = server;
    return at;
  }

  #unbound(bytes: Uint8Array, at: number, end: number): number {
    if (begins(bytes, at, end, QUERY)) return this.#is(UNBOUND, at + QUERY.length);
    if (begins(bytes, at, end, REPLY)) return this.#is(UNBOUND_REPLY, at + REPLY.length);
    return begins(bytes, at, end, INFO) ? this.#is(UNBOUND_EITHER, at + INFO.length) : this.#is(OTHER, at);
  }
}

function behindBlanks(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && bytes[at] === BLANK) at += 1;
  return at;
}

/** A channel to syslog may print its own time: one word (`2026-11-20T23:18:00`) or two. */
function behindStamp(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (let words = 0; words < 2 && isDigitAt(bytes, at, end); words += 1) {
    const wordEnd = endOfWord(bytes, at, end);
    if (wordEnd < 0) return at;
    at = wordEnd + 1;
  }
  return at;
}

/** -1 where no word ends with a blank: a line that is cut in its head. */
function endOfWord(bytes: Uint8Array, start: number, end: number): number {
  const last = end - start > WORD_BYTES_AT_MOST ? start + WORD_BYTES_AT_MOST : end;
  for (let at = start; at < last; at += 1) {
    const byte = bytes[at] as number; // below `end`
    if (byte <= BLANK) return byte === BLANK ? at : -1;
  }
  return -1;
}

/** `named[7]:`, `named:`, `unbound[7:0]`, `dnsmasq[7]:`, with a path before it or not. */
function programAt(bytes: Uint8Array, start: number, end: number): number {
  let name = start;
  for (let at = start; at < end && bytes[at] !== OPEN; at += 1) if (bytes[at] === 47) name = at + 1;
  if (isProgram(bytes, name, end, NAMED)) return BIND;
  if (isProgram(bytes, name, end, UNBOUND_NAME)) return UNBOUND;
  return isProgram(bytes, name, end, DNSMASQ_NAME) ? DNSMASQ : NOBODY;
}

function isProgram(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  const behind = start + name.length;
  return behind < end && (bytes[behind] === OPEN || bytes[behind] === COLON) && begins(bytes, start, end, name);
}

/** `queries:`, `info:`, `query-errors:`, `debug 1:` without its number. Lower-case letters and dashes only: no program's tag with a number. */
function isCategory(bytes: Uint8Array, start: number, end: number): boolean {
  if (end - start < 3 || bytes[end - 1] !== COLON) return false;
  for (let at = start; at < end - 1; at += 1) {
    const byte = bytes[at] as number; // below `end`
    if ((byte < 97 || byte > 122) && byte !== 45) return false;
  }
  return true;
}

function isDigitAt(bytes: Uint8Array, at: number, end: number): boolean {
  return at < end && (bytes[at] as number) >= 48 && (bytes[at] as number) <= 57;
}
