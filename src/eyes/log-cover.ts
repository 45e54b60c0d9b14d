/**
 * From when to when the text logs tell of log-ins, cron and the kernel, so that the journal is asked only for the rest.
 * Cannot see: a gap in the middle of a text log, and a last line that was forged to look new.
 */

import { DAY_MS } from '../core/spans.ts';
import type { Millis } from '../core/words.ts';
import { monthOf } from '../core/year-count.ts';
import { SLACK_MS } from './log-clock.ts';
import type { ToUtc } from './zone.ts';

/** What one daemon rule of rsyslog sends to one file. */
export type Topic = 'log-ins' | 'cron' | 'kernel';
export const TOPICS: readonly Topic[] = ['log-ins', 'cron', 'kernel'];

export interface Span {
  readonly from: Millis;
  readonly to: Millis;
}

/** One piece of a log, and what is needed to date its lines. */
export interface Piece {
  /** Null = the general log, which has a topic only where its lines stand in it. */
  readonly topic: Topic | null;
  readonly bytes: Buffer;
  /** Nothing before it of this file was heard. */
  readonly first: boolean;
  readonly firstYear: number;
  /** The latest moment that the file's last line can have. */
  readonly bound: Millis;
  readonly received: Millis;
  readonly toUtc: ToUtc;
}

/** Tags by which the general log shows that a topic is sent to it. */
const TAGS: Readonly<Record<Topic, readonly string[]>> = {
  'log-ins': ['sshd[', 'sshd-session[', 'dropbear[', 'sudo:', 'sudo['],
  cron: ['CRON[', 'cron[', 'crond[', 'CROND['],
  kernel: ['kernel:'],
};
/** Junk or continued lines at an end of a log; the stamp is then further in. */
const LINES_TRIED = 200;
/** As much of each end is looked at for them. */
const EDGE_BYTES = 1 << 16;

export function topicOf(program: string): Topic {
  const name = program.toLowerCase();
  return name === 'kernel' ? 'kernel' : name.includes('cron') ? 'cron' : 'log-ins';
}

export class LogCover {
  readonly #spans = new Map<Topic | null, Span>();
  readonly #general = new Set<Topic>();

  hear(piece: Piece): void {
    if (piece.topic === null)
      for (const topic of TOPICS)
        if (!this.#spans.has(topic) && !this.#general.has(topic) && TAGS[topic].some((tag) => piece.bytes.includes(` ${tag}`)))
          this.#general.add(topic);
    const old = this.#spans.get(piece.topic);
    const from = piece.first ? firstIn(piece) : null;
    const to = lastIn(piece);
    const times = [old?.from, old?.to, from, to].filter((at) => at !== undefined && at !== null);
    if (times.length > 0) this.#spans.set(piece.topic, { from: Math.min(...times), to: Math.max(...times) });
  }

  /** Null where no text log tells of it. */
  of(topic: Topic): Span | null {
    return this.#spans.get(topic) ?? (this.#general.has(topic) ? (this.#spans.get(null) ?? null) : null);
  }
}

function firstIn({ bytes, firstYear, received, toUtc }: Piece): Millis | null {
  const text = bytes.toString('latin1', 0, EDGE_BYTES);
  let start = 0;
  for (let tried = 0; tried < LINES_TRIED && start < text.length; tried += 1) {
    const at = stampAt(text, start, toUtc, (month, rest) => toUtc(Date.UTC(firstYear, month) + rest));
    if (at !== null) return at <= received ? at : null;
    const end = text.indexOf('\n', start);
    if (end < 0) return null;
    start = end + 1;
  }
  return null;
}

/** Of the last line that is not in the future: such a stamp is forged or wrong, and covers nothing. */
function lastIn({ bytes, bound, received, toUtc }: Piece): Millis | null {
  const text = bytes.toString('latin1', Math.max(0, bytes.length - EDGE_BYTES));
  let end = text.endsWith('\n') ? text.length - 1 : text.length;
  for (let tried = 0; tried < LINES_TRIED && end > 0; tried += 1) {
    const before = text.lastIndexOf('\n', end - 1);
    const at = stampAt(text, before + 1, toUtc, (month, rest) => latest(month, rest, bound, toUtc));
    if (at !== null && at <= received) return at;
    end = before;
  }
  return null;
}

/** The latest year in which the stamp is not after the bound. */
function latest(month: number, rest: Millis, bound: Millis, toUtc: ToUtc): Millis {
  const year = new Date(bound).getUTCFullYear() + 1;
  const fits = [year, year - 1, year - 2].find((candidate) => toUtc(Date.UTC(candidate, month) + rest) <= bound + SLACK_MS);
  return toUtc(Date.UTC(fits ?? year - 2, month) + rest);
}

/** Stamps of RFC 3164 and RFC 3339 stand within this many characters, a priority before them included. */
const STAMP_LENGTH = 64;

/** When a line was written; `dated` makes a moment of a month and the time since its beginning, where the stamp has no year. */
function stampAt(text: string, start: number, toUtc: ToUtc, dated: (month: number, restMs: Millis) => Millis): Millis | null {
  const head = text.slice(start, start + STAMP_LENGTH).replace(/^[\0\u00ef\u00bb\u00bf]+/, '');
  const iso = /^(?:<\d{1,3}>)?(?:1 )?(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d{0,6}(Z|[+-]\d\d:?\d\d)?/.exec(head);
  if (iso) {
    const local = Date.parse(`${iso[1]}T${iso[2]}Z`);
    if (!Number.isFinite(local)) return null;
    if (iso[3] === undefined) return toUtc(local);
    const zone = /^(.)(\d\d):?(\d\d)$/.exec(iso[3]);
    return zone ? local - (zone[1] === '-' ? -1 : 1) * (Number(zone[2]) * 60 + Number(zone[3])) * 60_000 : local;
  }
  const old = /^(?:<\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)/.exec(head);
  const month = monthOf(old?.[1] ?? '');
  if (!old || month < 0) return null;
  const seconds = Number(old[3]) * 3_600 + Number(old[4]) * 60 + Number(old[5]);
  return dated(month, (Number(old[2]) - 1) * DAY_MS + seconds * 1_000);
}
