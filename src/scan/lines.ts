/**
 * The innermost loop: from the bytes of whole log lines to one small record for each line that anybody may want. Lines have the header of
 * the line before, nearly always: same day, same host; whatever has not stops the loop, so that the other side can look and teach it anew.
 */

import { isCrond, nameEnd as jobEnd, nameStart as jobStart, kindOfCron } from './cron.ts';
import { BLANK, begins, COLON, digits, endOfDigits, twoDigits } from './cursor.ts';
import { byteAt, lineEnd, putWord, reserve } from './memory.ts';
import { isNew, placeOf } from './names.ts';
import { EVERY_LINE, hasNeedle } from './needles.ts';
import { INPUT, LAYOUT, RECORDS } from './places.ts';
import { readersOf } from './programs.ts';
import * as record from './record.ts';
import { kindOfSshd, nameEnd, nameStart, peer, port } from './sshd.ts';

/** A tag is at most 48 characters in RFC 5424; units and paths as tags are longer (engine/header.ts has the same bound). */
const TAG_AT_MOST: i32 = 128;
/** Longer lines are cut (engine/sieve.ts): they are read in full. */
const LINE_AT_MOST: i32 = 8_192;
const BRACKET: i32 = 91;
const CLOSE: i32 = 93;
const MS_OF_DAY: i32 = 86_400_000;

/** The learned layout: date, clock, perhaps a fraction, then zone and host with the blanks around it. 0 = nothing was learned. */
let dateLength: i32 = 0;
let fraction: i32 = 0;
let tailLength: i32 = 0;
let readsSshd: boolean = false;
let readsCron: boolean = false;

/** After `scan`: where it stopped, and how many lines it went over. */
let stoppedAt: i32 = 0;
let linesSeen: i32 = 0;

/** LAYOUT holds `date` bytes of the date and behind them `tail` bytes; `decimals` = digits of the fraction of a second; `sshd`, `cron` = may their lines be read here? */
export function learn(date: i32, decimals: i32, tail: i32, sshd: boolean, cron: boolean): void {
  dateLength = date;
  fraction = decimals;
  tailLength = tail;
  readsSshd = sshd;
  readsCron = cron;
}

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

/** Goes over the lines from `from` to `to` (relative to the text), of which `from` is line number `line`; returns how many records it made. */
export function scan(from: i32, to: i32, line: i32): i32 {
  let count: i32 = 0;
  let at: i32 = INPUT + from;
  const last: i32 = INPUT + to;
  linesSeen = 0;
  while (at < last && count < record.RECORDS_AT_MOST) {
    const newline: i32 = lineEnd(at, last);
    const end: i32 = newline > at && byteAt(newline - 1) === 13 ? newline - 1 : newline;
    const place: i32 = RECORDS + count * record.RECORD_BYTES;
    const kind: i32 = look(at, end, place);
    if (kind >= 0) {
      putWord(place + record.KIND, kind);
      putWord(place + record.START, at - INPUT);
      putWord(place + record.END, newline - INPUT);
      putWord(place + record.LINE, line + linesSeen);
      count++;
    }
    linesSeen++;
    at = newline + 1;
    if (kind === record.STRANGE) break;
  }
  stoppedAt = at - INPUT;
  return count;
}

/** The kind of record, -1 where nobody wants the line. */
function look(start: i32, end: i32, place: i32): i32 {
  const clock: i32 = start + dateLength;
  const tail: i32 = clock + 8 + fraction + (fraction > 0 ? 1 : 0);
  const tag: i32 = tail + tailLength;
  if (dateLength === 0 || tag >= end || !isLearned(start, tail)) return record.STRANGE;
  const time: i32 = timeAt(clock);
  if (time < 0) return record.STRANGE;
  if (end - start > LINE_AT_MOST) return record.UNSURE;
  const tagEnd: i32 = endOfTag(tag, end);
  const after: i32 = tagEnd < 0 ? -1 : behindTag(tagEnd, end);
  if (after < 0) return record.UNSURE;
  // `last message repeated 3 times`.
  if (begins(after, end, 'last ')) return record.UNSURE;
  const readers: i32 = readersOf(tag, tagEnd);
  if (readers === 0) return -1;
  putWord(place + record.TIME, time);
  if (readsCron && isCron(tag, tagEnd)) {
    const job: i32 = kindOfCron(after, end);
    if (job !== record.UNSURE) return told(job, place, 0, isCrond ? 1 : 0, jobStart, jobEnd);
  }
  const kind: i32 = readsSshd && isSshd(tag, tagEnd) ? kindOfSshd(after, end) : record.UNSURE;
  if (kind === record.UNSURE) return (readers & EVERY_LINE) !== 0 || hasNeedle(after, end, readers) ? record.UNSURE : record.NOTHING;
  return told(kind, place, peer, port, nameStart, nameEnd);
}

