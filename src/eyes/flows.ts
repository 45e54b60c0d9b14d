/**
 * Watches for a second or two what leaves the machine, because one look at the socket table misses a scan whose targets answer
 * with RST: those sockets are gone at once. The kernel tells of every TCP socket that ends (sock_diag), its counters tell how many
 * there were, and samples of who holds which sockets tell whose they are. Read-only; nothing is switched on in the kernel.
 * Cannot see: targets in other network namespaces that refuse at once, and frames sent by packet sockets (only in the interface counters).
 */

import { counted } from '../core/text.ts';
import type { Coverage, FlowsWatched, Millis, ProcessSeen, TargetTally } from '../core/words.ts';
import { type Counters, counters, countersIn } from './counters.ts';
import { Holders, type LiveSockets } from './flow-holders.ts';
import { Spaces } from './flow-spaces.ts';
import { AF_INET, AF_INET6, type DestroyEar, type Diag, dump, hearDestroyed, STATES } from './netlink.ts';
import { procLink } from './proc.ts';
import { type Fault, procSockets } from './proc-net.ts';

const SAMPLE_EVERY_MS = 100;
/** Of each 100 ms at most this much goes into file descriptors: the machine has other work. */
const SAMPLE_BUDGET_MS = 25;
const TARGETS_AT_MOST = 20_000;
/** Connections begun since the last sample above which it is worth while to look at the busiest processes over and over. */
const BRISK = 2;
/** A listing takes as long as some hundred glances at one process. */
const LIST_EVERY_MS = 4;
const MANY_ENDED = 20;
const SEEN_ENOUGH = 5;
const INSIST_MS = 400;
const SYN_SENT = 1 << 2;
const LISTEN = 1 << 10;
/** States of a connection that somebody is making or holds: ESTABLISHED, SYN_SENT, FIN_WAIT1 and 2, CLOSE_WAIT, LAST_ACK, CLOSING (bits of tcp_states.h). */
const MADE_STATES = (1 << 1) | (1 << 2) | (1 << 4) | (1 << 5) | (1 << 8) | (1 << 9) | (1 << 11);
const IPPROTO_TCP = 6;

export interface Watch {
  /** Waits until the span is over. */
  done(): Promise<FlowsWatched | null>;
}

export function watchFlows(spanMs: number, processes: () => readonly ProcessSeen[], note: (coverage: Coverage) => void): Watch {
  const ear = hearDestroyed();
  const began = counters();
  const startedAt = Date.now();
  const watched = new Watched(ear, processes, began?.activeOpens ?? 0);
  const timer = setInterval(() => watched.sample(), SAMPLE_EVERY_MS);
  const over = new Promise<FlowsWatched | null>((resolve) => {
    setTimeout(() => {
      clearInterval(timer);
      watched.sample();
      watched.insist();
      ear?.close();
      const ended = counters();
      note(coverageOf(ear !== null, watched.gaps(), Date.now() - startedAt, began !== null && ended !== null));
      resolve(began && ended ? watched.told(startedAt, began, ended) : null);
    }, spanMs);
  });
  return { done: () => over };
}

export function coverageOf(heard: boolean, gaps: readonly string[], spanMs: number, counted: boolean): Coverage {
  const source = 'outgoing connections';
  if (!counted) return { source, state: 'unreadable', detail: 'the kernel counters in /proc/net could not be read' };
  const detail = [`watched for ${(spanMs / 1000).toFixed(1)} s`, ...gaps].join('; ');
  if (heard) return { source, state: gaps.length > 0 ? 'partial' : 'read', detail };
  const why = 'only samples: connections that are refused at once show in the counters alone (needs root and koffi)';
  return { source, state: 'partial', detail: `${detail}, ${why}` };
}

class Watched implements LiveSockets {
  lost = false;
  readonly listeners = new Set<number>();
  /** Live connections by inode, so that one that lasts over many samples counts once. */
  readonly alive = new Map<number, Diag>();
  readonly #ear: DestroyEar | null;
  readonly #netns = ownSpace();
  readonly #listening = new Set<number>();
  readonly #ended = new Map<string, TargetTally>();
  /** Live ones of this network namespace. */
  readonly #own = new Set<number>();
  readonly #holders: Holders;
  readonly #spaces: Spaces;
  #targetsLost = 0;
  #crowded = false;
  #unread = false;
  #begun: number;

