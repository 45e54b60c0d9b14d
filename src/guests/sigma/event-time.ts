/** The time of an event, and its parts as Sigma's `hour`, `week` and so on ask for them; all in UTC. */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/spans.ts';
import type { SigmaEvent, Value } from './event.ts';
import type { DatePart } from './rule.ts';

const NAMES = ['@timestamp', 'event.created', 'timestamp', 'Event.System.TimeCreated.#attributes.SystemTime', 'TimeCreated', 'UtcTime', 'ts', 'time'];
/** Numbers below this are seconds (as milliseconds they would lie before March 1973). */
const SECONDS_BELOW = 1e11;

/** Milliseconds since 1970; null for what is no time. */
export function timeOf(value: Value): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? (Math.abs(value) < SECONDS_BELOW ? value * SECOND_MS : value) : null;
  if (typeof value !== 'string' || value.length > 50) return null;
  if (/^\d{9,13}(?:\.\d+)?$/.test(value)) return timeOf(Number(value));
  const bare = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)([.,]\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/i.exec(value);
  if (bare === null) return orNull(Date.parse(value));
  const [, date, clock, fraction = '', zone = 'Z'] = bare;
  return orNull(Date.parse(`${date}T${clock?.length === 5 ? `${clock}:00` : clock}${fraction.replace(',', '.').slice(0, 4)}${colon(zone)}`));
}

function colon(zone: string): string {
  return zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase();
}

function orNull(at: number): number | null {
  return Number.isNaN(at) ? null : at;
}

export function eventTime(event: SigmaEvent): number | null {
  for (const name of NAMES) {
    const at = timeOf(event.named(name)?.[0] ?? null);
    if (at !== null) return at;
  }
  return null;
}

export function dateParts(at: number): Record<DatePart, number> {
  const days = Math.floor(at / DAY_MS);
  const { year, month, day } = dateOfDay(days);
  const rest = at - days * DAY_MS;
  return { year, month, day, week: isoWeek(days), hour: Math.floor(rest / HOUR_MS), minute: Math.floor((rest % HOUR_MS) / MINUTE_MS) };
}

/** Days since 1970 as a date of the Gregorian calendar; years begin in March here, so that the leap day is the last. */
function dateOfDay(days: number): { readonly year: number; readonly month: number; readonly day: number } {
  const shifted = days + 719_468;
  const era = Math.floor(shifted / 146_097);
  const inEra = shifted - era * 146_097;
  const yearOfEra = Math.floor((inEra - Math.floor(inEra / 1_460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) / 365);
  const dayOfYear = inEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const place = Math.floor((5 * dayOfYear + 2) / 153);
  const month = place < 10 ? place + 3 : place - 9;
  return { year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day: dayOfYear - Math.floor((153 * place + 2) / 5) + 1 };
}

/** ISO 8601: the week of a day is that of its Thursday. 1970-01-01 was a Thursday. */
function isoWeek(days: number): number {
  const thursday = days + 3 - ((((days + 3) % 7) + 7) % 7);
  const newYear = Math.floor(Date.UTC(dateOfDay(thursday).year, 0, 1) / DAY_MS);
  return Math.floor((thursday - newYear) / 7) + 1;
}
