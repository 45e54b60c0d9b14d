/**
 * Names where no program should live: what is hidden or executable in directories that anybody may write to, files that pose as
 * devices, and names made to be overlooked in the places where people look. Cannot see: well-named things in deep directories.
 */

import { posix } from 'node:path';
import { nameOf } from '../core/entity.ts';
import { inside, installed, oddName, oddPlace } from '../core/places.ts';
import { counted, listed } from '../core/text.ts';
import type { AccountSeen, Coverage, NameSeen } from '../core/words.ts';
import type { FileSeen } from '../core/world.ts';
import type { Disk } from './disk.ts';
import { present } from './homes.ts';

type Note = (coverage: Coverage) => void;

const OPEN_TO_ALL = ['/tmp', '/var/tmp', '/usr/tmp', '/dev/shm', '/run/shm', '/run/lock', '/var/lock', '/dev/mqueue'];
/** Places where people look, and so where a name made to be overlooked is worth something to somebody. */
const LOOKED_AT = ['/', '/etc', '/usr', '/usr/lib', '/usr/share', '/usr/local', '/var', '/var/lib', '/var/www', '/srv', '/srv/www', '/opt', '/home'];
/** Where services keep their things: hidden directories there, and directories that anybody may write to, are looked into wherever they are. */
const KEPT_BY_SERVICES = ['/var', '/srv', '/opt', '/usr/local'];

const SERVICE_DEPTH = 3;
const HIDDEN_DEPTH = 3;
const NAMES_A_HIDDEN_PLACE = 500;
const DEPTH_AT_MOST = 5;
const HOME_DEPTH = 2;
/** Names in all, and of one directory tree: nobody can use up the look at the others. */
const NAMES_AT_MOST = 20_000;
const NAMES_A_PLACE = 8000;
const HOME_NAMES_AT_MOST = 40_000;
const NAMES_A_HOME = 2000;
/** Names of crowds that are looked at for their order alone, in all: a quarter of a second. */
const CROWD_AT_MOST = 60_000;
/** Of one directory before the others had theirs. */
const SHARE_OF_A_DIRECTORY = 1000;
const REPORTED_AT_MOST = 2000;
const SETUID_OR_SETGID = 0o6000;
const EXECUTABLE = 0o111;
const WRITABLE_BY_ALL = 0o002;

/**
 * Hidden names that honest programs make in /tmp and /run/user: X11, PostgreSQL, JVM, browsers, .NET, PulseAudio, Flatpak, Wine,
 * Ansible and Webmin. Files in them are looked at all the same.
 */
const KNOWN_DIRECTORY =
  /^\.(?:X11-unix|ICE-unix|font-unix|XIM-unix|Test-unix|esd-\d+|pulse|dotnet|NET|flatpak|flatpak-cache|flatpak-helper|dbus-proxy|wine-\d+|git|github|vbox-.{1,40}-ipc|(?:org\.chromium|com\.google|com\.microsoft)\.\w{1,40}\.\w{1,20})$/;
const KNOWN_FILE =
  /^\.(?:X\d+-lock|tX\d+-lock|s\.PGSQL\.\d+(?:\.lock)?|java_pid\d+|attach_pid\d+|mutter-Xwaylandauth\.\w+|dotnet-diagnostic.{0,80}|placeholder|(?:git|npm|docker|eslint|prettier)ignore|gitattributes|gitmodules|gitkeep|keep|npmrc|editorconfig|package-lock\.json|(?:org\.chromium|com\.google|com\.microsoft)\.\w{1,40}\.\w{1,20})$/;
/** Regular files and hidden names that early boot, mdadm, LXD and the kernel's own tools keep in /dev. */
const KNOWN_IN_DEV = /^\/dev\/(?:MAKEDEV|\.(?:udev|static|mdadm|lxc|lxd-mounts|initramfs|initramfs-tools|systemd|blkid\.tab(?:\.old)?)(?:\/|$))/;
/** Looked at by themselves. */
const OTHER_IN_DEV = ['/dev/shm', '/dev/mqueue', '/dev/pts', '/dev/hugepages', '/dev/fd'];

/** The worst first: what is cut is the least. */
const RANK: readonly NameSeen['why'][] = ['setuid', 'device-in-disguise', 'odd-name', 'hidden', 'executable'];

