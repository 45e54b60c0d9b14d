/** The service that a process came out of: the topmost of its parents below init, where that is a program that serves and no door for people. */

import { nameOf } from './entity.ts';
import { oddPlace } from './places.ts';
import type { ProcessSeen } from './words.ts';
import type { Eyes } from './world.ts';

const PARENTS_AT_MOST = 12;
/** These start processes for people and tables, which other probes ask about. */
const DOORS = /^(?:sshd(?:-session)?|dropbear|login|su|sudo|cron|crond|atd|anacron|systemd|gdm|lightdm|tmux|screen|SCREEN|tmux: server)\b/;
const PLACES = /^(?:\/usr)?\/(?:local\/)?(?:s?bin|lib\w*|libexec)\//;
/** Shells and interpreters on their own serve nobody. */
const NO_SERVICE = /^(?:(?:ba|da|z|k)?sh|busybox|perl|python|ruby|env|setsid|nohup|timeout)[\d.]*$/;

export interface CameOut {
  readonly service: ProcessSeen;
  /** By the file that runs: the name in /proc is cut after 15 bytes and can be anything. */
  readonly called: string;
  /** From the service down to the parent of the process. */
  readonly through: readonly ProcessSeen[];
}

export function serviceOf(process: ProcessSeen, eyes: Eyes): CameOut | null {
  const byPid = new Map(eyes.processes().map((seen) => [seen.pid, seen]));
  const parents = parentsOf(process, byPid);
  const service = parents.at(-1);
  if (!service?.exe || parents.some((parent) => DOORS.test(parent.name)) || !serves(service, service.exe)) return null;
  return { service, called: nameOf(service.exe), through: parents.slice(0, -1).reverse() };
}

/** Nearest first, init left out; a circle that a hostile /proc could show ends it. */
function parentsOf(process: ProcessSeen, byPid: ReadonlyMap<number, ProcessSeen>): ProcessSeen[] {
  const parents: ProcessSeen[] = [];
  for (
    let next = byPid.get(process.ppid);
    next && next.pid > 1 && !next.kernelThread && parents.length < PARENTS_AT_MOST;
    next = byPid.get(next.ppid)
  ) {
    if (parents.includes(next)) break;
    parents.push(next);
  }
  return parents;
}

/** An installed program that nobody's session started. */
function serves({ script, sessionId, tty }: ProcessSeen, exe: string): boolean {
  return script === null && sessionId === null && tty === 0 && oddPlace(exe) === null && PLACES.test(exe) && !NO_SERVICE.test(nameOf(exe));
}
