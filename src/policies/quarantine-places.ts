/** Take the execute bit from where the intruder keeps his things, and lift what brings him back: WORLD ended when the folder lost its x. */

import type { Given, Policy } from '../core/contracts.ts';
import { keyOf } from '../core/entity.ts';
import { isGone } from '../core/gone.ts';
import { needed } from '../core/needed.ts';
import { inside, installed, oddPlace } from '../core/places.ts';
import { named } from '../core/text.ts';
import type { Case, Finding, Proposal } from '../core/words.ts';

const PLACES_AT_MOST = 10;

export const quarantinePlaces: Policy = {
  name: 'quarantine-places',
  about: 'Proposes to close the directories and files of an attack and to lift its persistence, each with the way back.',
  cannotSee: 'copies in places that nobody looked into.',
  decide(story, given) {
    const there = (path: string) => !isGone(path, given.eyes);
    const directories = culprits(story, 'directory').filter((path) => oddPlace(path) !== null && !needed(path) && there(path));
    const outer = directories.filter((path) => !directories.some((other) => other !== path && inside(path, other)));
    const files = culprits(story, 'file').filter(
      (path) => !installed(path) && oddPlace(path) !== null && there(path) && !outer.some((directory) => inside(path, directory)),
    );
    return {
      proposes: [
        ...outer.slice(0, PLACES_AT_MOST).map(directoryOrder),
        ...files.slice(0, PLACES_AT_MOST).map(fileOrder),
        ...persistence(story, given),
      ],
      recommends: [],
    };
  },
};

/** What is grave, and what is not by itself but speaks of the same thing. */
function guiltyOf(story: Case): Finding[] {
  const real = story.findings.filter((finding) => !finding.explained && finding.tells === 'compromise');
  const grave = real.filter(({ severity }) => severity !== 'low' && severity !== 'info');
  const accused = new Set(grave.flatMap((finding) => finding.culprit.map(keyOf)));
  return real.filter((finding) => grave.includes(finding) || finding.culprit.some((entity) => accused.has(keyOf(entity))));
}

function culprits(story: Case, is: 'directory' | 'file'): string[] {
  const guilty = guiltyOf(story).filter((finding) => finding.role !== 'persistence');
  return [...new Set(guilty.flatMap((finding) => finding.culprit.flatMap((entity) => (entity.is === is ? [entity.path] : []))))];
}

function directoryOrder(path: string): Proposal {
  return {
    order: { verb: 'quarantine-directory', path },
    because: `nothing in ${named(path)} can be started again while it belongs to root with mode 000`,
    risk: 'whoever honestly uses that directory is shut out',
    undo: 'owner, group, mode and ACL are written down before and put back exactly',
  };
}

function fileOrder(path: string): Proposal {
  return {
    order: { verb: 'quarantine-file', path },
    because: `${named(path)} takes part in the attack`,
    risk: 'whatever honestly uses that file fails',
    undo: 'the file is moved with owner, mode and times written down, and moved back',
  };
}

/** Lines and files that start something; a process that does is frozen and killed instead. */
function persistence(story: Case, given: Given): Proposal[] {
  const guilty = guiltyOf(story).filter((finding) => finding.role === 'persistence');
  const places = new Map<string, Proposal>();
  for (const finding of guilty) {
    for (const evidence of finding.evidence) {
      if (
        !evidence.path ||
        evidence.path.startsWith('/proc/') ||
        evidence.source.startsWith('/proc/') ||
        isGone(evidence.path, given.eyes) ||
        !finding.culprit.some((entity) => entity.is === 'file' && entity.path === evidence.path)
      )
        continue;
      places.set(
        `${evidence.path}:${evidence.line ?? ''}`,
        disabled(evidence.path, evidence.line ?? null, `it starts the attack again: ${finding.says}`),
      );
    }
  }
  for (const { path, line, starts } of startersOf(story)) {
    const key = `${path}:${line ?? ''}`;
    if (places.has(key) || isGone(path, given.eyes)) continue;
    places.set(key, disabled(path, line, `it starts ${named(starts)}, which is accused`));
  }
  return [...places.values()].slice(0, PLACES_AT_MOST);
}

function disabled(path: string, line: number | null, because: string): Proposal {
  return {
    order: { verb: 'disable-persistence', path, line },
    because,
    risk: 'an honest job on the same line no longer runs',
    undo: 'the original line or file is kept and put back',
  };
}

/** What was found to start an accused program, wherever that lies; what a package brought starts honest things too. */
function startersOf(story: Case): { readonly path: string; readonly line: number | null; readonly starts: string }[] {
  const accused = new Set(guiltyOf(story).flatMap((finding) => finding.culprit.flatMap((entity) => (entity.is === 'file' ? [entity.path] : []))));
  return story.facts.flatMap(({ probe, role, about, evidence }) => {
    if (probe !== 'file-origin' || role !== 'persistence' || about.is !== 'file' || ofTheSystem(about.path) || !accused.has(about.path)) return [];
    return evidence.flatMap(({ path, line }) => (path === undefined ? [] : [{ path, line: line ?? null, starts: about.path }]));
  });
}

/** Installed programs are started by many honest jobs. */
function ofTheSystem(path: string): boolean {
  return /^\/(?:usr\/)?(?:s?bin|lib(?:32|64|x32|exec)?)\//.test(path) && oddPlace(path) === null;
}
