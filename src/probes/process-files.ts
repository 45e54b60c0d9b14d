/** Which files a suspicious process holds open: its target list, its loot, its log (WORLD: `lsof -p` gave the folder). */

import type { Probe } from '../core/contracts.ts';
import { directoryOf } from '../core/entity.ts';
import { oddPlace } from '../core/places.ts';
import { ofOneProgram, processOf, speaksForItsKind } from '../core/story.ts';
import { counted, listed, named } from '../core/text.ts';
import type { Entity } from '../core/words.ts';

/** More are counted, not named. */
const NAMED_AT_MOST = 20;

export const processFiles: Probe = {
  name: 'process-files',
  about: 'Lists the open files of a process, deleted ones included.',
  cannotSee: 'files that it opens and closes between two looks.',
  asks: 'process',
  look(entity, given, story) {
    const process = processOf(entity, given.eyes);
    if (!process || !speaksForItsKind(process, story, given.eyes, ofOneProgram)) return [];
    const files = given.eyes.openFiles(process.pid).filter((file) => file.kind === 'file' || file.kind === 'directory');
    if (files.length === 0) return [];
    const names = files.map((file) => (file.deleted ? `${file.path} (deleted)` : file.path));
    const led = [...new Set(files.filter((file) => oddPlace(file.path) !== null).map((file) => directoryOf(file.path)))];
    return [
      {
        says: `process ${process.pid} (${named(process.name)}) holds ${counted(files.length, 'file')} open: ${listed(names, NAMED_AT_MOST)}`,
        at: process.startedAt,
        role: 'process',
        leadsTo: led.slice(0, 3).map((path): Entity => ({ is: 'directory', path })),
        evidence: files.slice(0, NAMED_AT_MOST).map((file) => ({ source: `/proc/${process.pid}/fd/${file.fd}`, path: file.path })),
        confidence: 'strong',
      },
    ];
  },
};
