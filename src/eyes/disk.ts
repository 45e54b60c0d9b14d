/**
 * Files of the machine that is looked at, the running one or a mounted disk, read without ever changing them. Below a
 * mounted disk symbolic links are followed inside that disk only, so that a hostile one cannot show us our own files.
 * Cannot see: what a kernel rootkit hides from every system call.
 */

import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import type { FileSeen } from '../core/world.ts';
import { openRegular } from './open-file.ts';

/** What was read, or the errno code (`ENOENT`, `EACCES` …) that says why not. `more` = there was more than the limit. */
export type Read = { readonly bytes: Buffer; readonly more: boolean } | { readonly error: string };

/** As many links as Linux follows (path_resolution(7)). */
const LINKS_AT_MOST = 40;

/** Bytes of a name or path as text; what is not UTF-8 becomes lone surrogates U+DC80..U+DCFF and comes back by `bytesOf`. */
export function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd')) return text;
  let out = '';
  for (let at = 0; at < bytes.length; ) {
    const size = sequenceLength(bytes, at);
    out += size === 0 ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + size);
    at += size || 1;
  }
  return out;
}

/** Length of the UTF-8 sequence that starts here (RFC 3629), or 0 when it is none. */
function sequenceLength(bytes: Buffer, at: number): number {
  const lead = bytes[at] ?? 0;
  const size = lead < 0x80 ? 1 : lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  if (size < 2) return size;
  if (at + size > bytes.length) return 0;
  return bytes.toString('utf8', at, at + size).includes('\ufffd') && !(lead === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd) ? 0 : size;
}

/** The way back from `textOf`. */
export function bytesOf(text: string): Buffer {
  if (!/[\udc80-\udcff]/.test(text)) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(character, 'utf8'));
  }
  return Buffer.concat(parts);
}

export class Disk {
  /** '' for the running machine, else the mount point without a slash at its end. */
  readonly root: string;

  constructor(root = '') {
    this.root = root.replace(/\/+$/, '');
  }

  get live(): boolean {
    return this.root === '';
  }

  /** Where a path of the machine really lies, links followed (the last one only when asked), or null when there is no such place. */
  real(path: string, followLast = true): Buffer | null {
    if (this.live) return bytesOf(path);
    const todo = path.split('/').filter(Boolean);
    const done: string[] = [];
    for (let links = 0; todo.length > 0; ) {
      const part = todo.shift() ?? '';
      if (part === '.') continue;
      if (part === '..') {
        done.pop();
        continue;
      }
      const here = bytesOf(`${this.root}/${[...done, part].join('/')}`);
      const target = todo.length > 0 || followLast ? linkAt(here) : null;
      if (target === null) {
        done.push(part);
        continue;
      }
      if (++links > LINKS_AT_MOST) return null;
      if (target.startsWith('/')) done.length = 0;
      todo.unshift(...target.split('/').filter(Boolean));
    }
    return bytesOf(`${this.root}/${done.join('/')}`);
  }

  /**
   * At most `limit` bytes. With `follow` off a symbolic link at the end is refused (`ELOOP`). What is no regular file is refused (`EINVAL`).
   * With `own` the file of somebody else is refused when a link below that directory leads to it (`EPERM`).
   */
  read(path: string, limit: number, follow = true, own?: { readonly below: string; readonly uid: number }): Read {
    const real = this.real(path, follow);
    if (real === null) return { error: 'ELOOP' };
    let fd = -1;
    try {
      const plain = own && { path: this.#plain(own.below, path), uid: own.uid };
      fd = openRegular(real, { follow: follow && this.live, ...(plain ? { own: plain } : {}) });
      return readUpTo(fd, limit);
    } catch (error) {
      return { error: codeOf(error) };
    } finally {
      if (fd >= 0) fs.closeSync(fd);
    }
  }

  /** Where a file below a directory lies when no link is on the way from there; the directory itself may be one. Nowhere for a path outside. */
  #plain(below: string, path: string): Buffer {
    const base = fs.realpathSync(this.real(below) ?? bytesOf(below), { encoding: 'buffer' });
    return path.startsWith(`${below}/`) ? Buffer.concat([base, bytesOf(path.slice(below.length))]) : Buffer.alloc(0);
  }

