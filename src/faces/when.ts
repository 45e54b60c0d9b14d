/** Times as people and programs read them: always UTC, never the zone of the machine that prints. */

import type { Millis } from '../core/words.ts';

/** The largest time that ECMAScript can name, in milliseconds on either side of 1970 (ECMA-262, 21.4.1.1). */
const FARTHEST_MS = 8.64e15;

/** `2026-03-03T09:40:00.000Z`; null for what is not known and for a number that is no time. */
export function iso(at: Millis | null | undefined): string | null {
  if (at === null || at === undefined || !Number.isFinite(at) || Math.abs(at) > FARTHEST_MS) return null;
  return new Date(at).toISOString();
}

/** `2026-03-03 09:40:00`, to be read as UTC; blanks of the same width would hide that a time is missing, so it says `time unknown`. */
export function clock(at: Millis | null | undefined): string {
  const full = iso(at);
  return full === null ? 'time unknown' : full.replace('T', ' ').replace(/\.\d+Z$/, '');
}

/** `2026-03-03 09:40:00 UTC`. */
export function utc(at: Millis | null | undefined): string {
  const told = clock(at);
  return iso(at) === null ? told : `${told} UTC`;
}
