/** How one kind of persistence is read: bounded numbers of files and entries, with an account of what was left out or could not be read. */

import { posix } from 'node:path';
import { counted, listed } from '../core/text.ts';
import type { AccountSeen, Coverage, Millis, PersistenceSeen } from '../core/words.ts';
import type { FileSeen } from '../core/world.ts';
import { type Disk, textOf } from './disk.ts';
import { present } from './homes.ts';

const FILE_BYTES = 1 << 20;
const FILES_AT_MOST = 2000;
/** Of one kind in all: thousands of users may each fill their files up to the limit. */
const BYTES_AT_MOST = 64 << 20;
const NAMES_AT_MOST = 50_000;
/** All kinds together keep no more than this, so one kind alone needs no more. */
export const ENTRIES_AT_MOST = 5000;
/** One user's own file must not push out the files that come after it. */
const ENTRIES_A_FILE = 500;
/** PersistenceSeen.command. */
const COMMAND_CHARACTERS = 1000;
/** Symbolic links that are followed for the time of change. */
const LINKS_AT_MOST = 8;

/** A file that was read, with the lines as they are, the first one being number 1. */
export interface ReadFile {
  readonly path: string;
  readonly lines: readonly string[];
  readonly changedAt: Millis | null;
}

/** A home directory and the first account that has it. */
export interface Home {
  readonly account: string;
  readonly path: string;
}

/** Logical lines: those ending in `\` joined to the next; `line` is the number of the first. */
export interface Joined {
  readonly line: number;
  readonly text: string;
}

export class Look {
  readonly disk: Disk;
  readonly #source: string;
  readonly #found: PersistenceSeen[] = [];
  readonly #ofFile = new Map<string, number>();
  readonly #unread: string[] = [];
  #present = false;
  #files = 0;
  #bytes = 0;
  #names = 0;
  #strange = 0;
  #cut = false;

  constructor(disk: Disk, source: string) {
    this.disk = disk;
    this.#source = source;
  }

  get found(): readonly PersistenceSeen[] {
    return this.#found;
  }

  /** Null when there is no such file, or it cannot be read, or there were too many already. */
  file(path: string): ReadFile | null {
    if (this.#files >= FILES_AT_MOST || this.#bytes >= BYTES_AT_MOST) {
      if (this.disk.exists(path)) this.#cut = true;
      return null;
    }
    const got = this.disk.read(path, FILE_BYTES);
    if ('error' in got) {
      this.#failed(path, got.error);
      return null;
    }
    this.#files += 1;
    this.#bytes += got.bytes.length;
    this.#present = true;
    if (got.more) this.#cut = true;
    return { path, lines: textOf(got.bytes).split('\n'), changedAt: changedAt(this.disk, path) };
  }

  /** What lies in a directory, by name; empty when there is none. Counts as files only when they are read or counted. */
  entries(directory: string): FileSeen[] {
    const names = this.disk.names(directory);
    if (!Array.isArray(names)) {
      this.#failed(directory, names.error);
      return [];
    }
    this.#present = true;
    const kept = names.sort().slice(0, Math.min(FILES_AT_MOST, NAMES_AT_MOST - this.#names));
    this.#names += kept.length;
    if (kept.length < names.length) this.#cut = true;
    return kept.flatMap((name) => this.disk.stat(`${directory}/${name}`) ?? []);
  }

  /** A file whose content does not matter. */
  counts(): void {
    this.#files += 1;
    this.#present = true;
  }

  /** A line that is none of the forms that are known. */
  strange(): void {
    this.#strange += 1;
  }

  cut(): void {
    this.#cut = true;
  }

  add(entry: PersistenceSeen): void {
    const times = (this.#ofFile.get(entry.path) ?? 0) + 1;
    if (times > ENTRIES_A_FILE || this.#found.length >= ENTRIES_AT_MOST) {
      this.#cut = true;
      return;
    }
    this.#ofFile.set(entry.path, times);
    this.#found.push({
      ...entry,
      command: entry.command.slice(0, COMMAND_CHARACTERS),
      ...(entry.schedule ? { schedule: entry.schedule.slice(0, 200) } : {}),
    });
  }

  #failed(path: string, error: string): void {
    if (error === 'ENOENT' || error === 'ENOTDIR') return;
    this.#unread.push(path);
  }

  /** `kept` = entries that are told; fewer than were found when all kinds together were too many. */
  coverage(kept: number): Coverage {
    const source = this.#source;
    const unread = this.#unread.length > 0;
    if (!this.#present && !unread) return { source, state: 'absent', detail: 'there are none on this machine' };
    const cut = this.#cut || kept < this.#found.length;
    const parts = [`${counted(this.#files, 'file')}, ${counted(kept, 'entry', 'entries')}`];
    if (this.#strange > 0) parts.push(`${counted(this.#strange, 'line')} not understood`);
    if (unread) parts.push(`not readable: ${listed(this.#unread)}`);
    if (cut) parts.push('there was more than is read');
    return { source, state: !this.#present ? 'unreadable' : unread || cut ? 'partial' : 'read', detail: parts.join('; ') };
  }
}

/** When a file last changed in any way; of a symbolic link and what it leads to, the later one. */
export function changedAt(disk: Disk, path: string): Millis | null {
  let latest: Millis | null = null;
  let here = path;
  for (let links = 0; links < LINKS_AT_MOST; links += 1) {
    const seen = disk.stat(here);
    if (seen === null) break;
    latest = Math.max(latest ?? 0, seen.changedAt);
    if (seen.kind !== 'symlink') break;
    here = targetOf(disk, here) ?? here;
  }
  return latest;
}

/** Where a symbolic link leads, as an absolute path without `..`; null when it is none. */
export function targetOf(disk: Disk, path: string): string | null {
  const target = disk.link(path);
  return target === null ? null : posix.resolve(posix.dirname(path), target);
}

/** Each home once, root's first. `/` is no home: what lies there belongs to the system. */
export function homesOf(accounts: readonly AccountSeen[]): Home[] {
  const homes = new Map<string, string>([['/root', accounts.find((account) => account.uid === 0)?.name ?? 'root']]);
  for (const account of accounts) {
    if (!account.home.startsWith('/')) continue;
    const path = posix.normalize(account.home).replace(/\/$/, '');
    if (path !== '' && !homes.has(path)) homes.set(path, account.name);
  }
  return [...homes].map(([path, account]) => ({ path, account }));
}

/** Of these homes the ones that are there. */
export function homesThere(disk: Disk, accounts: readonly AccountSeen[]): Home[] {
  const homes = homesOf(accounts);
  const { paths } = present(
    disk,
    homes.map((home) => home.path),
  );
  return homes.filter((home) => paths.has(home.path));
}

/** Joins lines that end in a backslash, as shells and systemd do. Comment lines within are left out when `comment` matches them. */
export function joined(lines: readonly string[], comment: RegExp): Joined[] {
  const whole: Joined[] = [];
  let parts: string[] = [];
  let begun = 0;
  for (const [index, raw] of lines.entries()) {
    const text = raw.trim();
    if (comment.test(text)) continue;
    if (parts.length === 0) begun = index + 1;
    const more = text.endsWith('\\') && index + 1 < lines.length;
    parts.push(more ? text.slice(0, -1) : text);
    if (more) continue;
    const all = parts.join(' ').trim();
    if (all !== '') whole.push({ line: begun, text: all });
    parts = [];
  }
  return whole;
}
