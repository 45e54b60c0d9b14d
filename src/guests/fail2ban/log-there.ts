/** Whether a jail's log files are there: its `logpath` may have wildcards, as the shell has them. */

import type { JailDefinition, Trouble } from './definition.ts';
import type { GuestFiles } from './files.ts';

/** Directories that a path with wildcards may lead through. */
const DIRECTORIES_AT_MOST = 2_000;

/** A note for each path of an enabled jail that no file matches. A jail that reads the journal needs none. */
export function logsMissing(files: GuestFiles, jail: JailDefinition): Trouble[] {
  if (!jail.enabled || jail.backend.startsWith('systemd')) return [];
  return jail.logpath
    .filter((path) => path.startsWith('/') && !isThere(files, path))
    .map((path) => ({
      place: jail.place,
      option: 'logpath',
      says: `no file matches ${path}: there is nothing to watch, unless the journal has it (backend = systemd)`,
      weight: 'partly' as const,
    }));
}

/** Whether any file matches. */
export function isThere(files: GuestFiles, glob: string): boolean {
  let directories = [''];
  const steps = glob.split('/').filter((step) => step !== '');
  for (const [index, step] of steps.entries()) {
    const found = directories.flatMap((directory) => named(files, directory, step).map((name) => `${directory}/${name}`));
    if (found.length === 0) return false;
    if (index === steps.length - 1) return true;
    directories = found.slice(0, DIRECTORIES_AT_MOST);
  }
  return false;
}

/** Whether a pattern of paths stands for this one. */
export function fitsPath(glob: string, path: string): boolean {
  const steps = glob.split('/');
  const names = path.split('/');
  return steps.length === names.length && names.every((name, index) => fits(steps[index] ?? '', name) && isShown(steps[index] ?? '', name));
}

function isShown(step: string, name: string): boolean {
  return !name.startsWith('.') || step.startsWith('.');
}

function named(files: GuestFiles, directory: string, step: string): readonly string[] {
  const names = files.list(directory === '' ? '/' : directory);
  if (!/[*?[]/.test(step)) return names.includes(step) ? [step] : [];
  return names.filter((name) => fits(step, name) && isShown(step, name));
}

/** `*`, `?` and `[…]`; linear but for the last star, which is the only one that is gone back to. */
function fits(glob: string, name: string): boolean {
  let at = 0;
  let place = 0;
  let starAt = -1;
  let starPlace = 0;
  while (at < name.length) {
    const one = glob[place] === '*' ? null : oneOf(glob, place, name[at] ?? '');
    if (one === null) {
      starAt = at;
      starPlace = ++place;
    } else if (one > place) {
      place = one;
      at += 1;
    } else if (starAt >= 0) {
      at = ++starAt;
      place = starPlace;
    } else return false;
  }
  return /^\**$/.test(glob.slice(place));
}

/** Where the glob goes on when this character fits; its place when it does not. */
function oneOf(glob: string, place: number, character: string): number {
  const token = glob[place];
  if (token === undefined) return place;
  if (token === '?') return place + 1;
  const close = token === '[' ? glob.indexOf(']', place + 2) : -1;
  if (close < 0) return token === character ? place + 1 : place;
  const inner = glob.slice(place + 1, close);
  const not = inner.startsWith('!');
  return listed(not ? inner.slice(1) : inner, character) !== not ? close + 1 : place;
}

function listed(inner: string, character: string): boolean {
  for (let i = 0; i < inner.length; i += 1) {
    if (inner[i + 1] === '-' && i + 2 < inner.length) {
      if (character >= (inner[i] ?? '') && character <= (inner[i + 2] ?? '')) return true;
      i += 2;
    } else if (inner[i] === character) return true;
  }
  return false;
}
