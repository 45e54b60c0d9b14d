/**
 * The bytes of one log file as chunks of whole lines, unpacked on the way. A line longer than 1 MiB is cut and its rest is
 * skipped, so that a file without line ends costs no memory.
 */

import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { Generation } from './log-generations.ts';

/** A longer line is cut there. */
const LINE_BYTES_AT_MOST = 1 << 20;
/** Large enough to be fast, small enough that what waits for the garbage collector is little. */
const READ_BYTES = 1 << 18;

/** Programs of the distribution that unpack what Node cannot, by absolute path. */
const UNPACKERS: Readonly<Record<'xz' | 'bz2' | 'zst', readonly string[]>> = {
  xz: ['/usr/bin/xz', '/bin/xz'],
  bz2: ['/usr/bin/bzip2', '/bin/bzip2'],
  zst: ['/usr/bin/zstd', '/bin/zstd'],
};

export interface Part {
  readonly bytes: Buffer;
  /** Bytes of over-long lines that were skipped before the end of this part. */
  readonly skipped: number;
}

/** Throws an Error with a sentence when the file cannot be unpacked. */
export async function* wholeLines(fd: number, packing: Generation['packing']): AsyncGenerator<Part> {
  let rest: Buffer = Buffer.alloc(0);
  let skipping = false;
  let skipped = 0;
  for await (const piece of pieces(fd, packing)) {
    let fresh = piece;
    if (skipping) {
      const end = fresh.indexOf(10);
      skipped += end < 0 ? fresh.length : end;
      if (end < 0) continue;
      fresh = fresh.subarray(end);
      skipping = false;
    }
    const all = rest.length > 0 ? Buffer.concat([rest, fresh]) : fresh;
    const last = all.lastIndexOf(10);
    if (last >= 0) {
      yield { bytes: all.subarray(0, last + 1), skipped };
      skipped = 0;
    }
    rest = Buffer.from(all.subarray(last + 1));
    if (rest.length > LINE_BYTES_AT_MOST) {
      skipped += rest.length - LINE_BYTES_AT_MOST;
      rest = rest.subarray(0, LINE_BYTES_AT_MOST);
      skipping = true;
    }
  }
  if (rest.length > 0 || skipped > 0) yield { bytes: rest, skipped };
}

async function* pieces(fd: number, packing: Generation['packing']): AsyncGenerator<Buffer> {
  if (packing === 'none') yield* plain(fd);
  else if (packing === 'gz') yield* gunzipped(fd);
  else yield* unpacked(fd, packing);
}

function* plain(fd: number): Generator<Buffer> {
  for (;;) {
    // A fresh buffer each time: lines of the one before may still be in use.
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    const got = fs.readSync(fd, buffer);
    if (got === 0) return;
    yield buffer.subarray(0, got);
  }
}

async function* gunzipped(fd: number): AsyncGenerator<Buffer> {
  const stream = fs.createReadStream('', { fd, autoClose: false, start: 0 }).pipe(createGunzip({ chunkSize: READ_BYTES }));
  for await (const piece of stream) yield Buffer.from(piece);
}

async function* unpacked(fd: number, packing: 'xz' | 'bz2' | 'zst'): AsyncGenerator<Buffer> {
  const program = UNPACKERS[packing].find((path) => fs.existsSync(path));
  if (!program)
    throw new Error(
      `${UNPACKERS[packing][0]} is not installed; install ${packing === 'xz' ? 'xz-utils' : packing === 'bz2' ? 'bzip2' : 'zstd'} or unpack it by hand`,
    );
  const child = spawn(program, ['-dc'], { stdio: [fd, 'pipe', 'ignore'], env: {} });
  const ended = new Promise<number>((resolve) => child.once('close', (status) => resolve(status ?? 1)));
  if (child.stdout) for await (const piece of child.stdout) yield Buffer.from(piece);
  if ((await ended) !== 0) throw new Error('the file is damaged or cut short: what could be unpacked was read');
}
