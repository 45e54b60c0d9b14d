/** Ends the connections that a newly banned address has with this machine, by `ss -K`: their packets are dropped anyway, so programs need not wait for them. */

import { type Net, netOf, netText, overlap } from '../core/nets.ts';
import { found, run } from './programs.ts';
import { type Connection, connections } from './tcp.ts';

/** More networks than this in one order are left to the kernel's own time limits. */
const NETS_AT_MOST = 64;
const TIME_MS = 3000;

/** How many connections were ended; best effort, and 0 where ss or the kernel cannot. */
export async function endFlows(nets: readonly Net[], tcp: readonly Connection[] = connections()): Promise<number> {
  const peers = new Set(tcp.filter((socket) => !socket.listens).map((socket) => socket.peer));
  const open = [...peers].flatMap((peer) => {
    const net = netOf(peer);
    return typeof net === 'string' ? [] : [net];
  });
  const hit = nets.filter((net) => open.some((peer) => overlap(net, peer))).slice(0, NETS_AT_MOST);
  const ss = hit.length > 0 ? found('ss', ['/usr/bin', '/bin', '/usr/sbin', '/sbin']) : null;
  if (ss === null) return 0;
  const filter = hit.flatMap((net, at) => [...(at > 0 ? ['or'] : []), 'dst', netText(net)]);
  const ran = await run(ss, ['-K', '-H', '-n', '-t', ...filter], '', { timeoutMs: TIME_MS });
  return ran.out.split('\n').filter((line) => line.trim() !== '').length;
}
