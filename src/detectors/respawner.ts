/** Who starts it again: the parent that waits, the cron line, the unit (WORLD: the scanner came back each time it was killed). */

import type { Detector } from '../core/contracts.ts';
import { nameOf, processEntity } from '../core/entity.ts';
import { gravityOf, oddPathOf, oddWorkplace, ownUnit } from '../core/gravity.ts';
import { inside, sharedPlace } from '../core/places.ts';
import { isLoop } from '../core/respawn.ts';
import { entitiesOf, evidenceOfProcess, firstStart, Running, standingOf } from '../core/running.ts';
import { graver } from '../core/severity.ts';
import { startsOf, wordsForPlace } from '../core/starts.ts';
import { programOf } from '../core/story.ts';
import { counted, lasted, named, shown } from '../core/text.ts';
import type { Entity, FindingDraft, PersistenceSeen, ProcessSeen, Severity } from '../core/words.ts';

/** A child this much younger than its parent, or than its brother, was not started with it: it was started again. */
const AGAIN_MS = 5_000;
const PERSISTENCE_AT_MOST = 5_000;
const ACCOUNTS_AT_MOST = 20_000;

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
    const services = new Set<number>();
    const homes = new Map<string, string>();
    return {
      'account.seen': ({ fields }) => {
        if (fields.system && fields.uid !== 0) services.add(fields.uid);
        if (homes.size < ACCOUNTS_AT_MOST) homes.set(fields.name, fields.home);
        return null;
      },
      'process.seen': running.ear,
      'persistence.seen': ({ fields }) => {
        if (places.length < PERSISTENCE_AT_MOST) places.push(fields);
        return null;
      },
      'sweep.done': () => {
        const grave = (process: ProcessSeen) => gravityOf(oddPathOf(process) ?? oddWorkplace(process) ?? '', [process], services);
        const odd = running.all().filter((process) => oddPathOf(process) !== null || oddWorkplace(process) !== null);
        return [
          ...byParent(odd, running, grave),
          ...byWatcher(odd, running, grave),
          ...byPlace(odd, places, homes, grave),
          ...byUnit(odd, places, grave),
        ];
      },
    };
  },
};

type Grave = (process: ProcessSeen) => Severity;

/** What restarts is no graver than what it restarts. */
function gravest(children: readonly ProcessSeen[], grave: Grave): Severity {
  return children.map(grave).reduce(graver, 'info');
}

function byParent(odd: readonly ProcessSeen[], running: Running, grave: Grave): FindingDraft[] {
  const children = new Map<ProcessSeen, ProcessSeen[]>();
  for (const process of odd) {
    const parent = running.get(process.ppid);
    if (parent && parent.pid > 1 && mayRespawn(parent, process)) children.set(parent, [...(children.get(parent) ?? []), process]);
  }
  return [...children].flatMap(([parent, theirs]) => {
    const severity = gravest(theirs, grave);
    // A build or a test in somebody's own session has loops too; what is grave elsewhere is led to its loop by process-parents.
    return severity !== 'low' && goesRound(parent, theirs) ? [parentFinding(parent, theirs, severity)] : [];
  });
}

/** Servers and log-in shells start all sorts of things; a script or a command loop was made to start this one. */
function mayRespawn(parent: ProcessSeen, child: ProcessSeen): boolean {
  if (programOf(parent) === programOf(child) && parent.script === null) return false;
  return standingOf(parent) === 'out-of-place' || isLoop(parent) !== false;
}

/** By its text, or, where that is not known, by children of several generations. */
function goesRound(parent: ProcessSeen, children: readonly ProcessSeen[]): boolean {
  const loop = isLoop(parent);
  if (loop === true) return true;
  const starts = children.map((child) => child.startedAt);
  const unknown = loop === null || !/\/(?:(?:ba|da|z|k)?sh|busybox)$/.test(parent.exe ?? '');
  return starts.reduce(later, 0) - (unknown ? parent.startedAt : starts.reduce(earlier)) > AGAIN_MS;
}

function parentFinding(parent: ProcessSeen, children: readonly ProcessSeen[], severity: Severity): FindingDraft {
  const youngest = children.map((child) => child.startedAt).reduce(later, 0);
  const again = youngest - parent.startedAt > AGAIN_MS;
  const program = programOf(parent);
  const what =
    program !== null && parent.script !== null
      ? named(program)
      : standingOf(parent) === 'out-of-place' && program !== null
        ? named(program)
        : `a command loop: ${shown(parent.argv.join(' '), 160)}`;
  const child = children[0];
  const says = `process ${parent.pid} (${what}) is the parent of ${counted(children.length, 'process', 'processes')} of ${named((child && programOf(child)) ?? child?.name ?? '')}`;
  return {
    key: `parent ${parent.pid}`,
    at: parent.startedAt,
    severity,
    confidence: again ? 'strong' : 'medium',
    says: again
      ? `${says} and starts it again: the youngest began ${lasted(youngest - parent.startedAt)} after it`
      : `${says} and goes round: it can start them again`,
    culprit: [
      processEntity(parent),
      ...(program !== null && standingOf(parent) !== 'installed' && parent.script !== null ? [{ is: 'file', path: program } as const] : []),
      ...entitiesOf(children).slice(0, 5),
    ],
    victim: [],
    evidence: [evidenceOfProcess(parent), ...children.slice(0, 5).map(evidenceOfProcess)],
    seen: children.length,
    figures: { by: 'parent', children: children.length },
  };
}

