/** What the machine is: its names, addresses, gateway and resolvers, which must never be banned, and how long it has been up. */

import * as os from 'node:os';
import type { Coverage, HostSeen } from '../core/words.ts';
import type { Disk } from './disk.ts';
import { procAscii } from './proc.ts';

/** USER_HZ: what /proc counts in, 100 on every Linux that Node runs on (times(2)). */
const TICKS_PER_SECOND = 100;

export function host(disk: Disk, note: (coverage: Coverage) => void): HostSeen {
  const system = /^PRETTY_NAME="?([^"\n]{1,100})/m.exec(disk.text('/etc/os-release', 65_536) ?? '')?.[1] ?? null;
  const resolvers = [...(disk.text('/etc/resolv.conf', 65_536) ?? '').matchAll(/^nameserver\s+(\S{2,60})/gm)].flatMap((match) => match[1] ?? []);
  if (!disk.live) {
    note({ source: 'running machine', state: 'absent', detail: 'a disk was looked at: processes, sockets and the kernel are not known' });
    const name = disk.text('/etc/hostname', 300)?.trim() || 'unknown';
    return { ...EMPTY, name, resolvers, system };
  }
  const readsAll = process.getuid?.() === 0;
  if (!readsAll) note({ source: 'privileges', state: 'partial', detail: 'not root: programs, open files and logs of others may be missing' });
  return {
    name: os.hostname(),
    live: true,
    bootAt: bootAt(),
    addresses: Object.values(os.networkInterfaces()).flatMap((list) => (list ?? []).map((entry) => entry.address)),
    gateways: gateways(),
    resolvers,
    kernel: os.release(),
    system,
    ticksPerSecond: TICKS_PER_SECOND,
    readsAll,
  };
}

const EMPTY: HostSeen = {
  name: 'unknown',
  live: false,
  bootAt: null,
  addresses: [],
  gateways: [],
  resolvers: [],
  kernel: null,
  system: null,
  ticksPerSecond: TICKS_PER_SECOND,
  readsAll: false,
};

/** For log files alone, without a machine. */
export function noHost(name: string): HostSeen {
  return { ...EMPTY, name };
}

/** From the uptime, which has hundredths; btime of /proc/stat is rounded to a second. */
function bootAt(): number {
  const uptime = Number((procAscii('/proc/uptime') ?? '').split(' ')[0]);
  return Number.isFinite(uptime) ? Math.round(Date.now() - uptime * 1000) : Date.now();
}

/** Next hops of default routes: hex in host byte order for IPv4, plain hex for IPv6 (proc(5)). */
function gateways(): string[] {
  const v4 = (procAscii('/proc/net/route') ?? '').split('\n').flatMap((line) => {
    const [, destination, gateway] = line.split('\t');
    if (destination !== '00000000' || !gateway || gateway === '00000000') return [];
    return [[6, 4, 2, 0].map((at) => Number.parseInt(gateway.slice(at, at + 2), 16)).join('.')];
  });
  const v6 = (procAscii('/proc/net/ipv6_route') ?? '').split('\n').flatMap((line) => {
    const [destination, bits, , , gateway] = line.split(/\s+/);
    if (bits !== '00' || !/^0+$/.test(destination ?? '') || !gateway || /^0+$/.test(gateway)) return [];
    return [gateway.match(/.{4}/g)?.join(':') ?? ''];
  });
  return [...new Set([...v4, ...v6])];
}
