/**
 * Takes the header off a syslog line: `STAMP HOST TAG[PID]: MESSAGE` (RFC 3164 as files hold it, ISO stamps too), with or without
 * `<PRI>`, host or busybox's level, the stamps of journalctl's short forms, and the form `<PRI>1 STAMP HOST APP PROCID MSGID SD MESSAGE` (RFC 5424). Works on positions, so that a line that
 * nobody wants never becomes a string of its own.
 */

/** Where things are in the text; all positions are absolute. `tagEnd` is exclusive. */
export interface Header {
  stampStart: number;
  tagStart: number;
  tagEnd: number;
  pid: number;
  hostStart: number;
  hostEnd: number;
  messageStart: number;
}

/** A tag is at most 48 characters in RFC 5424, 32 in RFC 3164; systemd units and paths as tags are longer. */
const TAG_AT_MOST = 128;
/** Longest stamp: `2026-03-03T09:40:00.123456789+01:00`. */
const STAMP_AT_MOST = 40;
/** `Tue `, before the stamps of journalctl -o short-full. */
const WEEKDAY = 4;
/** `CEST `, `-0330 `: zones behind those stamps have at most six characters (POSIX TZ names are three to six). */
const ZONE = /^ (?:[A-Z]{3,6}|[+-]\d\d(?::?\d\d)?) /;

const BLANK = 32;
const COLON = 58;
const DASH = 45;
const DOT = 46;
const BRACKET = 91;
const CLOSE = 93;

/** busybox's syslogd (Alpine, OpenWrt) writes facility and level between host and tag. */
const BUSYBOX_LEVEL =
  /^(?:kern|user|mail|daemon|auth|syslog|lpr|news|uucp|cron|authpriv|ftp|local[0-7])\.(?:emerg|alert|crit|err|warn|notice|info|debug)$/;

const FRAME = 'data: {';

/** Where a line begins behind a byte order mark (EF BB BF) and behind what frames a journal's entries: `journalctl -o json-seq` has a record separator (RFC 7464), json-sse `data: `. */
export function behindFrame(bytes: Uint8Array, start: number): number {
  const at = bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf ? start + 3 : start;
  if (bytes[at] === 0x1e && bytes[at + 1] === FRAME.charCodeAt(6)) return at + 1;
  for (let index = 0; index < FRAME.length; index += 1) if (bytes[at + index] !== FRAME.charCodeAt(index)) return at;
  return at + 6;
}

/** Fills `header` (one object for all lines) and says whether the line has one. */
export function readHeader(text: string, start: number, end: number, header: Header): boolean {
  let at = start;
  let version = false;
  if (text.charCodeAt(at) === 60) {
    const close = text.indexOf('>', at);
    if (close < 0 || close > at + 4) return false;
    at = close + 1;
    if (text.charCodeAt(at) === 49 && text.charCodeAt(at + 1) === BLANK) {
      version = true;
      at += 2;
    }
  }
  // `Tue 2026-`: a month has no digit four places on.
  const full = text.charCodeAt(at + 3) === BLANK && text.charCodeAt(at + 8) === DASH && text.charCodeAt(at + 11) === DASH;
  if (full) at += WEEKDAY;
  header.stampStart = at;
  const stampEnd = full ? endOfFull(text, at, end) : endOfStamp(text, at, end);
  if (stampEnd < 0) return false;
  return version ? restOf5424(text, stampEnd + 1, end, header) : restOf3164(text, stampEnd + 1, end, header);
}

/** The blank after the stamp. `Mmm dd hh:mm:ss` has two blanks inside, with a year three; some loggers do not pad the day. */
function endOfStamp(text: string, at: number, end: number): number {
  const code = text.charCodeAt(at);
  if (code >= 65 && code <= 83 && text.charCodeAt(at + 3) === BLANK) {
    const clock = text.charCodeAt(at + 5) === BLANK && text.charCodeAt(at + 4) !== BLANK ? at + 6 : at + 7;
    if (text.charCodeAt(clock + 8) === BLANK && text.charCodeAt(clock + 2) === COLON) return clock + 8 < end ? clock + 8 : -1;
    if (text.charCodeAt(clock + 8) === DOT && text.charCodeAt(clock + 2) === COLON) return blankBy(text, clock + 9, at, end);
    return text.charCodeAt(clock + 13) === BLANK && text.charCodeAt(clock + 7) === COLON && clock + 13 < end ? clock + 13 : -1;
  }
  if (code < 48 || code > 57) return -1;
  if (text.charCodeAt(at + 4) !== DASH) return isSeconds(text, at) ? blankBy(text, at, at, end) : -1;
  let blank = text.indexOf(' ', at);
  if (blank === at + 10) blank = text.indexOf(' ', at + 11);
  return blank > 0 && blank < end && blank - at <= STAMP_AT_MOST ? blank : -1;
}

