/**
 * When a query was logged, read from bytes: BIND's own stamps (`20-Nov-2026 23:17:20.431`, ISO 8601 with and without zone), syslog's, and
 * unbound's seconds since 1970. A day and its form are worked out once; the lines of it differ in their clocks only.
 */

import { isoTime } from './access-time.ts';
import { Known } from './query-known.ts';
import { DAY_MS, HOUR_MS } from './spans.ts';
import type { Millis } from './words.ts';
import type { FileClock } from './world.ts';
import { monthOf, YearCount } from './year-count.ts';

const DOT = 46;
const COMMA = 44;
const DASH = 45;
const COLON = 58;
const OPEN = 91;
const CLOSE = 93;
const CLOCK_BYTES = 8;
/** `20-Nov-2026 ` and `Nov 20 2026 ` are the longest. */
const DATE_BYTES = 16;
const ZONE_BYTES = 8;
const STAMP_AT_MOST = 48;
const EPOCH_DIGITS = 10;

/** Of one file, in order: years are carried from line to line where stamps have none. */
export class QueryStamps {
  /** When the last line was written; NaN where its stamp is none: a number in any case, so that none has to be made for each line. */
  at: Millis = Number.NaN;
  /** A stamp that syslog writes too: a host and a program may follow. */
  bySyslog = false;
  readonly #clock: FileClock;
  readonly #years = new YearCount();
  /** The date of the line before, with the blank or T behind it, and its midnight as it stands there. */
  readonly #date = new Known(DATE_BYTES);
  #midnight: Millis = 0;
  readonly #zone = new Uint8Array(ZONE_BYTES);
  #zoneLength = 0;
  /** UTC less what stands there: of the zone that is written, or of this hour (zones change at whole hours at the earliest). */
  #offset: Millis = 0;
  #hour = Number.NaN;

  constructor(clock: FileClock) {
    this.#clock = clock;
  }

  /** `view` is of the same bytes. The position behind the stamp; `start` itself, and `at` NaN, where there is none. */
  read(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    if (start < end && bytes[start] === OPEN) return this.#epoch(bytes, start, end);
    const { length } = this.#date;
    if (length > 0 && start + length + CLOCK_BYTES <= end && this.#date.isAt(view, start)) {
      const behind = this.#inDay(bytes, start + length, end);
      if (behind > 0) return behind;
    }
    this.at = Number.NaN;
    const behind = this.#slow(bytes, view, start, end);
    if (behind < 0) this.bySyslog = false;
    return behind < 0 ? start : behind;
  }

  /** `hh:mm:ss`, a fraction and the zone; -1 where they are not as in the line before. At least eight bytes follow. */
  #inDay(bytes: Uint8Array, start: number, end: number): number {
    const hours = twoDigits(bytes, start);
    const minutes = twoDigits(bytes, start + 3);
    const seconds = twoDigits(bytes, start + 6);
    if (hours > 23 || minutes > 59 || seconds > 60 || bytes[start + 2] !== COLON || bytes[start + 5] !== COLON) return -1;
    let local = this.#midnight + ((hours * 60 + minutes) * 60 + seconds) * 1_000;
    let place = start + CLOCK_BYTES;
    if (place < end && (bytes[place] === DOT || bytes[place] === COMMA)) {
      place += 1;
      for (let worth = 100; place < end; place += 1, worth /= 10) {
        const digit = (bytes[place] as number) - 48; // below `end`
        if (digit < 0 || digit > 9) break;
        if (worth >= 1) local += digit * worth;
      }
    }
    for (let index = 0; index < this.#zoneLength; index += 1, place += 1) if (place >= end || bytes[place] !== this.#zone[index]) return -1;
    if (this.#zoneLength === 0) this.#inHour(local);
    this.at = local + this.#offset;
    return place;
  }

  #inHour(local: Millis): void {
    const hour = Math.floor(local / HOUR_MS);
    if (hour === this.#hour) return;
    this.#hour = hour;
    this.#offset = this.#clock.toUtc(local) - local;
  }

  /** A stamp of another day or form: worked out from its text. */
  #slow(bytes: Uint8Array, view: DataView, start: number, end: number): number {
    let text = '';
    for (let at = start; at < end && at - start < STAMP_AT_MOST; at += 1) text += String.fromCharCode(bytes[at] as number); // below `end`
    this.#date.forget();
    if (text.charCodeAt(2) === DASH || text.charCodeAt(1) === DASH) return this.#own(text, bytes, view, start, end);
    if (text.charCodeAt(4) === DASH && text.charCodeAt(7) === DASH) return this.#iso(text, bytes, view, start, end);
    return this.#old(text, bytes, view, start, end);
  }

