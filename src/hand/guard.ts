/**
 * Who may not be banned, whoever orders it: asked before every ban and again when bans are restored. Nothing of it is believed from
 * the side that orders; own addresses, gateways, resolvers and log-ins are looked at here.
 * Cannot see: who works through a proxy or a jump host that is banned elsewhere on the way.
 */

import { addressText, type Net, netOf, overlap } from '../core/nets.ts';
import type { Held } from './words.ts';

/** `why` ends the sentence "X was not banned: it is …". */
export interface Spared {
  readonly net: Net;
  readonly why: string;
}

/** Wider networks are never banned; wider than `asked` only by an order that says so. */
const WIDEST = { 4: { never: 16, asked: 24 }, 6: { never: 32, asked: 48 } } as const;
/** An allowed network may hold a whole site (10.0.0.0/8), but not the world. */
const WIDEST_ALLOWED = { 4: 8, 6: 16 } as const;

/** No sender on the network has these (RFC 6890, RFC 4291), or they are how neighbours find one another. */
const ALWAYS: readonly Spared[] = [
  fixed('127.0.0.0/8', 'loopback'),
  fixed('::1', 'loopback'),
  fixed('0.0.0.0/8', 'no address of a host'),
  fixed('::', 'no address of a host'),
  fixed('224.0.0.0/4', 'a multicast address'),
  fixed('ff00::/8', 'a multicast address'),
  fixed('255.255.255.255', 'the broadcast address'),
  fixed('169.254.0.0/16', 'link-local'),
  fixed('fe80::/10', 'link-local'),
];

function fixed(text: string, why: string): Spared {
  const net = netOf(text);
  if (typeof net === 'string') throw new Error(`${text} ${net}`);
  return { net, why };
}

export class Guard {
  readonly #sorted: Readonly<Record<4 | 6, readonly Spared[]>>;

  constructor(spared: readonly Spared[]) {
    const all = [...ALWAYS, ...spared];
    this.#sorted = { 4: outermost(all, 4), 6: outermost(all, 6) };
  }

  /** Why a network may not be banned, as the second half of a sentence; null when it may. */
  objection(net: Net, wide: boolean): string | null {
    return tooWide(net, wide) ?? this.#spared(net);
  }

  #spared(net: Net): string | null {
    const spared = firstFrom(this.#sorted[net.family], net);
    if (!spared || !overlap(spared.net, net)) return null;
    if (spared.net.first <= net.first && net.last <= spared.net.last) return `it is ${spared.why}`;
    return `it holds ${addressText(net.family, spared.net.first)}, which is ${spared.why}`;
  }
}

function tooWide(net: Net, wide: boolean): string | null {
  const limit = WIDEST[net.family];
  if (net.prefix < limit.never) return `a network wider than /${limit.never} is never banned; ban the parts that attack`;
  if (net.prefix < limit.asked && !wide) return `a network wider than /${limit.asked} is banned only by an order that says "wide"`;
  return null;
}

export function tooWideToAllow(net: Net): string | null {
  const limit = WIDEST_ALLOWED[net.family];
  return net.prefix < limit ? `a network wider than /${limit} would free nearly everybody; allow the parts that are yours` : null;
}

export function allowedNets(allows: Iterable<Held>): Spared[] {
  return [...allows].map(({ net, text }) => ({ net, why: `allowed (${text}); take that back first, by "disallow"` }));
}

/** Those that lie in no other, in order: networks lie in one another or apart, so these are apart. */
function outermost(spared: readonly Spared[], family: 4 | 6): Spared[] {
  const inOrder = spared.filter(({ net }) => net.family === family).sort((a, b) => compare(a.net.first, b.net.first) || a.net.prefix - b.net.prefix);
  const found: Spared[] = [];
  for (const one of inOrder) {
    const before = found[found.length - 1];
    if (!before || one.net.first > before.net.last) found.push(one);
  }
  return found;
}

/** The first that does not end before the network begins. */
function firstFrom(sorted: readonly Spared[], net: Net): Spared | undefined {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle]?.net.last ?? 0n) < net.first) low = middle + 1;
    else high = middle;
  }
  return sorted[low];
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
