/**
 * The bytes of one log file as chunks of whole lines, unpacked on the way. A line longer than 1 MiB is cut and its rest is
 * skipped, so that a file without line ends costs no memory.
 */

import * as fs from 'node:fs';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { MARK_BYTES, packingIn, strangeIn } from './log-packing.ts';
import { outputOf } from './outside.ts';

/** A longer line is cut there. */
const LINE_BYTES_AT_MOST = 1 << 20;
/** Large enough to be fast, small enough that what waits for the garbage collector is little. */
const READ_BYTES = 1 << 18;

/** How long to wait for a pipe that has nothing yet and does not let us wait for it. */
const AGAIN_MS = 20;

/** Programs of the distribution that unpack what Node cannot, by absolute path. */
const UNPACKERS: Readonly<Record<'xz' | 'bz2' | 'zst', readonly string[]>> = {
  xz: ['/usr/bin/xz', '/bin/xz'],
  bz2: ['/usr/bin/bzip2', '/bin/bzip2'],
  zst: ['/usr/bin/zstd', '/bin/zstd'],
};

/** A whole line more than a piece has. */
const JOINED_BYTES = READ_BYTES + LINE_BYTES_AT_MOST;
/** One is looked at, one is read meanwhile, and the first ones may wait for each other until the packing is known. */
const LENT_BUFFERS = 4;

export interface Part {
  /** Lent: valid until the next part is asked for. Fresh buffers for each would wake the garbage collector a hundred times a gigabyte. */
  readonly bytes: Buffer;
  /** Bytes of over-long lines that were skipped before the end of this part. */
  readonly skipped: number;
}

/** Throws an Error with a sentence when the file cannot be unpacked. */
export async function* wholeLines(fd: number): AsyncGenerator<Part> {
  let rest: Buffer = Buffer.alloc(0);
  let skipping = false;
  let skipped = 0;
  let joint: Buffer | null = null;
  for await (const piece of pieces(fd, true)) {
    let fresh = piece;
    if (skipping) {
      const end = fresh.indexOf(10);
      skipped += end < 0 ? fresh.length : end;
      if (end < 0) continue;
      fresh = fresh.subarray(end);
      skipping = false;
    }
    if (rest.length > 0) joint ??= Buffer.allocUnsafe(JOINED_BYTES);
    const all = joint === null || rest.length === 0 ? fresh : joinedIn(joint, rest, fresh);
    const last = all.lastIndexOf(10);
    if (last >= 0) {
      yield { bytes: all.subarray(0, last + 1), skipped };
      skipped = 0;
    }
    rest = Buffer.from(all.subarray(last + 1));
    if (rest.length > LINE_BYTES_AT_MOST && rest[0] === 0) {
      // A hole that a crash left is no line: the one behind it begins where the NULs end.
      const text = rest.findIndex((byte) => byte !== 0);
      skipped += text < 0 ? rest.length : text;
      rest = text < 0 ? Buffer.alloc(0) : rest.subarray(text);
    }
    if (rest.length > LINE_BYTES_AT_MOST) {
      skipped += rest.length - LINE_BYTES_AT_MOST;
      rest = rest.subarray(0, LINE_BYTES_AT_MOST);
      skipping = true;
    }
  }
  if (rest.length > 0 || skipped > 0) yield { bytes: rest, skipped };
}

/** One behind the other, in the place that was made for them where they fit into it. */
function joinedIn(place: Buffer, rest: Buffer, fresh: Buffer): Buffer {
  const length = rest.length + fresh.length;
  if (length > place.length) return Buffer.concat([rest, fresh]);
  rest.copy(place);
  fresh.copy(place, rest.length);
  return place.subarray(0, length);
}