  /** The whole text up to `limit` bytes, or null when it cannot be read. */
  text(path: string, limit = 4 << 20, follow = true): string | null {
    const got = this.read(path, limit, follow);
    return 'error' in got ? null : textOf(got.bytes);
  }

  /** Without following a link at the end. */
  stat(path: string): FileSeen | null {
    const real = this.real(path, false);
    try {
      return real === null ? null : seen(path, fs.lstatSync(real));
    } catch {
      return null;
    }
  }

  /** What a symbolic link says, or null. */
  link(path: string): string | null {
    const real = this.real(path, false);
    return real === null ? null : linkAt(real);
  }

  exists(path: string): boolean {
    const real = this.real(path);
    return real !== null && fs.existsSync(real);
  }

  /** Names in a directory, unsorted; the errno code when it cannot be listed. */
  names(directory: string): string[] | { readonly error: string } {
    const real = this.real(directory);
    if (real === null) return { error: 'ELOOP' };
    try {
      return fs.readdirSync(real, { encoding: 'buffer' }).map(textOf);
    } catch (error) {
      return { error: codeOf(error) };
    }
  }

  /** Which of the names in a directory are directories, without a look at each; empty when it cannot be listed. */
  directories(directory: string): Set<string> {
    const real = this.real(directory);
    try {
      const entries = real === null ? [] : fs.readdirSync(real, { encoding: 'buffer', withFileTypes: true });
      return new Set(entries.filter((entry) => entry.isDirectory()).map((entry) => textOf(entry.name)));
    } catch {
      return new Set();
    }
  }

  /** Entries with their facts, by name, at most `limit`. */
  list(directory: string, limit: number): { readonly entries: FileSeen[]; readonly more: number } | null {
    const names = this.names(directory);
    if (!Array.isArray(names)) return null;
    const base = directory === '/' ? '' : directory;
    const entries = names
      .sort()
      .slice(0, limit)
      .flatMap((name) => this.stat(`${base}/${name}`) ?? []);
    return { entries, more: Math.max(0, names.length - limit) };
  }

  /** A digest in lower-case hex, or null when the file is unreadable, no regular file, or larger than `limitBytes`. */
  digest(path: string, algorithm: 'sha256' | 'md5', limitBytes: number): string | null {
    const real = this.real(path, this.live);
    let fd = -1;
    try {
      if (real === null) return null;
      fd = openRegular(real, { follow: this.live });
      if (fs.fstatSync(fd).size > limitBytes) return null;
      const hash = createHash(algorithm);
      const buffer = Buffer.allocUnsafe(1 << 20);
      let total = 0;
      for (let got = fs.readSync(fd, buffer); got > 0; got = fs.readSync(fd, buffer)) {
        total += got;
        if (total > limitBytes) return null;
        hash.update(buffer.subarray(0, got));
      }
      return hash.digest('hex');
    } catch {
      return null;
    } finally {
      if (fd >= 0) fs.closeSync(fd);
    }
  }
}

/** The errno code of a thrown error, `EUNKNOWN` when it has none. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'EUNKNOWN';
}

function linkAt(real: Buffer): string | null {
  try {
    return textOf(fs.readlinkSync(real, { encoding: 'buffer' }));
  } catch {
    return null;
  }
}

function readUpTo(fd: number, limit: number): Read {
  const parts: Buffer[] = [];
  let total = 0;
  while (total < limit) {
    const buffer = Buffer.allocUnsafe(Math.min(65_536, limit - total));
    const got = fs.readSync(fd, buffer);
    if (got === 0) return { bytes: Buffer.concat(parts), more: false };
    parts.push(buffer.subarray(0, got));
    total += got;
  }
  return { bytes: Buffer.concat(parts), more: fs.readSync(fd, Buffer.allocUnsafe(1)) > 0 };
}

function seen(path: string, facts: fs.Stats): FileSeen {
  const kind = facts.isFile()
    ? 'file'
    : facts.isDirectory()
      ? 'directory'
      : facts.isSymbolicLink()
        ? 'symlink'
        : facts.isSocket()
          ? 'socket'
          : 'other';
  return {
    path,
    kind,
    uid: facts.uid,
    gid: facts.gid,
    mode: facts.mode & 0o7777,
    sizeBytes: facts.size,
    modifiedAt: Math.floor(facts.mtimeMs),
    changedAt: Math.floor(facts.ctimeMs),
    inode: facts.ino,
  };
}
