/**
 * May the command line and the environment of a process be read without waiting? The kernel fetches both from the memory of the process;
 * where that is mapped from a file, and the file lies on a disk that does not answer (FUSE, NFS), the reader hangs for good.
 * Cannot see: what the process maps between this look and the reading, and, without root, how its memory is mapped.
 */

import { procAscii, procTable } from './proc.ts';

/** As many mappings as the kernel allows by default (vm.max_map_count 65,530) with names of middling length. */
const MAPS_BYTES = 8 << 20;
/** Functions of the kernel in which a process waits for a disk elsewhere. */
const WAITS_AFAR = /fuse|nfs|rpc_|cifs|smb|ceph|9p/i;

/** `fields` of /proc/PID/stat from the state (field 3) on. True where the reading could hang. */
export function mayHang(pid: number, fields: readonly string[]): boolean {
  if (fields[0] === 'D' && WAITS_AFAR.test(procAscii(`/proc/${pid}/wchan`) ?? '')) return true;
  const field = (number: number) => Number(fields[number - 3] ?? 0);
  const ranges = [
    [field(48), field(49)],
    [field(50), field(51)],
  ].filter(([from = 0, to = 0]) => to > from);
  if (ranges.length === 0) return false;
  const maps = procTable(`/proc/${pid}/maps`, MAPS_BYTES);
  return maps !== null && (maps.cut || fileWithin(maps.text, ranges));
}

/** Does any of these ranges of addresses touch a mapping of a file? Lines: `from-to rwxp offset device inode path`, inode 0 = no file. */
export function fileWithin(maps: string, ranges: readonly (readonly number[])[]): boolean {
  for (let start = 0, end = 0; start < maps.length; start = end + 1) {
    end = maps.indexOf('\n', start);
    if (end < 0) end = maps.length;
    const dash = maps.indexOf('-', start);
    const from = Number.parseInt(maps.slice(start, dash), 16);
    const to = Number.parseInt(maps.slice(dash + 1, dash + 17), 16);
    const touched = ranges.some(([low = 0, high = 0]) => from < high && low < to);
    if (touched && maps.slice(start, end).split(' ', 5)[4] !== '0') return true;
  }
  return false;
}
