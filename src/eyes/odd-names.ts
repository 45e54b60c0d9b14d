/**
 * Names where no program should live: what is hidden or executable in directories that anybody may write to, files that pose as
 * devices, and names made to be overlooked in the places where people look. Cannot see: well-named things in deep directories.
 */

import { posix } from 'node:path';
import { nameOf } from '../core/entity.ts';
import { inside, installed, oddName, oddPlace, WORLD_WRITABLE, worldWritable } from '../core/places.ts';
import type { AccountSeen, Coverage, NameSeen } from '../core/words.ts';
import type { FileSeen } from '../core/world.ts';
import type { Disk } from './disk.ts';
import { present } from './homes.ts';
import { EXECUTABLE, OTHER_IN_DEV, REPORTED_AT_MOST, Walk } from './odd-names-walk.ts';

type Note = (coverage: Coverage) => void;

/** Places where people look, and so where a name made to be overlooked is worth something to somebody. */
const LOOKED_AT = ['/', '/etc', '/usr', '/usr/lib', '/usr/share', '/usr/local', '/var', '/var/lib', '/var/www', '/srv', '/srv/www', '/opt', '/home'];
/** Where services keep their things: hidden directories there, and directories that anybody may write to, are looked into wherever they are. */
const KEPT_BY_SERVICES = ['/var', '/srv', '/opt', '/usr/local'];
const SERVICE_DEPTH = 3;
/** Where packages keep their things: full of plain names, and nobody looks there for a hidden one. */
const KEPT_BY_PACKAGES = [
  '/usr/lib',
  '/usr/lib64',
  '/usr/libexec',
  '/usr/share',
  '/usr/include',
  '/usr/src',
  '/usr/bin',
  '/usr/sbin',
  '/lib',
  '/lib64',
  '/etc',
  '/boot',
];
const PACKAGE_DEPTH = 2;
/** Directories of packages that are listed, in all: a full desktop has some 2000 at that depth. */
const LISTINGS_AT_MOST = 6000;
/** Of one home: nobody fills the list with his own. */
const HIDDEN_A_HOME = 20;
const HIDDEN_DEPTH = 3;
const NAMES_A_HIDDEN_PLACE = 500;
const DEPTH_AT_MOST = 5;
const HOME_DEPTH = 2;
/** Names in all, and of one directory tree: nobody can use up the look at the others. */
const NAMES_AT_MOST = 20_000;
const NAMES_A_PLACE = 8000;
const HOME_NAMES_AT_MOST = 40_000;
const NAMES_A_HOME = 2000;
const SETUID_OR_SETGID = 0o6000;
const WRITABLE_BY_ALL = 0o002;

/**
 * Hidden names that honest programs make in /tmp and /run/user: X11, PostgreSQL, JVM, browsers, .NET, PulseAudio, Flatpak, Wine,
 * Ansible and Webmin. Files in them are looked at all the same.
 */
const KNOWN_DIRECTORY =
  /^\.(?:X11-unix|ICE-unix|font-unix|XIM-unix|Test-unix|esd-\d+|pulse|dotnet|NET|flatpak|flatpak-cache|flatpak-helper|dbus-proxy|wine-\d+|git|github|build-id|vbox-.{1,40}-ipc|(?:org\.chromium|com\.google|com\.microsoft)\.\w{1,40}\.\w{1,20})$/;
const KNOWN_FILE =
  /^\.(?:X\d+-lock|tX\d+-lock|s\.PGSQL\.\d+(?:\.lock)?|java_pid\d+|attach_pid\d+|mutter-Xwaylandauth\.\w+|dotnet-diagnostic.{0,80}|placeholder|(?:git|npm|docker|eslint|prettier)ignore|gitattributes|gitmodules|gitkeep|keep|npmrc|editorconfig|package-lock\.json|(?:org\.chromium|com\.google|com\.microsoft)\.\w{1,40}\.\w{1,20})$/;
