/**
 * Watches for a second or two what leaves the machine, because one look at the socket table misses a scan whose targets answer
 * with RST: those sockets are gone at once. The kernel tells of every TCP socket that ends (sock_diag), its counters tell how many
 * there were, and samples of who holds which sockets tell whose they are. Read-only; nothing is switched on in the kernel.
 * Cannot see: other network namespaces, and frames sent by packet sockets (only in the interface counters).
 */

import type { Coverage, FlowMaker, FlowsWatched, Millis, ProcessSeen, TargetTally } from '../core/words.ts';
import { type Counters, counters } from './counters.ts';
import { AF_INET, AF_INET6, type DestroyEar, type Diag, dump, hearDestroyed } from './netlink.ts';
import { procSockets } from './proc-net.ts';
import { statOf } from './processes.ts';
import { socketInodes } from './sockets.ts';

const SAMPLE_EVERY_MS = 100;
/** Of each 100 ms at most this much goes into file descriptors: the machine has other work. */
const SAMPLE_BUDGET_MS = 25;
const TARGETS_AT_MOST = 20_000;
const MAKER_TARGETS_AT_MOST = 5_000;
const MAKERS_AT_MOST = 500;
/** States of a connection that somebody is making or holds: ESTABLISHED, SYN_SENT, FIN_WAIT1 and 2, CLOSE_WAIT, LAST_ACK, CLOSING (bits of tcp_states.h). */
const MADE_STATES = (1 << 1) | (1 << 2) | (1 << 4) | (1 << 5) | (1 << 8) | (1 << 9) | (1 << 11);
const IPPROTO_TCP = 6;

type Busy = {
  readonly startTicks: number;
  readonly inodes: Set<number>;
  samples: number;
  readonly ticks: number;
  readonly targets: Map<string, TargetTally>;
};

export interface Watch {
  /** Waits until the span is over. */
  done(): Promise<FlowsWatched | null>;
}

export function watchFlows(spanMs: number, processes: () => readonly ProcessSeen[], note: (coverage: Coverage) => void): Watch {
  const ear = hearDestroyed();
  const began = counters();
  const startedAt = Date.now();
  const watched = new Watched(ear, processes);
  const timer = setInterval(() => watched.sample(), SAMPLE_EVERY_MS);
  const over = new Promise<FlowsWatched | null>((resolve) => {
    setTimeout(() => {
      clearInterval(timer);
      watched.sample();
      ear?.close();
      const ended = counters();
      note(coverageOf(ear !== null, watched.lost, Date.now() - startedAt, began !== null && ended !== null));
      resolve(began && ended ? watched.told(startedAt, began, ended) : null);
    }, spanMs);
  });
  return { done: () => over };
}

function coverageOf(heard: boolean, lost: boolean, spanMs: number, counted: boolean): Coverage {
  const source = 'outgoing connections';
  if (!counted) return { source, state: 'unreadable', detail: 'the kernel counters in /proc/net could not be read' };
  const detail = `watched for ${(spanMs / 1000).toFixed(1)} s`;
  if (heard) return { source, state: lost ? 'partial' : 'read', detail: lost ? `${detail}; more connections ended than could be heard` : detail };
  const why = 'only samples: connections that are refused at once show in the counters alone (needs root and koffi)';
  return { source, state: 'partial', detail: `${detail}, ${why}` };
}

class Watched {
  lost = false;
  readonly #ear: DestroyEar | null;
  readonly #processes: () => readonly ProcessSeen[];
  readonly #listening = new Set<number>();
  readonly #known = new Map<number, Busy>();
  readonly #ended = new Map<string, TargetTally>();
  /** Live connections by inode, so that one that lasts over many samples counts once. */
  readonly #alive = new Map<number, Diag>();
  #targetsLost = 0;
  #next = 0;

  constructor(ear: DestroyEar | null, processes: () => readonly ProcessSeen[]) {
    this.#ear = ear;
    this.#processes = processes;
  }

