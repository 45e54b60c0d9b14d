/** The walk behind the look for odd names: bounded, fair to every directory, and with an account of what was left out. */

import { nameOf } from '../core/entity.ts';
import { oddName } from '../core/places.ts';
import { counted, listed } from '../core/text.ts';
import type { Coverage, NameSeen } from '../core/words.ts';
import type { FileSeen } from '../core/world.ts';
import type { Disk } from './disk.ts';

/** Names of crowds that are looked at for their order alone, in all: a quarter of a second. */
const CROWD_AT_MOST = 60_000;
/** Of one directory before the others had theirs. */
const SHARE_OF_A_DIRECTORY = 1000;
export const REPORTED_AT_MOST = 2000;
export const EXECUTABLE = 0o111;
/** Looked at by themselves. */
export const OTHER_IN_DEV = ['/dev/shm', '/dev/mqueue', '/dev/pts', '/dev/hugepages', '/dev/fd'];

/** A directory, and the names in it that are still to be looked at; null = all. */
interface Part {
  readonly path: string;
  readonly names: readonly string[] | null;
}

export class Walk {
  readonly found: NameSeen[] = [];
  readonly #disk: Disk;
  readonly #told = new Set<string>();
  readonly #unread: string[] = [];
  #names = 0;
  #unlooked = 0;
  #any = false;
  #crowdLeft = CROWD_AT_MOST;

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  /**
   * Breadth first, the newest directories of a level first, never through a symbolic link below `place`; how many names were looked at.
   * A directory gets its share at once and more only when all others had theirs: a crowd of files hides no directory beside it.
   */
  tree(place: string, limit: number, depthAtMost: number, why: (entry: FileSeen) => NameSeen['why'] | null): number {
    let level: Part[] = [{ path: place, names: null }];
    const later: Part[] = [];
    let used = 0;
    const look = ({ path, names }: { readonly path: string; readonly names: readonly string[] }): FileSeen[] => {
      used += names.length;
      const entries = names.flatMap((name) => this.#disk.stat(path === '/' ? `/${name}` : `${path}/${name}`) ?? []);
      for (const entry of entries) this.tell(entry, why(entry));
      return entries.filter((entry) => entry.kind === 'directory' && !OTHER_IN_DEV.includes(entry.path));
    };
    for (let depth = 1; level.length > 0; depth += 1) {
      const below: FileSeen[] = [];
      for (const { path } of level) {
        const names = this.#namesIn(path);
        const now = Math.max(0, Math.min(SHARE_OF_A_DIRECTORY, limit - used));
        below.push(...look({ path, names: names.slice(0, now) }));
        if (names.length > now) later.push({ path, names: names.slice(now) });
      }
      level = depth < depthAtMost ? below.sort((a, b) => b.changedAt - a.changedAt).map(({ path }) => ({ path, names: null })) : [];
    }
    for (const { path, names } of later) {
      const rest = names ?? [];
      const kept = rest.slice(0, Math.max(0, limit - used));
      this.#unlooked += rest.length - kept.length;
      look({ path, names: kept });
    }
    this.#names += used;
    return used;
  }

  /** Only by name, so that large directories cost little. */
  shallow(place: string): void {
    const names = this.#namesIn(place);
    this.#names += names.length;
    for (const name of names.filter(oddName).slice(0, REPORTED_AT_MOST)) {
      const entry = this.#disk.stat(place === '/' ? `/${name}` : `${place}/${name}`);
      if (entry !== null) this.tell(entry, 'odd-name');
    }
  }

  /** Hidden directories at most `depth` below `place`, by the kind that a list tells of: large trees of the system cost little. */
  hidden(place: string, depth: number, listings: number): { readonly entries: FileSeen[]; readonly listings: number } {
    const entries: FileSeen[] = [];
    let level = this.#disk.link(place) === null ? [place] : [];
    let left = listings;
    for (let deep = 1; deep <= depth; deep += 1) {
      const below: string[] = [];
      for (const path of level.slice(0, left)) {
        const names = [...this.#disk.directories(path)];
        this.#any ||= names.length > 0;
        for (const name of names.filter((one) => one.startsWith('.')))
          entries.push(...[this.#disk.stat(`${path}/${name}`)].flatMap((one) => one ?? []));
        below.push(...names.filter((one) => !one.startsWith('.')).map((one) => `${path}/${one}`));
      }
      this.#unlooked += Math.max(0, level.length - left);
      left = Math.max(0, left - level.length);
      level = below;
    }
    return { entries, listings: listings - left };
  }

  /** Names that begin with a dot or are odd come first: a crowd of others does not hide them. */
  #namesIn(path: string): string[] {
    const names = this.#disk.names(path);
    if (Array.isArray(names)) {
      this.#any = true;
      const rank = names.length > SHARE_OF_A_DIRECTORY ? this.#crowd(path, names) : new Map<string, number>();
      const first = (name: string): number => (oddName(name) ? 0 : name.startsWith('.') ? 1 : (rank.get(name) ?? Number.MAX_SAFE_INTEGER));
      return names.sort((a, b) => first(a) - first(b) || (a < b ? -1 : 1));
    }
    if (names.error !== 'ENOENT' && names.error !== 'ENOTDIR') this.#unread.push(path);
    return [];
  }

  /** Of a crowd the directories come first, then what may be run, then the newest. */
  #crowd(path: string, names: readonly string[]): Map<string, number> {
    const directories = this.#disk.directories(path);
    const files = names.filter((name) => !directories.has(name)).slice(0, Math.max(0, this.#crowdLeft));
    this.#crowdLeft -= files.length;
    const seen = files.flatMap((name) => this.#disk.stat(`${path}/${name}`) ?? []);
    const runs = (file: FileSeen): number => ((file.mode & EXECUTABLE) !== 0 ? 0 : 1);
    seen.sort((a, b) => runs(a) - runs(b) || b.changedAt - a.changedAt);
    return new Map([
      ...[...directories].map((name): [string, number] => [name, 2]),
      ...seen.map((file, at): [string, number] => [nameOf(file.path), 3 + at]),
    ]);
  }

  tell(entry: FileSeen, why: NameSeen['why'] | null): void {
    if (why === null || this.#told.has(entry.path)) return;
    this.#told.add(entry.path);
    const { path, kind, uid, mode, sizeBytes, changedAt } = entry;
    this.found.push({ path, kind, why, uid, mode, sizeBytes, changedAt });
  }

  coverage(cut: number): Coverage {
    const source = 'odd places';
    if (!this.#any) return { source, state: this.#unread.length > 0 ? 'unreadable' : 'absent', detail: 'no directory could be listed' };
    const parts = [`${counted(this.#names, 'name')} looked at`];
    if (this.#unread.length > 0) parts.push(`not readable: ${listed(this.#unread)}`);
    if (this.#unlooked > 0) parts.push(`${counted(this.#unlooked, 'name')} not looked at: there were too many`);
    if (cut > 0) parts.push(`${counted(cut, 'odd name')} left out`);
    return { source, state: parts.length > 1 ? 'partial' : 'read', detail: parts.join('; ') };
  }
}