/** Regular files and hidden names that early boot, mdadm, LXD and the kernel's own tools keep in /dev. */
const KNOWN_IN_DEV = /^\/dev\/(?:MAKEDEV|\.(?:udev|static|mdadm|lxc|lxd-mounts|initramfs|initramfs-tools|systemd|blkid\.tab(?:\.old)?)(?:\/|$))/;

/** The worst first: what is cut is the least. */
const RANK: readonly NameSeen['why'][] = ['setuid', 'device-in-disguise', 'odd-name', 'hidden', 'executable'];

export function oddNames(disk: Disk, accounts: readonly AccountSeen[], note: Note): NameSeen[] {
  const walk = new Walk(disk);
  let left = NAMES_AT_MOST;
  for (const place of [...openPlaces(disk), '/dev']) {
    const device = place === '/dev';
    left -= walk.tree(place, Math.min(left, NAMES_A_PLACE), DEPTH_AT_MOST, (entry) => (device ? inDev(entry) : whyOpen(disk, entry)));
  }
  const more = kept(walk, Math.max(0, left));
  left -= more.used;
  for (const place of more.places)
    left -= walk.tree(place, Math.min(Math.max(0, left), NAMES_A_HIDDEN_PLACE), HIDDEN_DEPTH, (entry) => whyOpen(disk, entry) ?? whyBelow(entry));
  for (const place of LOOKED_AT) walk.shallow(place);
  let homeNames = HOME_NAMES_AT_MOST;
  for (const home of present(disk, homesOf(accounts)).paths) homeNames -= walk.tree(home, Math.min(homeNames, NAMES_A_HOME), HOME_DEPTH, whyInHome());
  const found = walk.found.sort((a, b) => RANK.indexOf(a.why) - RANK.indexOf(b.why));
  note(walk.coverage(Math.max(0, found.length - REPORTED_AT_MOST)));
  return found.slice(0, REPORTED_AT_MOST);
}

/** What is hidden where services and packages keep their things, and what anybody may write to there: all to be looked into. */
function kept(walk: Walk, names: number): { readonly places: string[]; readonly used: number } {
  const places: string[] = [];
  let used = 0;
  for (const place of KEPT_BY_SERVICES) {
    used += walk.tree(place, Math.min(names - used, NAMES_A_PLACE), SERVICE_DEPTH, (entry) => {
      const why = whyKept(entry);
      if (why !== null || (entry.kind === 'directory' && (entry.mode & WRITABLE_BY_ALL) !== 0)) places.push(entry.path);
      return why;
    });
  }
  let listings = LISTINGS_AT_MOST;
  for (const place of KEPT_BY_PACKAGES) {
    const found = walk.hidden(place, PACKAGE_DEPTH, listings);
    listings -= found.listings;
    for (const entry of found.entries) {
      const why = whyKept(entry);
      walk.tell(entry, why);
      if (why !== null) places.push(entry.path);
    }
  }
  return { places, used };
}

/** Directories open to all, each once: /usr/tmp and /var/lock are mostly links to others of them. */
function openPlaces(disk: Disk): string[] {
  const users = disk.names('/run/user');
  const places = [...WORLD_WRITABLE, ...(Array.isArray(users) ? users.sort().map((name) => `/run/user/${name}`) : [])];
  return places.filter((place) => {
    const target = disk.link(place);
    return target === null || !places.includes(posix.resolve(posix.dirname(place), target));
  });
}

/** A hidden directory that no well-known tool makes. */
function whyKept(entry: FileSeen): NameSeen['why'] | null {
  if (entry.kind !== 'directory' || worldWritable(entry.path)) return null;
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

/** In a home every dot directory that is no tool's is worth a look, and so is what lies below it. */
function whyInHome(): (entry: FileSeen) => NameSeen['why'] | null {
  let left = HIDDEN_A_HOME;
  return (entry) => {
    if (oddName(nameOf(entry.path))) return 'odd-name';
    const hidden = left > 0 ? whyBelow(entry) : null;
    if (hidden !== null) left -= 1;
    return hidden;
  };
}

function whyBelow(entry: FileSeen): NameSeen['why'] | null {
  return entry.kind === 'directory' && oddPlace(entry.path) === 'hidden' ? 'hidden' : null;
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
