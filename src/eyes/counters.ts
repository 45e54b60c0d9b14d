/** The kernel's counters of this network namespace: connections begun and failed (RFC 4022), datagrams (RFC 4113), bytes per interface. */

import { procAscii, procTable } from './proc.ts';

export interface Counters {
  readonly activeOpens: number;
  readonly attemptFails: number;
  readonly outResets: number;
  readonly udpOut: number;
  readonly bytesOut: number;
  readonly packetsOut: number;
  readonly loopbackBytesOut: number;
  readonly loopbackPacketsOut: number;
}

/** 10,000 interfaces of 120 bytes. */
const TABLE_BYTES = 2 << 20;

export function counters(): Counters | null {
  const snmp = procAscii('/proc/self/net/snmp');
  const devices = procTable('/proc/self/net/dev', TABLE_BYTES);
  if (snmp === null || devices === null) return null;
  const tcp = table(snmp, 'Tcp');
  const udp = table(snmp, 'Udp');
  const udp6 = Number(/^Udp6OutDatagrams\s+(\d+)/m.exec(procAscii('/proc/self/net/snmp6') ?? '')?.[1] ?? 0);
  const sent = { bytesOut: 0, packetsOut: 0, loopbackBytesOut: 0, loopbackPacketsOut: 0 };
  for (const line of devices.text.split('\n')) {
    const [name, rest] = line.split(':');
    const words = rest?.trim().split(/\s+/) ?? [];
    if (words.length < 10) continue;
    const loopback = name?.trim() === 'lo';
    sent[loopback ? 'loopbackBytesOut' : 'bytesOut'] += Number(words[8]);
    sent[loopback ? 'loopbackPacketsOut' : 'packetsOut'] += Number(words[9]);
  }
  return {
    activeOpens: tcp('ActiveOpens'),
    attemptFails: tcp('AttemptFails'),
    outResets: tcp('OutRsts'),
    udpOut: udp('OutDatagrams') + udp6,
    ...sent,
  };
}

/** What the network namespace of a process has begun, failed and sent so far; null when it is gone. */
export function countersIn(pid: number | 'self'): { readonly activeOpens: number; readonly attemptFails: number; readonly udpOut: number } | null {
  const snmp = procAscii(`/proc/${pid}/net/snmp`);
  if (snmp === null) return null;
  const tcp = table(snmp, 'Tcp');
  return { activeOpens: tcp('ActiveOpens'), attemptFails: tcp('AttemptFails'), udpOut: table(snmp, 'Udp')('OutDatagrams') };
}

/** Two lines for each protocol: the names, then the numbers. */
function table(snmp: string, protocol: string): (name: string) => number {
  const [names = [], values = []] = snmp
    .split('\n')
    .filter((line) => line.startsWith(`${protocol}:`))
    .map((line) => line.split(' '));
  return (name) => Number(values[names.indexOf(name)] ?? 0);
}
