/** How busy a process is: small readings that are cheap enough to be taken again and again. */

import * as fs from 'node:fs';
import { procAscii } from './proc.ts';
import { statOf } from './processes.ts';

const MS_PER_TICK = 10;
const NS_PER_MS = 1e6;

/** /proc/PID/schedstat: nanoseconds on a processor, nanoseconds waited, times it was put on one; of the first thread. */
export function schedule(pid: number): { readonly cpuMs: number; readonly runs: number } {
  const words = (procAscii(`/proc/${pid}/schedstat`) ?? '').trim().split(' ');
  return { cpuMs: Number(words[0] ?? 0) / NS_PER_MS, runs: Number(words[2] ?? 0) };
}

/** How many files a process has open (st_size of /proc/PID/fd, since Linux 6.2), 0 where the kernel does not say, -1 when it has ended. */
export function openFiles(pid: number): number {
  try {
    return fs.statSync(`/proc/${pid}/fd`).size;
  } catch {
    return -1;
  }
}

/** Ticks count all threads but are coarse; the schedule is exact but of one thread: the larger of both. */
export function cpuMsOf(pid: number): number {
  const fields = statOf(pid)?.fields;
  const ticks = Number(fields?.[11] ?? 0) + Number(fields?.[12] ?? 0);
  return Math.max(ticks * MS_PER_TICK, schedule(pid).cpuMs);
}
