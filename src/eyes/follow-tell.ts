/** What is said of one followed log: its lines, what of it was not seen, and how it stands in the coverage. */

import { counted, grouped } from '../core/text.ts';
import type { Coverage, Millis } from '../core/words.ts';
import type { Held } from './follow-held.ts';
import type { FileSettings, Followed } from './follow-items.ts';
import type { Strand } from './follow-strand.ts';
import { LogChunk } from './log-chunk.ts';
import { wordsFor } from './log-open.ts';

/** Lines that come within so much of the last look were written since. */
const FRESH_MS = 5_000;

export const GONE_DIRECTORY = 'its directory is gone';
const ABSENT = wordsFor('ENOENT');

export class Telling {
  readonly #path: string;
  readonly #settings: FileSettings;
  #items: Followed[] = [];
  #trouble = '';
  #caughtUpAt: Millis = Number.NEGATIVE_INFINITY;
  #lines = 0;
  #blinds = 0;
  #cuts = 0;
  #unseenMs = 0;

  constructor(path: string, settings: FileSettings) {
    this.#path = path;
    this.#settings = settings;
  }

  /** What was not fetched yet. */
  fetch(): readonly Followed[] {
    const items = this.#items;
    this.#items = [];
    return items;
  }

  /** All that there is was read. */
  caughtUp(): void {
    this.#caughtUpAt = this.#settings.now();
  }

  give({ clock, strand }: Held, bytes: Buffer, firstLine: number): void {
    const receivedAt = this.#settings.now();
    clock.begin(bytes);
    const chunk = new LogChunk(this.#path, firstLine, bytes, clock, this.#settings.skip);
    // The sieve counts too, but only what it has in hand: the place must be right at once.
    this.#lines += strand.lines - firstLine + 1;
    const fresh = receivedAt - this.#caughtUpAt < FRESH_MS;
    this.#items.push({ path: this.#path, chunk, bytes, firstLine, receivedAt, inode: strand.inode, fresh });
  }

  blind(lines: number, bytes: number, why: string): void {
    this.#blinds += 1;
    this.#items.push({ blind: { path: this.#path, lines, bytes, why } });
  }

  /** Bytes that nobody can count the lines of any more. */
  lost({ usualBytes }: Strand, bytes: number, why: string): void {
    this.#blinds += 1;
    this.#items.push({ blind: { path: this.#path, lines: Math.max(1, Math.round(bytes / usualBytes)), bytes, why, estimated: true } });
  }

  /** The file was emptied; it was last seen whole so long ago. */
  cut(unseenMs: number): void {
    this.#cuts += 1;
    this.#unseenMs = Math.max(this.#unseenMs, unseenMs);
  }

  /** Said once, until it changes. A log that is not there yet is no blindness: nobody writes one. */
  cannot(code: string, directoryGone: boolean): void {
    const words = directoryGone ? GONE_DIRECTORY : wordsFor(code);
    if (words !== this.#trouble && words !== ABSENT) this.blind(0, 0, words);
    this.#trouble = words;
  }

  can(): void {
    this.#trouble = '';
  }

  coverage(): Coverage {
    const cuts =
      this.#cuts > 0
        ? `emptied in place ${counted(this.#cuts, 'time')} (copytruncate): what was written in the last moment before, ${grouped(this.#unseenMs)} ms at most, and is not in the copy, cannot be seen; rename and create loses nothing`
        : '';
    const blinds = this.#blinds > 0 ? `${counted(this.#blinds, 'part')} of it could not be seen` : '';
    const detail = [this.#trouble || 'followed', cuts, blinds].filter(Boolean).join('; ');
    const unread = this.#trouble === ABSENT || this.#trouble === GONE_DIRECTORY ? 'absent' : 'unreadable';
    return { source: this.#path, state: this.#trouble !== '' ? unread : cuts || blinds ? 'partial' : 'read', detail, lines: this.#lines };
  }
}
