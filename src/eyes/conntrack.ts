/** How full the kernel's connection table is (nf_conntrack), what it had to drop, and, where the kernel lists it, who fills it. */

import type { ConntrackLevel, Coverage, FlowTally } from '../core/words.ts';
import { procAscii, procTable } from './proc.ts';

const SYSCTL = '/proc/sys/net/netfilter';
/** 65,536 entries of about 200 bytes; what is longer is cut and said so. */
const TABLE_BYTES = 32 << 20;
const TALLIES_AT_MOST = 1_000;
const SAMPLE = 10;

export function conntrackUsed(): number | null {
  const used = Number(procAscii(`${SYSCTL}/nf_conntrack_count`) ?? Number.NaN);
  return Number.isFinite(used) ? used : null;
}

export function conntrackLevel(before: ConntrackLevel['before'], now: number, note: (coverage: Coverage) => void): ConntrackLevel | null {
  const used = conntrackUsed();
  const max = Number(procAscii(`${SYSCTL}/nf_conntrack_max`) ?? Number.NaN);
  if (used === null || !Number.isFinite(max)) {
    note({ source: 'conntrack', state: 'absent', detail: 'the kernel tracks no connections here (nf_conntrack is not loaded)' });
    return null;
  }
  const stat = statOf(procAscii('/proc/net/stat/nf_conntrack') ?? '');
  note({ source: 'conntrack', state: 'read', detail: `${used} of ${max} entries` });
  return { at: now, used, max, before, drop: stat('drop'), earlyDrop: stat('early_drop'), insertFailed: stat('insert_failed') };
}

/** One line for each CPU, columns named in the first line, hexadecimal. */
function statOf(text: string): (column: string) => number {
  const [head, ...rows] = text.trim().split('\n');
  const names = (head ?? '').trim().split(/\s+/);
  return (column) => {
    const at = names.indexOf(column);
    return at < 0 ? 0 : rows.reduce((sum, row) => sum + Number.parseInt(row.trim().split(/\s+/)[at] ?? '0', 16), 0);
  };
}

type Open = { proto: 'tcp' | 'udp'; from: string; port: number; entries: number; unanswered: number; targets: Set<string> };

/** /proc/net/nf_conntrack: absent on kernels without CONFIG_NF_CONNTRACK_PROCFS; then who fills it is told by sockets alone. */
export function conntrackTallies(now: number, note: (coverage: Coverage) => void): FlowTally[] {
  const table = procTable('/proc/net/nf_conntrack', TABLE_BYTES);
  if (!table) {
    note({ source: 'conntrack entries', state: 'absent', detail: 'this kernel does not list its entries in /proc; sockets were read instead' });
    return [];
  }
  const tallies = new Map<string, Open>();
  for (const line of table.text.split('\n')) add(tallies, line);
  note({
    source: 'conntrack entries',
    state: table.cut ? 'partial' : 'read',
    detail: `${tallies.size} kinds of flows${table.cut ? ', cut short' : ''}`,
  });
  return [...tallies.values()].map(({ targets, ...tally }) => ({ ...tally, at: now, targets: targets.size, sample: [...targets].slice(0, SAMPLE) }));
}

function add(tallies: Map<string, Open>, line: string): void {
  const found = / (tcp|udp) +\d+ .*?src=(\S+) dst=(\S+) sport=\d+ dport=(\d+)/.exec(line);
  if (!found) return;
  const [, proto, from = '', target = '', port] = found;
  const key = `${proto} ${from} ${port}`;
  let tally = tallies.get(key);
  if (!tally) {
    if (tallies.size >= TALLIES_AT_MOST) return;
    tally = { proto: proto === 'udp' ? 'udp' : 'tcp', from, port: Number(port), entries: 0, unanswered: 0, targets: new Set() };
    tallies.set(key, tally);
  }
  tally.entries += 1;
  if (line.includes('[UNREPLIED]')) tally.unanswered += 1;
  tally.targets.add(target);
}
