/** What lies in the directories that programs should not run from: each file judged by the shape of its content. */

import { runsOf } from '../core/command-line.ts';
import type { Source } from '../core/contracts.ts';
import { directoryOf, nameOf } from '../core/entity.ts';
import { inPlainView, oddPlace, sharedPlace } from '../core/places.ts';
import { shapeOf } from '../core/shapes.ts';
import { inMemory } from '../core/story.ts';
import type { DirectorySeen, ShapedFile } from '../core/words.ts';
import type { Eyes, FileSeen } from '../core/world.ts';

const DIRECTORIES_AT_MOST = 300;
/** Beginnings of files that are read in all: 300 MB at most. */
const HEADS_AT_MOST = 5000;
const FILES_AT_MOST = 500;
const HOME_PARTS_AT_MOST = 8;
const HEAD_BYTES = 65_536;

export const suspectDirectories: Source = {
  name: 'suspect-directories',
  about: 'Looks into hidden and odd directories, and those that odd programs run from.',
  cannotSee: 'encrypted and packed files: they are named as what they are.',
  *open(eyes) {
    const suspects = suspectsOf(eyes);
    let left = HEADS_AT_MOST;
    for (const [path, because] of [...suspects].slice(0, DIRECTORIES_AT_MOST)) {
      const fields = look(eyes, path, because, Math.min(left, FILES_AT_MOST));
      left -= fields?.files.length ?? 0;
      if (fields) yield { event: { kind: 'directory.seen', at: eyes.now(), source: 'odd places', fields } };
    }
    if (suspects.size > DIRECTORIES_AT_MOST)
      eyes.note({ source: 'odd directories', state: 'partial', detail: `${suspects.size - DIRECTORIES_AT_MOST} directories were not looked into` });
  },
};

function suspectsOf(eyes: Eyes): ReadonlyMap<string, DirectorySeen['because']> {
  const suspects = new Map<string, DirectorySeen['because']>();
  for (const process of eyes.processes()) {
    const places = [process.script, inMemory(process) ? null : process.exe].flatMap((path) => (path === null ? [] : [directoryOf(path)]));
    if (process.cwd !== null) places.push(process.cwd);
    for (const place of places) if (!sharedPlace(place) && oddPlace(place) !== null) suspects.set(place, 'running');
  }
  const accounts = eyes.accounts();
  const homes = new Map(accounts.map((account) => [account.name, account.home]));
  for (const { command, account } of eyes.persistence()) {
    for (const { path } of runsOf(command, homes.get(account ?? '') ?? null)) {
      const place = directoryOf(path);
      if (!sharedPlace(place) && oddPlace(place) !== null && !suspects.has(place)) suspects.set(place, 'kept');
    }
  }
  const personal = new Set(accounts.filter((account) => account.uid === 0 || !account.system).map((account) => account.home));
  for (const name of eyes.oddNames()) {
    const place = name.kind === 'directory' ? name.path : directoryOf(name.path);
    if (!sharedPlace(place) && oddPlace(place) !== null && !suspects.has(place)) suspects.set(place, inHome(place, personal) ? 'home' : 'odd-name');
  }
  return suspects;
}

/** Hidden directories of a home are mostly its owner's own. Homes lie at most so deep. */
function inHome(path: string, homes: ReadonlySet<string>): boolean {
  const parts = path.split('/').slice(0, HOME_PARTS_AT_MOST);
  return inPlainView(path) && parts.some((_, at) => at > 0 && homes.has(parts.slice(0, at + 1).join('/')));
}

function look(eyes: Eyes, path: string, because: DirectorySeen['because'], filesAtMost: number): DirectorySeen | null {
  const own = eyes.stat(path);
  const inside = eyes.list(path, filesAtMost);
  if (own === null) return null;
  if (inside === null) {
    eyes.note({ source: path, state: 'unreadable', detail: 'the directory could not be listed' });
    return null;
  }
  const files = inside.entries.filter((entry) => entry.kind === 'file').map((file) => shaped(eyes, file));
  return { path, because, uid: own.uid, mode: own.mode, changedAt: own.changedAt, files, more: inside.more };
}

function shaped(eyes: Eyes, file: FileSeen): ShapedFile {
  const { uid, mode, sizeBytes, modifiedAt, changedAt } = file;
  return { name: nameOf(file.path), ...shapeOf(eyes.head(file.path, HEAD_BYTES), sizeBytes), uid, mode, sizeBytes, modifiedAt, changedAt };
}
