/**
 * Whose sockets are these? Looks, as far as a time budget goes, at what sockets processes hold, which of them are new since the
 * last look, and credits the sockets of children that live too short to be listed to the nearest parent that is.
 */

import type { FlowMaker, ProcessSeen, TargetTally } from '../core/words.ts';
import { cpuMsOf, openFiles, schedule } from './activity.ts';
import type { Diag } from './netlink.ts';
import { procAscii, procNames } from './proc.ts';
import { statOf } from './processes.ts';
import { type HeldSocket, protocolOf, socketBehind, socketsOf } from './sockets.ts';

const MAKER_TARGETS_AT_MOST = 5_000;
const MAKERS_AT_MOST = 500;
/** Processes that ran since the last sample and are looked at again and again while connections are begun. */
const RUNNERS_AT_MOST = 8;
/** The newest process ids: a loop that starts a child or two for each connection has no more young ones at once. */
const NEWEST_PIDS = 12;
/** Who makes connections one after the other, and waits for each, is on a processor at least this often for each. */
const RUNS_FOR_EACH = 0.5;
/** A server with so many sockets takes longer to look at than one second look is worth. */
const CROWDED = 500;
const ANCESTORS_AT_MOST = 6;
const SHORT_LIVED_AT_MOST = 20_000;

/** What is known of the live TCP sockets at this moment, by inode. */
export interface LiveSockets {
  readonly alive: ReadonlyMap<number, Diag>;
  /** Inodes of listening sockets. */
  readonly listeners: ReadonlySet<number>;
  /** Does it come in from outside, to a port that somebody listens on? */
  readonly inbound: (diag: Diag) => boolean;
  /** Were the sockets of this network namespace listed at this sample? */
  readonly listed: (netns: string | null) => boolean;
}

type Busy = {
  readonly startTicks: number;
  readonly inodes: Set<number>;
  readonly targets: Map<string, TargetTally>;
  /** TCP sockets that stood in no list when they were first seen: refused already, or newer than the list. */
  readonly unlisted: Set<number>;
  readonly cpuMs: number;
  samples: number;
  made: number;
  datagramSockets: number;
  listens: boolean;
  lastRuns: number;
  openFiles: number;
  /** Those that were no sockets. */
  readonly firstFiles: ReadonlySet<string>;
};

export class Holders {
  readonly #processes: () => readonly ProcessSeen[];
  readonly #known = new Map<number, Busy>();
  /** Sockets of processes that are in no list, so that each counts once. */
  readonly #shortLived = new Set<number>();
  /** Processes that came after the listing and have not ended yet, with how many files they had open. */
  readonly #young = new Map<number, number>();
  #lastPid = 0;
  #next = 0;

  constructor(processes: () => readonly ProcessSeen[]) {
    this.#processes = processes;
  }

