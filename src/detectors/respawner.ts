/** Who starts it again: the parent that waits, the cron line, the unit (WORLD: the scanner came back each time it was killed). */

import type { Detector } from '../core/contracts.ts';
import { directoryOf, nameOf } from '../core/entity.ts';
import { entitiesOf, entityOf, evidenceOfProcess, firstStart, Running, standingOf } from '../core/running.ts';
import { programOf } from '../core/story.ts';
import { counted, lasted, named, shown } from '../core/text.ts';
import type { Entity, FindingDraft, PersistenceSeen, ProcessSeen } from '../core/words.ts';

/** A child this much younger than its parent was not started with it: it was started again. */
const AGAIN_MS = 5_000;
const PERSISTENCE_AT_MOST = 5_000;
/** Units that hold other people's work: what they start is told by their own tables. */
const NOT_ITS_OWN =
  /^(?:cron|crond|atd|ssh|sshd|dropbear|apache2|httpd|nginx|docker|containerd|init|user@\d+)\.service$|^(?:session-|user@)|\.scope$/;

export const respawner: Detector = {
  name: 'respawner',
  about: 'Names what starts an out-of-place program again: parent loop, cron line, unit, timer or start file.',
  cannotSee: 'another host that logs in and starts it, and a web page that does.',
  attack: ['T1053.003', 'T1543.002'],
  tells: 'compromise',
  role: 'persistence',
  start() {
    const running = new Running();
    const places: PersistenceSeen[] = [];
    return {
      'process.seen': ({ fields }) => {
        running.hear(fields);
        return null;
      },
      'persistence.seen': ({ fields }) => {
        if (places.length < PERSISTENCE_AT_MOST) places.push(fields);
        return null;
      },
      'sweep.done': () => {
        const odd = running.all().filter((process) => running.standing(process) === 'out-of-place');
        return [...byParent(odd, running), ...byPlace(odd, places), ...byUnit(odd, places)];
      },
    };
  },
};

function byParent(odd: readonly ProcessSeen[], running: Running): FindingDraft[] {
  const children = new Map<ProcessSeen, ProcessSeen[]>();
  for (const process of odd) {
    const parent = running.get(process.ppid);
    if (parent && parent.pid > 1 && mayRespawn(parent, process)) children.set(parent, [...(children.get(parent) ?? []), process]);
  }
  return [...children].map(([parent, theirs]) => parentFinding(parent, theirs));
}

/** Servers and log-in shells start all sorts of things; a script or a command loop was made to start this one. */
function mayRespawn(parent: ProcessSeen, child: ProcessSeen): boolean {
  if (programOf(parent) === programOf(child) && parent.script === null) return false;
  const shell = /\/(?:(?:ba|da|z|k)?sh|busybox|perl[\d.]*|python[\d.]*|php[\d.]*|ruby[\d.]*)$/.test(parent.exe ?? '');
  const interactive = parent.script === null && !parent.argv.some((word) => /^-[a-z]*c$|^-e$/.test(word));
  return standingOf(parent) === 'out-of-place' || (shell && !interactive);
}

function parentFinding(parent: ProcessSeen, children: readonly ProcessSeen[]): FindingDraft {
  const youngest = Math.max(...children.map((child) => child.startedAt));
  const again = youngest - parent.startedAt > AGAIN_MS;
  const program = programOf(parent);
  const what = program !== null && standingOf(parent) === 'out-of-place' ? named(program) : `a command loop: ${shown(parent.argv.join(' '), 160)}`;
  const child = children[0];
  const says = `process ${parent.pid} (${what}) is the parent of ${counted(children.length, 'process', 'processes')} of ${named((child && programOf(child)) ?? child?.name ?? '')}`;
  return {
    key: `parent ${parent.pid}`,
    at: parent.startedAt,
    severity: 'high',
    confidence: again ? 'strong' : 'medium',
    says: again
      ? `${says} and starts it again: the youngest began ${lasted(youngest - parent.startedAt)} after it`
      : `${says} and waits for them: it can start them again`,
    culprit: [
      entityOf(parent),
      ...(program !== null && standingOf(parent) === 'out-of-place' ? [{ is: 'file', path: program } as const] : []),
      ...entitiesOf(children).slice(0, 5),
    ],
    victim: [],
    evidence: [evidenceOfProcess(parent), ...children.slice(0, 5).map(evidenceOfProcess)],
    seen: children.length,
    figures: { by: 'parent', children: children.length },
  };
}

