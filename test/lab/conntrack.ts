/** Connection tracking of a lab host: switched on by a rule of its own, with a limit that the test chooses. */

import type { LabHost } from './host.ts';

const LIMIT = '/proc/sys/net/netfilter/nf_conntrack_max';

/** A network namespace tracks connections from the first rule on that asks for their state. */
export async function trackConnections(host: LabHost): Promise<void> {
  const rules = `table inet filter {
  chain input { type filter hook input priority 0; policy accept; ct state established,related accept; }
  chain output { type filter hook output priority 0; policy accept; ct state new counter; }
}
`;
  await host.must(['nft', '-f', '-'], { input: rules });
}

export async function trackedNow(host: LabHost): Promise<number> {
  return Number(await host.must(['cat', '/proc/sys/net/netfilter/nf_conntrack_count']));
}

/** The kernel has one limit for all; the host sees its own number in its place. */
export async function setLimit(host: LabHost, limit: number): Promise<void> {
  await host.sh(`printf '%s\\n' "$1" > /dev/shm/limit; mount --bind /dev/shm/limit ${LIMIT}; rm /dev/shm/limit`, String(limit));
}

/** Remote addresses that connection tracking holds entries for, towards one port. */
export async function trackedTargets(host: LabHost, port: number): Promise<Set<string>> {
  const lines = (await host.must(['cat', '/proc/net/nf_conntrack'])).split('\n');
  const own = new RegExp(`src=\\S+ dst=(\\S+) sport=\\d+ dport=${port} `);
  return new Set(lines.flatMap((line) => own.exec(line)?.[1] ?? []));
}
