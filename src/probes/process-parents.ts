/** Who started a suspicious process: the line of its parents up to the log-in, the cron daemon or init. */

import type { Probe, Story } from '../core/contracts.ts';
import { keyOf, processEntity } from '../core/entity.ts';
import { oddPlace } from '../core/places.ts';
import { loopAbove } from '../core/respawn.ts';
import { ofOneParent, processOf, programOf, speaksForItsKind } from '../core/story.ts';
import { named, shown } from '../core/text.ts';
import type { FactDraft, ProcessSeen } from '../core/words.ts';

const PARENTS_AT_MOST = 12;

export const processParents: Probe = {
  name: 'process-parents',
  about: 'Follows the parents of a process up to the daemon or log-in that began it.',
  cannotSee: 'a parent that has ended: its children belong to init from then on.',
  asks: 'process',
  look(entity, given, story) {
    const process = processOf(entity, given.eyes);
    if (!process || !speaksForItsKind(process, story, given.eyes, ofOneParent)) return [];
    const byPid = new Map(given.eyes.processes().map((seen) => [seen.pid, seen]));
    const parents = parentsOf(process, byPid);
    const line = parents.map((parent) => `${parent.pid} ${shown(parent.argv.join(' ') || parent.name, 100)}`);
    const orphan = parents.length === 1 && parents[0]?.pid === 1;
    return [
      {
        says: `process ${process.pid} (${named(process.name)}) was started by ${line.length > 0 ? line.join(' ← ') : 'a process that is gone'}`,
        at: process.startedAt,
        leadsTo: parents.filter((parent) => sameHand(process, parent)).map(processEntity),
        evidence: parents.map((parent) => ({ source: `/proc/${parent.pid}`, at: parent.startedAt })),
        confidence: orphan ? 'weak' : 'strong',
      },
      ...loopFact(process, byPid, story),
    ];
  },
};

/** A loop that starts a process again lies anywhere, also where nothing else is odd. */
function loopFact(process: ProcessSeen, byPid: ReadonlyMap<number, ProcessSeen>, story: Story): FactDraft[] {
  const loop = loopAbove(process, ({ ppid }) => byPid.get(ppid)).at(-1);
  if (!loop || toldOf(story, loop)) return [];
  const what = loop.script === null ? `a command loop: ${shown(loop.argv.join(' '), 160)}` : named(loop.script);
  return [
    {
      says: `process ${loop.pid} (${what}) goes round and starts ${named(programOf(process) ?? process.name)}: it can start it again`,
      at: loop.startedAt,
      role: 'persistence',
      entity: processEntity(loop),
      leadsTo: [processEntity(loop), ...(loop.script === null ? [] : [{ is: 'file', path: loop.script } as const])],
      evidence: [{ source: `/proc/${loop.pid}`, ...(loop.script === null ? {} : { path: loop.script }), at: loop.startedAt }],
      confidence: 'strong',
    },
  ];
}

function toldOf(story: Story, loop: ProcessSeen): boolean {
  const key = keyOf(processEntity(loop));
  return story.findings.some(({ detector, culprit }) => detector === 'respawner' && culprit[0] !== undefined && keyOf(culprit[0]) === key);
}

/** Nearest first; ends at init, at a missing parent, or at a circle that a hostile /proc could show. */
function parentsOf(process: ProcessSeen, byPid: ReadonlyMap<number, ProcessSeen>): ProcessSeen[] {
  const parents: ProcessSeen[] = [];
  const seen = new Set([process.pid]);
  for (let next = byPid.get(process.ppid); next && !seen.has(next.pid) && parents.length < PARENTS_AT_MOST; next = byPid.get(next.ppid)) {
    seen.add(next.pid);
    parents.push(next);
  }
  return parents;
}

/** Does the parent belong to the same story: it lives in an odd place too, or is a shell of the same user that sits in one? */
function sameHand(process: ProcessSeen, parent: ProcessSeen): boolean {
  if (parent.pid <= 1 || parent.kernelThread) return false;
  const places = [parent.script, parent.exe, parent.uid === process.uid ? parent.cwd : null];
  return places.some((path) => path !== null && oddPlace(path) !== null);
}
