/**
 * The loop over the lines of access logs: which of them certainly tell nothing to anybody? A page that was asked for and not refused, by
 * nobody with a name, with a plain target and with headers that were judged before. All other lines become a record each, to be read in full.
 */

import { isKnown, learn } from './headers.ts';
import { byteAt, find, findBracket, isSame, putWord, reserve, wordAt } from './memory.ts';
import * as places from './places.ts';
import { ANY, endOfPlain, POSTED } from './target.ts';

/** Longer lines are cut (core/access-line.ts): they are read in full. */
const LINE_AT_MOST: i32 = 8_192;
const NEWLINE: i32 = 10;
const BLANK: i32 = 32;
const QUOTE: i32 = 34;
const MINUS: i32 = 45;
const POINT: i32 = 46;
const SLASH: i32 = 47;
const FOUR: i32 = 52;
const OPEN: i32 = 91;
const BACKSLASH: i32 = 92;
const CLOSE: i32 = 93;
const BRACE: i32 = 123;
/** `GET `, `HEAD`, `POST` and `HTTP`, the first letter lowest. */
const GET: i32 = 0x20544547;
const HEAD: i32 = 0x44414548;
const POST: i32 = 0x54534f50;
const HTTP: i32 = 0x50545448;
/** `10/Oct/2000:13:55:36 -0700`, without its brackets. */
const STAMP: i32 = 26;

/** After `scan`: where it stopped, and how many lines it went over. */
let stoppedAt: i32 = 0;
let linesSeen: i32 = 0;
/** The stamp that was looked at last: lines of one second have the same. 0 = none. */
let stamp: i32 = 0;
/** What was not known of the line that was looked at last. */
let kind: i32 = places.UNSURE;
let headerStart: i32 = 0;
let headerEnd: i32 = 0;

/** Room for so many bytes of text. */
export function room(size: i32): void {
  reserve(size);
}

export function stopped(): i32 {
  return stoppedAt;
}

export function seen(): i32 {
  return linesSeen;
}

/** The header of a record, relative to the text, tells nothing to anybody: `kind` is the record's. */
export function keep(start: i32, end: i32, kind: i32): void {
  learn(places.INPUT + start, places.INPUT + end, kind);
}

/** Goes over the whole lines from `from` to `to` (relative to the text), of which `from` is line number `line`; returns how many records it made. Behind `to` no more than a line end is needed. */
export function scan(from: i32, to: i32, line: i32): i32 {
  let count: i32 = 0;
  let at: i32 = places.INPUT + from;
  const last: i32 = places.INPUT + to;
  linesSeen = 0;
  stamp = 0;
  while (at < last && count < places.RECORDS_AT_MOST) {
    kind = places.UNSURE;
    let newline: i32 = endOfDull(at, last);
    if (newline < 0 || newline - at > LINE_AT_MOST) {
      newline = find(at, last, NEWLINE);
      put(count, at - places.INPUT, newline - places.INPUT, line + linesSeen);
      count++;
    }
    linesSeen++;
    at = newline + 1;
    if (kind !== places.UNSURE) break;
  }
  stoppedAt = at - places.INPUT;
  return count;
}

function put(count: i32, start: i32, end: i32, line: i32): void {
  const place: i32 = places.RECORDS + count * places.RECORD_BYTES;
  putWord(place + places.KIND, kind);
  putWord(place + places.START, start);
  putWord(place + places.END, end);
  putWord(place + places.LINE, line);
  putWord(place + places.HEADER_START, kind === places.UNSURE ? 0 : headerStart - places.INPUT);
  putWord(place + places.HEADER_END, kind === places.UNSURE ? 0 : headerEnd - places.INPUT);
}

/** Where a line ends that certainly tells nothing; -1 for every other line. */
function endOfDull(start: i32, last: i32): i32 {
  const open: i32 = findBracket(start, last);
  if (byteAt(start) === BRACE || byteAt(open) !== OPEN || open - start < 4 || open + STAMP + 4 >= last) return -1;
  // Nobody with a name: `- [`.
  if (byteAt(open - 1) !== BLANK || byteAt(open - 2) !== MINUS || byteAt(open - 3) !== BLANK || !isStamp(open + 1)) return -1;
  const bracket: i32 = open + 1 + STAMP;
  if (byteAt(bracket) !== CLOSE || byteAt(bracket + 1) !== BLANK || byteAt(bracket + 2) !== QUOTE) return -1;
  const close: i32 = endOfRequest(bracket + 3);
  if (close < 0 || byteAt(close + 1) !== BLANK) return -1;
  // A refusal is 4xx; `-` and a quotation mark are not for here.
  const status: i32 = byteAt(close + 2);
  if (status < 49 || status > 57 || status === FOUR) return -1;
  return endOfHeaders(close + 1, last);
}

/** Nothing in it that could end it early. */
function isStamp(at: i32): boolean {
  if (stamp !== 0 && isSame(stamp, at, STAMP)) return true;
  for (let index: i32 = 0; index < STAMP; index++) {
    const code: i32 = byteAt(at + index);
    if (code < BLANK || code === QUOTE || code === OPEN || code === CLOSE) return false;
  }
  stamp = at;
  return true;
}

/** The closing mark of a request for a plain target that wants nothing but a page; -1 for every other. */
function endOfRequest(start: i32): i32 {
  const method: i32 = wordAt(start);
  const posted: boolean = method === POST;
  if (method !== GET && ((method !== HEAD && !posted) || byteAt(start + 4) !== BLANK)) return -1;
  const target: i32 = method === GET ? start + 4 : start + 5;
  const blank: i32 = endOfPlain(target, posted ? ANY | POSTED : ANY);
  if (blank <= target || wordAt(blank + 1) !== HTTP || byteAt(blank + 5) !== SLASH || !isDigit(byteAt(blank + 6))) return -1;
  // HTTP/2, HTTP/1.1
  if (byteAt(blank + 7) === QUOTE) return blank + 7;
  return byteAt(blank + 7) === POINT && isDigit(byteAt(blank + 8)) && byteAt(blank + 9) === QUOTE ? blank + 9 : -1;
}

function isDigit(code: i32): boolean {
  return code >= 48 && code <= 57;
}

/** The end of the line, where it has no headers or such as are known. */
function endOfHeaders(after: i32, last: i32): i32 {
  const from: i32 = find(after, last, QUOTE);
  if (from >= last || byteAt(from) !== QUOTE) return from;
  const mid: i32 = find(from + 1, last, QUOTE);
  if (mid >= last || byteAt(mid) !== QUOTE || byteAt(mid + 1) !== BLANK || byteAt(mid + 2) !== QUOTE) return -1;
  if ((mid !== from + 2 || byteAt(from + 1) !== MINUS) && isNew(from + 1, mid, places.NEW_REFERRER)) return -1;
  const agent: i32 = mid + 3;
  const end: i32 = find(agent, last, QUOTE);
  if (end >= last || byteAt(end) !== QUOTE || byteAt(end - 1) === BACKSLASH || isNew(agent, end, places.NEW_AGENT)) return -1;
  return byteAt(end + 1) === NEWLINE ? end + 1 : find(end + 1, last, NEWLINE);
}

function isNew(start: i32, end: i32, which: i32): boolean {
  if (isKnown(start, end, which)) return false;
  kind = which;
  headerStart = start;
  headerEnd = end;
  return true;
}