  /** Those already seen with changing sockets first, then on through the others, until the time is up. */
  look(live: LiveSockets, until: number): void {
    const all = this.#processes().filter((process) => !process.kernelThread);
    const busy = all.filter((process) => (this.#known.get(process.pid)?.inodes.size ?? 0) > 0);
    for (const process of busy) {
      if (performance.now() > until) return;
      this.#hold(process, live);
    }
    for (let done = 0; done < all.length && performance.now() < until; done += 1) {
      const process = all[this.#next % all.length];
      this.#next += 1;
      if (process && (this.#known.get(process.pid)?.inodes.size ?? 0) === 0) this.#hold(process, live);
    }
  }

  /** Processes that were on a processor often enough to have begun these connections since this was last asked, the most often first. */
  runners(begun: number, until: number): readonly ProcessSeen[] {
    const ran: { readonly process: ProcessSeen; readonly runs: number }[] = [];
    for (const process of this.#processes()) {
      if (performance.now() > until) break;
      const busy = process.kernelThread || process.pid === globalThis.process.pid ? undefined : this.#busy(process);
      if (!busy) continue;
      const { runs } = schedule(process.pid);
      if (runs - busy.lastRuns >= Math.max(1, begun * RUNS_FOR_EACH)) ran.push({ process, runs: runs - busy.lastRuns });
      busy.lastRuns = runs;
    }
    return ran
      .sort((a, b) => b.runs - a.runs)
      .slice(0, RUNNERS_AT_MOST)
      .map(({ process }) => process);
  }

  /** One quick look at a few: repeated often enough it catches sockets that live for a tenth of a millisecond. */
  glance(few: readonly ProcessSeen[], live: LiveSockets, thorough: boolean): void {
    for (const process of few) {
      const busy = this.#busy(process);
      const open = openFiles(process.pid);
      // As many open files as before: nothing has come. Kernels before 6.2 do not say how many there are.
      if (busy.inodes.size > CROWDED || (!thorough && open > 0 && open === busy.openFiles)) continue;
      busy.openFiles = open;
      this.#newFiles(process, busy, live);
    }
  }

  /** The same at those who were born since, and do not live long. */
  children(live: LiveSockets): void {
    const last = Number((procAscii('/proc/loadavg') ?? '').trim().split(' ').at(-1));
    for (let pid = Math.max(this.#lastPid, last - NEWEST_PIDS) + 1; pid <= last; pid += 1) if (!this.#known.has(pid)) this.#young.set(pid, 0);
    this.#lastPid = last;
    for (const [pid, before] of this.#young) {
      const open = openFiles(pid);
      if (open < 0 || this.#young.size > NEWEST_PIDS) this.#young.delete(pid);
      else this.#young.set(pid, open);
      if (open === 0 || (open > 0 && open !== before)) this.#stranger(pid, live);
    }
  }

  /** Only what was no other file at the first look: each one is asked at once, before it is closed again. */
  #newFiles(process: ProcessSeen, busy: Busy, live: LiveSockets): void {
    busy.samples += 1;
    for (const fd of procNames(`/proc/${process.pid}/fd`)) {
      const inode = busy.firstFiles.has(fd) ? null : socketBehind(process.pid, fd);
      if (inode === null || busy.inodes.has(inode)) continue;
      busy.inodes.add(inode);
      this.#credit(busy, process.pid, { fd, inode }, live, live.listed(process.netns));
    }
  }

  #busy(process: ProcessSeen): Busy {
    let busy = this.#known.get(process.pid);
    if (!busy) {
      busy = {
        startTicks: process.startTicks,
        inodes: new Set(),
        targets: new Map(),
        unlisted: new Set(),
        cpuMs: cpuMsOf(process.pid),
        samples: 0,
        made: 0,
        datagramSockets: 0,
        listens: false,
        lastRuns: schedule(process.pid).runs,
        openFiles: -1,
        firstFiles: new Set(procNames(`/proc/${process.pid}/fd`).filter((fd) => socketBehind(process.pid, fd) === null)),
      };
      this.#known.set(process.pid, busy);
    }
    return busy;
  }

  #hold(process: ProcessSeen, live: LiveSockets): void {
    const busy = this.#busy(process);
    busy.samples += 1;
    const held = socketsOf(process.pid);
    const first = busy.samples === 1;
    busy.listens ||= held.some((socket) => live.listeners.has(socket.inode));
    for (const socket of held) {
      if (busy.inodes.has(socket.inode)) continue;
      busy.inodes.add(socket.inode);
      this.#credit(busy, process.pid, socket, live, !first && live.listed(process.netns));
    }
  }

  /** A child that is in no list: what it holds belongs to the nearest parent that is. */
  #stranger(pid: number, live: LiveSockets): void {
    const fresh = socketsOf(pid).filter((socket) => !this.#shortLived.has(socket.inode));
    if (fresh.length === 0 || this.#shortLived.size > SHORT_LIVED_AT_MOST) return;
    const parent = this.#listedParent(pid);
    if (!parent) return;
    for (const socket of fresh) {
      this.#shortLived.add(socket.inode);
      // What the parent holds too was handed down, not made.
      if (!parent.inodes.has(socket.inode)) this.#credit(parent, pid, socket, live, true);
    }
  }

  #listedParent(pid: number): Busy | null {
    let next = pid;
    for (let step = 0; step < ANCESTORS_AT_MOST; step += 1) {
      next = Number(statOf(next)?.fields[1] ?? 0);
      if (next <= 1) return null;
      const busy = this.#known.get(next);
      if (busy) return busy;
    }
    return null;
  }

  /** `fresh` = not held at the first look. A server's socket that came in between two listings stands in none: of those who listen only what is listed counts. */
  #credit(busy: Busy, pid: number, socket: HeldSocket, live: LiveSockets, fresh: boolean): void {
    const diag = live.alive.get(socket.inode);
    if (diag) {
      if (diag.remotePort === 0 || live.inbound(diag)) return;
      busy.made += 1;
      add(busy.targets, diag);
      return;
    }
    if (live.listeners.has(socket.inode)) return;
    const protocol = protocolOf(pid, socket.fd) ?? '';
    if (/^(?:UDP|RAW|PACKET|PING)/.test(protocol)) busy.datagramSockets += 1;
    else if (fresh && protocol.startsWith('TCP') && !busy.listens) busy.unlisted.add(socket.inode);
  }

  /** Sockets that could be put into somebody's hands so far. */
  made(): number {
    return [...this.#known.values()].reduce((sum, busy) => sum + busy.made + busy.unlisted.size, 0);
  }

  told(live: LiveSockets): FlowMaker[] {
    for (const busy of this.#known.values()) settle(busy, live);
    return [...this.#known]
      .filter(([, one]) => one.inodes.size > 0 || one.made > 0)
      .sort(([, a], [, b]) => b.made - a.made || b.inodes.size - a.inodes.size)
      .slice(0, MAKERS_AT_MOST)
      .map(([pid, one]) => ({
        pid,
        startTicks: one.startTicks,
        sockets: one.inodes.size,
        made: one.made,
        datagramSockets: one.datagramSockets,
        samples: one.samples,
        targets: [...one.targets.values()],
        cpuMs: Math.max(0, Math.round(cpuMsOf(pid) - one.cpuMs)),
      }));
  }
}

/** What has shown up in a list since is judged by that. */
function settle(busy: Busy, live: LiveSockets): void {
  for (const inode of busy.unlisted) {
    const diag = live.alive.get(inode);
    if (live.listeners.has(inode) || (diag && live.inbound(diag))) continue;
    busy.made += 1;
    if (diag && diag.remotePort > 0) add(busy.targets, diag);
  }
  busy.unlisted.clear();
}

function add(targets: Map<string, TargetTally>, { remote, remotePort }: Diag): void {
  const key = `${remote} ${remotePort}`;
  const times = (targets.get(key)?.times ?? 0) + 1;
  if (times > 1 || targets.size < MAKER_TARGETS_AT_MOST) targets.set(key, { ip: remote, port: remotePort, times });
}
