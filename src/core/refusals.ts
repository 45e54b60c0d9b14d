/** Connections that were tried and refused, by the counters alone: where no ear hears the targets (without koffi, or in a container). */

import type { Kind, Running } from './running.ts';
import type { FlowsWatched, TargetTally } from './words.ts';
import type { Networks } from './world.ts';

export interface Refusal {
  /** Null = this machine's own network namespace. */
  readonly netns: string | null;
  readonly begun: number;
  readonly failed: number;
  /** Those that were sighted, which is a small part. */
  readonly targets: readonly TargetTally[];
  /** The only program that was seen with such sockets. */
  readonly kind: Kind | null;
}

/** Failed tries each second: health checks of dead hosts come to a few. */
const FAILED_PER_SECOND = 20;
const FAILED_SHARE = 0.8;
/** Fewer sighted targets may be one client that tries its one dead server again and again. */
const SIGHTED_AT_LEAST = 5;
const SOCKETS_AT_LEAST = 3;

export function refusalsOf(watched: FlowsWatched, running: Running, networks: Networks): Refusal[] {
  const seconds = watched.spanMs / 1000;
  // With an ear the targets are known, and told by address.
  const own = watched.by === 'sampling' ? [{ ...watched, netns: null }] : [];
  return [...own, ...watched.spaces].flatMap(({ netns, activeOpens, attemptFails, targets }) => {
    const far = targets.filter((target) => !['loopback', 'own', 'invalid'].includes(networks.classOf(target.ip)));
    const many = attemptFails > seconds * FAILED_PER_SECOND && attemptFails > activeOpens * FAILED_SHARE;
    if (!many || new Set(far.map((target) => target.ip)).size < SIGHTED_AT_LEAST) return [];
    return [{ netns, begun: activeOpens, failed: attemptFails, targets: far, kind: makerOf(netns, watched, running) }];
  });
}

function makerOf(netns: string | null, watched: FlowsWatched, running: Running): Kind | null {
  const elsewhere = new Set(watched.spaces.map((space) => space.netns));
  const makers = watched.makers.filter((maker) => maker.made >= SOCKETS_AT_LEAST).flatMap((maker) => running.get(maker.pid) ?? []);
  const kinds = running.kinds(makers.filter((maker) => (netns === null ? !elsewhere.has(maker.netns ?? '') : maker.netns === netns)));
  return kinds.length === 1 ? (kinds[0] ?? null) : null;
}
