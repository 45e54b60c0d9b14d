/** What is counted while lines go through the sieve, and what is remembered of a file from one piece of it to the next. */

import type { Line, Millis } from '../core/words.ts';
import type { FileClock } from '../core/world.ts';
import { Stamps } from './stamp.ts';
import { isHost } from './wanted.ts';

/** A stamp this much before the one before it means that somebody set the clock, or daylight saving ended. */
const BACKWARDS_MS = 60_000;
/** Names of hosts that are kept: enough to say that a log is of several. */
const HOSTS_AT_MOST = 50;

/** What went through the sieve in one chunk. */
export interface SiftCounts {
  lines: number;
  candidates: number;
  /** Longer than 8,192 bytes and cut. */
  cut: number;
  /** No syslog header: another kind of log, or binary junk. */
  headless: number;
  /** Stamps that went back by more than a minute. */
  backwards: number;
  /** NUL bytes before lines: a crash left a hole in the file. */
  hole: number;
  /** Lines that were left out because they are of another host than the one asked for. */
  elsewhere: number;
  /** Whose lines they are, as the headers say. */
  readonly hosts: Set<string>;
  /** How far the stamps run ahead of the clock that received them. */
  aheadMs: number;
  from: Millis | null;
  to: Millis | null;
}

/** What is known of a file from one chunk to the next. `previous` is the line before, where somebody wanted it. */
export interface Memory {
  readonly stamps: Stamps;
  last: Millis;
  previous: Line | null;
  host: string;
}

/** One file's stamps are read in order over all of its chunks; its clock is the file's own object. */
const memories = new WeakMap<FileClock, Memory>();

export function memoryOf(clock: FileClock): Memory {
  const old = memories.get(clock);
  if (old) return old;
  const memory: Memory = { stamps: new Stamps(clock), last: Number.NEGATIVE_INFINITY, previous: null, host: '' };
  memories.set(clock, memory);
  return memory;
}

function noCounts(): SiftCounts {
  const none = { lines: 0, candidates: 0, cut: 0, headless: 0, backwards: 0, hole: 0, elsewhere: 0, aheadMs: 0 };
  return { ...none, hosts: new Set(), from: null, to: null };
}

/** The counts of one chunk. */
export class Tally {
  readonly counts = noCounts();
  readonly #file: Memory;
  /** Whose lines alone are wanted; null = of all. */
  readonly #asked: string | null;

  constructor(file: Memory, asked: string | null) {
    this.#file = file;
    this.#asked = asked;
  }

  isOfHost(host: string): boolean {
    const { hosts } = this.counts;
    if (host !== this.#file.host || hosts.size === 0) {
      this.#file.host = host;
      if (hosts.size < HOSTS_AT_MOST) hosts.add(host);
    }
    if (isHost(host, this.#asked)) return true;
    this.counts.elsewhere += 1;
    return false;
  }

  /** Keeps account of the time that the log covers. */
  dated(at: Millis): Millis {
    const { counts } = this;
    if (at < this.#file.last - BACKWARDS_MS) counts.backwards += 1;
    this.#file.last = at;
    counts.from = counts.from === null ? at : Math.min(counts.from, at);
    counts.to = counts.to === null ? at : Math.max(counts.to, at);
    return at;
  }
}
