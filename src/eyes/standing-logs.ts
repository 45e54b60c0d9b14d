/** Looks at the logs that would be followed: are they there, who may read them, and what does the last line of each say? */

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import type { Disk } from './disk.ts';
import { openRegular } from './open-file.ts';
import { procAscii, procNames } from './proc.ts';

const SETPRIV = '/usr/bin/setpriv';
const HEAD = '/usr/bin/head';
const TRIED_MS = 10_000;
/** A line is at most so long where anybody reads it. */
const LAST_BYTES = 8_192;
const FILES_AT_MOST = 500;
/** syslogd is that of busybox and of BSD. */
const LOGGERS = new Set(['rsyslogd', 'syslog-ng', 'syslogd', 'metalog', 'socklog', 'vector', 'fluent-bit']);

export interface LogLook {
  readonly path: string;
  readonly there: boolean;
  readonly sizeBytes: number;
  readonly modifiedAt: number;
  readonly readable: boolean | null;
  /** Null where it could not be read, or is empty. */
  readonly lastLine: string | null;
}

export function logsSeen(paths: readonly string[], disk: Disk, readable: (there: readonly string[]) => ReadonlySet<string> | null): LogLook[] {
  const seen = paths.slice(0, FILES_AT_MOST).map((path) => ({ path, facts: disk.stat(path) }));
  const there = seen.filter(({ facts }) => facts !== null).map(({ path }) => path);
  const may = there.length > 0 ? readable(there) : null;
  return seen.map(({ path, facts }) => {
    if (facts === null) return { path, there: false, sizeBytes: 0, modifiedAt: 0, readable: null, lastLine: null };
    const { sizeBytes, modifiedAt } = facts.kind === 'symlink' ? behind(path, facts) : facts;
    return { path, there: true, sizeBytes, modifiedAt, readable: may?.has(path) ?? null, lastLine: lastLineOf(path) };
  });
}

function behind(path: string, otherwise: { readonly sizeBytes: number; readonly modifiedAt: number }) {
  const facts = fs.statSync(path, { throwIfNoEntry: false });
  return facts ? { sizeBytes: facts.size, modifiedAt: Math.floor(facts.mtimeMs) } : otherwise;
}

/** The last line that is whole. */
function lastLineOf(path: string): string | null {
  let fd = -1;
  try {
    fd = openRegular(Buffer.from(path), { follow: true });
    const { size } = fs.fstatSync(fd);
    const bytes = Buffer.alloc(Math.min(LAST_BYTES, size));
    fs.readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString('latin1').split('\n');
    // What stands behind the last newline is still being written.
    return lines.at(-2) || null;
  } catch {
    return null;
  } finally {
    if (fd >= 0) fs.closeSync(fd);
  }
}

/** Tries it as the account that will follow them, with the powers that it will have; null where that cannot be tried. */
export function readableAs(
  who: { readonly uid: number; readonly gid: number },
  powers: string,
): (paths: readonly string[]) => ReadonlySet<string> | null {
  return (paths) => {
    if (process.getuid?.() !== 0 || !fs.existsSync(SETPRIV) || !fs.existsSync(HEAD)) return null;
    const rights = [`--inh-caps=${powers}`, `--ambient-caps=${powers}`, `--bounding-set=${powers}`];
    const words = [`--reuid=${who.uid}`, `--regid=${who.gid}`, '--clear-groups', '--no-new-privs', ...rights, HEAD, '-q', '-c', '1', '--'];
    const may = (part: readonly string[]) => {
      const ran = spawnSync(SETPRIV, [...words, ...part], { stdio: 'ignore', timeout: TRIED_MS, env: {}, cwd: '/' });
      return ran.status === 0;
    };
    // All at once is the usual case; else it is asked which.
    return new Set(may(paths) ? paths : paths.filter((path) => may([path])));
  };
}

/** Programs that write log files and run now. */
export function loggers(): string[] {
  const names = procNames('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .map((pid) => (procAscii(`/proc/${pid}/comm`) ?? '').trim());
  return [...new Set(names.filter((name) => LOGGERS.has(name)))];
}
