/** What lies in the directories that programs should not run from: each file judged by the shape of its content. */

import type { Source } from '../core/contracts.ts';
import { directoryOf, nameOf } from '../core/entity.ts';
import { oddPlace, sharedPlace } from '../core/places.ts';
import { shapeOf } from '../core/shapes.ts';
import { inMemory } from '../core/story.ts';
import type { DirectorySeen, ShapedFile } from '../core/words.ts';
import type { Eyes, FileSeen } from '../core/world.ts';

const DIRECTORIES_AT_MOST = 60;
const FILES_AT_MOST = 500;
const HEAD_BYTES = 65_536;

export const suspectDirectories: Source = {
  name: 'suspect-directories',
  about: 'Looks into hidden and odd directories, and those that odd programs run from.',
  cannotSee: 'encrypted and packed files: they are named as what they are.',
  *open(eyes) {
    const suspects = suspectsOf(eyes);
    for (const [path, because] of [...suspects].slice(0, DIRECTORIES_AT_MOST)) {
      const fields = look(eyes, path, because);
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
  for (const name of eyes.oddNames()) {
    const place = name.kind === 'directory' ? name.path : directoryOf(name.path);
    if (!sharedPlace(place) && oddPlace(place) !== null && !suspects.has(place)) suspects.set(place, 'odd-name');
  }
  return suspects;
}

function look(eyes: Eyes, path: string, because: DirectorySeen['because']): DirectorySeen | null {
  const own = eyes.stat(path);
  const inside = eyes.list(path, FILES_AT_MOST);
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
