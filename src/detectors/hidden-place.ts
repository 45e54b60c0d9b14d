/** A program, script or working directory in a place where no program is ever installed: hidden, oddly named, or open to everybody. */

import type { Detector } from '../core/contracts.ts';
import { directoryOf } from '../core/entity.ts';
import { gravityOf, oddPathOf, oddWorkplace } from '../core/gravity.ts';
import { oddName, oddPlace, sharedPlace } from '../core/places.ts';
import { entitiesOf, evidencesOf, firstStart, type Kind, Running } from '../core/running.ts';
import { programOf } from '../core/story.ts';
import { counted, named } from '../core/text.ts';
import type { FindingDraft, Millis, ProcessSeen } from '../core/words.ts';

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
      'process.seen': running.ear,
      'sweep.done': ({ at }) => {
        const odd = running.all().filter((process) => oddPathOf(process) !== null);
        const working = running.all().filter((process) => oddPathOf(process) === null && oddWorkplace(process) !== null);
        return [
          ...running.kinds(odd).map((kind) => told(kind, services, at)),
          ...running.kinds(working).flatMap((kind) => byWorkplace(kind).map((one) => toldCwd(one, services, at))),
        ];
      },
    };
  },
};

function told(kind: Kind, services: ReadonlySet<number>, at: Millis): FindingDraft {
  const first = kind.processes[0];
  const program = (first && oddPathOf(first)) ?? kind.program ?? '';
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
    severity: passing ? 'info' : gravityOf(program, kind.processes, services),
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

/** One interpreter may work in several odd directories. */
function byWorkplace(kind: Kind): Kind[] {
  const places = new Map<string | null, ProcessSeen[]>();
  for (const process of kind.processes) places.set(process.cwd, [...(places.get(process.cwd) ?? []), process]);
  return [...places.values()].map((processes) => ({ ...kind, processes }));
}

function toldCwd(kind: Kind, services: ReadonlySet<number>, at: Millis): FindingDraft {
  const first = kind.processes[0];
  const cwd = first?.cwd ?? '/';
  const program = (first && programOf(first)) ?? first?.name ?? '';
  const disguised = !cwd.split('/').some(oddName);
  return {
    key: `cwd ${cwd} ${kind.key}`,
    at: firstStart(kind.processes),
    to: at,
    severity: disguised ? gravityOf(`${cwd}/`, kind.processes, services) : 'medium',
    confidence: 'medium',
    says: `${counted(kind.processes.length, 'process', 'processes')} (${named(program)}) ${kind.processes.length === 1 ? 'works' : 'work'} in ${named(cwd)}, ${disguised ? 'a place where no program belongs, under a title that does not name its script' : 'a directory with a name made to be overlooked'}`,
    culprit: [{ is: 'directory', path: cwd }, ...entitiesOf(kind.processes)],
    victim: [],
    evidence: evidencesOf(kind.processes),
    seen: kind.processes.length,
    figures: { processes: kind.processes.length, place: oddPlace(cwd) ?? '' },
  };
}
