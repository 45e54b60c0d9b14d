/** What the follower gives: whole lines of one log as they are written, or a word about what it could not see. */

import { counted, grouped } from '../core/text.ts';
import type { Millis } from '../core/words.ts';
import type { FileClock } from '../core/world.ts';
import type { LogChunk } from './log-chunk.ts';
import { yearOf } from './log-clock.ts';
import type { ToUtc } from './zone.ts';

/** Receive time plus this: no stamp may be later (clocks of two hosts differ by less). */
const SKEW_MS = 60_000;

/** Whole lines of one log. The last one is without its end where it was cut. */
export interface Lines {
  readonly path: string;
  /** `bytes` and `firstLine` in the form that the sieve takes. */
  readonly chunk: LogChunk;
  readonly bytes: Buffer;
  readonly firstLine: number;
  readonly receivedAt: Millis;
  readonly inode: number;
  /** Written since the last look: their stamps can be held against our clock. */
  readonly fresh: boolean;
}

/** What was not seen. `lines` and `bytes` are what is known of it, 0 where nothing is. */
export interface Blind {
  readonly blind: {
    readonly path: string;
    readonly lines: number;
    readonly bytes: number;
    readonly why: string;
    /** The number of lines was judged by the usual length of a line, since nobody can count them any more. */
    readonly estimated?: true;
  };
}

export type Followed = Lines | Blind;

export interface FileSettings {
  readonly toUtc: ToUtc;
  readonly now: () => Millis;
  /** How long a renamed file is kept open after its last growth, when it has no name any more. */
  readonly graceMs: number;
  /** Unread bytes of one log past which the oldest are skipped. */
  readonly backlogBytes: number;
  /** Programs whose lines another log has. */
  readonly skip: ReadonlySet<string>;
}

export interface Turn {
  readonly items: readonly Followed[];
  readonly bytes: number;
  /** There is more to read at once. */
  readonly more: boolean;
}

/** Stamps without a year are of the year in which they lie not after now; later lines are counted along from the first. */
export class LiveClock implements FileClock {
  readonly toUtc: ToUtc;
  readonly #now: () => Millis;
  #year: number | null = null;

  constructor(toUtc: ToUtc, now: () => Millis) {
    this.toUtc = toUtc;
    this.#now = now;
  }

  /** The first lines of the file that are given. */
  begin(bytes: Buffer): void {
    this.#year ??= yearOf(bytes.toString('latin1', 0, 1024), this.#now(), this.toUtc);
  }

  get firstYear(): number {
    return this.#year ?? new Date(this.#now()).getUTCFullYear();
  }

  get latest(): Millis {
    return this.#now() + SKEW_MS;
  }
}

/** A sentence for a person. */
export function blindSays({ blind }: Blind): string {
  const { lines, bytes, why, estimated } = blind;
  const much =
    lines > 0 ? `${estimated ? 'about ' : ''}${counted(lines, 'line')} (${grouped(bytes)} bytes)` : bytes > 0 ? `${grouped(bytes)} bytes` : '';
  return much === '' ? why : `${much} not seen: ${why}`;
}
