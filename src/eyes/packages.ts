/**
 * Which package brought a file, and whether the file still is what the package brought, by dpkg's own lists and MD5 sums.
 * Cannot see: changes by somebody who also rewrote /var/lib/dpkg, MD5 collisions made on purpose, and packages of rpm, apk or pacman.
 */

import * as fs from 'node:fs';
import { directoryOf, nameOf } from '../core/entity.ts';
import { counted } from '../core/text.ts';
import type { Coverage, PackageFileSeen } from '../core/words.ts';
import { bytesOf, type Disk, textOf } from './disk.ts';
import { add, hashOf, type PathIndex } from './package-index.ts';

type Note = (coverage: Coverage) => void;

const INFO = '/var/lib/dpkg/info';
/** Larger programs exist, but none that is worth the seconds. */
const DIGEST_BYTES = 256 << 20;
/** The list of the largest packages (icons, sources, headers) is a few MiB; status of a full desktop is 10. */
const LIST_BYTES = 64 << 20;
/** Four times what a full desktop has installed. */
const PATHS_AT_MOST = 2_000_000;
const KEPT_AT_MOST = 20_000;
const MODULES_AT_MOST = 300;

const LOGIN_DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const LOGIN_PROGRAMS = `login sshd ssh su sudo passwd ps ss netstat ls lsof find top pstree kill id who w last crontab cron bash sh dash
  agetty pgrep pkill ip md5sum sha256sum systemctl chsh unix_chkpwd`.split(/\s+/);
const LOGIN_FILES = ['/usr/lib/openssh/sshd-session', '/usr/lib/openssh/sshd-auth', '/usr/libexec/openssh/sshd-session'];
/** Directories that are links into /usr on merged systems. */
const MERGED = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** Where other package managers keep what they know. */
const OTHERS = { rpm: ['/var/lib/rpm', '/usr/lib/sysimage/rpm'], apk: ['/lib/apk/db', '/usr/lib/apk/db'], pacman: ['/var/lib/pacman'] };

/** `pathsAtMost`: paths beyond are not looked up; tests cannot have millions. */
export function packages(disk: Disk, note: Note, pathsAtMost = PATHS_AT_MOST) {
  const names = disk.names(INFO);
  const lists = Array.isArray(names) ? names.filter((name) => name.endsWith('.list')) : [];
  const dpkg = lists.length === 0 ? null : new Dpkg(disk, lists, note, pathsAtMost);
  if (dpkg) note({ source: 'packages', state: 'read', detail: `${counted(lists.length, 'package')} of dpkg, compared by MD5 where asked` });
  else note({ source: 'packages', state: 'absent', detail: whyNone(disk, names) });
  const kept = new Map<string, PackageFileSeen>();
  return {
    check(path: string, because: PackageFileSeen['because']): PackageFileSeen {
      const seen = kept.get(path) ?? dpkg?.check(path, because) ?? unknown(disk, path, because);
      if (kept.size < KEPT_AT_MOST) kept.set(path, seen);
      return { ...seen, because };
    },
    /** Null when no package brought it, undefined when that cannot be known. */
    ownerOf: (path: string): string | null | undefined => (dpkg ? (dpkg.owner(path)?.name ?? null) : undefined),
    /** Programs and modules that take passwords or show what runs, where a login would find them. */
    loginPath: (): string[] => loginPath(disk),
  };
}

function whyNone(disk: Disk, names: string[] | { readonly error: string }): string {
  if (!Array.isArray(names) && names.error !== 'ENOENT') return `${INFO} could not be read (${names.error})`;
  const other = Object.entries(OTHERS).find(([, places]) => places.some((place) => disk.exists(place)))?.[0];
  return other === undefined ? 'no package manager was found' : `packages of ${other} are not read yet: no file was compared`;
}

function unknown(disk: Disk, path: string, because: PackageFileSeen['because']): PackageFileSeen {
  const changedAt = disk.stat(path)?.changedAt ?? null;
  return { path, package: null, version: null, verdict: 'unknown', expected: null, found: null, changedAt, because };
}

