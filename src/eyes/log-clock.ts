/**
 * Which year the first line of a log was written in, where its stamps have none (RFC 3164): from the latest moment that its last
 * line can have, and the New Years between. Cannot see: a log that is silent for more than half a year over a New Year, and, where the year
 * of the last line was given by hand, a New Year inside a packed file or standard input, whose end is not known before it is read.
 */

import * as fs from 'node:fs';
import { gunzipSync, constants as zlib } from 'node:zlib';
import type { Millis } from '../core/words.ts';
import type { FileClock } from '../core/world.ts';
import { YearCount } from '../core/year-count.ts';
import type { Disk } from './disk.ts';
import type { Generation } from './log-generations.ts';
import type { ToUtc } from './zone.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const HEAD_BYTES = 65_536;
/** Looks into a plain file on the way from its first to its last line: enough for a New Year a month in a log of decades. */
const SAMPLES = 400;
/** Lines that were delayed on their way, and clocks of two hosts. */
export const SLACK_MS = 86_400_000;

type Day = { readonly month: number; readonly day: number; readonly year: number | null };

/** The stamps in a text, in order; lines that have none (binary junk, continued lines) are passed over. */
function daysIn(text: string): Day[] {
  const stamps = /(?:^|\n)(?:<\d{1,3}>)?(?:1 )?(?:([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?\d\d:\d\d:|(\d{4})-(\d\d)-(\d\d)[T ]\d\d:)/g;
  return [...text.matchAll(stamps)].flatMap((found): Day[] => {
    if (found[4] !== undefined) return [{ year: Number(found[4]), month: Number(found[5]) - 1, day: Number(found[6]) }];
    const month = MONTHS.indexOf(found[1] ?? '');
    return month < 0 ? [] : [{ year: found[3] === undefined ? null : Number(found[3]), month, day: Number(found[2]) }];
  });
}

/** The latest year in which this day is not after the bound. */
function yearBefore(day: Day, bound: Millis, toUtc: ToUtc): number {
  const year = new Date(bound).getUTCFullYear() + 1;
  for (const candidate of [year, year - 1]) {
    if (toUtc(Date.UTC(candidate, day.month, day.day)) <= bound + SLACK_MS) return candidate;
  }
  return year - 2;
}

/** When the first line of a file was written, or null when that cannot be told without unpacking it all. */
export function peek(disk: Disk, part: Generation, bound: Millis, toUtc: ToUtc): Millis | null {
  const [day] = daysIn(headOf(disk, part));
  if (!day) return null;
  const year = day.year ?? firstYear(day, disk, part, bound, toUtc);
  return toUtc(Date.UTC(year, day.month, day.day));
}

export function clockOf(text: string, part: Generation & { readonly bound: Millis }, toUtc: ToUtc, latest: Millis, disk: Disk): FileClock {
  const [day] = daysIn(text.slice(0, HEAD_BYTES));
  const year = day === undefined ? new Date(part.bound).getUTCFullYear() : (day.year ?? firstYear(day, disk, part, part.bound, toUtc));
  return { firstYear: year, toUtc, latest };
}

function firstYear(first: Day, disk: Disk, part: Generation, bound: Millis, toUtc: ToUtc): number {
  const days = part.packing === 'none' && part.path !== '-' ? sampled(disk, part.path) : [];
  const last = days[days.length - 1];
  if (!last) return yearBefore(first, bound, toUtc);
  const count = new YearCount();
  const years = days.map((day) => count.hear(day.month));
  return yearBefore(last, bound, toUtc) - (years[years.length - 1] ?? 0);
}

function headOf(disk: Disk, part: Generation): string {
  const got = disk.read(part.path, HEAD_BYTES);
  if ('error' in got || (part.packing !== 'none' && part.packing !== 'gz')) return '';
  if (part.packing === 'none') return got.bytes.toString('latin1');
  try {
    return gunzipSync(got.bytes, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: 64 * HEAD_BYTES }).toString('latin1', 0, HEAD_BYTES);
  } catch {
    return '';
  }
}

/** Days at evenly spread places of a plain file, the end included. */
function sampled(disk: Disk, path: string): Day[] {
  const real = disk.real(path);
  const size = disk.stat(path)?.sizeBytes ?? 0;
  if (real === null || size === 0) return [];
  let fd = -1;
  try {
    fd = fs.openSync(real, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const buffer = Buffer.allocUnsafe(4096);
    const looks = Math.min(SAMPLES, Math.max(2, Math.ceil(size / HEAD_BYTES)));
    const days: Day[] = [];
    for (let look = 0; look < looks; look += 1) {
      const at = Math.max(0, Math.floor((look * (size - buffer.length)) / (looks - 1)));
      const got = fs.readSync(fd, buffer, 0, buffer.length, at);
      const text = buffer.toString('latin1', 0, got);
      // The place is most likely within a line: what comes before the first line end is no stamp.
      days.push(...daysIn(at === 0 ? text : text.slice(Math.max(0, text.indexOf('\n')))));
    }
    return days;
  } catch {
    return [];
  } finally {
    if (fd >= 0) fs.closeSync(fd);
  }
}
