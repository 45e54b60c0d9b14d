/**
 * Which year the first line of a log was written in, where its stamps have none (RFC 3164): from the latest moment that its last
 * line can have, and the New Years between. Cannot see: a log that is silent for more than half a year over a New Year, and, where the year
 * of the last line was given by hand, a New Year inside a packed file or standard input, whose end is not known before it is read.
 */

import * as fs from 'node:fs';
import { gunzipSync, constants as zlib } from 'node:zlib';
import type { Millis } from '../core/words.ts';
import type { FileClock } from '../core/world.ts';
import { monthOf, YearCount } from '../core/year-count.ts';
import type { Disk } from './disk.ts';
import type { Generation } from './log-generations.ts';
import { type Packing, packingIn } from './log-packing.ts';
import { openRegular } from './open-file.ts';
import type { ToUtc } from './zone.ts';

export const HEAD_BYTES = 65_536;
/** Looks into a plain file on the way from its first to its last line: enough for a New Year a month in a log of decades. */
const SAMPLES = 400;
/** Lines that were delayed on their way, and clocks of two hosts. */
export const SLACK_MS = 86_400_000;

type Day = { readonly month: number; readonly day: number; readonly year: number | null };

/** The stamps in a text, in order; lines that have none (binary junk, continued lines) are passed over. NULs and a byte order mark may stand before. */
function daysIn(text: string): Day[] {
  const stamps =
    /(?:^|\n)\0*(?:\u00ef\u00bb\u00bf)?(?:<\d{1,3}>)?(?:1 )?(?:([A-Z][a-z]{2}) {1,2}(\d{1,2}) (?:(\d{4}) )?\d\d:\d\d:|(?:[A-Z][a-z]{2} )?(\d{4})-(\d\d)-(\d\d)[T ]\d\d:)/g;
  return [...text.matchAll(stamps)].flatMap((found): Day[] => {
    if (found[4] !== undefined) return [{ year: Number(found[4]), month: Number(found[5]) - 1, day: Number(found[6]) }];
    const month = monthOf(found[1] ?? '');
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

/** The year of the first stamp in a text, where nothing but the latest moment that it can have is known. */
export function yearOf(text: string, bound: Millis, toUtc: ToUtc): number | null {
  const [day] = daysIn(text);
  return day === undefined ? null : (day.year ?? yearBefore(day, bound, toUtc));
}

/** What journalctl writes as a number: `short-unix` in seconds, JSON in microseconds. */
function epochIn(text: string): Millis | null {
  const unix = /^(\d{9,11})\.\d{6} /.exec(text)?.[1];
  const micros = text.startsWith('{') ? /"__REALTIME_TIMESTAMP" ?: ?"(\d{15,17})"/.exec(text)?.[1] : undefined;
  return unix !== undefined ? Number(unix) * 1000 : micros !== undefined ? Math.floor(Number(micros) / 1000) : null;
}

/** When the first line of a file was written, or null when that cannot be told without unpacking it all. */
export function peek(disk: Disk, part: Generation, bound: Millis, toUtc: ToUtc): Millis | null {
  const { text } = headOf(disk, part);
  const [day] = daysIn(text);
  if (!day) return epochIn(text);
  const year = day.year ?? firstYear(day, disk, part, bound, toUtc);
  return toUtc(Date.UTC(year, day.month, day.day));
}

/** `latest` bounds the stamps; what is later than `received` is told of. */
export function clockOf(
  text: string,
  part: Generation & { readonly bound: Millis },
  toUtc: ToUtc,
  times: { readonly latest: Millis; readonly received: Millis },
  disk: Disk,
): FileClock {
  const hole = /^\0*/.exec(text)?.[0].length ?? 0;
  const [day] = daysIn(text.slice(hole, hole + HEAD_BYTES));
  const year = day === undefined ? new Date(part.bound).getUTCFullYear() : (day.year ?? firstYear(day, disk, part, part.bound, toUtc));
  return { firstYear: year, toUtc, ...times };
}

function firstYear(first: Day, disk: Disk, part: Generation, bound: Millis, toUtc: ToUtc): number {
  const days = part.path !== '-' && headOf(disk, part).packing === 'none' ? sampled(disk, part.path) : [];
  const last = days[days.length - 1];
  if (!last) return yearBefore(first, bound, toUtc);
  const count = new YearCount();
  const years = days.map((day) => count.hear(day.month));
  return yearBefore(last, bound, toUtc) - (years[years.length - 1] ?? 0);
}

function headOf(disk: Disk, part: Generation): { readonly text: string; readonly packing: Packing } {
  const got = part.path === '-' ? { error: 'ESPIPE' } : disk.read(part.path, HEAD_BYTES);
  if ('error' in got) return { text: '', packing: 'none' };
  const packing = packingIn(got.bytes);
  if (packing === 'none') return { text: got.bytes.toString('latin1'), packing };
  if (packing === 'text16le') return { text: got.bytes.toString('utf16le').replace('\ufeff', ''), packing };
  if (packing !== 'gz') return { text: '', packing };
  try {
    const whole = gunzipSync(got.bytes, { finishFlush: zlib.Z_SYNC_FLUSH, maxOutputLength: 64 * HEAD_BYTES });
    return { text: whole.toString('latin1', 0, HEAD_BYTES), packing };
  } catch {
    return { text: '', packing };
  }
}

/** Days at evenly spread places of a plain file, the end included. */
function sampled(disk: Disk, path: string): Day[] {
  const real = disk.real(path);
  const size = disk.stat(path)?.sizeBytes ?? 0;
  if (real === null || size === 0) return [];
  let fd = -1;
  try {
    fd = openRegular(real, { follow: true });
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