function loginPath(disk: Disk): string[] {
  const own = (directory: string) => disk.link(directory) === null;
  const programs = LOGIN_DIRECTORIES.filter(own).flatMap((directory) => LOGIN_PROGRAMS.map((name) => `${directory}/${name}`));
  const roots = ['/lib', '/lib64', '/usr/lib', '/usr/lib64'].filter(own);
  const places = [...roots, ...roots.flatMap((root) => below(disk, root, /-linux-gnu\w*$/))];
  const modules = places.flatMap((place) => below(disk, `${place}/security`, /^pam_[\w-]+\.so$/)).sort();
  return [...programs, ...LOGIN_FILES, ...modules.slice(0, MODULES_AT_MOST)].filter((path) => disk.exists(path));
}

function below(disk: Disk, directory: string, wanted: RegExp): string[] {
  const names = disk.names(directory);
  return Array.isArray(names) ? names.filter((name) => wanted.test(name)).map((name) => `${directory}/${name}`) : [];
}

/** A package's file as its list has it. `key` is the name of its list: `bash`, `libc6:amd64`. */
interface Owned {
  readonly key: string;
  readonly name: string;
  readonly listedAs: string;
}

/** What was listed as `from` lies at `to`, but for the package `by` (dpkg-divert(1)). */
type Diversion = readonly [from: string, to: string, by: string];

class Dpkg {
  readonly #disk: Disk;
  readonly #lists: readonly string[];
  readonly #note: Note;
  readonly #merged: readonly string[];
  #index: PathIndex | null = null;
  readonly #pathsAtMost: number;
  readonly #diversions: readonly Diversion[];
  #status: string | null = null;

  constructor(disk: Disk, lists: readonly string[], note: Note, pathsAtMost: number) {
    this.#pathsAtMost = pathsAtMost;
    this.#disk = disk;
    this.#lists = lists;
    this.#note = note;
    this.#diversions = diversionsOf(disk);
    this.#merged = MERGED.filter((directory) => disk.link(directory)?.replace(/^\//, '') === `usr${directory}`);
  }

