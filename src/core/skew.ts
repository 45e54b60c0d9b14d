/**
 * How far the clock of a log is from ours: when a line arrived minus the time that it says. Many lines of one log that are all off by the
 * same whole quarters of an hour were written in another time zone; any other steady distance is a clock that is wrong.
 */

import { HOUR_MS, MINUTE_MS, SECOND_MS } from './spans.ts';
import { lasted } from './text.ts';
import type { Millis } from './words.ts';

/** Lines that are remembered of one log: enough that a few late or forged ones do not move the middle. */
const KEPT = 101;
/** Fewer lines than this say nothing. */
const LEAST = 5;
/** All zones of the world are whole quarters of an hour from UTC (tz database). */
const ZONE_STEP_MS = 15 * MINUTE_MS;
/** The widest that two zones are apart: UTC-12 and UTC+14. */
const ZONE_MOST_MS = 26 * HOUR_MS;
/** A daemon may hold a line back, and a web server stamps a request by its beginning: a zone is told within so much. */
const ZONE_SLACK_MS = 90 * SECOND_MS;
/** Buffers of daemons (apache's BufferedLogs, journald's half second) delay lines by less than this. */
const CLOCK_SLACK_MS = 10 * SECOND_MS;

/** `steady` = written by our clock, in our zone. */
export type SkewKind = 'unknown' | 'steady' | 'zone' | 'clock';

export interface SkewTold {
  readonly kind: SkewKind;
  /** To be added to the stamps of this log to have our time; 0 while nothing is known. */
  readonly correctionMs: number;
  /** One sentence for a person, '' where there is nothing to say. */
  readonly says: string;
}

const NOTHING: SkewTold = { kind: 'unknown', correctionMs: 0, says: '' };

/** The running figure of one log, in bounded memory. */
export class Skew {
  readonly #kept: number[] = [];
  #next = 0;

  /** Only lines that arrived as they were written: those of a backlog say nothing about a clock. */
  hear(arrivedAt: Millis, stampedAt: Millis): void {
    if (!Number.isFinite(arrivedAt) || !Number.isFinite(stampedAt)) return;
    this.#kept[this.#next] = arrivedAt - stampedAt;
    this.#next = (this.#next + 1) % KEPT;
  }

  /** The middle of the last distances, null while there are too few. */
  median(): number | null {
    return this.#kept.length < LEAST ? null : middle(this.#kept);
  }

  /** Half of the distances are no further than this from their middle. */
  spread(): number | null {
    const median = this.median();
    return median === null ? null : middle(this.#kept.map((one) => Math.abs(one - median)));
  }

  told(): SkewTold {
    const median = this.median();
    const spread = this.spread();
    // Distances that lie far apart are late lines, or several clocks in one log: no correction fits them.
    if (median === null || spread === null || spread > ZONE_SLACK_MS) return NOTHING;
    return skewOf(median);
  }
}

/** What a steady distance means. Positive = the stamps are behind our clock. */
export function skewOf(distanceMs: number): SkewTold {
  const whole = Math.round(distanceMs / ZONE_STEP_MS) * ZONE_STEP_MS;
  const rest = Math.abs(distanceMs - whole);
  const side = distanceMs > 0 ? 'behind' : 'ahead of';
  if (whole !== 0 && rest <= ZONE_SLACK_MS && Math.abs(whole) <= ZONE_MOST_MS)
    return {
      kind: 'zone',
      correctionMs: whole,
      says: `its stamps are ${inHours(whole)} ${side} this machine's time: the program that writes it runs in another time zone, or was not restarted when the zone or daylight saving changed`,
    };
  if (Math.abs(distanceMs) <= CLOCK_SLACK_MS) return { kind: 'steady', correctionMs: 0, says: '' };
  return {
    kind: 'clock',
    correctionMs: Math.round(distanceMs),
    says: `its stamps are ${lasted(Math.abs(distanceMs))} ${side} this machine's clock, which is no whole time zone: a clock is wrong, or its lines come late`,
  };
}

/** "2 h", "5 h 30 min", "45 min". */
function inHours(spanMs: number): string {
  const minutes = Math.round(Math.abs(spanMs) / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  return [hours > 0 ? `${hours} h` : '', minutes % 60 > 0 ? `${minutes % 60} min` : ''].filter(Boolean).join(' ');
}

function middle(of: readonly number[]): number {
  const sorted = [...of].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  const high = sorted[half] ?? 0;
  return sorted.length % 2 === 1 ? high : (high + (sorted[half - 1] ?? 0)) / 2;
}
