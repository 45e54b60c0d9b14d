/** A date template made ready to search: where the date stands in a line, and what moment it is. */

import type { DateFinder, DateMatch } from './date-detector.ts';
import type { DateKind, DateTemplate } from './date-patterns.ts';
import { Expression, type Found } from './expression.ts';
import { type Clock, timeOf } from './strptime.ts';

export type { DateFinder } from './date-detector.ts';

/** The end of the year 9999: what lies behind it is no date. */
const LAST_MS = 253_402_300_800_000;

/** Or why the template cannot be used. `gaveUp` is told when a line was too costly. */
export function finderOf(template: DateTemplate, clock: Clock, gaveUp: () => void = () => {}): DateFinder | string {
  const regex = Expression.read(template.source, false);
  if (typeof regex === 'string') return regex;
  return {
    template,
    find(line: string, from: number, to: number): DateMatch | null {
      const found = regex.find(to < line.length ? line.slice(0, to) : line, from);
      if (found === 'over-budget') gaveUp();
      if (found === null || found === 'over-budget') return null;
      const length = found.textOf(1)?.length ?? 0;
      const cutStart = template.cut.atEnd ? found.end - length : Math.max(0, found.startOf(template.cut.group));
      return { start: found.start, end: found.end, cutStart, cutEnd: cutStart + length, at: () => momentOf(template, found, clock) };
    },
  };
}

function momentOf({ kind, valueGroup }: DateTemplate, found: Found, clock: Clock): number | null {
  if (kind === 'fields') return timeOf(found.texts(), clock);
  const number = found.textOf(valueGroup);
  const at = number === null ? Number.NaN : numberMs(number, kind);
  return at >= 0 && at < LAST_MS ? at : null;
}

/** More digits than seconds have are milliseconds or, without a point, microseconds. TAI64N counts from 2^62, of which the first digit is cut. */
function numberMs(text: string, kind: DateKind): number {
  if (kind === 'tai64n') return Number.parseInt(text.slice(2, 17), 16) * 1000;
  if (kind === 'long-epoch' && text.length >= 13) return text.length >= 16 && !text.includes('.') ? Number(text) / 1000 : Number(text);
  return Number(text) * 1000;
}
