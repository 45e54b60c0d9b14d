/** What is asked of a process only when it is under suspicion: its open files, and single variables of its environment. */

import * as fs from 'node:fs';
import type { OpenFile } from '../core/world.ts';
import { procLink, procNames, procText } from './proc.ts';
import { mayHang } from './process-memory.ts';
import { statOf } from './processes.ts';

const FILES_AT_MOST = 4_096;

export function openFilesOf(pid: number): OpenFile[] {
  return procNames(`/proc/${pid}/fd`)
    .slice(0, FILES_AT_MOST)
    .flatMap((fd) => {
      const link = procLink(`/proc/${pid}/fd/${fd}`);
      return typeof link === 'string' ? [openFile(pid, Number(fd), link)] : [];
    });
}

/** Targets that are no path have the form `type:[inode]` (proc(5)). */
function openFile(pid: number, fd: number, link: string): OpenFile {
  const deleted = link.endsWith(' (deleted)');
  const path = deleted ? link.slice(0, -' (deleted)'.length) : link;
  if (!link.startsWith('/')) {
    const kind = link.startsWith('socket:') ? 'socket' : link.startsWith('pipe:') ? 'pipe' : 'other';
    return { fd, path: link, deleted: false, kind };
  }
  try {
    const facts = fs.statSync(`/proc/${pid}/fd/${fd}`);
    const kind = facts.isFile()
      ? 'file'
      : facts.isDirectory()
        ? 'directory'
        : facts.isCharacterDevice() || facts.isBlockDevice()
          ? 'device'
          : 'other';
    return { fd, path, deleted, kind };
  } catch {
    return { fd, path, deleted, kind: 'other' };
  }
}

/** As it was at exec (proc(5)); the process may have changed it since. Only the first 64 KiB, and nothing where the reading could hang. */
export function environmentOf(pid: number, names: readonly string[]): Record<string, string> {
  const found: Record<string, string> = {};
  const stat = statOf(pid);
  if (stat === null || mayHang(pid, stat.fields)) return found;
  for (const entry of (procText(`/proc/${pid}/environ`) ?? '').split('\0')) {
    const equals = entry.indexOf('=');
    if (equals > 0 && names.includes(entry.slice(0, equals))) found[entry.slice(0, equals)] = entry.slice(equals + 1);
  }
  return found;
}
