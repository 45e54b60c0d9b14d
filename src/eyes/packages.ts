/**
 * Which package brought a file, and whether the file still is what the package brought, by dpkg's own lists and MD5 sums.
 * Cannot see: changes by somebody who also rewrote /var/lib/dpkg, MD5 collisions made on purpose, and packages of rpm, apk or pacman.
 */

import { directoryOf, nameOf } from '../core/entity.ts';
import { counted } from '../core/text.ts';
import type { Coverage, PackageFileSeen } from '../core/words.ts';
import { bytesOf, type Disk } from './disk.ts';

type Note = (coverage: Coverage) => void;

export interface Packages {
  check(path: string, because: PackageFileSeen['because']): PackageFileSeen;
  /** Null when no package brought it, undefined when that cannot be known. */
  ownerOf(path: string): string | null | undefined;
  /** Programs and modules that take passwords or show what runs, where a login would find them. */
  loginPath(): string[];
}

const INFO = '/var/lib/dpkg/info';
/** Larger programs exist, but none that is worth the seconds. */
const DIGEST_BYTES = 256 << 20;
/** The list of the largest packages (icons, sources, headers) is a few MiB; status of a full desktop is 10. */
const LIST_BYTES = 64 << 20;
/** Ten times what a full desktop has installed. */
const PATHS_AT_MOST = 5_000_000;
const KEPT_AT_MOST = 20_000;
const MODULES_AT_MOST = 300;
/** As many links as Linux follows (path_resolution(7)). */
const LINKS_AT_MOST = 40;

const LOGIN_DIRECTORIES = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];
const LOGIN_PROGRAMS = (
  'login sshd ssh su sudo passwd ps ss netstat ls lsof find top pstree kill id who w last crontab cron bash sh dash agetty ' +
  'pgrep pkill ip md5sum sha256sum systemctl chsh unix_chkpwd'
).split(' ');
const LOGIN_FILES = ['/usr/lib/openssh/sshd-session', '/usr/lib/openssh/sshd-auth', '/usr/libexec/openssh/sshd-session'];

/** Where other package managers keep what they know. */
const OTHERS = { rpm: ['/var/lib/rpm', '/usr/lib/sysimage/rpm'], apk: ['/lib/apk/db', '/usr/lib/apk/db'], pacman: ['/var/lib/pacman'] };

