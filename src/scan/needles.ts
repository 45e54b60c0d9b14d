/**
 * One search for the needles of all parsers: words of which one stands in every line that a parser takes. Two letters of the text at a
 * time are looked up in a table; only where some needle begins so is anything compared.
 */

import { byteAt, wordAt } from './memory.ts';
import { NEEDLES, PAIRS } from './places.ts';

/** Among the bits of a program's parsers: one of them has no needles, and must see every line. */
export const EVERY_LINE: i32 = 1 << 30;
/** Needles that begin with the same two letters are a group; groups have numbers from 1, which PAIRS holds by the two letters. */
export const GROUPS_AT_MOST: i32 = 255;
/** NEEDLES begins with a word for each group: where its needles stand; 0 behind the last. Each: bits of its parsers, length, letters, padded to 4. */
export const GROUP_WORDS: i32 = 256;

export function hasNeedle(start: i32, end: i32, readers: i32): boolean {
  const last: i32 = end - 1;
  let first: i32 = byteAt(start);
  for (let at: i32 = start; at < last; at++) {
    const second: i32 = byteAt(at + 1);
    const group: i32 = byteAt(PAIRS + (first << 8) + second);
    if (group !== 0 && isAnyOf(group, at, end, readers)) return true;
    first = second;
  }
  return false;
}

function isAnyOf(group: i32, at: i32, end: i32, readers: i32): boolean {
  let needle: i32 = NEEDLES + wordAt(NEEDLES + (group << 2));
  let length: i32 = wordAt(needle + 4);
  while (length !== 0) {
    if ((wordAt(needle) & readers) !== 0 && at + length <= end && isSame(needle + 8, at, length)) return true;
    needle += 8 + ((length + 3) & ~3);
    length = wordAt(needle + 4);
  }
  return false;
}

function isSame(needle: i32, at: i32, length: i32): boolean {
  for (let index: i32 = 2; index < length; index++) if (byteAt(needle + index) !== byteAt(at + index)) return false;
  return true;
}
