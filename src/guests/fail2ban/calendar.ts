/** Days and dates of the Gregorian calendar, for rooms that must not ask for today's. Months are 1 to 12; times are milliseconds since 1970. */

const DAY_MS = 86_400_000;
/** Dates are counted from 1 March, so that a leap day is the last of its year. */
const MARCH_0000 = 719_468;
const DAYS_OF_400_YEARS = 146_097;
/** Python knows no year after this one. */
const LAST_YEAR = 9999;

export interface Civil {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/** The date on which a time lies. */
export function civil(ms: number): Civil {
  const days = Math.floor(ms / DAY_MS) + MARCH_0000;
  const era = Math.floor(days / DAYS_OF_400_YEARS);
  const ofEra = days - era * DAYS_OF_400_YEARS;
  const yearOfEra = Math.floor((ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365);
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const fromMarch = Math.floor((5 * ofYear + 2) / 153);
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  return { year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1 };
}

/** When a date begins, or null for one that is not in the calendar (30 February, the year 0). */
export function midnightOf(year: number, month: number, day: number): number | null {
  if (!(year >= 1 && year <= LAST_YEAR && month >= 1 && month <= 12 && day >= 1)) return null;
  const marchYear = month <= 2 ? year - 1 : year;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const ofEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + ofYear;
  const midnight = (era * DAYS_OF_400_YEARS + ofEra - MARCH_0000) * DAY_MS;
  return civil(midnight).day === day && civil(midnight).month === month ? midnight : null;
}

/** 0 = Monday. */
export function weekdayOf(ms: number): number {
  // 1 January 1970 was a Thursday.
  return (((Math.floor(ms / DAY_MS) + 3) % 7) + 7) % 7;
}
