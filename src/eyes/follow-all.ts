/** All that is followed: log files, and the journal where no file has the log-ins. Whichever has something new is heard first. */

import type { Coverage } from '../core/words.ts';
import type { Follow, FollowState } from './follow.ts';
import { isFollowState } from './follow.ts';
import type { Followed } from './follow-items.ts';
import type { FollowJournal, JournalItem, JournalState } from './follow-journal.ts';

export interface AllState {
  readonly files: FollowState;
  readonly journal: JournalState | null;
}

type Item = Followed | JournalItem;
type Files = Pick<Follow, 'next' | 'took' | 'state' | 'coverage' | 'close'>;
type Journal = Pick<FollowJournal, 'next' | 'took' | 'state' | 'coverage' | 'close'>;
type Source = 'files' | 'journal';

export class FollowAll {
  readonly #files: Files;
  readonly #journal: Journal | null;
  readonly #coming = new Map<Source, Promise<{ readonly source: Source; readonly items: readonly Item[] }>>();
  /** Whose items are being judged. */
  readonly #given = new Set<Source>();

  constructor(files: Files, journal: Journal | null) {
    this.#files = files;
    this.#journal = journal;
  }

  /** Empty only after `close`. */
  async next(): Promise<readonly Item[]> {
    this.#ask('files', this.#files);
    if (this.#journal) this.#ask('journal', this.#journal);
    const { source, items } = await Promise.race(this.#coming.values());
    this.#coming.delete(source);
    this.#given.add(source);
    return items;
  }

  /** All that `next` gave since the last time is judged. */
  took(): void {
    if (this.#given.has('files')) this.#files.took();
    if (this.#given.has('journal')) this.#journal?.took();
    this.#given.clear();
  }

  state(): AllState {
    return { files: this.#files.state(), journal: this.#journal?.state() ?? null };
  }

  coverage(): readonly Coverage[] {
    return [...this.#files.coverage(), ...(this.#journal ? [this.#journal.coverage()] : [])];
  }

  close(): void {
    this.#files.close();
    this.#journal?.close();
  }

  #ask(source: Source, from: { next(): Promise<readonly Item[]> }): void {
    if (!this.#coming.has(source))
      this.#coming.set(
        source,
        from.next().then((items) => ({ source, items })),
      );
  }
}

/** What an earlier start wrote down, as far as it can be understood. */
export function allState(data: unknown): { readonly files: FollowState | null; readonly journal: JournalState | null } {
  if (typeof data !== 'object' || data === null || !('files' in data)) return { files: null, journal: null };
  const journal = 'journal' in data ? data.journal : null;
  const cursor = typeof journal === 'object' && journal !== null && 'cursor' in journal ? journal.cursor : null;
  return { files: isFollowState(data.files) ? data.files : null, journal: typeof cursor === 'string' ? { cursor } : null };
}
