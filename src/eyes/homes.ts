/**
 * Which of many paths are there at all, so that hundreds of thousands of accounts without a home cost nothing.
 * Cannot see: homes that an automounter brings only when they are entered, where more than a few lie beside each other.
 */

import { posix } from 'node:path';
import type { Disk } from './disk.ts';

/** So few in one directory are asked for one by one: a name alone wakes an automounter, a list does not. */
const FEW = 64;
/** Directories that are listed or whose names are asked for: some seconds at most. */
const PARENTS_AT_MOST = 2000;
/** Homes that are looked into: each costs dozens of looks for keys, start files and units. */
const HOMES_AT_MOST = 5000;

export interface Present {
  readonly paths: ReadonlySet<string>;
  /** How many were not looked for, or are there and left out. */
  readonly unlooked: number;
}

/** `/home/x//` and `/home/x` are one home; null for what is no absolute path. */
export function homePath(home: string): string | null {
  return home.startsWith('/') ? posix.normalize(home).replace(/(?<=.)\/$/, '') : null;
}

/** Those that are there, in their order. */
export function present(disk: Disk, wanted: Iterable<string>, atMost = HOMES_AT_MOST): Present {
  const byParent = new Map<string, Set<string>>();
  for (const path of wanted) {
    const parent = posix.dirname(path);
    const own = byParent.get(parent);
    if (own) own.add(path);
    else byParent.set(parent, new Set([path]));
  }
  const paths = new Set<string>();
  let unlooked = 0;
  let parents = 0;
  for (const [parent, all] of byParent) {
    parents += 1;
    const found = parents > PARENTS_AT_MOST ? [] : there(disk, parent, all);
    if (parents > PARENTS_AT_MOST) unlooked += all.size;
    for (const path of found) {
      if (paths.size < atMost) paths.add(path);
      else unlooked += 1;
    }
  }
  return { paths, unlooked };
}

function there(disk: Disk, parent: string, paths: ReadonlySet<string>): string[] {
  if (paths.size <= FEW) return [...paths].filter((path) => disk.stat(path) !== null);
  const names = disk.names(parent);
  if (!Array.isArray(names)) return [];
  const listed = new Set(names);
  return [...paths].filter((path) => listed.has(posix.basename(path)));
}
