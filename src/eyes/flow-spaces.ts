/** Other network namespaces (containers) while they are watched: their counters before and after, and the targets seen at the samples. */

import { counted } from '../core/text.ts';
import type { ProcessSeen, SpaceWatched, TargetTally } from '../core/words.ts';
import { countersIn } from './counters.ts';
import type { Diag } from './netlink.ts';
import { procLink } from './proc.ts';
import { procSockets } from './proc-net.ts';

/** Containers beyond this are not watched. */
const SPACES_AT_MOST = 50;
const TARGETS_AT_MOST = 2_000;

type Counted = NonNullable<ReturnType<typeof countersIn>>;
type Space = { readonly pid: number; readonly began: Counted; last: Counted; readonly targets: Map<string, TargetTally>; readonly seen: Set<number> };

export class Spaces {
  readonly #spaces = new Map<string, Space>();
  readonly #processes: () => readonly ProcessSeen[];
  readonly #listed = new Set<string>();
  #opened = false;
  /** What was left out, by how many. */
  readonly #missed = { spaces: new Set<string>(), full: new Set<string>(), tables: new Set<string>() };

  constructor(processes: () => readonly ProcessSeen[]) {
    this.#processes = processes;
  }

  #open(): void {
    this.#opened = true;
    const own = procLink('/proc/self/ns/net');
    for (const { netns, pid } of this.#processes()) {
      if (netns === null || netns === own || this.#spaces.has(netns)) continue;
      if (this.#spaces.size >= SPACES_AT_MOST) {
        this.#missed.spaces.add(netns);
        continue;
      }
      const began = countersIn(pid);
      if (began) this.#spaces.set(netns, { pid, began, last: began, targets: new Map(), seen: new Set() });
    }
  }

  /** Live sockets of those in which connections were begun since the last sample: the others cost one small read. */
  sample(alive: Map<number, Diag>, listeners: Set<number>): boolean {
    if (!this.#opened) this.#open();
    let brisk = false;
    this.#listed.clear();
    for (const [netns, space] of this.#spaces) {
      const now = countersIn(space.pid);
      if (!now) continue;
      const begun = now.activeOpens - space.last.activeOpens;
      space.last = now;
      if (begun <= 0) continue;
      brisk ||= begun > 1;
      this.#listed.add(netns);
      this.#read(netns, space, alive, listeners);
    }
    return brisk;
  }

  #read(netns: string, space: Space, alive: Map<number, Diag>, listeners: Set<number>): void {
    const sockets = (['tcp', 'tcp6'] as const).flatMap((table) => procSockets(String(space.pid), table, netns, () => this.#missed.tables.add(netns)));
    const ports = new Set<number>();
    for (const socket of sockets) {
      if (socket.state !== 'LISTEN') continue;
      ports.add(socket.localPort);
      listeners.add(socket.inode);
    }
    for (const socket of sockets) {
      if (socket.inode === 0 || socket.remotePort === 0 || ports.has(socket.localPort) || space.seen.has(socket.inode)) continue;
      if (space.seen.size >= TARGETS_AT_MOST) {
        this.#missed.full.add(netns);
        return;
      }
      space.seen.add(socket.inode);
      alive.set(socket.inode, socket);
      const key = `${socket.remote} ${socket.remotePort}`;
      space.targets.set(key, { ip: socket.remote, port: socket.remotePort, times: (space.targets.get(key)?.times ?? 0) + 1 });
    }
  }

  /** Was it read at the last sample? */
  listed(netns: string): boolean {
    return this.#listed.has(netns);
  }

  /** Sentences' parts on what was left out; none when nothing was. */
  gaps(): string[] {
    const { spaces, full, tables } = this.#missed;
    return [
      ...(spaces.size > 0 ? [`${counted(spaces.size, 'other network namespace')} not watched`] : []),
      ...(full.size > 0 ? [`more than ${TARGETS_AT_MOST} connections in ${counted(full.size, 'other network namespace')}`] : []),
      ...(tables.size > 0 ? [`the sockets of ${counted(tables.size, 'other network namespace')} not read in full`] : []),
    ];
  }

  told(): SpaceWatched[] {
    return [...this.#spaces].flatMap(([netns, { began, last, targets }]) => {
      const change = (name: keyof Counted) => Math.max(0, last[name] - began[name]);
      if (change('activeOpens') + change('udpOut') === 0) return [];
      const counted = { activeOpens: change('activeOpens'), attemptFails: change('attemptFails'), udpOut: change('udpOut') };
      return [{ netns, ...counted, targets: [...targets.values()] }];
    });
  }
}
