/**
 * Finds the rest of a log that was rotated while nobody looked: the file that was being read under the name that it has now, by its inode or,
 * where it was copied or packed, by its first bytes and those before the offset; and the younger parts between it and the present file.
 * Cannot see: parts that were moved to another directory, and what was written between a copy and the emptying of the original.
 */

import * as fs from 'node:fs';
import type { Millis } from '../core/words.ts';
import { bytesOf, Disk } from './disk.ts';
import { type Body, PackedBody, PlainBody } from './follow-body.ts';
import { openFollowed } from './follow-open.ts';
import { fits, type Place } from './follow-place.ts';
import { Strand } from './follow-strand.ts';
import { generations } from './log-generations.ts';
import { MARK_BYTES, packingIn } from './log-packing.ts';

/** The kernel's clock of file times lags behind ours by up to a tick (10 ms at 100 Hz). */
const TICK_MS = 20;
/** Packed parts that are looked into for a place: of most of them only the beginning is unpacked. */
const UNPACKED_AT_MOST = 100;
/** Looks at a directory that is being rotated, and the wait between two of them: half a second in all. */
const TRIES = 50;
const WAIT_MS = 10;

/** One rotated part as it was listed. */
export interface Part {
  readonly path: string;
  readonly dev: number;
  readonly inode: number;
  readonly size: number;
  readonly modifiedAt: Millis;
}

/** The part has another name now. */
class Shifted extends Error {}

/** Rotated parts of a log, oldest first; of one that is just being packed the plain one. */
export function partsOf(base: string): Part[] {
  const found = generations(new Disk(), base).filter((part) => part.path !== base);
  const plain = new Set(found.filter((part) => !part.packed).map((part) => `${part.number} ${part.date}`));
  return found
    .filter((part) => !part.packed || !plain.has(`${part.number} ${part.date}`))
    .flatMap(({ path }) => {
      const facts = fs.lstatSync(bytesOf(path), { throwIfNoEntry: false });
      return facts?.isFile() ? [{ path, dev: facts.dev, inode: facts.ino, size: facts.size, modifiedAt: facts.mtimeMs }] : [];
    });
}

/** A strand from the beginning of a part. Throws `Shifted` when it is not there any more. */
export function openPart(part: Part | undefined): Strand | null {
  if (!part) return null;
  try {
    const { fd, facts } = openFollowed(part.path);
    const strand = strandOf(fd, facts);
    if (facts.ino === part.inode && facts.dev === part.dev) return strand;
    strand.body.close();
  } catch (error) {
    // Refused: a link, or not ours to read. What is gone was renamed or packed.
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) return null;
  }
  throw new Shifted();
}

export function strandOf(fd: number, facts: fs.Stats): Strand {
  const mark = Buffer.alloc(MARK_BYTES);
  const packing = packingIn(mark.subarray(0, fs.readSync(fd, mark, 0, MARK_BYTES, 0)));
  const packed = packing === 'gz' || packing === 'xz' || packing === 'bz2' || packing === 'zst';
  const body: Body = packed ? new PackedBody(fd) : new PlainBody(fd);
  return new Strand({ body, dev: facts.dev, inode: facts.ino, still: packed });
}

/**
 * Puts a strand to a place, if its content fits. A copy may be shorter than the head that was `seen` of the original; `spent` = it ends before
 * the place: a copy that was made while we read on.
 */
export async function goTo(strand: Strand, place: Place, seen: Buffer | null = null): Promise<'there' | 'spent' | 'other'> {
  const size = strand.body.size();
  const head = await strand.body.at(0, place.head.bytes);
  const alike = seen && head.length < seen.length ? head.length > 0 && head.equals(seen.subarray(0, head.length)) : fits(head, place.head);
  if (!alike) return 'other';
  if (size < place.offset) return 'spent';
  const tail = await strand.body.at(place.offset - place.tail.bytes, place.tail.bytes);
  if (strand.body.size() < place.offset) return 'spent';
  if (!fits(tail, place.tail)) return 'other';
  strand.goOn(place, head, tail);
  return 'there';
}

export interface Hit {
  readonly index: number;
  /** Null where there is nothing more in it. */
  readonly strand: Strand | null;
  /** Its first bytes. */
  readonly head: Buffer;
}

/** Which part has the place, with a strand that goes on there. `seen` is the head of a file that is no more. */
export async function findIn(parts: readonly Part[], place: Place, seen: Buffer | null = null): Promise<Hit | null> {
  const order = [...parts.keys()].reverse();
  const same = order.filter((index) => parts[index]?.inode === place.inode);
  // A file that was empty is alike to all others.
  const others = place.head.bytes === 0 ? [] : order.filter((index) => !same.includes(index));
  // Of a copy that is shorter than what was seen of the head so little is alike that only the youngest part can be it.
  const youngest = order.find((index) => (parts[index]?.size ?? 0) > 0);
  const short = seen && youngest !== undefined && (parts[youngest]?.size ?? 0) < seen.length ? [youngest] : [];
  const exact = await firstOf(parts, [...same, ...others], place, null);
  return exact ?? firstOf(parts, short, place, seen);
}

async function firstOf(parts: readonly Part[], order: readonly number[], place: Place, seen: Buffer | null): Promise<Hit | null> {
  let unpacked = 0;
  for (const index of order) {
    const strand = openPart(parts[index]);
    if (!strand) continue;
    const hit = strand.still && ++unpacked > UNPACKED_AT_MOST ? 'other' : await goTo(strand, place, seen);
    if (hit === 'spent') await strand.takeHead();
    const { head } = strand;
    if (hit === 'there') return { index, strand, head };
    strand.body.close();
    if (hit === 'spent') return { index, strand: null, head };
  }
  return null;
}

/** Parts that were written after a place was the present file: those behind it, or by their times where it was not found. */
export function youngerThan(parts: readonly Part[], index: number | null, at: Millis, known: (part: Part) => boolean): Part[] {
  return parts.filter((part, place) => !known(part) && (index === null ? writtenAfter(part, at) : place > index));
}

/** bzip2 and some disks keep whole seconds only. */
function writtenAfter({ modifiedAt }: Part, at: Millis): boolean {
  return (modifiedAt % 1000 === 0 ? modifiedAt + 999 : modifiedAt) >= at - TICK_MS;
}

/** Does it again when the directory was rotated meanwhile; `null` = it never stood still. */
export async function settled<T>(look: (opened: Strand[]) => Promise<T>): Promise<T | null> {
  for (let left = TRIES; left > 0; left -= 1) {
    const opened: Strand[] = [];
    try {
      return await look(opened);
    } catch (error) {
      for (const strand of opened) strand.body.close();
      if (!(error instanceof Shifted)) throw error;
      await new Promise((resolve) => setTimeout(resolve, WAIT_MS));
    }
  }
  return null;
}