function told(kind: i32, place: i32, peer: i32, port: i32, start: i32, end: i32): i32 {
  putWord(place + record.PID, pid);
  putWord(place + record.ADDRESS, peer);
  putWord(place + record.PORT, port);
  putWord(place + record.NAME, start < 0 ? -1 : placeOf(start, end));
  putWord(place + record.NAME_IS_NEW, start >= 0 && isNew ? 1 : 0);
  putWord(place + record.NAME_START, start - INPUT);
  putWord(place + record.NAME_END, end - INPUT);
  return kind;
}

function isLearned(start: i32, tail: i32): boolean {
  for (let index: i32 = 0; index < tailLength; index++) if (byteAt(tail + index) !== byteAt(LAYOUT + dateLength + index)) return false;
  for (let index: i32 = 0; index < dateLength; index++) if (byteAt(start + index) !== byteAt(LAYOUT + index)) return false;
  return true;
}

/** `hh:mm:ss` and the learned number of digits behind a point; -1 where it is no clock. */
function timeAt(at: i32): i32 {
  const hours: i32 = twoDigits(at);
  const minutes: i32 = twoDigits(at + 3);
  const seconds: i32 = twoDigits(at + 6);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) return -1;
  if (byteAt(at + 2) !== COLON || byteAt(at + 5) !== COLON) return -1;
  let ms: i32 = 0;
  if (fraction > 0) {
    if (byteAt(at + 8) !== 46) return -1;
    for (let index: i32 = 0; index < fraction; index++) {
      const digit: i32 = byteAt(at + 9 + index) - 48;
      if (digit < 0 || digit > 9) return -1;
      if (index < 3) ms = ms * 10 + digit;
    }
    if (fraction === 1) ms *= 100;
    if (fraction === 2) ms *= 10;
  }
  const time: i32 = ((hours * 60 + minutes) * 60 + seconds) * 1_000 + ms;
  return time < MS_OF_DAY ? time : -1;
}

/** Where `TAG[PID]:` or `TAG:` ends the tag; -1 for whatever is written otherwise. */
function endOfTag(tag: i32, end: i32): i32 {
  for (let at: i32 = tag; at < end && at - tag < TAG_AT_MOST; at++) {
    const code: i32 = byteAt(at);
    if (code === BRACKET || code === COLON) return at > tag ? at : -1;
    if (code === BLANK) return -1;
  }
  return -1;
}

/** The number in the brackets of the tag, -1 where there are none. */
let pid: i32 = -1;

/** Where the message begins. */
function behindTag(tagEnd: i32, end: i32): i32 {
  let at: i32 = tagEnd;
  pid = -1;
  if (byteAt(at) === BRACKET) {
    at = endOfDigits(at + 1, end, 9);
    if (at < 0 || at >= end || byteAt(at) !== CLOSE) return -1;
    pid = digits;
    at++;
  }
  if (at + 1 >= end || byteAt(at) !== COLON || byteAt(at + 1) !== BLANK) return -1;
  return at + 2;
}

/** `CRON`, `cron`, `crond`. */
function isCron(tag: i32, end: i32): boolean {
  const length: i32 = end - tag;
  return length === 4 ? begins(tag, end, 'CRON') || begins(tag, end, 'cron') : length === 5 && begins(tag, end, 'crond');
}

/** `sshd`, `sshd-session`, `sshd-auth`. */
function isSshd(tag: i32, end: i32): boolean {
  const length: i32 = end - tag;
  if (length !== 4 && length !== 12 && length !== 9) return false;
  return begins(tag, end, length === 4 ? 'sshd' : length === 12 ? 'sshd-session' : 'sshd-auth');
}
