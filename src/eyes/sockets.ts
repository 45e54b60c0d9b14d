/** All sockets with the process that owns each: of this network namespace from sock_diag, of others from /proc/PID/net. */

import { counted } from '../core/text.ts';
import type { Coverage, ProcessSeen, SocketSeen } from '../core/words.ts';
import { libc } from './libc.ts';
import { AF_INET, AF_INET6, type Diag, dump } from './netlink.ts';
import { procLink, procNames } from './proc.ts';
import { type Fault, type NetTable, procSockets } from './proc-net.ts';

const IPPROTO_TCP = 6;
const IPPROTO_UDP = 17;
/** Containers beyond this are counted and not read. */
const NAMESPACES_AT_MOST = 200;

type Found = Omit<SocketSeen, 'pid' | 'startTicks'>;

export function sockets(processes: readonly ProcessSeen[], note: (coverage: Coverage) => void): SocketSeen[] {
  const own = procLink('/proc/self/ns/net');
  const netns = typeof own === 'string' ? own : null;
  const others = namespaces(processes, netns);
  const here = netns === null ? null : diagnosed(netns);
  const faults = { cut: 0, unreadable: 0 };
  const fault: Fault = (what) => {
    faults[what] += 1;
  };
  const parts: (readonly Found[])[] = [here ?? read('self', netns, note, fault)];
  for (const table of ['raw', 'raw6', 'packet'] as const) parts.push(procSockets('self', table, netns, fault));
  for (const [space, pid] of [...others].slice(0, NAMESPACES_AT_MOST)) parts.push(everything(String(pid), space, fault));
  const owners = ownersOf(processes);
  const seen = parts.flat().map((socket): SocketSeen => ({ ...socket, pid: null, startTicks: null, ...owners.get(socket.inode) }));
  note(coverageOf(seen, here !== null, others.size, faults));
  return seen;
}

type Faults = { readonly cut: number; readonly unreadable: number };

export function coverageOf(seen: readonly SocketSeen[], fast: boolean, others: number, faults: Faults): Coverage {
  const orphans = seen.filter((socket) => socket.pid === null && socket.inode > 0).length;
  const more = others > 0 ? `, ${others} other network namespace${others === 1 ? '' : 's'} included` : '';
  const cut = others > NAMESPACES_AT_MOST ? `; ${others - NAMESPACES_AT_MOST} namespaces were not read` : '';
  const dark = orphans > 0 ? `; the owner of ${orphans} was not found` : '';
  const long = faults.cut > 0 ? `; ${counted(faults.cut, 'table')} longer than is read` : '';
  const none = faults.unreadable > 0 ? `; ${counted(faults.unreadable, 'table')} could not be read` : '';
  const detail = `${seen.length} sockets by ${fast ? 'sock_diag' : '/proc/net'}${more}${dark}${cut}${long}${none}`;
  const partial = cut + long + none !== '' || (orphans > 0 && process.getuid?.() !== 0);
  return { source: 'sockets', state: partial ? 'partial' : 'read', detail };
}

/** One process of each foreign network namespace, to look through. */
function namespaces(processes: readonly ProcessSeen[], own: string | null): Map<string, number> {
  const others = new Map<string, number>();
  for (const process of processes) {
    if (process.netns !== null && process.netns !== own && !others.has(process.netns)) others.set(process.netns, process.pid);
  }
  return others;
}

function diagnosed(netns: string): Found[] | null {
  const found: Found[][] = [];
  for (const [proto, number] of [
    ['tcp', IPPROTO_TCP],
    ['udp', IPPROTO_UDP],
  ] as const) {
    for (const family of [AF_INET, AF_INET6]) {
      const part = dump(family, number);
      if (part === null) return null;
      found.push(part.map((diag: Diag): Found => ({ proto, netns, ...diag })));
    }
  }
  return found.flat();
}

const TABLES: readonly NetTable[] = ['tcp', 'tcp6', 'udp', 'udp6'];

function read(pid: string, netns: string | null, note: (coverage: Coverage) => void, fault: Fault): Found[] {
  note({ source: 'sock_diag', state: 'absent', detail: 'koffi could not be loaded or the kernel refused; sockets were read from /proc/net' });
  return TABLES.flatMap((table) => procSockets(pid, table, netns, fault));
}

function everything(pid: string, netns: string, fault: Fault): Found[] {
  return [...TABLES, 'raw' as const, 'raw6' as const, 'packet' as const].flatMap((table) => procSockets(pid, table, netns, fault));
}

/** Inode to process: the first that holds it, which for an inherited socket is the parent. */
function ownersOf(processes: readonly ProcessSeen[]): Map<number, { pid: number; startTicks: number }> {
  const owners = new Map<number, { pid: number; startTicks: number }>();
  for (const process of [...processes].sort((a, b) => a.startTicks - b.startTicks)) {
    if (process.kernelThread) continue;
    for (const inode of socketInodes(process.pid)) {
      if (!owners.has(inode)) owners.set(inode, { pid: process.pid, startTicks: process.startTicks });
    }
  }
  return owners;
}

/** Inodes of the sockets that a process holds now. */
function socketInodes(pid: number): number[] {
  return socketsOf(pid).map((socket) => socket.inode);
}

export interface HeldSocket {
  readonly fd: string;
  readonly inode: number;
}

export function socketsOf(pid: number): HeldSocket[] {
  return procNames(`/proc/${pid}/fd`).flatMap((fd) => {
    const inode = socketBehind(pid, fd);
    return inode === null ? [] : [{ fd, inode }];
  });
}

/** The inode of the socket behind a file descriptor, or null when something else is. */
export function socketBehind(pid: number, fd: string): number | null {
  const link = procLink(`/proc/${pid}/fd/${fd}`);
  return typeof link === 'string' && link.startsWith('socket:[') ? Number(link.slice(8, -1)) : null;
}

const name = Buffer.alloc(32);

/**
 * The protocol's name of a held socket (`TCP`, `UDPv6`, `UNIX-STREAM`), as lsof asks for it. A refused TCP socket stands in none of the
 * kernel's lists any more; this is all that can be learnt of it. Null without koffi, or when it is closed already.
 */
export function protocolOf(pid: number, fd: string): string | null {
  const size = libc()?.getxattr(`/proc/${pid}/fd/${fd}`, 'system.sockprotoname', name, name.length) ?? -1;
  return size > 0 ? (name.toString('latin1', 0, size).split('\0', 1)[0] ?? null) : null;
}