  readonly #fault: Fault = () => {
    this.#unread = true;
  };

  constructor(ear: DestroyEar | null, processes: () => readonly ProcessSeen[], begun: number) {
    this.#ear = ear;
    this.#begun = begun;
    this.#holders = new Holders(processes);
    this.#spaces = new Spaces(processes);
  }

  /** What was left out, to be said after the watch. */
  gaps(): string[] {
    return [
      ...(this.lost ? ['more connections ended than could be heard'] : []),
      ...(this.#crowded ? [`more than ${TARGETS_AT_MOST} connections were open, the rest is not told`] : []),
      ...(this.#unread ? ['the list of connections could not be read in full'] : []),
      ...(this.#targetsLost > 0 ? [`${counted(this.#targetsLost, 'connection')} to further targets not told`] : []),
      ...this.#spaces.gaps(),
    ];
  }

  inbound(diag: Diag): boolean {
    return this.#listening.has(diag.localPort) && this.#own.has(diag.inode);
  }

  listed(netns: string | null): boolean {
    return netns === null || this.#netns === null || netns === this.#netns || this.#spaces.listed(netns);
  }

  sample(): void {
    const until = performance.now() + SAMPLE_BUDGET_MS;
    for (const diag of byState(LISTEN, this.#fault)) {
      this.#listening.add(diag.localPort);
      this.listeners.add(diag.inode);
    }
    this.#drain();
    this.#live(MADE_STATES);
    const elsewhere = this.#spaces.sample(this.alive, this.listeners);
    this.#holders.look(this, until);
    const begun = countersIn('self')?.activeOpens ?? this.#begun;
    const since = begun - this.#begun;
    this.#begun = begun;
    if (since > BRISK || elsewhere) this.#stare(since, performance.now() + SAMPLE_BUDGET_MS);
  }

  /** Connections were begun all the time, and many of them are nobody's: one longer look, while other work no longer holds up the samples. */
  insist(): void {
    const ended = [...this.#ended.values()].reduce((sum, target) => sum + target.times, 0);
    if (ended >= MANY_ENDED && this.#holders.made() < SEEN_ENOUGH) this.#stare(0, performance.now() + INSIST_MS);
  }

  /** Over and over, for sockets that live shorter than a sample. */
  #stare(begun: number, until: number): void {
    const runners = this.#holders.runners(begun, until);
    for (let listedAt = 0, now = performance.now(); now < until; now = performance.now()) {
      const due = now - listedAt > LIST_EVERY_MS;
      if (due) this.#live(SYN_SENT);
      if (due) listedAt = performance.now();
      this.#holders.glance(runners, this, due);
      this.#holders.children(this);
    }
  }

  #drain(): void {
    const drained = this.#ear?.drain() ?? { ended: [], lost: false };
    this.lost ||= drained.lost;
    for (const diag of drained.ended) this.#count(this.#ended, diag);
  }

  #live(states: number): void {
    for (const diag of byState(states, this.#fault)) {
      if (diag.inode === 0) continue;
      if (this.alive.size >= TARGETS_AT_MOST && !this.alive.has(diag.inode)) {
        this.#crowded = true;
        continue;
      }
      this.alive.set(diag.inode, diag);
      this.#own.add(diag.inode);
    }
  }

  /** Made from here: its own port is none that somebody listens on. */
  #count(tallies: Map<string, TargetTally>, diag: Diag): void {
    if (this.#listening.has(diag.localPort) || diag.remote === '0.0.0.0' || diag.remote === '::') return;
    const key = `${diag.remote} ${diag.remotePort}`;
    const times = (tallies.get(key)?.times ?? 0) + 1;
    if (times === 1 && tallies.size >= TARGETS_AT_MOST) this.#targetsLost += 1;
    else tallies.set(key, { ip: diag.remote, port: diag.remotePort, times });
  }

  told(startedAt: Millis, began: Counters, ended: Counters): FlowsWatched {
    const change = (name: keyof Counters) => Math.max(0, ended[name] - began[name]);
    return {
      spanMs: Date.now() - startedAt,
      at: startedAt,
      netns: this.#netns,
      by: this.#ear ? 'socket-destroy' : 'sampling',
      activeOpens: change('activeOpens'),
      attemptFails: change('attemptFails'),
      outResets: change('outResets'),
      udpOut: change('udpOut'),
      bytesOut: change('bytesOut'),
      packetsOut: change('packetsOut'),
      loopbackBytesOut: change('loopbackBytesOut'),
      loopbackPacketsOut: change('loopbackPacketsOut'),
      targets: this.#targets(),
      targetsLost: this.#targetsLost,
      makers: this.#holders.told(this),
      spaces: this.#spaces.told(),
    };
  }

  /** One that was alive and has ended since was counted by its end already: there it may have lost its port, which is known here. */
  #targets(): TargetTally[] {
    const targets = new Map(this.#ended);
    for (const inode of this.#own) {
      const diag = this.alive.get(inode);
      if (!diag || diag.remotePort === 0 || this.#ended.has(`${diag.remote} ${diag.remotePort}`)) continue;
      const bare = targets.get(`${diag.remote} 0`);
      if (bare && bare.times > 1) targets.set(`${diag.remote} 0`, { ...bare, times: bare.times - 1 });
      else targets.delete(`${diag.remote} 0`);
      this.#count(targets, diag);
    }
    return [...targets.values()];
  }
}

function ownSpace(): string | null {
  const link = procLink('/proc/self/ns/net');
  return typeof link === 'string' ? link : null;
}

/** Sockets of this network namespace in the states of the mask. */
function byState(states: number, fault: Fault): readonly Diag[] {
  const v4 = dump(AF_INET, IPPROTO_TCP, states);
  const v6 = v4 && dump(AF_INET6, IPPROTO_TCP, states);
  if (v4 && v6) return [...v4, ...v6];
  const all = [...procSockets('self', 'tcp', null, fault), ...procSockets('self', 'tcp6', null, fault)];
  return all.filter((socket) => (states & (1 << STATES.indexOf(socket.state))) !== 0);
}
