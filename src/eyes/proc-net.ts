/** Sockets as text tables of /proc/PID/net (proc(5)): for foreign network namespaces, raw and packet sockets, and where sock_diag cannot be asked. */

import * as fs from 'node:fs';
import type { SocketSeen } from '../core/words.ts';
import { ipv6Text, STATES } from './netlink.ts';
import { procTable } from './proc.ts';

export type NetTable = 'tcp' | 'tcp6' | 'udp' | 'udp6' | 'raw' | 'raw6' | 'packet';
/** 100,000 sockets of 150 bytes. */
const TABLE_BYTES = 16 << 20;

/** Told of each table that was not read to its end, or not at all. */
export type Fault = (what: 'cut' | 'unreadable', table: NetTable) => void;

export function procSockets(
  pid: string,
  table: NetTable,
  netns: string | null,
  fault: Fault,
  limitBytes = TABLE_BYTES,
): Omit<SocketSeen, 'pid' | 'startTicks'>[] {
  const directory = `/proc/${pid}/net`;
  const read = procTable(`${directory}/${table}`, limitBytes);
  // A kernel without IPv6 has no table of it; but where the whole directory is gone, so is the process through which we look.
  if (read === null && (fs.existsSync(`${directory}/${table}`) || !fs.existsSync(directory))) fault('unreadable', table);
  if (read?.cut) fault('cut', table);
  const lines = (read?.text ?? '').split('\n').slice(1);
  return lines.flatMap((line) => (table === 'packet' ? packet(line, netns) : internet(line, table, netns)) ?? []);
}

/** `sl local_address rem_address st tx:rx tr:when retrnsmt uid timeout inode …` */
function internet(line: string, table: NetTable, netns: string | null): Omit<SocketSeen, 'pid' | 'startTicks'> | null {
  const words = line.trim().split(/\s+/);
  const [local, localPort] = endOf(words[1]);
  const [remote, remotePort] = endOf(words[2]);
  if (words.length < 10 || local === null || remote === null) return null;
  const proto = table.startsWith('tcp') ? 'tcp' : table.startsWith('udp') ? 'udp' : 'raw';
  const state = STATES[Number.parseInt(words[3] ?? '0', 16)] ?? 'UNKNOWN';
  return { proto, local, localPort, remote, remotePort, state, uid: Number(words[7]), inode: Number(words[9]), netns };
}

/** `sk RefCnt Type Proto Iface R Rmem User Inode`: AF_PACKET sockets, which see and send whole frames. */
function packet(line: string, netns: string | null): Omit<SocketSeen, 'pid' | 'startTicks'> | null {
  const words = line.trim().split(/\s+/);
  if (words.length < 9) return null;
  const [local, remote] = ['', ''];
  return { proto: 'packet', local, localPort: 0, remote, remotePort: 0, state: 'UNKNOWN', uid: Number(words[7]), inode: Number(words[8]), netns };
}

/** Addresses are words of 32 bits in host byte order (little endian on all that Node 20 runs on but s390x). */
function endOf(text: string | undefined): [string | null, number] {
  const [hex = '', port = ''] = (text ?? '').split(':');
  if (hex.length !== 8 && hex.length !== 32) return [null, 0];
  const bytes: number[] = [];
  for (let word = 0; word < hex.length; word += 8) {
    for (let at = word + 6; at >= word; at -= 2) bytes.push(Number.parseInt(hex.slice(at, at + 2), 16));
  }
  const address =
    bytes.length === 4 ? bytes.join('.') : ipv6Text(Array.from({ length: 8 }, (_, at) => ((bytes[at * 2] ?? 0) << 8) | (bytes[at * 2 + 1] ?? 0)));
  return [address, Number.parseInt(port, 16)];
}
