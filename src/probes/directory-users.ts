/** What a suspicious directory is: whose, since when, and which processes live in it. */

import type { Probe } from '../core/contracts.ts';
import { processEntity } from '../core/entity.ts';
import { inside, oddPlace, sharedPlace } from '../core/places.ts';
import { counted, listed, named } from '../core/text.ts';

const NAMED_AT_MOST = 20;

export const directoryUsers: Probe = {
  name: 'directory-users',
  about: 'Tells owner, age and content of a directory, and which processes run from it or sit in it.',
  cannotSee: 'files that were deleted before the look.',
  asks: 'directory',
  look(entity, given) {
    if (entity.is !== 'directory' || oddPlace(entity.path) === null || sharedPlace(entity.path)) return [];
    const directory = given.eyes.stat(entity.path);
    const content = given.eyes.list(entity.path, 200);
    const users = given.eyes
      .processes()
      .filter((process) => [process.exe, process.script, process.cwd].some((path) => path !== null && inside(path, entity.path)));
    if (!directory && users.length === 0) return [];
    const owner = given.eyes.accounts().find((account) => account.uid === directory?.uid)?.name ?? `uid ${directory?.uid}`;
    const names = content?.entries.map((entry) => entry.path.slice(entity.path.length + 1)) ?? [];
    return [
      {
        says: directory
          ? `${named(entity.path)} belongs to ${named(owner)}, mode ${directory.mode.toString(8).padStart(4, '0')}, holds ${counted(names.length + (content?.more ?? 0), 'name')}: ${listed(names, NAMED_AT_MOST)}; ${counted(users.length, 'process lives', 'processes live')} in it`
          : `${named(entity.path)} is gone, but ${counted(users.length, 'process still lives', 'processes still live')} in it`,
        at: directory?.changedAt ?? null,
        role: 'foothold',
        leadsTo: users.slice(0, NAMED_AT_MOST).map(processEntity),
        evidence: [
          { source: 'directory', path: entity.path },
          ...(content?.entries.slice(0, 40).map((entry) => ({ source: 'directory', path: entry.path, at: entry.changedAt })) ?? []),
        ],
        confidence: 'strong',
      },
    ];
  },
};
