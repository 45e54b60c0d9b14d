/** How one kind of persistence is read: bounded numbers of files and entries, with an account of what was left out or could not be read. */

import { posix } from 'node:path';
import { counted, listed } from '../core/text.ts';
import type { Coverage, Millis, PersistenceSeen } from '../core/words.ts';
import type { FileSeen } from '../core/world.ts';
import { type Disk, type Read, textOf } from './disk.ts';
import { NOT_OWN, NOT_REGULAR } from './open-file.ts';

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
  readonly uid: number;
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
  readonly #irregular: string[] = [];
  readonly #foreign: string[] = [];
  readonly #homes: ReadonlyMap<string, Home>;
  #present = false;
  #files = 0;
  #bytes = 0;
  #names = 0;
  #strange = 0;
  #cut = false;

  constructor(disk: Disk, source: string, homes: readonly Home[] = []) {
    this.disk = disk;
    this.#homes = new Map(homes.map((home) => [home.path, home]));
    this.#source = source;
  }

  get found(): readonly PersistenceSeen[] {
    return this.#found;
  }

  /** Null when there is no such file, or it cannot be read, or there were too many already. `from` = the link that named it, if any. */
  file(path: string, from = path): ReadFile | null {
    if (this.#files >= FILES_AT_MOST || this.#bytes >= BYTES_AT_MOST) {
      if (this.disk.exists(path)) this.#cut = true;
      return null;
    }
    const got = this.#read(path, from);
    if ('error' in got) {
      this.#failed(from, got.error);
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
    (error === NOT_REGULAR ? this.#irregular : error === NOT_OWN ? this.#foreign : this.#unread).push(path);
  }

  /** Who may write in a home chooses what links there lead to: they must not show us, who may read everything, the files of others. */
  #read(path: string, from: string): Read {
    const home = this.#homeOf(from);
    if (home === null || home.uid === 0) return this.disk.read(path, FILE_BYTES);
    const got = this.disk.read(path, FILE_BYTES, true, { below: home.path, uid: home.uid });
    const refused = 'error' in got && got.error === NOT_OWN;
    return refused && rootsAlone(this.disk, home.path, from) ? this.disk.read(path, FILE_BYTES) : got;
  }

  /** The innermost home that a path lies in. */
  #homeOf(path: string): Home | null {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const home = this.#homes.get(path.slice(0, at));
      if (home) return home;
    }
    return null;
  }

  /** `kept` = entries that are told; fewer than were found when all kinds together were too many. */
  coverage(kept: number): Coverage {
    const source = this.#source;
    const unread = this.#unread.length + this.#irregular.length + this.#foreign.length > 0;
    if (!this.#present && !unread) return { source, state: 'absent', detail: 'there are none on this machine' };
    const cut = this.#cut || kept < this.#found.length;
    const parts = [`${counted(this.#files, 'file')}, ${counted(kept, 'entry', 'entries')}`];
    if (this.#strange > 0) parts.push(`${counted(this.#strange, 'line')} not understood`);
    if (this.#unread.length > 0) parts.push(`not readable: ${listed(this.#unread)}`);
    if (this.#irregular.length > 0) parts.push(`not a regular file: ${listed(this.#irregular)}`);
    if (this.#foreign.length > 0) parts.push(`not read, because a link leads to a file of another account: ${listed(this.#foreign)}`);
    if (cut) parts.push('there was more than is read');
    return { source, state: !this.#present ? 'unreadable' : unread || cut ? 'partial' : 'read', detail: parts.join('; ') };
  }
}

/** Can only root have put this there? Accounts of the system have homes like /usr/sbin that are not theirs to write in. */
function rootsAlone(disk: Disk, home: string, path: string): boolean {
  for (let at = home.length; at > 0; at = path.indexOf('/', at + 1)) {
    const seen = disk.stat(path.slice(0, at));
    if (seen?.kind !== 'directory' || seen.uid !== 0 || (seen.mode & 0o022) !== 0) return false;
  }
  return true;
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