function byPlace(odd: readonly ProcessSeen[], places: readonly PersistenceSeen[]): FindingDraft[] {
  const programs = new Map<string, ProcessSeen>();
  for (const process of odd) for (const path of [process.script, process.exe]) if (path !== null && !programs.has(path)) programs.set(path, process);
  return places.flatMap((place) => {
    const started = [...programs].find(([path]) => startsIt(place.command, path));
    return started ? [placeFinding(place, started[0], started[1])] : [];
  });
}

/** The path itself, or its directory together with its name (`cd DIR && ./NAME`), or another script of that directory. */
function startsIt(command: string, path: string): boolean {
  const directory = directoryOf(path);
  if (command.includes(path)) return true;
  return directory.split('/').length > 2 && command.includes(directory) && (command.includes(nameOf(path)) || command.includes(`${directory}/`));
}

const WORDS: Readonly<Record<PersistenceSeen['place'], string>> = {
  cron: 'a cron line',
  unit: 'a systemd unit',
  timer: 'a systemd timer',
  at: 'an at job',
  'shell-rc': 'a shell start file',
  'authorized-keys': 'an authorized key',
  preload: 'ld.so.preload',
  'init-script': 'a start script',
  'ssh-rc': 'an ssh start file',
  sudoers: 'a sudo rule',
  setuid: 'a setuid file',
};

function placeFinding(place: PersistenceSeen, program: string, process: ProcessSeen): FindingDraft {
  const schedule = place.schedule ? ` (${shown(place.schedule, 60)})` : '';
  return {
    key: `${place.path}:${place.line ?? ''} ${program}`,
    at: place.changedAt ?? process.startedAt,
    severity: 'high',
    confidence: 'strong',
    says: `${WORDS[place.place]} starts ${named(program)} again${schedule}: ${named(place.path)}${place.line === undefined ? '' : ` line ${place.line}`}`,
    culprit: [{ is: 'file', path: place.path }, { is: 'file', path: program }, entityOf(process)],
    victim: [],
    evidence: [
      { source: 'persistence', path: place.path, ...(place.line === undefined ? {} : { line: place.line }), says: shown(place.command, 300) },
    ],
    seen: 1,
    attack: [place.place === 'cron' ? 'T1053.003' : place.place === 'timer' ? 'T1053.006' : place.place === 'at' ? 'T1053.002' : 'T1543.002'],
    figures: { by: place.place },
  };
}

function byUnit(odd: readonly ProcessSeen[], places: readonly PersistenceSeen[]): FindingDraft[] {
  const units = new Map<string, ProcessSeen[]>();
  for (const process of odd) {
    if (process.unit !== null && !NOT_ITS_OWN.test(process.unit)) units.set(process.unit, [...(units.get(process.unit) ?? []), process]);
  }
  return [...units].map(([unit, processes]) => {
    const file = places.find((place) => nameOf(place.path) === unit);
    const culprit: Entity[] = [
      { is: 'unit', name: unit },
      ...(file ? [{ is: 'file', path: file.path } as const] : []),
      ...entitiesOf(processes).slice(0, 5),
    ];
    return {
      key: `unit ${unit}`,
      at: firstStart(processes),
      severity: 'medium',
      confidence: 'medium',
      says: `${counted(processes.length, 'process', 'processes')} out of place ${processes.length === 1 ? 'belongs' : 'belong'} to the unit ${named(unit)}, which can start ${processes.length === 1 ? 'it' : 'them'} again`,
      culprit,
      victim: [],
      evidence: processes.slice(0, 5).map(evidenceOfProcess),
      seen: processes.length,
      attack: ['T1543.002'],
      figures: { by: 'unit' },
    };
  });
}