/** A script that goes round and names the place where an odd program runs looks whether it still does. */
function byWatcher(odd: readonly ProcessSeen[], running: Running, grave: Grave): FindingDraft[] {
  return running.all().flatMap((watcher) => {
    const names = watcher.scriptSays?.names ?? [];
    if (names.length === 0 || isLoop(watcher) !== true) return [];
    const watched = odd.filter((process) => {
      const path = oddPathOf(process) ?? oddWorkplace(process) ?? '';
      const apart = process !== watcher && process.script !== watcher.script && process.ppid !== watcher.pid;
      return apart && names.some((name) => path === name || (inside(path, name) && !sharedPlace(name)));
    });
    const first = watched[0];
    if (!first) return [];
    const script = watcher.script ?? '';
    return [
      {
        key: `watcher ${watcher.pid}`,
        at: watcher.startedAt,
        severity: gravest(watched, grave),
        confidence: 'medium',
        says: `process ${watcher.pid} (${named(script)}) goes round and names the place of ${named(oddPathOf(first) ?? first.cwd ?? '')}: it can start it again`,
        culprit: [processEntity(watcher), { is: 'file', path: script }, ...entitiesOf(watched).slice(0, 5)],
        victim: [],
        evidence: [evidenceOfProcess(watcher), ...watched.slice(0, 5).map(evidenceOfProcess)],
        seen: watched.length,
        figures: { by: 'watcher', children: watched.length },
      },
    ];
  });
}

/** Lines that start one of these, and the timers of units that do. */
function byPlace(odd: readonly ProcessSeen[], places: readonly PersistenceSeen[], homes: ReadonlyMap<string, string>, grave: Grave): FindingDraft[] {
  const programs = new Map<string, ProcessSeen[]>();
  for (const process of odd) {
    const workplace = oddPathOf(process) === null ? oddWorkplace(process) : null;
    for (const path of [process.script, process.exe, workplace === null ? null : `${workplace}/`])
      if (path !== null) programs.set(path, [...(programs.get(path) ?? []), process]);
  }
  const units = new Map<string, readonly [string, readonly ProcessSeen[]]>();
  const found = places.flatMap((place) => {
    const started = startsOf(place, [...programs.keys()], homes);
    const processes = programs.get(started ?? '') ?? [];
    if (started === null || processes.length === 0) return [];
    if (place.place === 'unit') units.set(nameOf(place.path), [started, processes]);
    return [placeFinding(place, started, processes, grave)];
  });
  const starters = places.flatMap((place) => {
    const [started, processes] = units.get(place.command) ?? [];
    return started !== undefined && processes ? [placeFinding(place, started, processes, grave)] : [];
  });
  return [...found, ...starters];
}

function placeFinding(place: PersistenceSeen, program: string, processes: readonly ProcessSeen[], grave: Grave): FindingDraft {
  const schedule = place.schedule ? ` (${shown(place.schedule, 60)})` : '';
  const workplace = program.endsWith('/');
  return {
    key: `${place.path}:${place.line ?? ''} ${program}`,
    at: place.changedAt ?? processes.map((process) => process.startedAt).reduce(earlier),
    severity: gravest(processes, grave),
    confidence: 'strong',
    says: `${wordsForPlace(place.place)} starts ${workplace ? 'what works in ' : ''}${named(workplace ? program.slice(0, -1) : program)} again${schedule}: ${named(place.path)}${place.line === undefined ? '' : ` line ${place.line}`}`,
    culprit: [
      { is: 'file', path: place.path },
      workplace ? { is: 'directory', path: program.slice(0, -1) } : { is: 'file', path: program },
      ...entitiesOf(processes).slice(0, 1),
    ],
    victim: [],
    evidence: [
      { source: 'persistence', path: place.path, ...(place.line === undefined ? {} : { line: place.line }), says: shown(place.command, 300) },
    ],
    seen: 1,
    attack: [place.place === 'cron' ? 'T1053.003' : place.place === 'timer' ? 'T1053.006' : place.place === 'at' ? 'T1053.002' : 'T1543.002'],
    figures: { by: place.place },
  };
}

function byUnit(odd: readonly ProcessSeen[], places: readonly PersistenceSeen[], grave: Grave): FindingDraft[] {
  const units = new Map<string, ProcessSeen[]>();
  for (const process of odd) {
    if (process.unit !== null && ownUnit(process.unit)) units.set(process.unit, [...(units.get(process.unit) ?? []), process]);
  }
  return [...units].map(([unit, all]) => {
    // Of a unit with many programs only the gravest are told: it may be one of an honest machine that was misused.
    const severity = gravest(all, grave);
    const processes = all.filter((process) => grave(process) === severity);
    const file = places.find((place) => nameOf(place.path) === unit);
    const culprit: Entity[] = [
      { is: 'unit', name: unit },
      ...(file ? [{ is: 'file', path: file.path } as const] : []),
      ...entitiesOf(processes).slice(0, 5),
    ];
    return {
      key: `unit ${unit}`,
      at: firstStart(processes),
      severity,
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

/** Processes may be hundreds of thousands: too many for the arguments of one call. */
const later = (one: number, other: number) => Math.max(one, other);
const earlier = (one: number, other: number) => Math.min(one, other);