  /** `[1763680680] unbound[…]`: seconds since 1970. */
  #epoch(bytes: Uint8Array, start: number, end: number): number {
    this.at = Number.NaN;
    this.bySyslog = false;
    const close = start + EPOCH_DIGITS + 1;
    if (close >= end || bytes[close] !== CLOSE) return start;
    let seconds = 0;
    for (let at = start + 1; at < close; at += 1) {
      const digit = (bytes[at] as number) - 48; // below `end`
      if (digit < 0 || digit > 9) return start;
      seconds = seconds * 10 + digit;
    }
    this.at = seconds * 1_000;
    return close + 1;
  }

  #own(text: string, bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const found = /^(\d{1,2})-([A-Z][a-z]{2})-(\d{4}) /.exec(text);
    const month = monthOf(found?.[2] ?? '');
    if (!found || month < 0) return -1;
    this.bySyslog = false;
    return this.#learned(bytes, view, start, end, found[0].length, Date.UTC(Number(found[3]), month, Number(found[1])));
  }

  /** A zone is the same on the lines that follow, until another one stands there. */
  #iso(text: string, bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const found = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)?(?= |$)/.exec(text);
    const zone = found?.[1] ?? '';
    const local = found ? isoTime(found[0].slice(0, found[0].length - zone.length)) : null;
    const utc = found ? isoTime(found[0]) : null;
    if (!found || !local || !utc) return -1;
    this.bySyslog = true;
    const behind = start + found[0].length - zone.length;
    for (let index = 0; index < zone.length; index += 1) this.#zone[index] = bytes[behind + index] ?? 0;
    if (zone !== '') this.#offset = utc.at - local.at;
    return this.#learned(bytes, view, start, end, 11, Math.floor(local.at / DAY_MS) * DAY_MS, zone.length);
  }

  /** `Nov 20 23:18:00`, with a year or without. */
  #old(text: string, bytes: Uint8Array, view: DataView, start: number, end: number): number {
    const found = /^([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?/.exec(text);
    const month = monthOf(found?.[1] ?? '');
    if (!found || month < 0) return -1;
    this.bySyslog = true;
    const year = found[3] === undefined ? this.#clock.firstYear + this.#years.hear(month) : Number(found[3]);
    return this.#learned(bytes, view, start, end, found[0].length, Date.UTC(year, month, Number(found[2])));
  }

  /** Keeps the date, and reads the rest of the stamp as that of every other line. */
  #learned(bytes: Uint8Array, view: DataView, start: number, end: number, length: number, midnight: Millis, zoneLength = 0): number {
    if (start + length + CLOCK_BYTES > end) return -1;
    this.#midnight = midnight;
    this.#zoneLength = zoneLength;
    this.#hour = Number.NaN;
    const behind = this.#inDay(bytes, start + length, end);
    if (behind > 0) this.#date.learn(view, start, length);
    return behind;
  }
}

/** 100 or more where they are none; the caller knows that both are there. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - 48;
  const ones = (bytes[at + 1] as number) - 48;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? 100 : tens * 10 + ones;
}
