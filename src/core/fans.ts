/**
 * Who goes to how many addresses on which port: open sockets and watched connections put together. A connection that ended too
 * soon to be seen in anybody's hands is given to the one program that was seen with sockets to the same port, or else to the one
 * program out of place that keeps opening sockets; if there is no such one, to nobody.
 */

import type { Kind, Running } from './running.ts';
import type { FlowsWatched, ProcessSeen, SocketSeen, Transport } from './words.ts';
import type { Networks } from './world.ts';

/** One program that goes to many places on one port. */
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
}

export interface Fans {
  readonly owned: readonly Fan[];
  /** Targets by port that belong to nobody. */
  readonly unowned: ReadonlyMap<number, { readonly targets: ReadonlySet<string>; readonly times: number }>;
}

type Growing = {
  kind: Kind;
  proto: Transport;
  port: number;
  targets: Set<string>;
  answered: Set<string>;
  sockets: number;
  watched: number;
  sure: boolean;
};
type Loose = { targets: Set<string>; times: number };

const ANSWERED: ReadonlySet<string> = new Set(['ESTABLISHED', 'FIN_WAIT1', 'FIN_WAIT2', 'CLOSE_WAIT', 'LAST_ACK', 'CLOSING', 'TIME_WAIT']);
/** Below this, loose connections are the traffic of every machine. */
const LOOSE_AT_LEAST = 5;

export function fansOf(running: Running, sockets: readonly SocketSeen[], watched: FlowsWatched | null, networks: Networks): Fans {
  const kindOf = kindsByPid(running);
  const fans = new Map<string, Growing>();
  const grow = (kind: Kind, proto: Transport, port: number): Growing => {
    const key = `${kind.key} ${proto} ${port}`;
    const fan = fans.get(key) ?? { kind, proto, port, targets: new Set(), answered: new Set(), sockets: 0, watched: 0, sure: true };
    fans.set(key, fan);
    return fan;
  };
  const loose = new Map<number, Loose>();
  const closing = openSockets(sockets, kindOf, grow, loose);
  giveClosing(closing, fans);
  if (watched) {
    makers(watched, kindOf, grow);
    for (const [port, rest] of looseTargets(watched, fans, networks)) give(port, rest, watched, running, kindOf, grow, fans, loose);
  }
  const seconds = watched ? watched.spanMs / 1000 : 0;
  return {
    owned: [...fans.values()].map((fan) => ({ ...fan, answered: fan.answered.size, perSecond: seconds > 0 ? fan.watched / seconds : 0 })),
    unowned: loose,
  };
}

function kindsByPid(running: Running): ReadonlyMap<number, Kind> {
  return new Map(running.kinds().flatMap((kind) => kind.processes.map((process: ProcessSeen) => [process.pid, kind] as const)));
}

/** Made from here = the local port is none that is listened on, in the same network namespace. */
function openSockets(
  sockets: readonly SocketSeen[],
  kindOf: ReadonlyMap<number, Kind>,
  grow: (kind: Kind, proto: Transport, port: number) => Growing,
  loose: Map<number, Loose>,
): ReadonlyMap<number, Loose> {
  const closing = new Map<number, Loose>();
  const listening = new Set(sockets.filter((socket) => socket.state === 'LISTEN').map((socket) => `${socket.netns} ${socket.localPort}`));
  for (const socket of sockets) {
    if ((socket.proto !== 'tcp' && socket.proto !== 'udp') || socket.remotePort === 0 || socket.state === 'LISTEN') continue;
    if (socket.proto === 'tcp' && listening.has(`${socket.netns} ${socket.localPort}`)) continue;
    const kind = kindOf.get(socket.pid ?? -1);
    if (!kind) {
      // What closes in an orderly way has no owner any more (TIME_WAIT, orphaned FIN_WAIT2), and was answered.
      add(socket.proto === 'tcp' && ANSWERED.has(socket.state) ? closing : loose, socket.remotePort, socket.remote, 1);
      continue;
    }
    const fan = grow(kind, socket.proto, socket.remotePort);
    fan.targets.add(socket.remote);
    fan.sockets += 1;
    if (socket.proto === 'udp' || ANSWERED.has(socket.state)) fan.answered.add(socket.remote);
  }
  return closing;
}

