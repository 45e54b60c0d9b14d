/**
 * Follows the systemd journal by way of journalctl, which runs beside us and is started again when it ends. The cursor of the last entry that
 * was judged is the state: a restart goes on behind it. Entries come as journalctl's JSON texts, the form in which `journal.ts` reads them.
 * Cannot see: what journald threw away before we came to it, and anything sooner than half a second, since journald tells of its entries in batches.
 */

import * as fs from 'node:fs';
import { shown } from '../core/text.ts';
import type { Coverage } from '../core/words.ts';
import type { Blind } from './follow-items.ts';
import { ENTRY_BYTES_AT_MOST, FIELDS, JOURNALCTL } from './journal.ts';
import { type Ending, outputOf } from './outside.ts';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;
/** The longest that a timer of Node waits is 2^31-1 ms; a wait is looked at four times. A journal that is silent for 99 days is asked anew. */
const NEVER_MS = 4 * (2 ** 31 - 1);
const CURSOR = '"__CURSOR"';

export type JournalItem = { readonly entries: readonly string[] } | Blind;

export interface JournalState {
  /** Of the last entry that was judged; null = none yet. */
  readonly cursor: string | null;
}

export interface JournalSettings {
  /** Matches of journalctl(1) such as `SYSLOG_IDENTIFIER=sshd`, any of which is enough (of a list of them all are needed); none = every entry. */
  readonly matches: readonly (string | readonly string[])[];
  /** Asked for beside those that every entry is read by. */
  readonly fields?: readonly string[];
  readonly program?: string;
  readonly firstWaitMs?: number;
}

export class FollowJournal {
  readonly #settings: JournalSettings;
  #given: string | null;
  #taken: string | null;
  #run: AsyncGenerator<Buffer, Ending> | null = null;
  #rest: Buffer = Buffer.alloc(0);
  /** Within an over-long entry. */
  #overlong = 0;
  #waitMs: number;
  #entries = 0;
  #trouble = '';
  #closed = false;
  readonly #stop = new AbortController();
  #wake: () => void = () => {};

  constructor(settings: JournalSettings, state: JournalState | null) {
    this.#settings = settings;
    this.#given = state?.cursor ?? null;
    this.#taken = this.#given;
    this.#waitMs = settings.firstWaitMs ?? FIRST_WAIT_MS;
  }

  /** Waits for new entries; empty only after `close`. */
  async next(): Promise<readonly JournalItem[]> {
    while (!this.#closed) {
      if (!fs.existsSync(this.#program)) {
        this.#trouble = `${this.#program} is not installed`;
        await this.#pause();
        continue;
      }
      this.#run ??= outputOf({ program: this.#program, argv: this.#argv(), stallMs: NEVER_MS, signal: this.#stop.signal });
      const { value, done } = await this.#run.next();
      if (this.#closed) break;
      const items = done ? await this.#ended(value) : this.#items(value);
      if (items.length > 0) return items;
    }
    return [];
  }

  took(): void {
    this.#taken = this.#given;
  }

  state(): JournalState {
    return { cursor: this.#taken };
  }

  coverage(): Coverage {
    const absent = this.#trouble.endsWith('is not installed');
    const state = this.#trouble === '' ? 'read' : absent ? 'absent' : 'partial';
    return { source: 'journal', state, detail: this.#trouble || 'followed', lines: this.#entries };
  }

  close(): void {
    this.#closed = true;
    this.#wake();
    // Ends the program, and with it a wait for its next word.
    this.#stop.abort();
  }

  get #program(): string {
    return this.#settings.program ?? JOURNALCTL;
  }

  /** Without a cursor from now on; behind one all that there is. */
  #argv(): string[] {
    const from = this.#given === null ? ['--lines=0'] : [`--after-cursor=${this.#given}`, '--no-tail'];
    const matches = this.#settings.matches.flatMap((match, index) => [...(index > 0 ? ['+'] : []), ...[match].flat()]);
    return [
      '--no-pager',
      '--output=json',
      `--output-fields=${[FIELDS, ...(this.#settings.fields ?? [])].join(',')}`,
      '--follow',
      ...from,
      ...matches,
    ];
  }

  #items(piece: Buffer): JournalItem[] {
    const items: JournalItem[] = [];
    let fresh = piece;
    if (this.#overlong > 0) {
      const end = fresh.indexOf(10);
      this.#overlong += end < 0 ? fresh.length : end + 1;
      if (end < 0) return items;
      items.push(blind(1, this.#overlong, 'an entry longer than 1 MiB was left out'));
      this.#overlong = 0;
      fresh = fresh.subarray(end + 1);
    }
    const all = Buffer.concat([this.#rest, fresh]);
    const last = all.lastIndexOf(10);
    const entries =
      last < 0
        ? []
        : all
            .toString('utf8', 0, last)
            .split('\n')
            .filter((line) => line.startsWith('{'));
    this.#rest = Buffer.from(all.subarray(last + 1));
    if (this.#rest.length > ENTRY_BYTES_AT_MOST) {
      this.#overlong = this.#rest.length;
      this.#rest = Buffer.alloc(0);
    }
    if (entries.length > 0) items.push(this.#took(entries));
    return items;
  }

  #took(entries: readonly string[]): JournalItem {
    this.#given = cursorOf(entries[entries.length - 1] ?? '') ?? this.#given;
    this.#entries += entries.length;
    this.#trouble = '';
    this.#waitMs = this.#settings.firstWaitMs ?? FIRST_WAIT_MS;
    return { entries };
  }

  /** journald was restarted, the program was killed, or the cursor is none: then from now on, and that is told. */
  async #ended({ status, complaints }: Ending): Promise<JournalItem[]> {
    const says = shown(complaints.join('; '), 200);
    const first = this.#trouble === '';
    this.#trouble = `journalctl ended with status ${status}${says ? `: ${says}` : ''}; it is started again`;
    this.#run = null;
    this.#rest = Buffer.alloc(0);
    this.#overlong = 0;
    const lost = complaints.some((line) => line.includes('seek to cursor'));
    if (lost) this.#given = null;
    await this.#pause();
    if (lost) return [blind(0, 0, 'the place where the journal was left is no more: entries between then and now were not seen')];
    return first ? [blind(0, 0, this.#trouble)] : [];
  }

  async #pause(): Promise<void> {
    const wait = this.#waitMs;
    this.#waitMs = Math.min(LONGEST_WAIT_MS, wait * 2);
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, wait);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

function blind(lines: number, bytes: number, why: string): Blind {
  return { blind: { path: 'journal', lines, bytes, why } };
}

/** journalctl writes it in every entry; what an entry itself says comes escaped. */
function cursorOf(entry: string): string | null {
  if (!entry.includes(CURSOR)) return null;
  try {
    const value: unknown = JSON.parse(entry);
    // Checked to be an object; its values stay unknown.
    const cursor = typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)['__CURSOR'] : null;
    return typeof cursor === 'string' && /^[\w=;-]{1,300}$/.test(cursor) ? cursor : null;
  } catch {
    return null;
  }
}
