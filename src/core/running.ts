/** The processes of one look, grouped by what they run, with the judgement that several detectors share: is this program where programs belong? */

import { processEntity } from './entity.ts';
import { inside, installed, oddPlace } from './places.ts';
import { inMemory, programOf } from './story.ts';
import type { Entity, EventOf, Evidence, Millis, ProcessSeen } from './words.ts';

/** Processes that run the same program as the same user. `program` is null where it could not be read. */
export interface Kind {
  readonly key: string;
  readonly program: string | null;
  readonly uid: number;
  readonly account: string | null;
  readonly processes: readonly ProcessSeen[];
}

/** `out-of-place` = in a hidden, world-writable or oddly named directory; `inline` = program text on the command line of an interpreter. */
export type Standing = 'installed' | 'elsewhere' | 'inline' | 'out-of-place' | 'unknown';

const INTERPRETERS = /\/(?:(?:ba|da|z|k)?sh|busybox|python[\d.]*|perl[\d.]*|php[\d.]*(?:-cgi)?|ruby[\d.]*|node(?:js)?|lua[\d.]*|tclsh[\d.]*|expect)$/;
const PARENTS_AT_MOST = 16;
const NAMED_AT_MOST = 20;

/** An interpreter that a package brought: everybody's, and so nobody's trace. */
export function interpreter(path: string): boolean {
  return installed(path) && INTERPRETERS.test(path);
}

export class Running {
  readonly #byPid = new Map<number, ProcessSeen>();

  hear(process: ProcessSeen): void {
    if (!process.kernelThread) this.#byPid.set(process.pid, process);
  }

  /** For detectors that want every process. */
  readonly ear = ({ fields }: EventOf<'process.seen'>): null => {
    this.hear(fields);
    return null;
  };

  get(pid: number | null): ProcessSeen | undefined {
    return pid === null ? undefined : this.#byPid.get(pid);
  }

  all(): ProcessSeen[] {
    return [...this.#byPid.values()];
  }

  /** Largest first. */
  kinds(of: readonly ProcessSeen[] = this.all()): Kind[] {
    const kinds = new Map<string, { key: string; program: string | null; uid: number; account: string | null; processes: ProcessSeen[] }>();
    for (const process of of) {
      const program = programOf(process);
      const key = `${program ?? `pid ${process.pid}`} ${process.uid}`;
      const kind = kinds.get(key) ?? { key, program, uid: process.uid, account: process.account, processes: [] };
      kind.processes.push(process);
      kinds.set(key, kind);
    }
    return [...kinds.values()].sort((a, b) => b.processes.length - a.processes.length);
  }

  /** Nearest first, init left out. */
  parents(process: ProcessSeen): ProcessSeen[] {
    const parents: ProcessSeen[] = [];
    for (let next = this.#byPid.get(process.ppid); next && next.pid > 1 && parents.length < PARENTS_AT_MOST; next = this.#byPid.get(next.ppid)) {
      if (parents.includes(next)) break;
      parents.push(next);
    }
    return parents;
  }

  /** A program of the system that a program in an odd place drives (WORLD: the stock ssh client, started by a script in a hidden folder) is as out of place as its driver. */
  standing(process: ProcessSeen): Standing {
    const own = standingOf(process);
    if (own !== 'installed' && own !== 'inline') return own;
    return this.parents(process).some((parent) => standingOf(parent) === 'out-of-place') ? 'out-of-place' : own;
  }
}

export function standingOf(process: ProcessSeen): Standing {
  const program = programOf(process);
  if (program === null) return 'unknown';
  if (inMemory(process)) return 'inline';
  if (oddPlace(program) !== null || (process.exe !== null && oddPlace(process.exe) !== null)) return 'out-of-place';
  if (process.script === null && INTERPRETERS.test(program) && process.argv.some((word) => /^-[a-zA-Z]*[ce]$/.test(word))) return 'inline';
  return installed(program) || inside(program, '/etc') ? 'installed' : 'elsewhere';
}

/** Process entities for a finding's culprits: enough to act on and to walk from. */
export function entitiesOf(processes: readonly ProcessSeen[]): Entity[] {
  return processes.slice(0, NAMED_AT_MOST).map(processEntity);
}

export function evidenceOfProcess(process: ProcessSeen): Evidence {
  const path = programOf(process);
  return {
    source: `/proc/${process.pid}`,
    ...(path === null ? {} : { path }),
    at: process.startedAt,
    says: `pid ${process.pid}, parent ${process.ppid}, uid ${process.uid}: ${process.argv.join(' ').slice(0, 200) || process.name}`,
  };
}

export function evidencesOf(processes: readonly ProcessSeen[]): Evidence[] {
  return processes.slice(0, NAMED_AT_MOST).map(evidenceOfProcess);
}

export function firstStart(processes: readonly ProcessSeen[]): Millis {
  return processes.reduce((first, process) => Math.min(first, process.startedAt), Number.MAX_SAFE_INTEGER);
}

/** A person sits at it: a terminal, in a log-in session. */
export function atTerminal(process: ProcessSeen): boolean {
  return process.tty !== 0 && process.loginUid !== null;
}
