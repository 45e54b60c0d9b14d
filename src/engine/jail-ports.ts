/** Which jails hear of strangers whose address nobody proved: over UDP the sender can write any address. */

import type { JailDefinition } from '../guests/fail2ban/definition.ts';

/**
 * Filters of servers that are asked by UDP: name servers (RFC 1035), telephony (RFC 3261) and games. Their lines do not tell by which of both
 * the stranger came, and jail.conf closes TCP ports for some of them.
 */
const ASKED_BY_UDP: ReadonlySet<string> = new Set(['named-refused', 'nsd', 'asterisk', 'freeswitch', 'counter-strike']);

export function isUnproven({ protocol, filter }: Pick<JailDefinition, 'protocol' | 'filter'>): boolean {
  const protocols = protocol
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  return (protocols.length > 0 && protocols.every((word) => word === 'udp')) || ASKED_BY_UDP.has(filter?.name ?? '');
}
