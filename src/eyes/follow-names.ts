/** Which files a pattern such as `/var/log/apache2/*access.log` stands for: the present ones, without the rotated parts of any. */

import { nameOf } from '../core/entity.ts';
import { Disk } from './disk.ts';
import { baseOf } from './log-generations.ts';

/** Names looked at in one directory, and directories for one pattern: more is a mistake in the pattern, or somebody's play. */
const NAMES_AT_MOST = 20_000;
const DIRECTORIES_AT_MOST = 2_000;

export function isPattern(path: string): boolean {
  return /[*?[]/.test(path);
}

export interface Matching {
  readonly paths: readonly string[];
  /** Where something that matches may come to be. */
  readonly directories: readonly string[];
}

export function matching(pattern: string): Matching {
  const disk = new Disk();
  const parts = pattern.split('/').filter(Boolean);
  const last = parts.pop() ?? '';
  const walked = new Set<string>();
  let directories = [''];
  for (const part of parts) {
    if (isPattern(part)) for (const directory of directories) walked.add(directory || '/');
    directories = directories
      .flatMap((directory) => (isPattern(part) ? below(disk, directory, part) : `${directory}/${part}`))
      .slice(0, DIRECTORIES_AT_MOST);
  }
  const paths = directories.flatMap((directory) => files(disk, directory, last));
  return { paths, directories: [...walked, ...directories.map((directory) => directory || '/')] };
}

function below(disk: Disk, directory: string, part: string): string[] {
  const names = [...disk.directories(directory || '/')].slice(0, NAMES_AT_MOST);
  return names.filter((name) => matches(name, part)).map((name) => `${directory}/${name}`);
}

/** `access.log*` stands for `access.log`, not for `access.log.1`. */
function files(disk: Disk, directory: string, pattern: string): string[] {
  if (!isPattern(pattern)) return disk.exists(`${directory}/${pattern}`) ? [`${directory}/${pattern}`] : [];
  const names = disk.names(directory || '/');
  const matched = Array.isArray(names) ? names.slice(0, NAMES_AT_MOST).filter((name) => matches(name, pattern)) : [];
  return matched.filter((name) => nameOf(baseOf(`/${name}`)) === name).map((name) => `${directory}/${name}`);
}

/** As a shell does (glob(7)): `*`, `?`, `[a-z]`, `[!a-z]`; a dot at the beginning must be written. Time: pattern × name. */
export function matches(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  let at = 0;
  let piece = 0;
  let star = -1;
  let from = 0;
  while (at < name.length) {
    const one = pattern[piece] === '*' ? null : oneOf(pattern, piece, name[at] ?? '');
    if (pattern[piece] === '*') {
      star = piece;
      piece += 1;
      from = at;
    } else if (one !== null && one > 0) {
      at += 1;
      piece += one;
    } else if (star >= 0) {
      // The last star takes one more.
      piece = star + 1;
      from += 1;
      at = from;
    } else return false;
  }
  while (pattern[piece] === '*') piece += 1;
  return piece === pattern.length;
}

/** Length of the pattern's piece that this character fits, or null. */
function oneOf(pattern: string, at: number, character: string): number | null {
  const piece = pattern[at];
  if (piece === undefined) return null;
  if (piece === '?') return 1;
  const end = piece === '[' ? pattern.indexOf(']', at + 2) : -1;
  if (end < 0) return piece === character ? 1 : null;
  const not = pattern[at + 1] === '!' || pattern[at + 1] === '^';
  const inside = pattern.slice(at + (not ? 2 : 1), end);
  return hasCharacter(inside, character) !== not ? end + 1 - at : null;
}

function hasCharacter(inside: string, character: string): boolean {
  for (let at = 0; at < inside.length; at += 1) {
    const to = inside[at + 1] === '-' ? inside[at + 2] : undefined;
    if (to !== undefined) {
      if (character >= (inside[at] ?? '') && character <= to) return true;
      at += 2;
    } else if (inside[at] === character) return true;
  }
  return false;
}
