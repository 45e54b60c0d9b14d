/** Which files make up one log: its rotated and compressed parts in the order in which they were written, and the parts that are missing. */

import { nameOf } from '../core/entity.ts';
import type { Disk } from './disk.ts';

/** One part of a log. Numbers grow with age; dates sort by themselves. What it is packed with is told by its bytes. */
export interface Generation {
  readonly path: string;
  readonly number: number | null;
  readonly date: string | null;
  /** Its name says that it is packed. */
  readonly packed: boolean;
}

/** `auth.log`, `auth.log.1`, `auth.log.2.gz`, `auth.log-20260301.xz`, `auth.log-20260301-1772323200`. */
export function generationOf(path: string, base: string): Generation | null {
  const rest = nameOf(path).slice(nameOf(base).length);
  const match = /^(?:\.(\d{1,4})|[-.](\d{8}(?:-?\d{2,10})?))?(\.(?:gz|xz|bz2|zst))?$/.exec(rest);
  if (!match || !nameOf(path).startsWith(nameOf(base))) return null;
  return { path, number: match[1] === undefined ? null : Number(match[1]), date: match[2] ?? null, packed: match[3] !== undefined };
}

/** Oldest first: high numbers, then early dates, the current file last. */
export function generations(disk: Disk, base: string): Generation[] {
  const directory = base.slice(0, base.lastIndexOf('/')) || '/';
  const names = disk.names(directory);
  if (!Array.isArray(names)) return [];
  const found = names.flatMap((name) => (name.startsWith(nameOf(base)) ? (generationOf(`${directory}/${name}`, base) ?? []) : []));
  return oldestFirst(found);
}

export function oldestFirst(parts: readonly Generation[]): Generation[] {
  return [...parts].sort((a, b) => age(b) - age(a) || (a.date ?? '~').localeCompare(b.date ?? '~'));
}

/** The log that a part is of: `auth.log.2.gz` of `auth.log`. */
export function baseOf(path: string): string {
  const name = nameOf(path);
  const base = /^(.+?)(?:\.\d{1,4}|[-.]\d{8}(?:-?\d{2,10})?)?(?:\.(?:gz|xz|bz2|zst))?$/.exec(name)?.[1] ?? name;
  return path.slice(0, path.length - name.length) + base;
}

function age(generation: Generation): number {
  if (generation.number !== null) return generation.number + 1;
  return generation.date === null ? 0 : 0.5;
}

/** Numbers that logrotate would have made but are not there: `.1` and `.3` without `.2`. */
export function missing(found: readonly Generation[]): number[] {
  const numbers = found.flatMap((generation) => generation.number ?? []);
  const most = Math.max(0, ...numbers);
  const least = Math.min(1, ...numbers);
  return Array.from({ length: Math.max(0, most - least) }, (_, index) => least + index).filter((number) => number > 0 && !numbers.includes(number));
}