  sample(): void {
    for (const diag of listeners()) this.#listening.add(diag.localPort);
    const drained = this.#ear?.drain() ?? { ended: [], lost: false };
    this.lost ||= drained.lost;
    for (const diag of drained.ended) this.#count(this.#ended, diag, TARGETS_AT_MOST);
    for (const diag of connections()) if (diag.inode > 0 && this.#alive.size < TARGETS_AT_MOST) this.#alive.set(diag.inode, diag);
    this.#lookAtHolders();
  }

  /** Processes already seen with changing sockets first, then on through the others, as far as the budget goes. */
  #lookAtHolders(): void {
    const all = this.#processes().filter((process) => !process.kernelThread);
    const until = performance.now() + SAMPLE_BUDGET_MS;
    const busy = all.filter((process) => (this.#known.get(process.pid)?.inodes.size ?? 0) > 0);
    for (const process of busy) {
      if (performance.now() > until) return;
      this.#hold(process);
    }
    for (let done = 0; done < all.length && performance.now() < until; done += 1) {
      const process = all[this.#next % all.length];
      this.#next += 1;
      if (process && (this.#known.get(process.pid)?.inodes.size ?? 0) === 0) this.#hold(process);
    }
  }

  #hold(process: ProcessSeen): void {
    let busy = this.#known.get(process.pid);
    if (!busy) {
      busy = { startTicks: process.startTicks, inodes: new Set(), samples: 0, ticks: ticksOf(process.pid), targets: new Map() };
      this.#known.set(process.pid, busy);
    }
    busy.samples += 1;
    for (const inode of socketInodes(process.pid)) {
      const diag = this.#alive.get(inode);
      if (diag && !busy.inodes.has(inode)) this.#count(busy.targets, diag, MAKER_TARGETS_AT_MOST);
      busy.inodes.add(inode);
    }
  }

  /** Made from here: its own port is none that somebody listens on. */
  #count(tallies: Map<string, TargetTally>, diag: Diag, limit: number): void {
    if (diag.remotePort === 0 || this.#listening.has(diag.localPort)) return;
    const key = `${diag.remote} ${diag.remotePort}`;
    const times = (tallies.get(key)?.times ?? 0) + 1;
    if (times === 1 && tallies.size >= limit) this.#targetsLost += 1;
    else tallies.set(key, { ip: diag.remote, port: diag.remotePort, times });
  }

  told(startedAt: Millis, began: Counters, ended: Counters): FlowsWatched {
    const targets = new Map(this.#ended);
    for (const diag of this.#alive.values()) {
      // One that was alive and has ended since was counted by its end already.
      if (!this.#ended.has(`${diag.remote} ${diag.remotePort}`)) this.#count(targets, diag, TARGETS_AT_MOST);
    }
    const change = (name: keyof Counters) => Math.max(0, ended[name] - began[name]);
    return {
      spanMs: Date.now() - startedAt,
      at: startedAt,
      by: this.#ear ? 'socket-destroy' : 'sampling',
      activeOpens: change('activeOpens'),
      attemptFails: change('attemptFails'),
      outResets: change('outResets'),
      udpOut: change('udpOut'),
      bytesOut: change('bytesOut'),
      packetsOut: change('packetsOut'),
      loopbackBytesOut: change('loopbackBytesOut'),
      loopbackPacketsOut: change('loopbackPacketsOut'),
      targets: [...targets.values()],
      targetsLost: this.#targetsLost,
      makers: this.#makers(),
    };
  }

  #makers(): FlowMaker[] {
    const busy = [...this.#known].filter(([, one]) => one.inodes.size > 0);
    return busy
      .sort(([, a], [, b]) => b.inodes.size - a.inodes.size)
      .slice(0, MAKERS_AT_MOST)
      .map(([pid, one]) => ({
        pid,
        startTicks: one.startTicks,
        sockets: one.inodes.size,
        samples: one.samples,
        targets: [...one.targets.values()],
        cpuTicks: Math.max(0, ticksOf(pid) - one.ticks),
      }));
  }
}

function ticksOf(pid: number): number {
  const fields = statOf(pid)?.fields;
  return Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0);
}

function listeners(): readonly { readonly localPort: number }[] {
  return byState(1 << 10, 'LISTEN');
}

function connections(): readonly Diag[] {
  return byState(MADE_STATES, null);
}

function byState(states: number, only: Diag['state'] | null): readonly Diag[] {
  const v4 = dump(AF_INET, IPPROTO_TCP, states);
  const v6 = v4 && dump(AF_INET6, IPPROTO_TCP, states);
  if (v4 && v6) return [...v4, ...v6];
  const all = [...procSockets('self', 'tcp', null), ...procSockets('self', 'tcp6', null)];
  return all.filter((socket) => (only === null ? socket.state !== 'LISTEN' : socket.state === only));
}