export function oddNames(disk: Disk, accounts: readonly AccountSeen[], note: Note): NameSeen[] {
  const walk = new Walk(disk);
  let left = NAMES_AT_MOST;
  for (const place of [...openPlaces(disk), '/dev']) {
    const device = place === '/dev';
    left -= walk.tree(place, Math.min(left, NAMES_A_PLACE), DEPTH_AT_MOST, (entry) => (device ? inDev(entry) : whyOpen(disk, entry)));
  }
  const more: string[] = [];
  for (const place of KEPT_BY_SERVICES) {
    left -= walk.tree(place, Math.min(left, NAMES_A_PLACE), SERVICE_DEPTH, (entry) => {
      const why = whyKept(entry);
      if (why !== null || (entry.kind === 'directory' && (entry.mode & WRITABLE_BY_ALL) !== 0)) more.push(entry.path);
      return why;
    });
  }
  for (const place of more)
    left -= walk.tree(place, Math.min(Math.max(0, left), NAMES_A_HIDDEN_PLACE), HIDDEN_DEPTH, (entry) => whyOpen(disk, entry));
  for (const place of LOOKED_AT) walk.shallow(place);
  let homeNames = HOME_NAMES_AT_MOST;
  for (const home of present(disk, homesOf(accounts)).paths) homeNames -= walk.tree(home, Math.min(homeNames, NAMES_A_HOME), HOME_DEPTH, whyOddName);
  const found = walk.found.sort((a, b) => RANK.indexOf(a.why) - RANK.indexOf(b.why));
  note(walk.coverage(Math.max(0, found.length - REPORTED_AT_MOST)));
  return found.slice(0, REPORTED_AT_MOST);
}

/** A directory, and the names in it that are still to be looked at; null = all. */
interface Part {
  readonly path: string;
  readonly names: readonly string[] | null;
}

class Walk {
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
      for (const entry of entries) this.#tell(entry, why(entry));
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
      if (entry !== null) this.#tell(entry, 'odd-name');
    }
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

  #tell(entry: FileSeen, why: NameSeen['why'] | null): void {
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

/** Directories open to all, each once: /usr/tmp and /var/lock are mostly links to others of them. */
function openPlaces(disk: Disk): string[] {
  const users = disk.names('/run/user');
  const places = [...OPEN_TO_ALL, ...(Array.isArray(users) ? users.sort().map((name) => `/run/user/${name}`) : [])];
  return places.filter((place) => {
    const target = disk.link(place);
    return target === null || !places.includes(posix.resolve(posix.dirname(place), target));
  });
}

/** A hidden directory that no well-known tool makes. */
function whyKept(entry: FileSeen): NameSeen['why'] | null {
  if (entry.kind !== 'directory' || OPEN_TO_ALL.some((place) => inside(entry.path, place))) return null;
  const name = nameOf(entry.path);
  if (oddName(name)) return 'odd-name';
  return name.startsWith('.') && !KNOWN_DIRECTORY.test(name) && oddPlace(entry.path) === 'hidden' ? 'hidden' : null;
}

/** Homes that are parts of the system (`bin`, `sys` …) are no homes. */
function homesOf(accounts: readonly AccountSeen[]): string[] {
  const homes = ['/root', ...accounts.map((account) => posix.normalize(account.home).replace(/(?<=.)\/$/, ''))];
  const parts = ['/bin', '/sbin', '/dev', '/proc', '/sys', '/run', '/etc'];
  return [...new Set(homes)].filter((home) => /^\/[^/]/.test(home) && !installed(home) && !parts.some((part) => inside(home, part)));
}

function whyOddName(entry: FileSeen): NameSeen['why'] | null {
  return oddName(nameOf(entry.path)) ? 'odd-name' : null;
}

function whyOpen(disk: Disk, entry: FileSeen): NameSeen['why'] | null {
  const name = nameOf(entry.path);
  const file = entry.kind === 'file';
  if (file && (entry.mode & SETUID_OR_SETGID) !== 0) return 'setuid';
  if (oddName(name)) return 'odd-name';
  if (name.startsWith('.') && !known(entry, name)) return 'hidden';
  return file && ((entry.mode & EXECUTABLE) !== 0 || runs(disk, entry)) ? 'executable' : null;
}

/** A name is known only as what it is known for: a directory `.X0-lock` is not. */
function known(entry: FileSeen, name: string): boolean {
  return (entry.kind === 'directory' ? KNOWN_DIRECTORY : KNOWN_FILE).test(name);
}

/** Made to run by its first bytes, whatever its mode says: `sh FILE` and the loader need no x bit. */
function runs(disk: Disk, entry: FileSeen): boolean {
  if (entry.sizeBytes < 4) return false;
  const head = disk.text(entry.path, 4, false);
  return head !== null && (head.startsWith('\x7fELF') || head.startsWith('#!'));
}

/** A regular file among the devices, or something hidden there. */
function inDev(entry: FileSeen): NameSeen['why'] | null {
  if (KNOWN_IN_DEV.test(entry.path) || OTHER_IN_DEV.includes(entry.path)) return null;
  if (entry.kind === 'file') return 'device-in-disguise';
  const name = nameOf(entry.path);
  if (oddName(name)) return 'odd-name';
  return name.startsWith('.') ? 'hidden' : null;
}
