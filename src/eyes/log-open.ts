/** Opens one part of a log as it was listed, also when logrotate renamed it meanwhile, and says why one cannot be read. */

import * as fs from 'node:fs';
import type { FileSeen } from '../core/world.ts';
import { codeOf, type Disk } from './disk.ts';
import { generations } from './log-generations.ts';
import { openRegular } from './open-file.ts';

/** `copytruncate` of logrotate, or somebody who empties a log. */
export const CUT = 'it was emptied or cut while it was read: lines of it may be missing';
/** No errno: the listed file is no more, under any name of this log. */
const ROTATED = 'TOCSIN_ROTATED';

interface Listed {
  readonly path: string;
  readonly base: string;
  /** A person asked for this very file: it may be a pipe. */
  readonly asked: boolean;
  readonly listed: FileSeen | null;
}

/** Follows the file to the name that it has now; what stands under its old name is another part, which is read by itself or is newer than this look. */
export function openLog(disk: Disk, part: Listed): { readonly fd: number } {
  const names = [part.path, ...generations(disk, part.base).map((one) => one.path)];
  let failed: unknown = null;
  for (const path of part.listed === null || part.listed.kind === 'symlink' ? [part.path] : new Set(names)) {
    try {
      const fd = opened(disk, path, part.asked);
      if (path === part.path ? isSame(fd, part.listed) : fs.fstatSync(fd).ino === part.listed?.inode) return { fd };
      fs.closeSync(fd);
    } catch (error) {
      if (path === part.path && codeOf(error) !== 'ENOENT') throw error;
      failed ??= error;
    }
  }
  if (part.listed !== null && part.listed.kind !== 'symlink') throw Object.assign(new Error('rotated'), { code: ROTATED });
  throw failed ?? Object.assign(new Error('not there'), { code: 'ENOENT' });
}

/** Only regular files are rotated; and what could not be listed cannot be compared. */
function isSame(fd: number, listed: FileSeen | null): boolean {
  return listed === null || listed.kind !== 'file' || fs.fstatSync(fd).ino === listed.inode;
}

/** Shorter than it was when it was listed. */
export function wasCut(fd: number, part: Listed): boolean {
  return part.listed?.kind === 'file' && fs.fstatSync(fd).size < part.listed.sizeBytes;
}

function opened(disk: Disk, path: string, asked: boolean): number {
  const real = disk.real(path);
  if (real === null) throw Object.assign(new Error('too many links'), { code: 'ELOOP' });
  const facts = fs.statSync(real);
  if (asked && facts.isFIFO()) return fs.openSync(real, fs.constants.O_RDONLY | fs.constants.O_NOCTTY);
  if (facts.isDirectory()) throw Object.assign(new Error('a directory'), { code: 'EISDIR' });
  return openRegular(real, { follow: true });
}

/** Rotation is no refusal: the log as such can be read. */
export function isRotated(code: string): boolean {
  return code === ROTATED;
}

export function wordsFor(code: string): string {
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied: run as root, or as a member of group adm';
  if (code === 'ENOENT') return 'no such file';
  if (code === 'EISDIR') return 'it is a directory; name the files in it';
  if (code === 'EINVAL') return 'it is no regular file';
  if (code.startsWith('Z_')) return 'the packed file is damaged or cut short: what could be unpacked was read';
  if (code === ROTATED) return 'rotated while it was read: these lines were packed or deleted before they could be read; look again';
  return code;
}
