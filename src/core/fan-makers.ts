/** Which programs were seen making connections while they were watched: the only ones that may be accused of those nobody was seen with. */

import type { Kind, Running } from './running.ts';
import type { FlowsWatched, ProcessSeen } from './words.ts';

/** What one program did with TCP sockets during the span. */
export interface Making {
  readonly kind: Kind;
  /** Sockets that lead out or had been refused already. */
  readonly made: number;
  /** Those of them whose target was not seen. */
  readonly unexplained: number;
}

/** One or two sockets without a target are a name looked up or a server that is down. */
const UNEXPLAINED_AT_LEAST = 3;

export function kindsByPid(running: Running): ReadonlyMap<number, Kind> {
  return new Map(running.kinds().flatMap((kind) => kind.processes.map((process: ProcessSeen) => [process.pid, kind] as const)));
}

/** Most sockets first. */
export function makingOf(watched: FlowsWatched, kindOf: ReadonlyMap<number, Kind>): readonly Making[] {
  const found = new Map<string, { kind: Kind; made: number; unexplained: number }>();
  for (const maker of watched.makers) {
    const kind = kindOf.get(maker.pid);
    if (!kind || maker.made === 0 || elsewhere(maker.pid, kind, watched)) continue;
    const making = found.get(kind.key) ?? { kind, made: 0, unexplained: 0 };
    making.made += maker.made;
    making.unexplained += Math.max(0, maker.made - maker.targets.reduce((sum, target) => sum + target.times, 0));
    found.set(kind.key, making);
  }
  return [...found.values()].sort((a, b) => b.made - a.made);
}

/** What ended unseen ended in this network namespace: a program of another one has no part in it. */
function elsewhere(pid: number, kind: Kind, watched: FlowsWatched): boolean {
  const netns = kind.processes.find((process) => process.pid === pid)?.netns ?? null;
  return netns !== null && watched.netns !== null && netns !== watched.netns;
}

/** Those who had sockets of which nobody knows where they went. */
export function unexplained(making: readonly Making[]): readonly Making[] {
  return making.filter((one) => one.unexplained >= UNEXPLAINED_AT_LEAST);
}
