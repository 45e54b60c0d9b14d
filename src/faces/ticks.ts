/** Where a time axis gets its marks and what stands at them, for spans from milliseconds to years. */

import { MINUTE_MS, SECOND_MS } from '../core/spans.ts';
import type { Millis } from '../core/words.ts';
import { clock, iso } from './when.ts';

export interface Tick {
  readonly at: Millis;
  readonly label: string;
  /** The day, at the first mark and wherever it changes, where the label alone would not tell. */
  readonly day: string;
}

const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Steps that people count in. */
const STEPS_MS: readonly number[] = [
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500],
  ...[1, 2, 5, 10, 15, 30].map((seconds) => seconds * SECOND_MS),
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE_MS),
  ...[1, 2, 3, 6, 12].map((hours) => hours * HOUR_MS),
  ...[1, 2, 5, 7, 14, 30, 60, 90, 180, 365].map((days) => days * DAY_MS),
];

/** At most `most` marks, on round UTC times within the span; a span of no length gets one. */
export function ticksOf(from: Millis, to: Millis, most: number): Tick[] {
  if (to <= from) return [labelled(from, SECOND_MS, '')];
  const wanted = (to - from) / Math.max(1, most);
  const stepMs = STEPS_MS.find((step) => step >= wanted) ?? Math.ceil(wanted / (365 * DAY_MS)) * 365 * DAY_MS;
  const ticks: Tick[] = [];
  let day = '';
  for (let at = Math.ceil(from / stepMs) * stepMs; at <= to && ticks.length < most; at += stepMs) {
    const tick = labelled(at, stepMs, day);
    if (tick.day !== '') day = tick.day;
    ticks.push(tick);
  }
  return ticks.length > 0 ? ticks : [labelled(from, SECOND_MS, '')];
}

function labelled(at: Millis, stepMs: number, dayBefore: string): Tick {
  const [day = '', time = ''] = clock(at).split(' ');
  if (stepMs >= DAY_MS) return { at, label: day, day: '' };
  const millis = iso(at)?.slice(-4, -1) ?? '';
  const label = stepMs < SECOND_MS ? `${time}.${millis}` : stepMs < MINUTE_MS ? time : time.slice(0, 5);
  return { at, label, day: day === dayBefore ? '' : day };
}