/** `2026-03-03 09:40:00 CET`, without the weekday before it: the zone is part of the stamp. */
function endOfFull(text: string, at: number, end: number): number {
  const blank = endOfStamp(text, at, end);
  const zone = blank < 0 ? null : ZONE.exec(text.slice(blank, blank + 9));
  return zone === null ? -1 : blank + zone[0].length - 1;
}

function blankBy(text: string, from: number, at: number, end: number): number {
  const blank = text.indexOf(' ', from);
  return blank > 0 && blank < end && blank - at <= STAMP_AT_MOST ? blank : -1;
}

/** `1772530800.123456`: seconds since 1970, of this century. */
function isSeconds(text: string, at: number): boolean {
  return text.charCodeAt(at + 10) === DOT && /^\d{10}\.\d{1,9} /.test(text.slice(at, at + 21));
}

function restOf3164(text: string, start: number, end: number, header: Header): boolean {
  const hostEnd = text.indexOf(' ', start);
  if (hostEnd < 0 || hostEnd >= end) return false;
  header.hostStart = start;
  header.hostEnd = hostEnd;
  if (isTag(text, start, hostEnd)) {
    header.hostEnd = start;
    return tagAt(text, start, end, header);
  }
  if (!tagAt(text, hostEnd + 1, end, header)) return false;
  const level = text.charCodeAt(header.tagEnd) === BLANK && BUSYBOX_LEVEL.test(text.slice(header.tagStart, header.tagEnd));
  return !level || tagAt(text, header.tagEnd + 1, end, header);
}

/** Some loggers write no host: `sshd[7]:`, `sshd:`, metalog's `[sshd]`. No host's name ends so; an IPv6 address may end in `::`. */
function isTag(text: string, start: number, end: number): boolean {
  const last = text.charCodeAt(end - 1);
  if (last === COLON) return end - start > 1 && text.charCodeAt(end - 2) !== COLON;
  return last === CLOSE;
}

/** `TAG[PID]: `, `TAG: `, `TAG[PID] `, `[TAG] `. */
export function tagAt(text: string, start: number, end: number, header: Header): boolean {
  const enclosed = text.charCodeAt(start) === BRACKET;
  const tagStart = enclosed ? start + 1 : start;
  const limit = Math.min(end, tagStart + TAG_AT_MOST);
  let at = tagStart;
  let code = 0;
  for (; at < limit; at += 1) {
    code = text.charCodeAt(at);
    if (code === BRACKET || code === COLON || code === BLANK || (enclosed && code === CLOSE)) break;
  }
  header.tagStart = tagStart;
  header.tagEnd = at;
  header.pid = -1;
  if (at === tagStart || at >= limit || (enclosed && code !== CLOSE)) return false;
  if (code === BRACKET) {
    const close = text.indexOf(']', at);
    if (close < 0 || close > at + 12 || close >= end) return false;
    header.pid = pidOf(text, at + 1, close);
    at = close + 1;
  } else if (enclosed) at += 1;
  if (text.charCodeAt(at) === COLON) at += 1;
  else if (text.charCodeAt(at) !== BLANK) return false;
  header.messageStart = text.charCodeAt(at) === BLANK ? at + 1 : at;
  return true;
}

function restOf5424(text: string, start: number, end: number, header: Header): boolean {
  const hostEnd = text.indexOf(' ', start);
  const appEnd = text.indexOf(' ', hostEnd + 1);
  const pidEnd = text.indexOf(' ', appEnd + 1);
  const idEnd = text.indexOf(' ', pidEnd + 1);
  if (hostEnd < 0 || appEnd < 0 || pidEnd < 0 || idEnd < 0 || idEnd >= end) return false;
  header.hostStart = start;
  header.hostEnd = hostEnd;
  header.tagStart = hostEnd + 1;
  header.tagEnd = appEnd;
  header.pid = pidOf(text, appEnd + 1, pidEnd);
  const after = endOfStructuredData(text, idEnd + 1, end);
  if (after < 0) return false;
  // A byte order mark may stand before the message (RFC 5424, 6.4); as bytes it is EF BB BF.
  const message = text.charCodeAt(after) === BLANK ? after + 1 : after;
  header.messageStart = text.startsWith('\u00ef\u00bb\u00bf', message) ? message + 3 : message;
  return true;
}

/** `-` or `[id name="value with \] and \" inside"]…`; the position after it. */
function endOfStructuredData(text: string, start: number, end: number): number {
  if (text.charCodeAt(start) === 45) return start + 1;
  let at = start;
  while (at < end && text.charCodeAt(at) === BRACKET) {
    let quoted = false;
    for (at += 1; at < end; at += 1) {
      const code = text.charCodeAt(at);
      if (code === 92) at += 1;
      else if (code === 34) quoted = !quoted;
      else if (code === 93 && !quoted) break;
    }
    at += 1;
  }
  return at > start && at <= end ? at : -1;
}

/** Digits only, else -1: what a program writes there is its own word. */
function pidOf(text: string, start: number, end: number): number {
  let pid = 0;
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at);
    if (code < 48 || code > 57 || at - start > 9) return -1;
    pid = pid * 10 + code - 48;
  }
  return end > start ? pid : -1;
}
