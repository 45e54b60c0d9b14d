/** Freeze what runs before anything else, save the evidence, then end it: whoever restarts the others comes first. */

import type { Given, Policy } from '../core/contracts.ts';
import { keyOf } from '../core/entity.ts';
import { isGone } from '../core/gone.ts';
import { inside, oddPlace } from '../core/places.ts';
import { loopAbove } from '../core/respawn.ts';
import { programOf } from '../core/story.ts';
import { counted, named } from '../core/text.ts';
import type { Case, ProcessSeen, Proposal } from '../core/words.ts';

/** Findings that say by themselves that a process has no business here. */
const GUILTY = new Set([
  'hidden-place',
  'outbound-scan',
  'outbound-flood',
  'masquerade',
  'deleted-executable',
  'many-instances',
  'respawner',
  'raw-socket',
]);
const ROOTS_AT_MOST = 20;

export const containProcesses: Policy = {
  name: 'contain-processes',
  about: 'Proposes to freeze, save and end the trees of guilty processes, the one that restarts them first.',
  cannotSee: 'processes that start after the look: the directory and the persistence have their own orders.',
  decide(story, given) {
    const guilty = withLoops(guiltyOf(story, given), given);
    const roots = alike(topmost(guilty)).slice(0, ROOTS_AT_MOST);
    if (roots.length === 0) return { proposes: [], recommends: [] };
    const paths = [...new Set(guilty.flatMap((process) => programOf(process) ?? []))]
      .filter((path) => !isGone(path, given.eyes))
      .slice(0, ROOTS_AT_MOST);
    return {
      proposes: [...roots.map((root) => freeze(root, guilty)), save(guilty, paths), ...roots.map((root) => kill(root))],
      recommends: [],
    };
  },
};

/** What is explained is not guilty; what no order may touch is taken out for all policies at once (engine/guard.ts). */
function guiltyOf(story: Case, given: Given): ProcessSeen[] {
  const accused = new Set<string>();
  for (const finding of story.findings) {
    if (!GUILTY.has(finding.detector) || finding.explained || finding.severity === 'info' || finding.severity === 'low') continue;
    for (const entity of finding.culprit) accused.add(keyOf(entity));
  }
  return given.eyes.processes().filter((process) => {
    if (process.pid <= 1 || process.kernelThread) return false;
    if (accused.has(keyOf({ is: 'process', pid: process.pid, startTicks: process.startTicks }))) return true;
    const program = programOf(process);
    return (
      program !== null &&
      oddPlace(program) !== null &&
      [...accused].some((key) => key === `file ${program}` || (key.startsWith('directory ') && inside(program, key.slice(10))))
    );
  });
}

/** The loops that started them and would start them again, wherever those lie, and what stands between. */
function withLoops(guilty: readonly ProcessSeen[], given: Given): ProcessSeen[] {
  const byPid = new Map(given.eyes.processes().map((process) => [process.pid, process]));
  return [...new Set([...guilty, ...guilty.flatMap((process) => loopAbove(process, ({ ppid }) => byPid.get(ppid)))])];
}

/** Those whose parent is not guilty itself: freezing a tree from its top leaves nobody to wake the rest. */
function topmost(guilty: readonly ProcessSeen[]): ProcessSeen[] {
  const pids = new Set(guilty.map((process) => process.pid));
  const families = new Map<number, number>();
  for (const { ppid } of guilty) families.set(ppid, (families.get(ppid) ?? 0) + 1);
  const children = (process: ProcessSeen) => families.get(process.pid) ?? 0;
  return guilty.filter((process) => !pids.has(process.ppid)).sort((a, b) => children(b) - children(a) || a.startTicks - b.startTicks);
}

/** Trees of one program and account are one order: nobody reads two hundred. */
interface Trees {
  readonly first: ProcessSeen;
  readonly more: readonly ProcessSeen[];
}

const ALIKE_AT_MOST = 500;

function alike(roots: readonly ProcessSeen[]): Trees[] {
  const kinds = new Map<string, ProcessSeen[]>();
  for (const root of roots) {
    const key = `${programOf(root) ?? root.pid} ${root.uid}`;
    kinds.set(key, [...(kinds.get(key) ?? []), root]);
  }
  return [...kinds.values()].flatMap(([first, ...more]) => (first ? [{ first, more: more.slice(0, ALIKE_AT_MOST) }] : []));
}

function treesOrder(verb: 'freeze-tree' | 'kill-tree', trees: Trees): Proposal['order'] {
  return { verb, pid: trees.first.pid, startTicks: trees.first.startTicks, alike: trees.more.map(({ pid, startTicks }) => ({ pid, startTicks })) };
}

function freeze(trees: Trees, guilty: readonly ProcessSeen[]): Proposal {
  const root = trees.first;
  const below = guilty.filter((process) => process.ppid === root.pid).length;
  return {
    order: treesOrder('freeze-tree', trees),
    because: `${named(root.name)}${trees.more.length > 0 ? ` and ${counted(trees.more.length, 'process', 'processes')} like it run` : ' runs'} ${named(programOf(root) ?? 'an unreadable program')}${below > 0 ? `, and it is the parent of ${counted(below, 'guilty process', 'guilty processes')}` : ''}; frozen it cannot delete anything or start others`,
    risk: 'whatever honest work these processes do stands still',
    undo: 'thaw the same processes; they go on where they stopped',
  };
}

function save(guilty: readonly ProcessSeen[], paths: readonly string[]): Proposal {
  return {
    order: { verb: 'save-evidence', pids: guilty.slice(0, 50).map((process) => process.pid), paths },
    because: 'program files, open files, memory maps and environments are gone once the processes end or the machine restarts',
    risk: 'the copies hold secrets and are for root only',
    undo: 'delete the copies',
  };
}

function kill(trees: Trees): Proposal {
  return {
    order: treesOrder('kill-tree', trees),
    because: 'after the evidence is saved nothing of it has to run any more',
    risk: 'cannot be taken back; what is only in memory is lost, so save the evidence first',
    undo: 'none: a killed process does not come back',
  };
}
