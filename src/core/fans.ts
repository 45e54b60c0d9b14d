/**
 * Who goes to how many addresses on which port: open sockets and watched connections put together. A connection that ended too
 * soon to be seen in anybody's hands is given to the one program that was seen making such connections; where several were, it may
 * be any of theirs, and where none was, it is nobody's.
 */

import { kindsByPid, type Making, makingOf, unexplained } from './fan-makers.ts';
import type { Kind, Running } from './running.ts';
import { type Pairs, pairsOf, type Sweep, sweepsOf } from './sweeps.ts';
import type { FlowsWatched, SocketSeen, Transport } from './words.ts';
import type { Networks } from './world.ts';

/** One program that goes to many places on one port; port 0 = which port was not seen. */
export interface Fan {
  readonly kind: Kind;
  readonly proto: Transport;
  readonly port: number;
  readonly targets: ReadonlySet<string>;
  /** Targets with an established or orderly ending connection. */
  readonly answered: number;
  readonly sockets: number;
  readonly watched: number;
  readonly perSecond: number;
  /** Seen in its hands, not concluded. */
  readonly sure: boolean;
  /** Targets of connections that may be its own or those of another program that was seen making such ones; not in `targets`. */
  readonly shared: ReadonlySet<string>;
  /** More targets that answered on this port lately; its own as far as nobody else goes there, but they may be of one that has ended. */
  readonly lately: number;
}

export interface Fans {
  readonly owned: readonly Fan[];
  /** Targets by port that belong to nobody. */
  readonly unowned: ReadonlyMap<number, { readonly targets: ReadonlySet<string>; readonly times: number }>;
  /** Many ports of one address. */
  readonly sweeps: readonly Sweep[];
}

type Growing = {
  kind: Kind;
  proto: Transport;
  port: number;
  targets: Set<string>;
  answered: Set<string>;
  sockets: number;
  watched: number;
  made: number;
  sure: boolean;
  shared: Set<string>;
  lately: number;
};
type Loose = { targets: Set<string>; times: number };

const ANSWERED: ReadonlySet<string> = new Set(['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSING', 'TIME_WAIT']);
/** Below this, loose connections are the traffic of every machine. */
const LOOSE_AT_LEAST = 5;
const TARGETS_AT_MOST = 20_000;

export function fansOf(running: Running, sockets: readonly SocketSeen[], watched: FlowsWatched | null, networks: Networks): Fans {
  return new Gathering(running, watched, networks).told(sockets);
}

class Gathering {
  readonly #kindOf: ReadonlyMap<number, Kind>;
  readonly #running: Running;
  readonly #watched: FlowsWatched | null;
  readonly #networks: Networks;
  readonly #making: readonly Making[];
  readonly #fans = new Map<string, Growing>();
  readonly #unowned = new Map<number, Loose>();

  constructor(running: Running, watched: FlowsWatched | null, networks: Networks) {
    this.#kindOf = kindsByPid(running);
    this.#running = running;
    this.#watched = watched;
    this.#networks = networks;
    this.#making = watched ? makingOf(watched, this.#kindOf) : [];
  }

  told(sockets: readonly SocketSeen[]): Fans {
    const closing = this.#openSockets(sockets);
    this.#giveClosing(closing);
    this.#inHands();
    const loose = this.#looseTargets();
    const sweeps = sweepsOf(this.#pairs(), pairsOf(loose), this.#making, this.#watched);
    for (const [port, rest] of loose) if (rest.targets.size >= LOOSE_AT_LEAST) this.#give(port, rest);
    this.#markAnswered(closing);
    const seconds = this.#watched ? this.#watched.spanMs / 1000 : 0;
    const rate = (fan: Growing) => (seconds > 0 ? Math.max(fan.watched, fan.made) / seconds : 0);
    return {
      owned: [...this.#fans.values()].map((fan) => ({ ...fan, answered: fan.answered.size, perSecond: rate(fan) })),
      unowned: this.#unowned,
      sweeps,
    };
  }

  #grow(kind: Kind, proto: Transport, port: number): Growing {
    const key = `${kind.key} ${proto} ${port}`;
    const empty = {
      targets: new Set<string>(),
      answered: new Set<string>(),
      sockets: 0,
      watched: 0,
      made: 0,
      sure: true,
      shared: new Set<string>(),
      lately: 0,
    };
    const fan = this.#fans.get(key) ?? { kind, proto, port, ...empty };
    this.#fans.set(key, fan);
    return fan;
  }

  #tcp(port: number): Growing[] {
    return [...this.#fans.values()].filter((fan) => fan.port === port && fan.proto === 'tcp');
  }

  /** Made from here = the local port is none that is listened on, in the same network namespace. */
  #openSockets(sockets: readonly SocketSeen[]): ReadonlyMap<number, Loose> {
    const closing = new Map<number, Loose>();
    const listening = new Set(sockets.filter((socket) => socket.state === 'LISTEN').map((socket) => `${socket.netns} ${socket.localPort}`));
    for (const socket of sockets) {
      if ((socket.proto !== 'tcp' && socket.proto !== 'udp') || socket.remotePort === 0 || socket.state === 'LISTEN') continue;
      if (socket.proto === 'tcp' && listening.has(`${socket.netns} ${socket.localPort}`)) continue;
      const kind = this.#kindOf.get(socket.pid ?? -1);
      if (!kind) {
        // What closes in an orderly way has no owner any more (TIME_WAIT, orphaned FIN_WAIT2), and was answered.
        add(socket.proto === 'tcp' && ANSWERED.has(socket.state) ? closing : this.#unowned, socket.remotePort, socket.remote, 1);
        continue;
      }
      const fan = this.#grow(kind, socket.proto, socket.remotePort);
      fan.targets.add(socket.remote);
      fan.sockets += 1;
      if (socket.proto === 'udp' || ANSWERED.has(socket.state)) fan.answered.add(socket.remote);
    }
    return closing;
  }

  /** What was answered and is closing may be a minute old, and of a program that has ended: it goes only to one out of place that is alone on its port. */
  #giveClosing(closing: ReadonlyMap<number, Loose>): void {
    for (const [port, { targets }] of closing) {
      const [fan, other] = this.#tcp(port);
      if (!fan || other || !this.#odd(fan.kind)) continue;
      for (const ip of targets) fan.targets.add(ip);
    }
  }

  #markAnswered(closing: ReadonlyMap<number, Loose>): void {
    for (const fan of this.#fans.values()) {
      const answered = fan.proto === 'tcp' ? closing.get(fan.port)?.targets : undefined;
      if (!answered) continue;
      for (const ip of fan.targets) if (answered.has(ip)) fan.answered.add(ip);
      if (this.#tcp(fan.port).length === 1) fan.lately = [...answered].filter((ip) => !fan.targets.has(ip)).length;
    }
  }

  #odd(kind: Kind): boolean {
    return kind.processes.some((process) => this.#running.standing(process) === 'out-of-place');
  }

  #inHands(): void {
    for (const maker of this.#watched?.makers ?? []) {
      const kind = this.#kindOf.get(maker.pid);
      for (const target of kind ? maker.targets : []) {
        if (!kind) continue;
        const fan = this.#grow(kind, 'tcp', target.port);
        fan.targets.add(target.ip);
        fan.made += target.times;
      }
    }
  }