export function packages(disk: Disk, note: Note): Packages {
  const names = disk.names(INFO);
  const lists = Array.isArray(names) ? names.filter((name) => name.endsWith('.list')) : [];
  if (lists.length === 0) {
    note({ source: 'packages', state: 'absent', detail: whyNone(disk, names) });
    return { check: (path, because) => unknown(disk, path, because), ownerOf: () => undefined, loginPath: () => loginPath(disk) };
  }
  note({ source: 'packages', state: 'read', detail: `${counted(lists.length, 'package')} of dpkg, compared by MD5 where asked` });
  const dpkg = new Dpkg(disk, lists, note);
  const kept = new Map<string, PackageFileSeen>();
  return {
    check(path, because) {
      const before = kept.get(path);
      if (before) return { ...before, because };
      const now = dpkg.check(path, because);
      if (kept.size < KEPT_AT_MOST) kept.set(path, now);
      return now;
    },
    ownerOf: (path) => dpkg.owner(path)?.name ?? null,
    loginPath: () => loginPath(disk),
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
  const isFile = (path: string) => disk.stat(path) !== null && disk.exists(path);
  const own = (directory: string) => disk.link(directory) === null;
  const programs = LOGIN_DIRECTORIES.filter(own).flatMap((directory) => LOGIN_PROGRAMS.map((name) => `${directory}/${name}`));
  const roots = ['/lib', '/lib64', '/usr/lib', '/usr/lib64'].filter(own);
  const triplets = roots.flatMap((root) => listed(disk, root).flatMap((name) => (name.endsWith('-linux-gnu') ? [`${root}/${name}`] : [])));
  const modules = [...roots, ...triplets].flatMap((root) =>
    listed(disk, `${root}/security`).flatMap((name) => (/^pam_[\w-]+\.so$/.test(name) ? [`${root}/security/${name}`] : [])),
  );
  return [...programs, ...LOGIN_FILES, ...modules.sort().slice(0, MODULES_AT_MOST)].filter(isFile);
}

function listed(disk: Disk, directory: string): string[] {
  const names = disk.names(directory);
  return Array.isArray(names) ? names : [];
}

/** A package's file as its list has it. `key` is the name of its list: `bash`, `libc6:amd64`. */
interface Owned {
  readonly key: string;
  readonly name: string;
  readonly listedAs: string;
}

interface Diversion {
  readonly from: string;
  readonly to: string;
  readonly by: string;
}

class Dpkg {
  readonly #disk: Disk;
  readonly #index: PathIndex;
  readonly #merged: readonly string[];
  #diversions: readonly Diversion[] | null = null;
  #status: string | null = null;

  constructor(disk: Disk, lists: readonly string[], note: Note) {
    this.#disk = disk;
    this.#index = new PathIndex(disk, lists, note);
    this.#merged = ['/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'].filter(
      (directory) => disk.link(directory)?.replace(/^\//, '') === `usr${directory}`,
    );
  }

  /** A name that a package brought as a file is compared with that file, whatever it leads to now; else what a link leads to counts. */
  check(path: string, because: PackageFileSeen['because']): PackageFileSeen {
    const { lexical, real } = placesOf(this.#disk, path);
    const direct = this.#ownerAt(lexical);
    const expected = direct && this.#sum(direct);
    const owned = expected || lexical === real ? direct : this.#ownerAt(real);
    const blank = { ...unknown(this.#disk, real, because), path };
    if (!owned) return { ...blank, verdict: 'unowned' };
    const sum = expected || this.#sum(owned);
    const conffile = sum ? null : this.#conffileSum(owned);
    const found = sum || conffile ? this.#disk.digest(real, 'md5', DIGEST_BYTES) : null;
    const wanted = sum || conffile;
    // A changed configuration file is an administrator's work as a rule, and so proves nothing.
    const verdict = wanted === null || found === null ? 'unknown' : wanted === found ? 'intact' : sum ? 'changed' : 'unknown';
    return { ...blank, package: owned.name, version: this.#version(owned), verdict, expected: wanted, found };
  }

  owner(path: string): Owned | null {
    const { lexical, real } = placesOf(this.#disk, path);
    return this.#ownerAt(lexical) ?? (lexical === real ? null : this.#ownerAt(real));
  }

  /** Diversions (dpkg-divert(1)): what lies at `to` is what others than `by` list as `from`, and at `from` lies only what `by` brought. */
  #ownerAt(path: string): Owned | null {
    for (const spelled of this.#spellings(path)) {
      const moved = this.#divert().find((diversion) => diversion.to === spelled);
      const taken = this.#divert().find((diversion) => diversion.from === spelled);
      const owners = [...this.#index.owners(spelled)].filter((key) => !taken || nameOfKey(key) === taken.by);
      const others = moved ? [...this.#index.owners(moved.from)].filter((key) => nameOfKey(key) !== moved.by) : [];
      const key = owners[0] ?? others[0];
      if (key !== undefined) return { key, name: nameOfKey(key), listedAs: owners.length > 0 || !moved ? spelled : moved.from };
    }
    return null;
  }

  /** With /bin → /usr/bin, packages list either name for the same file. */
  #spellings(path: string): string[] {
    const short = this.#merged.find((directory) => path.startsWith(`/usr${directory}/`));
    const long = this.#merged.find((directory) => path.startsWith(`${directory}/`));
    return short ? [path, path.slice(4)] : long ? [path, `/usr${path}`] : [path];
  }

  #divert(): readonly Diversion[] {
    if (this.#diversions) return this.#diversions;
    const lines = (this.#disk.text('/var/lib/dpkg/diversions', LIST_BYTES) ?? '').split('\n');
    const found: Diversion[] = [];
    for (let at = 0; at + 2 < lines.length; at += 3) found.push({ from: lines[at] ?? '', to: lines[at + 1] ?? '', by: lines[at + 2] ?? '' });
    this.#diversions = found;
    return found;
  }

  /** `MD5  path` without the leading slash, one a line (deb-md5sums(5)). */
  #sum(owned: Owned): string | null {
    const got = this.#disk.read(`${INFO}/${owned.key}.md5sums`, LIST_BYTES);
    if ('error' in got) return null;
    for (const spelled of this.#spellings(owned.listedAs)) {
      const line = Buffer.concat([Buffer.from('  '), bytesOf(spelled.slice(1)), Buffer.from('\n')]);
      const at = got.bytes.indexOf(line);
      const sum = at >= 32 ? got.bytes.toString('latin1', at - 32, at) : '';
      if (/^[0-9a-f]{32}$/.test(sum)) return sum;
    }
    return null;
  }

  #conffileSum(owned: Owned): string | null {
    const stanza = this.#stanza(owned);
    const at = stanza.indexOf(`\n ${owned.listedAs} `);
    return at < 0 ? null : (/^[0-9a-f]{32}(?=\s|$)/.exec(stanza.slice(at + owned.listedAs.length + 3, at + owned.listedAs.length + 40))?.[0] ?? null);
  }

  #version(owned: Owned): string | null {
    return /^Version: (\S{1,200})$/m.exec(this.#stanza(owned))?.[1] ?? null;
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
  const todo = path.split('/').filter(Boolean);
  const done: string[] = [];
  for (let links = 0; todo.length > 0; ) {
    const part = todo.shift() ?? '';
    if (part === '..') done.pop();
    if (part === '..' || part === '.') continue;
    const target = disk.link(`/${[...done, part].join('/')}`);
    if (target === null || ++links > LINKS_AT_MOST) {
      done.push(part);
      continue;
    }
    if (target.startsWith('/')) done.length = 0;
    todo.unshift(...target.split('/').filter(Boolean));
  }
  return `/${done.join('/')}`;
}

/** Path → lists that have it, by hash alone: 12 bytes a path instead of 100. A hit is made sure of in the list itself. */
class PathIndex {
  readonly #disk: Disk;
  readonly #lists: readonly string[];
  readonly #note: Note;
  #built = false;
  #count = 0;
  #hashes = new Uint32Array(1 << 17);
  #from = new Uint16Array(1 << 17);
  #next = new Int32Array(0);
  #heads = new Int32Array(0);

  constructor(disk: Disk, lists: readonly string[], note: Note) {
    this.#disk = disk;
    this.#lists = lists.slice(0, 65_536);
    this.#note = note;
  }

  /** Keys of the packages that list exactly this path. */
  *owners(path: string): Generator<string> {
    if (!this.#built) this.#build();
    const bytes = bytesOf(path);
    const hash = hashOf(bytes, 0, bytes.length);
    for (let at = this.#heads[hash & (this.#heads.length - 1)] ?? -1; at >= 0; at = this.#next[at] ?? -1) {
      if (this.#hashes[at] !== hash) continue;
      const list = this.#lists[this.#from[at] ?? 0] ?? '';
      if (hasLine(this.#disk, `${INFO}/${list}`, bytes)) yield list.slice(0, -'.list'.length);
    }
  }

  #build(): void {
    this.#built = true;
    let unread = 0;
    for (const [number, list] of this.#lists.entries()) {
      const got = this.#disk.read(`${INFO}/${list}`, LIST_BYTES);
      if ('error' in got || got.more) unread += 1;
      if (!('error' in got)) this.#take(got.bytes, number);
    }
    this.#heads = new Int32Array(1 << Math.max(4, Math.ceil(Math.log2(this.#count + 1)))).fill(-1);
    this.#next = new Int32Array(this.#count);
    for (let at = 0; at < this.#count; at += 1) {
      const bucket = (this.#hashes[at] ?? 0) & (this.#heads.length - 1);
      this.#next[at] = this.#heads[bucket] ?? -1;
      this.#heads[bucket] = at;
    }
    const trouble =
      unread > 0 ? `${counted(unread, 'list')} of dpkg could not be read` : this.#count >= PATHS_AT_MOST ? 'more paths than are kept' : '';
    if (trouble !== '') this.#note({ source: 'packages', state: 'partial', detail: `${trouble}: some files may seem to be in no package` });
  }

  #take(bytes: Buffer, number: number): void {
    for (let start = 0; start < bytes.length && this.#count < PATHS_AT_MOST; ) {
      const found = bytes.indexOf(10, start);
      const end = found < 0 ? bytes.length : found;
      if (this.#count === this.#hashes.length) this.#grow();
      this.#hashes[this.#count] = hashOf(bytes, start, end);
      this.#from[this.#count] = number;
      this.#count += 1;
      start = end + 1;
    }
  }

  #grow(): void {
    const hashes = new Uint32Array(this.#count * 2);
    hashes.set(this.#hashes);
    const from = new Uint16Array(this.#count * 2);
    from.set(this.#from);
    this.#hashes = hashes;
    this.#from = from;
  }
}

function hasLine(disk: Disk, list: string, path: Buffer): boolean {
  const got = disk.read(list, LIST_BYTES);
  if ('error' in got) return false;
  const bytes = Buffer.concat([Buffer.from('\n'), got.bytes, Buffer.from('\n')]);
  return bytes.includes(Buffer.concat([Buffer.from('\n'), path, Buffer.from('\n')]));
}

/** FNV-1a of 32 bits (draft-eastlake-fnv); collisions cost a look into a list, never a wrong answer. */
function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash >>> 0;
}
