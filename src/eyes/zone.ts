/**
 * The time zone that a machine's log stamps are in: its own, not ours. Read from /etc/localtime's target or /etc/timezone.
 * Cannot see: daemons that run with a TZ of their own. In the hour that daylight saving repeats, the earlier reading is taken.
 */

import { DAY_MS } from '../core/spans.ts';
import type { Coverage } from '../core/words.ts';
import type { Disk } from './disk.ts';

/** Thirty years. */
const DAYS_AT_MOST = 11_000;

export type ToUtc = (localMs: number) => number;

/** The zone that a person gave, else the machine's own; `name` is for telling which one was taken. */
export function zoneOf(
  disk: Disk,
  note: (coverage: Coverage) => void,
  given: string | null = null,
): { readonly name: string; readonly toUtc: ToUtc } {
  const name = given ?? zoneName(disk);
  const offset = name === null ? null : offsets(name);
  if (name !== null && offset) return { name, toUtc: (local) => utcOf(local, offset) };
  note({
    source: 'time zone',
    state: 'absent',
    detail: 'neither /etc/localtime nor /etc/timezone names a zone that is known here; stamps without a zone are read as UTC',
  });
  return { name: 'UTC', toUtc: (local) => local };
}

function zoneName(disk: Disk): string | null {
  const link = disk.link('/etc/localtime');
  const named = link && /zoneinfo\/(?:posix\/|right\/)?([\w+/-]{1,60})$/.exec(link)?.[1];
  if (named) return named;
  const written = disk.text('/etc/timezone', 200)?.trim();
  if (written && /^[\w+/-]{1,60}$/.test(written)) return written;
  // A host without both runs on UTC (localtime(5)); a file that is no link hides its name.
  return disk.exists('/etc/localtime') ? null : 'UTC';
}

/** Offset from UTC in milliseconds at a UTC instant, or null for a zone that Node does not know. */
function offsets(zone: string): ((utcMs: number) => number) | null {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    return daily((utcMs) => {
      const parts = new Map(format.formatToParts(utcMs).map((part) => [part.type, Number(part.value)]));
      const of = (type: string) => parts.get(type as Intl.DateTimeFormatPartTypes) ?? 0;
      return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second')) - Math.floor(utcMs / 1000) * 1000;
    });
  } catch {
    return null;
  }
}

/** Asking the time zone's rules is slow, and they change on two days a year: an offset that a day begins and ends with is that of the whole day. */
function daily(exact: (utcMs: number) => number): (utcMs: number) => number {
  const days = new Map<number, number | null>();
  return (utcMs) => {
    const day = Math.floor(utcMs / DAY_MS);
    let known = days.get(day);
    if (known === undefined) {
      const first = exact(day * DAY_MS);
      known = first === exact((day + 1) * DAY_MS - 1) ? first : null;
      if (days.size >= DAYS_AT_MOST) days.clear();
      days.set(day, known);
    }
    return known ?? exact(utcMs);
  };
}

/** Of the two instants that a repeated local hour has, the earlier: its offset is the larger one. */
function utcOf(local: number, offset: (utcMs: number) => number): number {
  const before = local - offset(local - 86_400_000);
  const after = local - offset(local + 86_400_000);
  const fits = [before, after].filter((utc) => utc + offset(utc) === local);
  return fits.length > 0 ? Math.min(...fits) : before;
}
