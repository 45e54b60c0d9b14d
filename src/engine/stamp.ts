/**
 * When a log line was written: `Mmm dd hh:mm:ss` without a year (RFC 3164), and ISO 8601 with zone (RFC 3339, rsyslog, systemd).
 * The year is carried from line to line: it grows when the months wrap from the end of a year to its beginning.
 * Cannot see: a log of more than half a year's silence over a New Year between two lines without a year.
 */

import type { Millis } from '../core/words.ts';
import type { FileClock } from '../core/world.ts';
import { YearCount } from '../core/year-count.ts';

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';
const HOUR_MS = 3_600_000;

/** Reads the stamps of one file, in order. */
export class Stamps {
  readonly #clock: FileClock;
  readonly #years = new YearCount();
  /** The last local hour and its UTC: zones change at whole hours at the earliest. */
  #localHour = Number.NaN;
  #offset = 0;
  /** The last date as it stands in the text, with the blank behind it where it has no year (`Mar  3 `), and its midnight. */
  #date = 'none';
  #dateAt: Millis = 0;

  constructor(clock: FileClock) {
    this.#clock = clock;
  }

  /** When the stamp at `start` says that it was, or null when there is none. */
  read(text: string, start: number): Millis | null {
    const code = text.charCodeAt(start);
    if (code >= 65 && code <= 83) return this.#old(text, start);
    return code >= 48 && code <= 57 ? this.#iso(text, start) : null;
  }

  /** `Mmm dd hh:mm:ss`, day padded by a blank or zero or not at all, perhaps with a year after the day (`Mmm dd yyyy hh:mm:ss`). */
  #old(text: string, start: number): Millis | null {
    if (text.startsWith(this.#date, start) && text.charCodeAt(start + 9) === 58) {
      const seconds = clockSeconds(text, start + 7);
      return seconds < 0 ? null : this.#utc(this.#dateAt + seconds * 1000);
    }
    const month = MONTHS.indexOf(text.slice(start, start + 3)) / 3;
    if (!Number.isInteger(month) || month < 0 || text.charCodeAt(start + 3) !== 32) return null;
    const padded = text.charCodeAt(start + 4) === 32;
    const short = !padded && text.charCodeAt(start + 5) === 32;
    const day = padded || short ? digits(text, start + (padded ? 5 : 4), 1) : digits(text, start + 4, 2);
    const after = start + (short ? 6 : 7);
    const withYear = text.charCodeAt(after + 4) === 32 && text.charCodeAt(after + 2) !== 58 ? digits(text, after, 4) : -1;
    const clock = withYear > 0 ? after + 5 : after;
    const seconds = clockSeconds(text, clock);
    if (day < 1 || day > 31 || seconds < 0) return null;
    const year = withYear > 0 ? withYear : this.#clock.firstYear + this.#years.hear(month);
    const midnight = Date.UTC(year, month, day);
    if (clock === start + 7) this.#keep(text.slice(start, clock), midnight);
    return this.#utc(midnight + seconds * 1000);
  }

  /** `2026-03-03T09:40:00.123456+01:00`, `Z`, or without zone (then local); a blank may stand for the T. */
  #iso(text: string, start: number): Millis | null {
    const midnight = this.#midnight(text, start);
    const seconds = clockSeconds(text, start + 11);
    const between = text.charCodeAt(start + 10);
    if (midnight === null || seconds < 0 || (between !== 84 && between !== 32)) return null;
    let end = start + 19;
    let ms = 0;
    if (text.charCodeAt(end) === 46 || text.charCodeAt(end) === 44) {
      const from = ++end;
      for (let worth = 100; end - from < 9 && isDigit(text.charCodeAt(end)); end += 1) {
        ms += Math.floor(worth) * (text.charCodeAt(end) - 48);
        worth /= 10;
      }
    }
    return this.#zoned(text, end, midnight + seconds * 1000 + ms);
  }

  /** Of the date at `start`; most lines have that of the line before. */
  #midnight(text: string, start: number): Millis | null {
    if (text.startsWith(this.#date, start)) return this.#dateAt;
    const year = digits(text, start, 4);
    const month = digits(text, start + 5, 2);
    const day = digits(text, start + 8, 2);
    if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31) return null;
    return this.#keep(text.slice(start, start + 10), Date.UTC(year, month - 1, day));
  }

  #keep(date: string, midnight: Millis): Millis {
    this.#date = date;
    this.#dateAt = midnight;
    return midnight;
  }

  #zoned(text: string, end: number, local: Millis): Millis {
    const sign = text.charCodeAt(end);
    if (sign === 90) return this.#clamped(local);
    if (sign !== 43 && sign !== 45) return this.#utc(local);
    const colon = text.charCodeAt(end + 3) === 58 ? 1 : 0;
    const minutes = digits(text, end + 1, 2) * 60 + digits(text, end + 3 + colon, 2);
    return this.#clamped(local - (sign === 43 ? 1 : -1) * minutes * 60_000);
  }

  #utc(local: Millis): Millis {
    const hour = Math.floor(local / HOUR_MS);
    if (hour !== this.#localHour) {
      this.#localHour = hour;
      this.#offset = local - this.#clock.toUtc(local);
    }
    return this.#clamped(local - this.#offset);
  }

  /** A forged future stamp must not empty the windows of the detectors. */
  #clamped(at: Millis): Millis {
    return at > this.#clock.latest ? this.#clock.latest : at;
  }
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A number of exactly `count` digits, or -1. */
function digits(text: string, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at += 1) {
    const code = text.charCodeAt(at);
    if (!isDigit(code)) return -1;
    value = value * 10 + code - 48;
  }
  return value;
}

/** `hh:mm:ss` as seconds of the day, or -1. 60 is a leap second. */
function clockSeconds(text: string, start: number): number {
  const hours = digits(text, start, 2);
  const minutes = digits(text, start + 3, 2);
  const seconds = digits(text, start + 6, 2);
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 60) return -1;
  if (text.charCodeAt(start + 2) !== 58 || text.charCodeAt(start + 5) !== 58) return -1;
  return hours * 3600 + minutes * 60 + seconds;
}
