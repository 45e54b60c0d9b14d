/** The times that web servers write: `[10/Oct/2000:13:55:36 -0700]`, ISO 8601, and seconds since 1970. */

import { isDigit } from './text.ts';
import type { Millis } from './words.ts';
import { monthOf } from './year-count.ts';

/** A moment, or a wall-clock time whose zone nobody wrote (`utc` = false). */
export interface Stamp {
  readonly at: Millis;
  readonly utc: boolean;
}

/** `10/Oct/2000:13:55:36`, with milliseconds where HAProxy writes them. */
const CLF = /^(\d{1,2})\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?: ([+-])(\d\d):?(\d\d))?$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)([.,]\d{1,9})?\s?(Z|([+-])(\d\d):?(\d\d))?$/;
/** Longer ones are none. */
const STAMP_LENGTH = 48;
/** Epoch times below are seconds (year 2286), then milliseconds, microseconds, nanoseconds. */
const SECONDS_BELOW = 1e10;

/** Lines of one second have the same stamp, and each is asked for more than once. */
let last: { readonly text: string; readonly stamp: Stamp | null } = { text: '', stamp: null };

export function clfTime(text: string): Stamp | null {
  if (text !== last.text) last = { text, stamp: readClf(text) };
  return last.stamp;
}

function readClf(text: string): Stamp | null {
  const found = text.length > STAMP_LENGTH ? null : CLF.exec(text);
  const month = monthOf(found?.[2] ?? '');
  if (!found || month < 0) return null;
  const local = Date.UTC(Number(found[3]), month, Number(found[1]), Number(found[4]), Number(found[5]), Number(found[6])) + fraction(found[7]);
  return zoned(local, found[8], found[9], found[10]);
}

export function isoTime(text: string): Stamp | null {
  const found = text.length > STAMP_LENGTH ? null : ISO.exec(text);
  if (!found) return null;
  const [, year, month, day, hour, minute, second] = found.map(Number);
  const local = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second) + fraction(found[7]);
  return found[8] === 'Z' ? { at: local, utc: true } : zoned(local, found[9], found[10], found[11]);
}

export function epochTime(value: number): Stamp | null {
  if (!Number.isFinite(value) || value <= 0) return null;
  let ms = value * 1_000;
  for (let limit = SECONDS_BELOW; value >= limit && limit < 1e19; limit *= 1_000) ms /= 1_000;
  return { at: Math.round(ms), utc: true };
}

/** Whatever form it has, in brackets or not. */
export function anyTime(value: string): Stamp | null {
  const text = value.startsWith('[') && value.endsWith(']') ? value.slice(1, -1) : value;
  return clfTime(text) ?? isoTime(text) ?? (/^\d{9,19}(?:\.\d{1,9})?$/.test(text) ? epochTime(Number(text)) : null);
}

function zoned(local: Millis, sign: string | undefined, hours: string | undefined, minutes: string | undefined): Stamp {
  if (sign === undefined) return { at: local, utc: false };
  return { at: local - (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000, utc: true };
}

function fraction(digits: string | undefined): number {
  return digits === undefined ? 0 : Math.floor(Number(`0.${digits.slice(1)}`) * 1_000);
}

/** Where `DD/Mon/YYYY:` begins behind the bracket at `at`: cheap enough to be asked of every bracket of a line. */
export function looksLikeClf(text: string, at: number): boolean {
  return isDigit(text.charCodeAt(at)) && text.charAt(at + 2) === '/' && text.charAt(at + 6) === '/' && text.charAt(at + 11) === ':';
}
