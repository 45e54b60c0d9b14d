/**
 * When a log line was written: `Mmm dd hh:mm:ss` without a year (RFC 3164), ISO 8601 with zone (RFC 3339, rsyslog, systemd), and
 * the short forms of journalctl: with a fraction, with a zone behind a blank, in seconds since 1970.
 * The year is carried from line to line: it grows when the months wrap from the end of a year to its beginning.
 * Cannot see: a log of more than half a year's silence over a New Year between two lines without a year.
 */

import { HOUR_MS } from '../core/spans.ts';
import { isDigit } from '../core/text.ts';
import type { Millis } from '../core/words.ts';
import type { FileClock } from '../core/world.ts';
import { monthOf, YearCount } from '../core/year-count.ts';

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
  /** What the last stamp with a date of its own said of its zone: so much is it ahead of UTC; null = local time. */
  #zoneMs: Millis | null = null;
  /** How far stamps lie after the time at which the log was read; it is told of. */
  aheadMs = 0;

  constructor(clock: FileClock) {
    this.#clock = clock;
  }

  /** When the stamp at `start` says that it was, or null when there is none. */
  read(text: string, start: number): Millis | null {
    const code = text.charCodeAt(start);
    if (code >= 65 && code <= 83) return this.#old(text, start);
    if (!isDigit(code)) return null;
    return text.charCodeAt(start + 10) === 46 ? this.#seconds(text, start) : this.#iso(text, start);
  }

  /** So many milliseconds after the midnight of the stamp that was read last, in its zone. */
  inDay(ms: Millis): Millis {
    return this.#zoneMs === null ? this.#utc(this.#dateAt + ms) : this.bounded(this.#dateAt + ms - this.#zoneMs);
  }

  /** `Mmm dd hh:mm:ss`, day padded by a blank or zero or not at all, perhaps with a year after the day (`Mmm dd yyyy hh:mm:ss`). */
  #old(text: string, start: number): Millis | null {
    this.#zoneMs = null;
    if (text.startsWith(this.#date, start) && text.charCodeAt(start + 9) === 58) {
      const seconds = clockSeconds(text, start + 7);
      return seconds < 0 ? null : this.#utc(this.#dateAt + seconds * 1000 + millisOf(text, start + 15));
    }
    const month = monthOf(text.slice(start, start + 3));
    if (month < 0 || text.charCodeAt(start + 3) !== 32) return null;
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
    return this.#utc(midnight + seconds * 1000 + millisOf(text, clock + 8));
  }

  /** `2026-03-03T09:40:00.123456+01:00`, `Z`, or without zone (then local); a blank may stand for the T. */
  #iso(text: string, start: number): Millis | null {
    const midnight = this.#midnight(text, start);
    const seconds = clockSeconds(text, start + 11);
    const between = text.charCodeAt(start + 10);
    if (midnight === null || seconds < 0 || (between !== 84 && between !== 32)) return null;
    let end = start + 19;
    if (isPoint(text.charCodeAt(end))) for (end += 1; end - start < 29 && isDigit(text.charCodeAt(end)); ) end += 1;
    return this.#zoned(text, end, midnight + seconds * 1000 + millisOf(text, start + 19));
  }

  /** `1772530800.123456` (journalctl -o short-unix). */
  #seconds(text: string, start: number): Millis | null {
    const seconds = digits(text, start, 10);
    return seconds < 0 ? null : this.bounded(seconds * 1000 + millisOf(text, start + 10));
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

  /** journalctl writes `+01`, `+0100`, or after a blank a name, of which only those of UTC are the same everywhere. */
  #zoned(text: string, end: number, local: Millis): Millis {
    const at = text.charCodeAt(end) === 32 ? end + 1 : end;
    const sign = text.charCodeAt(at);
    const utc = sign === 90 ? at === end : at > end && (text.startsWith('UTC ', at) || text.startsWith('GMT ', at));
    const hours = sign === 43 || sign === 45 ? digits(text, at + 1, 2) : -1;
    const colon = text.charCodeAt(at + 3) === 58 ? 1 : 0;
    const minutes = hours * 60 + Math.max(0, digits(text, at + 3 + colon, 2));
    this.#zoneMs = utc ? 0 : hours < 0 ? null : (sign === 43 ? 1 : -1) * minutes * 60_000;
    return this.#zoneMs === null ? this.#utc(local) : this.bounded(local - this.#zoneMs);
  }

  #utc(local: Millis): Millis {
    const hour = Math.floor(local / HOUR_MS);
    if (hour !== this.#localHour) {
      this.#localHour = hour;
      this.#offset = local - this.#clock.toUtc(local);
    }
    return this.bounded(local - this.#offset);
  }

  /** A forged future stamp must not empty the windows of the detectors. */
  bounded(at: Millis): Millis {
    const { latest, received = latest } = this.#clock;
    if (at > received) this.aheadMs = Math.max(this.aheadMs, at - received);
    return at > latest ? latest : at;
  }
}

/** What stands behind the seconds of a point or comma, cut to milliseconds; 0 where nothing does. */
function millisOf(text: string, point: number): Millis {
  if (!isPoint(text.charCodeAt(point))) return 0;
  let ms = 0;
  for (let at = point + 1, worth = 100; worth >= 1 && isDigit(text.charCodeAt(at)); at += 1, worth /= 10) ms += worth * (text.charCodeAt(at) - 48);
  return ms;
}

function isPoint(code: number): boolean {
  return code === 46 || code === 44;
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