  /** Watched connections to targets that no program was seen with, by port. An address without a port is known with any port. */
  #looseTargets(): ReadonlyMap<number, Loose> {
    const known = new Set<string>();
    for (const fan of this.#fans.values()) for (const ip of fan.targets) known.add(`${fan.port} ${ip}`).add(`0 ${ip}`);
    const rest = new Map<number, Loose>();
    for (const target of this.#watched?.targets ?? []) {
      if (this.#networks.classOf(target.ip) === 'invalid') continue;
      if (known.has(`${target.port} ${target.ip}`)) continue;
      add(rest, target.port, target.ip, target.times);
    }
    return rest;
  }

  /** Only who was seen with such sockets: to this port, or with some of which nobody knows where they went. */
  #candidates(port: number): Kind[] {
    const makers = unexplained(this.#making).map((one) => one.kind);
    const active = this.#tcp(port).filter((fan) => Math.max(fan.made, fan.targets.size) >= LOOSE_AT_LEAST || this.#busy(fan.kind));
    const fans = active.length > 0 || makers.length > 0 ? active : this.#tcp(port);
    return [...new Set([...fans.map((fan) => fan.kind), ...makers])];
  }

  #busy(kind: Kind): boolean {
    return this.#making.some((one) => one.kind === kind && one.made >= LOOSE_AT_LEAST);
  }

  #give(port: number, rest: Loose): void {
    const kinds = this.#candidates(port);
    const [only] = kinds;
    if (only && kinds.length === 1) this.#whole(only, port, rest);
    else this.#leave(kinds, port, rest);
  }

  #leave(kinds: readonly Kind[], port: number, rest: Loose): void {
    const left = this.#unowned.get(port) ?? { targets: new Set(), times: 0 };
    for (const ip of rest.targets) left.targets.add(ip);
    this.#unowned.set(port, { targets: left.targets, times: left.times + rest.times });
    for (const kind of kinds) {
      // Somebody else's scan must not fall on an installed program that has its own work to do.
      if (kind.processes.every((process) => this.#running.standing(process) === 'installed')) continue;
      const fan = this.#grow(kind, 'tcp', port);
      if (fan.targets.size === 0) fan.sure = false;
      for (const ip of rest.targets) fan.shared.add(ip);
    }
  }

  #whole(kind: Kind, lostPort: number, rest: Loose): void {
    const ports = [...this.#fans.values()].filter((fan) => fan.kind === kind && fan.proto === 'tcp' && fan.answered.size === 0);
    // A program whose refused connections were all seen to go to one port goes there with the others too.
    const port = lostPort === 0 && ports.length === 1 ? (ports[0]?.port ?? 0) : lostPort;
    const fan = this.#grow(kind, 'tcp', port);
    if (fan.targets.size === 0) fan.sure = false;
    for (const ip of rest.targets) if (fan.targets.size < TARGETS_AT_MOST) fan.targets.add(ip);
    fan.watched += rest.times;
  }

  /** What programs were seen with and what did not answer, for sweeps over ports. */
  #pairs(): ReadonlyMap<Kind, Pairs> {
    const found = new Map<Kind, Map<string, Set<number>>>();
    for (const fan of this.#fans.values()) {
      if (fan.proto !== 'tcp') continue;
      const pairs = found.get(fan.kind) ?? new Map<string, Set<number>>();
      found.set(fan.kind, pairs);
      for (const ip of fan.targets) if (!fan.answered.has(ip)) pairs.set(ip, (pairs.get(ip) ?? new Set()).add(fan.port));
    }
    return found;
  }
}

function add(map: Map<number, Loose>, port: number, ip: string, times: number): void {
  const tally = map.get(port) ?? { targets: new Set(), times: 0 };
  if (tally.targets.size < TARGETS_AT_MOST) tally.targets.add(ip);
  tally.times += times;
  map.set(port, tally);
}