  /** A name that a package brought as a file is compared with that file, whatever it leads to now; else what a link leads to counts. */
  check(path: string, because: PackageFileSeen['because']): PackageFileSeen {
    const { lexical, real } = placesOf(this.#disk, path);
    const direct = this.#ownerAt(lexical);
    const expected = direct && this.#sum(direct);
    const owned = expected || lexical === real ? direct : this.#ownerAt(real);
    const blank = { ...unknown(this.#disk, real, because), path };
    if (!owned) return { ...blank, verdict: 'unowned' };
    const sum = expected ?? this.#sum(owned);
    const wanted = sum ?? this.#conffileSum(owned);
    const found = wanted === null ? null : this.#disk.digest(real, 'md5', DIGEST_BYTES);
    // A changed configuration file is an administrator's work as a rule, and so proves nothing.
    const verdict = wanted !== null && wanted === found ? 'intact' : sum !== null && found !== null ? 'changed' : 'unknown';
    const version = /^Version: (\S{1,200})$/m.exec(this.#stanza(owned))?.[1] ?? null;
    return { ...blank, package: owned.name, version, verdict, expected: wanted, found };
  }

  owner(path: string): Owned | null {
    const { lexical, real } = placesOf(this.#disk, path);
    return this.#ownerAt(lexical) ?? this.#ownerAt(real);
  }

  #ownerAt(path: string): Owned | null {
    for (const spelled of this.#spellings(path)) {
      const taken = this.#diversions.find(([from]) => from === spelled);
      const moved = this.#diversions.find(([, to]) => to === spelled);
      const own = this.#owners(spelled).find((key) => !taken || nameOfKey(key) === taken[2]);
      const key = own ?? (moved && this.#owners(moved[0]).find((owner) => nameOfKey(owner) !== moved[2]));
      if (key !== undefined) return { key, name: nameOfKey(key), listedAs: own === undefined && moved ? moved[0] : spelled };
    }
    return null;
  }

  /** The names of the lists, without their ending, that have exactly this path. */
  #owners(path: string): string[] {
    this.#index ??= this.#indexed();
    const bytes = bytesOf(path);
    const names = [this.#index.get(hashOf(bytes, 0, bytes.length)) ?? []].flat().map((number) => this.#lists[number] ?? '');
    return names.filter((name) => this.#info(name).includes(lineOf('', path))).map((name) => name.slice(0, -'.list'.length));
  }

  #indexed(): PathIndex {
    const index: PathIndex = new Map();
    let empty = 0;
    for (const [number, name] of this.#lists.entries()) {
      const bytes = this.#info(name);
      if (bytes.length === 2) empty += 1;
      for (let start = 1, end = 0; start < bytes.length && index.size < this.#pathsAtMost; start = end + 1) {
        end = bytes.indexOf(10, start);
        if (end > start) add(index, hashOf(bytes, start, end), number);
      }
    }
    const detail = `${counted(empty, 'list')} of dpkg had nothing in them: files may seem to be in no package`;
    const full = 'dpkg lists more paths than are looked up: files may seem to be in no package';
    if (index.size >= this.#pathsAtMost) this.#note({ source: 'packages', state: 'partial', detail: full });
    if (empty > 0) this.#note({ source: 'packages', state: 'partial', detail });
    return index;
  }

  /** A file of dpkg's between two line ends; nothing but these when it cannot be read. */
  #info(name: string): Buffer {
    const got = this.#disk.read(`${INFO}/${name}`, LIST_BYTES);
    return Buffer.concat([LINE_END, 'error' in got ? Buffer.alloc(0) : got.bytes, LINE_END]);
  }

  /** With /bin → /usr/bin packages list either name for the same file. */
  #spellings(path: string): string[] {
    const short = this.#merged.find((directory) => path.startsWith(`/usr${directory}/`));
    const long = this.#merged.find((directory) => path.startsWith(`${directory}/`));
    return short ? [path, path.slice(4)] : long ? [path, `/usr${path}`] : [path];
  }

  /** `MD5  path` without the leading slash, one a line (deb-md5sums(5)). */
  #sum(owned: Owned): string | null {
    const bytes = this.#info(`${owned.key}.md5sums`);
    const at = Math.max(...this.#spellings(owned.listedAs).map((path) => bytes.indexOf(lineOf('  ', path.slice(1)).subarray(1))));
    const sum = at > 32 ? bytes.toString('latin1', at - 32, at) : '';
    return /^[0-9a-f]{32}$/.test(sum) && bytes[at - 33] === 10 ? sum : null;
  }

  #conffileSum(owned: Owned): string | null {
    const stanza = this.#stanza(owned);
    const at = stanza.indexOf(`\n ${owned.listedAs} `);
    return at < 0 ? null : (/^[0-9a-f]{32}(?=\s|$)/.exec(stanza.slice(at + owned.listedAs.length + 3, at + owned.listedAs.length + 40))?.[0] ?? null);
  }

  /** The package's part of dpkg's status; of several architectures the one that the list is for. */
  #stanza(owned: Owned): string {
    this.#status ??= `\n${this.#disk.text('/var/lib/dpkg/status', LIST_BYTES) ?? ''}`;
    const head = `\nPackage: ${owned.name}\n`;
    const architecture = owned.key.slice(owned.name.length + 1);
    for (let at = this.#status.indexOf(head); at >= 0; at = this.#status.indexOf(head, at + 1)) {
      const end = this.#status.indexOf('\n\n', at + 1);
      const stanza = this.#status.slice(at, end < 0 ? undefined : end);
      if (architecture === '' || stanza.includes(`\nArchitecture: ${architecture}\n`)) return stanza;
    }
    return '';
  }
}

function diversionsOf(disk: Disk): Diversion[] {
  const lines = (disk.text('/var/lib/dpkg/diversions', LIST_BYTES) ?? '').split('\n');
  return lines.flatMap((from, at) => (at % 3 === 0 && at + 2 < lines.length ? [[from, lines[at + 1] ?? '', lines[at + 2] ?? '']] : []));
}

const LINE_END = Buffer.from('\n');

function lineOf(before: string, path: string): Buffer {
  return Buffer.concat([LINE_END, Buffer.from(before), bytesOf(path), LINE_END]);
}

function nameOfKey(key: string): string {
  return key.split(':', 1)[0] ?? key;
}

/** The path with the links of its directories followed, and with its own followed too. */
function placesOf(disk: Disk, path: string): { readonly lexical: string; readonly real: string } {
  const parent = follow(disk, directoryOf(path));
  const lexical = `${parent === '/' ? '' : parent}/${nameOf(path)}`;
  return { lexical, real: follow(disk, lexical) };
}

function follow(disk: Disk, path: string): string {
  try {
    const real = disk.live ? fs.realpathSync(bytesOf(path), { encoding: 'buffer' }) : disk.real(path)?.subarray(bytesOf(disk.root).length);
    return real ? textOf(real) : path;
  } catch {
    return path;
  }
}
