/** Address arithmetic, by ipaddr.js: which class an address belongs to, and which network counts as one place. */

import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import type { AddressClass, Networks } from '../core/world.ts';

const DOCUMENTATION = ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24', '2001:db8::/32'].map((cidr) => ipaddr.parseCIDR(cidr));

/** ipaddr.js's range names that are ours by another name; the rest is reserved. */
const CLASSES: Readonly<Record<string, AddressClass>> = {
  unicast: 'public',
  private: 'private',
  uniqueLocal: 'private',
  carrierGradeNat: 'private',
  linkLocal: 'link-local',
  loopback: 'loopback',
  multicast: 'multicast',
  broadcast: 'multicast',
};

export function networks(own: readonly string[]): Networks {
  const mine = new Set(own.flatMap((ip) => canonical(ip) ?? []));
  const known = new Map<string, AddressClass>();
  return {
    classOf(ip) {
      const kept = known.get(ip);
      if (kept) return kept;
      const kind = classOf(ip, mine);
      if (known.size < KEPT_AT_MOST) known.set(ip, kind);
      return kind;
    },
    networkOf,
    canonical,
  };
}

/** Enough for the addresses of one look; an attacker may make up more. */
const KEPT_AT_MOST = 50_000;

function addressOf(ip: string) {
  const bare = ip.split('%')[0] ?? '';
  return isIP(bare) === 0 ? null : ipaddr.process(bare);
}

function canonical(ip: string): string | null {
  return addressOf(ip)?.toString() ?? null;
}

function classOf(ip: string, own: ReadonlySet<string>): AddressClass {
  const address = addressOf(ip);
  if (!address) return 'invalid';
  if (own.has(address.toString())) return address.range() === 'loopback' ? 'loopback' : 'own';
  if (DOCUMENTATION.some(([net, bits]) => net.kind() === address.kind() && address.match(net, bits))) return 'documentation';
  return CLASSES[address.range()] ?? 'reserved';
}

function networkOf(ip: string): string {
  const address = addressOf(ip);
  if (!address) return ip;
  const bits = address.kind() === 'ipv4' ? 24 : 64;
  const kind = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${kind.networkAddressFromCIDR(`${address.toString()}/${bits}`).toString()}/${bits}`;
}
