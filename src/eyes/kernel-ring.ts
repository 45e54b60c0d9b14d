/** The kernel's own message ring (/dev/kmsg, dmesg(1)): the last words of a kernel, also when no syslog daemon wrote them down. */

import * as fs from 'node:fs';
import type { Coverage, Millis } from '../core/words.ts';
import { codeOf, textOf } from './disk.ts';

const RECORDS_AT_MOST = 50_000;
/** One record is at most 8 KiB (Documentation/ABI/testing/dev-kmsg). */
const RECORD_BYTES = 8_192;

export type RingRecord = { readonly at: Millis; readonly message: string; readonly sequence: number };

export function kernelRing(bootAt: Millis, note: (coverage: Coverage) => void): RingRecord[] {
  const records: RingRecord[] = [];
  let fd = -1;
  let lost = 0;
  try {
    fd = fs.openSync('/dev/kmsg', fs.constants.O_RDONLY | fs.constants.O_NONBLOCK);
    const buffer = Buffer.allocUnsafe(RECORD_BYTES);
    while (records.length < RECORDS_AT_MOST) {
      const got = readRecord(fd, buffer);
      if (got === 'end') break;
      if (got === 'overwritten') lost += 1;
      else records.push(...parsed(textOf(buffer.subarray(0, got)), bootAt));
    }
    note({
      source: 'kernel ring',
      state: lost > 0 || records.length >= RECORDS_AT_MOST ? 'partial' : 'read',
      detail: `${records.length} messages since boot`,
    });
  } catch (error) {
    note({ source: 'kernel ring', state: codeOf(error) === 'ENOENT' ? 'absent' : 'unreadable', detail: `/dev/kmsg: ${codeOf(error)}` });
  } finally {
    if (fd >= 0) fs.closeSync(fd);
  }
  return records;
}

function readRecord(fd: number, buffer: Buffer): number | 'end' | 'overwritten' {
  try {
    return fs.readSync(fd, buffer) || 'end';
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return 'end';
    if (codeOf(error) === 'EPIPE') return 'overwritten';
    throw error;
  }
}

/** `PRIORITY,SEQUENCE,MICROSECONDS,FLAGS;MESSAGE`. Anybody may write to /dev/kmsg: only facility 0 is the kernel itself. */
function parsed(text: string, bootAt: Millis): RingRecord[] {
  const found = /^(\d+),(\d+),(\d+),[^;]*;([^\n]*)/.exec(text);
  if (!found || Number(found[1]) >> 3 !== 0) return [];
  return [{ at: Math.round(bootAt + Number(found[3]) / 1000), message: found[4] ?? '', sequence: Number(found[2]) }];
}
