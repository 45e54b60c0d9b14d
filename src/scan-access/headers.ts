/** Referrers and agents that were judged to be innocent: they come again and again. The tables forget. */

import { byteAt, isSame, mixed, putByte, putWord, wordAt } from './memory.ts';
import { HEADERS, LONG_HEADERS } from './places.ts';

/** Sets of four places each, a power of two: a busy site has some ten thousand different agents and referrers. */
const SETS: i32 = 4_096;
const PLACES: i32 = 4;
/** Length and kind, hash, and the header itself. */
const PLACE_BYTES: i32 = 256;
const HEAD_BYTES: i32 = 8;
/** Longer ones, of which there are few, have a table of their own. */
const SHORT_AT_MOST: i32 = 248;
const LONG_SETS: i32 = 256;
const LONG_PLACE_BYTES: i32 = 1_024;
/** Even longer ones are judged each time anew. */
export const HEADER_AT_MOST: i32 = 1_016;

/** Which place of a full set is taken next. */
let turn: i32 = 0;

export function isKnown(start: i32, end: i32, kind: i32): boolean {
  const length: i32 = end - start;
  if (length > HEADER_AT_MOST) return false;
  const hash: i32 = hashOf(start, end, kind);
  const size: i32 = placeBytes(length);
  const set: i32 = setOf(hash, length);
  const mark: i32 = (kind << 16) | length;
  for (let place: i32 = set; place < set + PLACES * size; place += size)
    if (wordAt(place) === mark && wordAt(place + 4) === hash && isSame(place + HEAD_BYTES, start, length)) return true;
  return false;
}

export function learn(start: i32, end: i32, kind: i32): void {
  const length: i32 = end - start;
  if (length > HEADER_AT_MOST) return;
  const hash: i32 = hashOf(start, end, kind);
  const size: i32 = placeBytes(length);
  const set: i32 = setOf(hash, length);
  let place: i32 = set;
  while (place < set + PLACES * size && wordAt(place) !== 0) place += size;
  if (place === set + PLACES * size) {
    turn = (turn + 1) & (PLACES - 1);
    place = set + turn * size;
  }
  // Never 0, which an empty place has: kinds begin at 1.
  putWord(place, (kind << 16) | length);
  putWord(place + 4, hash);
  for (let at: i32 = start; at < end; at++) putByte(place + HEAD_BYTES + at - start, byteAt(at));
}

function placeBytes(length: i32): i32 {
  return length > SHORT_AT_MOST ? LONG_PLACE_BYTES : PLACE_BYTES;
}

function setOf(hash: i32, length: i32): i32 {
  const mixedBits: i32 = hash ^ (hash >> 15) ^ (hash >> 20);
  if (length > SHORT_AT_MOST) return LONG_HEADERS + (mixedBits & (LONG_SETS - 1)) * PLACES * LONG_PLACE_BYTES;
  return HEADERS + (mixedBits & (SETS - 1)) * PLACES * PLACE_BYTES;
}

/**
 * Four sums side by side, of four bytes each; the last sixteen bytes may overlap those before. Whoever makes two that agree makes this
 * slower, and nothing else: all bytes are compared.
 */
function hashOf(start: i32, end: i32, kind: i32): i32 {
  let one: i32 = mixed(kind, end - start);
  if (end - start < 16) {
    for (let at: i32 = start; at < end; at++) one = mixed(one, byteAt(at));
    return one;
  }
  let two: i32 = 0;
  let three: i32 = 0;
  let four: i32 = 0;
  const last: i32 = end - 16;
  for (let at: i32 = start; ; at = at + 16 < last ? at + 16 : last) {
    one = mixed(one, wordAt(at));
    two = mixed(two, wordAt(at + 4));
    three = mixed(three, wordAt(at + 8));
    four = mixed(four, wordAt(at + 12));
    if (at === last) break;
  }
  return mixed(mixed(mixed(one, two), three), four);
}
