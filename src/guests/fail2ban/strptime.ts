/** From the fields that a date pattern found to a moment: what is missing is guessed from now, as fail2ban guesses it. */

import { civil, midnightOf, weekdayOf } from './calendar.ts';
import { monthNumber, weekdayNumber } from './date-fields.ts';
import { zoneMinutes } from './zone-names.ts';

const DAY_MS = 86_400_000;

/** What dates are judged by: pure code knows neither clock nor zone. */
export interface Clock {
  /** From local milliseconds (as if they were UTC) to UTC; the log's zone where it has one of its own (`logtimezone`). */
  readonly zone: (localMs: number) => number;
  readonly now: () => number;
}

export type DateFields = ReadonlyMap<string, string>;

/** Now on the wall clock of the zone. */
export function localNow(clock: Clock): number {
  const now = clock.now();
  const near = now + (now - clock.zone(now));
  return now + (near - clock.zone(near));
}

/** UTC milliseconds to the second, or null where the fields make no date. */
export function timeOf(fields: DateFields, clock: Clock): number | null {
  const offset = offsetOf(fields);
  const secondsOfDay = clockOf(fields);
  if (offset === undefined || secondsOfDay === null) return null;
  const written = yearOf(fields);
  // Asked only where something is missing: the zone's rules are slow.
  const local = written === null || !hasDay(fields) ? localNow(clock) : 0;
  const year = written ?? civil(local).year;
  const day = dayOf(fields, year, local);
  if (day === null) return null;
  let at = day.midnight + secondsOfDay * 1000 - (offset ?? 0) * 60_000;
  // A clock without a day that is ahead of now is that of yesterday.
  if (day.today && at > local) at -= DAY_MS;
  // More than a day ahead is last year's; less may be another zone's.
  if (written === null && at > local + DAY_MS) {
    const earlier = midnightOf(year - 1, day.month, day.day);
    if (earlier === null) return null;
    at = earlier + (((at % DAY_MS) + DAY_MS) % DAY_MS);
  }
  return offset === null ? clock.zone(at) : at;
}

/** Minutes east of UTC; null = none is written, undefined = one is written that is none. */
function offsetOf(fields: DateFields): number | null | undefined {
  const zone = fields.get('z') ?? fields.get('Z');
  return zone === undefined ? null : (zoneMinutes(zone) ?? undefined);
}

function numberOf(fields: DateFields, key: string): number | null {
  const text = fields.get(key);
  return text === undefined ? null : Number(text);
}

function yearOf(fields: DateFields): number | null {
  const short = numberOf(fields, 'y');
  return numberOf(fields, 'Y') ?? (short === null ? null : short <= 2000 ? short + 2000 : short);
}

function clockOf(fields: DateFields): number | null {
  const hour = hourOf(fields);
  const minute = numberOf(fields, 'M') ?? 0;
  const second = numberOf(fields, 'S') ?? 0;
  // No leap seconds: Python's dates have none.
  return hour > 23 || minute > 59 || second > 59 ? null : hour * 3600 + minute * 60 + second;
}

function hourOf(fields: DateFields): number {
  const twelve = numberOf(fields, 'I');
  if (twelve === null) return numberOf(fields, 'H') ?? 0;
  if (fields.get('p')?.toLowerCase() === 'pm') return twelve === 12 ? 12 : twelve + 12;
  return twelve === 12 ? 0 : twelve;
}

interface Day {
  readonly month: number;
  readonly day: number;
  readonly midnight: number;
  /** Nothing was written of it. */
  readonly today: boolean;
}

function dayOf(fields: DateFields, year: number, local: number): Day | null {
  const month = numberOf(fields, 'm') ?? (monthNumber(fields.get('b') ?? fields.get('B') ?? '') || null);
  const day = numberOf(fields, 'd');
  if (month !== null && day !== null) return known(year, month, day, false);
  const ofYear = numberOf(fields, 'j') ?? dayOfWeeks(fields, year);
  if (ofYear !== null) {
    const newYear = midnightOf(year, 1, 1);
    const found = newYear === null ? null : civil(newYear + (ofYear - 1) * DAY_MS);
    return found && known(found.year, found.month, found.day, false);
  }
  if (month !== null || day !== null) return null;
  const today = civil(local);
  return known(year, today.month, today.day, true);
}

function hasDay(fields: DateFields): boolean {
  return fields.has('d') || fields.has('j');
}

function known(year: number, month: number, day: number, today: boolean): Day | null {
  const midnight = midnightOf(year, month, day);
  return midnight === null ? null : { month, day, midnight, today };
}

/** The day of the year from week (`%U` begins on Sunday, `%W` on Monday) and weekday. */
function dayOfWeeks(fields: DateFields, year: number): number | null {
  const monday = fields.has('W');
  const week = numberOf(fields, 'W') ?? numberOf(fields, 'U');
  const number = numberOf(fields, 'w');
  const weekday = number === null ? weekdayNumber(fields.get('a') ?? fields.get('A') ?? '') : (number + 6) % 7;
  const first = midnightOf(year, 1, 1);
  if (week === null || weekday < 0 || first === null) return null;
  const newYear = (weekdayOf(first) + (monday ? 0 : 1)) % 7;
  const day = monday ? weekday : (weekday + 1) % 7;
  return week === 0 ? 1 + day - newYear : 1 + ((7 - newYear) % 7) + 7 * (week - 1) + day;
}
