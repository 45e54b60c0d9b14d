/** Addresses that no order may ever shut out, whoever asks. */

import type { Given } from './contracts.ts';

/** Own addresses, gateway, resolvers and what is no host at all stay untouched. */
export function mayBeBanned(ip: string, given: Given): boolean {
  const kind = given.networks.classOf(ip);
  if (kind === 'own' || kind === 'loopback' || kind === 'multicast' || kind === 'invalid' || kind === 'link-local') return false;
  return !given.eyes.host.gateways.includes(ip) && !given.eyes.host.resolvers.includes(ip);
}
