/** Addresses that no order may ever shut out, whoever asks. */

import type { Given } from './contracts.ts';
import type { HostSeen } from './words.ts';
import type { Networks } from './world.ts';

/** Own addresses, gateway, resolvers and what is no host at all stay untouched. */
export function mayBeBanned(ip: string, { networks, eyes }: Given): boolean {
  return neededHost(ip, networks, eyes.host) === null;
}

/** Why it must stay reachable, or null. */
export function neededHost(ip: string, networks: Networks, host: Pick<HostSeen, 'gateways' | 'resolvers'>): string | null {
  const kind = networks.classOf(ip);
  if (kind === 'own' || kind === 'loopback') return 'it is an address of this host';
  if (kind === 'multicast' || kind === 'invalid' || kind === 'link-local') return 'it is no address of a single host elsewhere';
  if (host.gateways.includes(ip)) return 'it is the gateway';
  return host.resolvers.includes(ip) ? 'it is a resolver that this host asks' : null;
}