/** The unpacked bytes of a file as they come. Throws as `wholeLines` does. `lent` = each is valid only until the next one is asked for. */
export async function* pieces(fd: number, lent = false): AsyncGenerator<Buffer> {
  const raw = fs.fstatSync(fd).isFile() ? plain(fd, lent) : piped(fd);
  const first: Buffer[] = [];
  for (let size = 0; size < MARK_BYTES; ) {
    const { value, done } = await raw.next();
    if (done) break;
    first.push(value);
    size += value.length;
  }
  const head = Buffer.concat(first);
  const strange = strangeIn(head);
  if (strange !== null) throw new Error(strange);
  const whole = joined(head, raw);
  const packing = packingIn(head);
  if (packing === 'none') yield* whole;
  else if (packing === 'gz') yield* gunzipped(owned(whole));
  else if (packing === 'text16le' || packing === 'text16be') yield* decoded(whole, packing);
  else yield* unpacked(owned(whole), packing);
}

async function* joined(head: Buffer, rest: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head;
  yield* rest;
}

/** Programs that unpack read ahead of what they were given. */
async function* owned(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  for await (const piece of pieces) yield Buffer.from(piece);
}

/** The next piece is read, beside the main thread, while this one is looked at. */
async function* plain(fd: number, lent: boolean): AsyncGenerator<Buffer, undefined> {
  const ring = lent ? Array.from({ length: LENT_BUFFERS }, () => Buffer.allocUnsafe(READ_BYTES)) : [];
  let next = piece(fd, ring[0]);
  try {
    for (let turn = 1; ; turn += 1) {
      const got = await next;
      if (got === null || got.length === 0) return;
      next = piece(fd, ring[turn % LENT_BUFFERS]);
      // Thrown where it is awaited; a reader who stops before that has no use for it.
      next.catch(() => {});
      yield got;
    }
  } finally {
    // Who stops early closes the file: a read that is under way would go on in whatever is opened next under its number.
    await next.catch(() => {});
  }
}

/** A pipe or a terminal may let us wait; nothing is read from it that nobody asked for. */
async function* piped(fd: number): AsyncGenerator<Buffer, undefined> {
  for (;;) {
    const got = await piece(fd);
    if (got?.length === 0) return;
    if (got) yield got;
    else await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
  }
}

/** Empty at the end, null where there is nothing yet. A fresh buffer each time where none is given: the one before may still be in use. */
function piece(fd: number, buffer = Buffer.allocUnsafe(READ_BYTES)): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    fs.read(fd, buffer, 0, buffer.length, null, (error, bytes) => {
      if (error && error.code !== 'EAGAIN') reject(error);
      else resolve(error ? null : buffer.subarray(0, bytes));
    });
  });
}

async function* gunzipped(packed: AsyncGenerator<Buffer>): AsyncGenerator<Buffer> {
  const gunzip = createGunzip({ chunkSize: READ_BYTES });
  // An error of either side is thrown by the loop below.
  pipeline(Readable.from(packed), gunzip, () => {});
  for await (const piece of gunzip) yield Buffer.from(piece);
}

/** As UTF-8; what is no UTF-16 becomes the mark for it, U+FFFD. The byte order mark goes. */
async function* decoded(pieces: AsyncGenerator<Buffer>, packing: 'text16le' | 'text16be'): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(packing === 'text16le' ? 'utf-16le' : 'utf-16be');
  for await (const piece of pieces) yield Buffer.from(decoder.decode(piece, { stream: true }), 'utf8');
  yield Buffer.from(decoder.decode(), 'utf8');
}

async function* unpacked(packed: AsyncGenerator<Buffer>, packing: 'xz' | 'bz2' | 'zst'): AsyncGenerator<Buffer> {
  const program = UNPACKERS[packing].find((path) => fs.existsSync(path));
  if (!program)
    throw new Error(
      `${UNPACKERS[packing][0]} is not installed; install ${packing === 'xz' ? 'xz-utils' : packing === 'bz2' ? 'bzip2' : 'zstd'} or unpack it by hand`,
    );
  const output = outputOf({ program, argv: ['-dc'], input: packed });
  for (;;) {
    const { value, done } = await output.next();
    if (!done) yield value;
    else if (value.stalled) throw new Error(`${program} stood still for a minute and was ended: what it unpacked before was read`);
    else if (value.status !== 0) throw new Error('the file is damaged or cut short: what could be unpacked was read');
    else return;
  }
}