/** Connections that were answered and are closing belong to the one program that goes to that port, if there is only one. */
function giveClosing(closing: ReadonlyMap<number, Loose>, fans: ReadonlyMap<string, Growing>): void {
  for (const [port, { targets }] of closing) {
    const [fan, other] = [...fans.values()].filter((one) => one.port === port && one.proto === 'tcp');
    if (!fan || other) continue;
    for (const ip of targets) {
      fan.targets.add(ip);
      fan.answered.add(ip);
    }
  }
}

function makers(watched: FlowsWatched, kindOf: ReadonlyMap<number, Kind>, grow: (kind: Kind, proto: Transport, port: number) => Growing): void {
  for (const maker of watched.makers) {
    const kind = kindOf.get(maker.pid);
    for (const target of kind ? maker.targets : []) {
      if (kind) grow(kind, 'tcp', target.port).targets.add(target.ip);
    }
  }
}

/** Watched connections to targets that no program was seen with, by port. */
function looseTargets(watched: FlowsWatched, fans: ReadonlyMap<string, Growing>, networks: Networks): ReadonlyMap<number, Loose> {
  const known = new Set([...fans.values()].flatMap((fan) => [...fan.targets].map((ip) => `${fan.port} ${ip}`)));
  const rest = new Map<number, Loose>();
  for (const target of watched.targets) {
    if (networks.classOf(target.ip) === 'invalid') continue;
    if (known.has(`${target.port} ${target.ip}`)) continue;
    add(rest, target.port, target.ip, target.times);
  }
  return rest;
}

function give(
  port: number,
  rest: Loose,
  watched: FlowsWatched,
  running: Running,
  kindOf: ReadonlyMap<number, Kind>,
  grow: (kind: Kind, proto: Transport, port: number) => Growing,
  fans: ReadonlyMap<string, Growing>,
  loose: Map<number, Loose>,
): void {
  if (rest.targets.size < LOOSE_AT_LEAST) return;
  const seen = [...fans.values()].filter((fan) => fan.port === port && fan.proto === 'tcp').sort((a, b) => b.targets.size - a.targets.size)[0];
  const kind = seen?.kind ?? suspect(watched, running, kindOf);
  if (!kind) {
    const left = loose.get(port) ?? { targets: new Set(), times: 0 };
    for (const ip of rest.targets) left.targets.add(ip);
    loose.set(port, { targets: left.targets, times: left.times + rest.times });
    return;
  }
  const fan = grow(kind, 'tcp', port);
  if (!seen) fan.sure = false;
  for (const ip of rest.targets) fan.targets.add(ip);
  fan.watched += rest.times;
}

/** The only out-of-place program; with several, the one that was seen opening most sockets. */
function suspect(watched: FlowsWatched, running: Running, kindOf: ReadonlyMap<number, Kind>): Kind | null {
  const odd = running.kinds(running.all().filter((process) => ['out-of-place', 'inline'].includes(running.standing(process))));
  const held = new Map<string, number>();
  for (const maker of watched.makers) {
    const key = kindOf.get(maker.pid)?.key ?? '';
    held.set(key, (held.get(key) ?? 0) + maker.sockets);
  }
  const busy = odd.filter((kind) => (held.get(kind.key) ?? 0) > 0).sort((a, b) => (held.get(b.key) ?? 0) - (held.get(a.key) ?? 0));
  return busy[0] ?? (odd.length === 1 ? (odd[0] ?? null) : null);
}

function add(map: Map<number, Loose>, port: number, ip: string, times: number): void {
  const tally = map.get(port) ?? { targets: new Set(), times: 0 };
  if (tally.targets.size < TARGETS_AT_MOST) tally.targets.add(ip);
  tally.times += times;
  map.set(port, tally);
}

const TARGETS_AT_MOST = 20_000;
