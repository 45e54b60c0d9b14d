/**
 * Where the reader of a log is, as plain data that outlives a restart: which file by its inode and its first bytes, how far by the offset
 * and the bytes before it. A name says nothing: logrotate gives it to another file every night.
 */

import { createHash } from 'node:crypto';
import type { Millis } from '../core/words.ts';

/** Of the beginning: several lines with their stamps, so that no two days begin alike. */
export const HEAD_BYTES = 1024;
/** Of what stands before the offset, a line or more: a file that was emptied and grew past it, or was written over, is told by this. */
export const TAIL_BYTES = 256;

/** A piece of a file without its content. */
export interface Print {
  readonly bytes: number;
  /** Lower-case hex. */
  readonly sha256: string;
}

export interface Place {
  readonly dev: number;
  readonly inode: number;
  /** Of the first byte that was not judged yet: the beginning of a line. */
  readonly offset: number;
  /** Lines before it. */
  readonly lines: number;
  readonly head: Print;
  readonly tail: Print;
  /** The largest size that was seen. */
  readonly size: number;
  /** It stands within an over-long line, the rest of which is to be passed over. */
  readonly inLine?: true;
  /** When this was the file of that name. */
  readonly at: Millis;
}

/** One followed path: the file of that name last; before it those that were renamed and may still be written to, oldest first. */
export interface PathState {
  readonly places: readonly Place[];
  /** Heads of the files that were read to their end lately: packed under another name they are not new. */
  readonly read?: readonly Print[];
}

export interface FollowState {
  readonly at: Millis;
  readonly paths: Readonly<Record<string, PathState>>;
}

/** No file was there then. */
export function nowhere(at: Millis): Place {
  const empty = printOf(Buffer.alloc(0));
  return { dev: 0, inode: 0, offset: 0, lines: 0, head: empty, tail: empty, size: 0, at };
}

export function printOf(bytes: Buffer): Print {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** Of a head: that of nothing is like any other. */
export function isAmong(head: Buffer, prints: readonly Print[]): boolean {
  return head.length > 0 && prints.some((print) => fits(head, print));
}

export function fits(bytes: Buffer, print: Print): boolean {
  return bytes.length === print.bytes && printOf(bytes).sha256 === print.sha256;
}

/** What was saved by an older version, or damaged, is no state: then reading begins as on the first day. */
export function isFollowState(value: unknown): value is FollowState {
  if (!isRecord(value) || typeof value['at'] !== 'number' || !isRecord(value['paths'])) return false;
  return Object.values(value['paths']).every(isPathState);
}

function isPathState(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { places, read } = value;
  return Array.isArray(places) && places.every(isPlace) && (read === undefined || (Array.isArray(read) && read.every(isPrint)));
}

function isPlace(value: unknown): value is Place {
  if (!isRecord(value)) return false;
  const counts = ['dev', 'inode', 'offset', 'lines', 'size', 'at'].every((key) => Number.isFinite(value[key]) && Number(value[key]) >= 0);
  return counts && isPrint(value['head']) && isPrint(value['tail']) && (value['inLine'] === undefined || value['inLine'] === true);
}

function isPrint(value: unknown): value is Print {
  return isRecord(value) && Number.isInteger(value['bytes']) && typeof value['sha256'] === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
