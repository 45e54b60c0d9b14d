/** A program, script or working directory in a place where no program is ever installed: hidden, oddly named, or open to everybody. */

import type { Detector } from '../core/contracts.ts';
import { directoryOf } from '../core/entity.ts';
import { oddName, oddPlace, sharedPlace } from '../core/places.ts';
import { entitiesOf, evidencesOf, firstStart, type Kind, Running } from '../core/running.ts';
import { inMemory, programOf } from '../core/story.ts';
import { counted, named } from '../core/text.ts';
import type { FindingDraft, Millis, ProcessSeen, Severity } from '../core/words.ts';

/** Mount points that AppImages and installers make for the time they run, owned by the person who runs them. */
const PASSING = /^\/tmp\/\.mount_[\w-]+\//;

export const hiddenPlace: Detector = {
  name: 'hidden-place',
  about: 'Finds programs that run from hidden, world-writable or oddly named directories.',
  cannotSee: 'an intruder who installs his program under /usr like an honest one; changed-package-file and exposure look there.',
  attack: ['T1564.001', 'T1036.005'],
  tells: 'compromise',
  role: 'foothold',
  start() {
    const running = new Running();
    const services = new Set<number>();
    return {
      'account.seen': ({ fields }) => {
        if (fields.system && fields.uid !== 0) services.add(fields.uid);
        return null;
      },
      'process.seen': ({ fields }) => {
        running.hear(fields);
        return null;
      },
      'sweep.done': ({ at }) => {
        const odd = running.all().filter((process) => placeOf(process) !== null);
        const inOddCwd = running.all().filter((process) => placeOf(process) === null && cwdIsOdd(process));
        return [...running.kinds(odd).map((kind) => told(kind, services, at)), ...running.kinds(inOddCwd).map((kind) => toldCwd(kind, at))];
      },
    };
  },
};

function placeOf(process: ProcessSeen): string | null {
  if (inMemory(process)) return null;
  return [process.script, process.exe].find((path) => path !== null && oddPlace(path) !== null) ?? null;
}

/** Anybody may stand in /tmp; nobody stands in `...` by chance. */
function cwdIsOdd(process: ProcessSeen): boolean {
  return (process.cwd ?? '').split('/').some(oddName);
}

function told(kind: Kind, services: ReadonlySet<number>, at: Millis): FindingDraft {
  const first = kind.processes[0];
  const program = (first && placeOf(first)) ?? kind.program ?? '';
  const directory = directoryOf(program);
  const why = oddPlace(program);
  const passing = PASSING.test(program);
  const words =
    why === 'world-writable'
      ? hiddenPart(program)
        ? 'a hidden place that anybody may write to'
        : 'a place that anybody may write to'
      : why === 'hidden'
        ? 'a hidden place'
        : 'a place with a name made to be overlooked';
  return {
    key: `${program} ${kind.uid}`,
    at: firstStart(kind.processes),
    to: at,
    severity: passing ? 'info' : severityOf(program, kind, services),
    confidence: 'strong',
    says: `${counted(kind.processes.length, 'process', 'processes')} of ${kind.account ? named(kind.account) : `uid ${kind.uid}`} ${kind.processes.length === 1 ? 'runs' : 'run'} ${named(program)}, in ${words}`,
    culprit: [
      { is: 'file', path: program },
      ...(sharedPlace(directory) ? [] : [{ is: 'directory', path: directory } as const]),
      ...entitiesOf(kind.processes),
    ],
    victim: [],
    evidence: evidencesOf(kind.processes),
    seen: kind.processes.length,
    figures: { processes: kind.processes.length, place: why ?? '' },
    ...(passing ? { explained: 'an application image that mounts itself while it runs' } : {}),
  };
}

function hiddenPart(path: string): boolean {
  return path.split('/').some((part) => part.startsWith('.') && part.length > 1);
}

/**
 * Hidden inside what anybody may write to, an odd name, or a service's account at work there: nobody does that honestly. A plain
 * name under /tmp in somebody's own session or unit may be a build or a test.
 */
function severityOf(program: string, kind: Kind, services: ReadonlySet<number>): Severity {
  const why = oddPlace(program);
  if (why === 'odd-name' || services.has(kind.uid)) return 'high';
  if (why === 'hidden') return detached(kind) ? 'medium' : 'low';
  if (hiddenPart(program)) return 'high';
  return detached(kind) ? 'medium' : 'low';
}

/** Left behind on purpose: its parent is init, no terminal, no unit of its own. */
function detached(kind: Kind): boolean {
  return kind.processes.some((process) => process.ppid === 1 && process.tty === 0 && (process.unit === null || /\.scope$/.test(process.unit)));
}

function toldCwd(kind: Kind, at: Millis): FindingDraft {
  const first = kind.processes[0];
  const cwd = first?.cwd ?? '/';
  const program = (first && programOf(first)) ?? first?.name ?? '';
  return {
    key: `cwd ${cwd} ${kind.key}`,
    at: firstStart(kind.processes),
    to: at,
    severity: 'medium',
    confidence: 'medium',
    says: `${counted(kind.processes.length, 'process', 'processes')} (${named(program)}) ${kind.processes.length === 1 ? 'works' : 'work'} in ${named(cwd)}, a directory with a name made to be overlooked`,
    culprit: [{ is: 'directory', path: cwd }, ...entitiesOf(kind.processes)],
    victim: [],
    evidence: evidencesOf(kind.processes),
    seen: kind.processes.length,
    figures: { processes: kind.processes.length, place: 'odd-name' },
  };
}
