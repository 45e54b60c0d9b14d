/**
 * Opens a log that is followed, where others may write in its directory: a link is followed only if root or we made it, or if it leads to a
 * file of the one who made it. So nobody can have another's file read as the log of his site, and nobody is judged by its lines.
 * Never waits: pipes, devices and directories are refused without opening them.
 */

import * as fs from 'node:fs';
import { bytesOf, codeOf, textOf } from './disk.ts';
import { NOT_OWN, openRegular, Refused } from './open-file.ts';

/** As many links as Linux follows (path_resolution(7)). */
const LINKS_AT_MOST = 40;
/** Renames between two steps of one opening; a name that is never the same twice is somebody's play. */
const TRIES = 5;

/** The errno code for a name that was another's at each look. */
const RESTLESS = 'EAGAIN';

export interface FollowedFile {
  readonly fd: number;
  /** The path without any link. */
  readonly real: string;
  readonly facts: fs.Stats;
}

interface Way {
  readonly real: string;
  /** Who made the links on the way, without root and us. */
  readonly linkers: ReadonlySet<number>;
}

/** Throws with an errno `code`, as open(2) does. */
export function openFollowed(path: string): FollowedFile {
  for (let left = TRIES; left > 0; left -= 1) {
    const way = wayTo(path);
    const fd = openRegular(bytesOf(way.real), { follow: false });
    try {
      const facts = fs.fstatSync(fd);
      if (textOf(fs.readlinkSync(`/proc/self/fd/${fd}`, { encoding: 'buffer' })) === way.real) {
        judge(way, facts);
        return { fd, real: way.real, facts };
      }
    } catch (error) {
      fs.closeSync(fd);
      throw error;
    }
    fs.closeSync(fd);
  }
  throw new Refused(RESTLESS);
}

function judge({ real, linkers }: Way, facts: fs.Stats): void {
  for (const uid of linkers) if (uid !== facts.uid) throw new Refused(NOT_OWN);
  if (facts.nlink === 1 || facts.nlink === 0) return;
  // A second hard name may be made by whoever can write in the directory, where fs.protected_hardlinks is 0.
  const directory = fs.statSync(bytesOf(parentOf(real)));
  const open = (directory.mode & 0o002) !== 0;
  if ((open || !trusted(directory.uid)) && (open || directory.uid !== facts.uid)) throw new Refused(NOT_OWN);
}

/** Where a path leads, link by link. */
function wayTo(path: string): Way {
  const todo = path.split('/').filter(Boolean);
  const done: string[] = [];
  const linkers = new Set<number>();
  for (let links = 0; todo.length > 0; ) {
    const part = todo.shift() ?? '';
    if (part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const here = bytesOf(`/${[...done, part].join('/')}`);
    const facts = fs.lstatSync(here);
    if (!facts.isSymbolicLink()) {
      done.push(part);
      continue;
    }
    if (++links > LINKS_AT_MOST) throw new Refused('ELOOP');
    if (!trusted(facts.uid)) linkers.add(facts.uid);
    const target = textOf(fs.readlinkSync(here, { encoding: 'buffer' }));
    if (target.startsWith('/')) done.length = 0;
    todo.unshift(...target.split('/').filter(Boolean));
  }
  return { real: `/${done.join('/')}`, linkers };
}

function trusted(uid: number): boolean {
  return uid === 0 || uid === process.geteuid?.();
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** What stands there, links followed; the errno code where there is nothing. */
export function found(path: string): fs.Stats | string {
  try {
    return fs.statSync(bytesOf(path));
  } catch (error) {
    return codeOf(error);
  }
}
