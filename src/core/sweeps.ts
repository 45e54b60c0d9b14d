/** Who asks many ports of one address: a search for open ports. What answers, and work on changing high ports (FTP data, RPC, calls), is none. */

import { type Making, unexplained } from './fan-makers.ts';
import type { Kind } from './running.ts';
import type { FlowsWatched } from './words.ts';

/** Ports by address. */
export type Pairs = ReadonlyMap<string, ReadonlySet<number>>;

export interface Sweep {
  /** Null = who does it was not seen. */
  readonly kind: Kind | null;
  /** Some of it was seen in its hands. */
  readonly sure: boolean;
  /** Addresses with many ports, the most ports first. */
  readonly hosts: readonly { readonly ip: string; readonly ports: readonly number[] }[];
}

/** A client of one server knows its port; a portmapper or passive FTP hands out a few in a second. */
const MANY_PORTS = 20;
/** Ports below 1024 belong to well-known services; nobody needs this many of one host. */
const WELL_KNOWN_BELOW = 1_024;
const MANY_WELL_KNOWN = 10;
/** Share of the tries that failed. */
const FAILED_SHARE = 0.5;
/** Sockets in its hands, to so many ports of the address, that make it the one who sweeps there. */
const OWN_PORTS = 3;

export function sweepsOf(owned: ReadonlyMap<Kind, Pairs>, loose: Pairs, making: readonly Making[], watched: FlowsWatched | null): Sweep[] {
  const found = new Map<Kind | null, Map<string, Set<number>>>();
  const sure = new Set<Kind | null>();
  const put = (kind: Kind | null, ip: string, ports: ReadonlySet<number>) => {
    const hosts = found.get(kind) ?? new Map<string, Set<number>>();
    found.set(kind, hosts);
    hosts.set(ip, new Set([...(hosts.get(ip) ?? []), ...ports]));
  };
  for (const [ip, ports] of loose) put(sweeperOf(ip, owned, making), ip, ports);
  for (const [kind, pairs] of owned) {
    for (const [ip, ports] of pairs) put(kind, ip, ports);
    if ([...pairs.values()].some((ports) => ports.size >= OWN_PORTS)) sure.add(kind);
  }
  return [...found].flatMap(([kind, hosts]) => {
    const swept = [...hosts].filter(([, ports]) => isSweep(ports, watched)).sort(([, a], [, b]) => b.size - a.size);
    return swept.length === 0
      ? []
      : [{ kind, sure: sure.has(kind), hosts: swept.map(([ip, ports]) => ({ ip, ports: [...ports].sort((a, b) => a - b) })) }];
  });
}

/** The same connections by address; those whose port was not seen are left out. */
export function pairsOf(loose: ReadonlyMap<number, { readonly targets: ReadonlySet<string> }>): Pairs {
  const pairs = new Map<string, Set<number>>();
  for (const [port, { targets }] of loose) {
    for (const ip of port === 0 ? [] : targets) pairs.set(ip, (pairs.get(ip) ?? new Set()).add(port));
  }
  return pairs;
}

/** The one program that was seen with several ports of this address, or else the one with sockets nobody knows the target of. */
function sweeperOf(ip: string, owned: ReadonlyMap<Kind, Pairs>, making: readonly Making[]): Kind | null {
  const seen = [...owned].filter(([, pairs]) => (pairs.get(ip)?.size ?? 0) >= OWN_PORTS).map(([kind]) => kind);
  const kinds = seen.length > 0 ? seen : unexplained(making).map((one) => one.kind);
  return kinds.length === 1 ? (kinds[0] ?? null) : null;
}

function isSweep(ports: ReadonlySet<number>, watched: FlowsWatched | null): boolean {
  if (ports.size < MANY_PORTS) return false;
  const wellKnown = [...ports].filter((port) => port < WELL_KNOWN_BELOW).length;
  return wellKnown >= MANY_WELL_KNOWN || (watched !== null && watched.attemptFails >= ports.size * FAILED_SHARE);
}
