/** Which parsers read the lines of a program: a small table by the name in the tag. */

import { hashOf, isSame, placeIn } from './cursor.ts';
import { wordAt } from './memory.ts';
import { PROGRAMS } from './places.ts';

/** A power of two, and at least twice as many as there are names. The next place is tried as long as one is taken by another name. */
export const PROGRAM_PLACES: i32 = 1_024;
/** Bits of the parsers, length of the name, the name. */
export const PROGRAM_BYTES: i32 = 64;
export const PROGRAM_NAME_AT_MOST: i32 = 56;

/** A bit for each parser that wants lines of the program; 0 = nobody does. */
export function readersOf(start: i32, end: i32): i32 {
  if (end - start > PROGRAM_NAME_AT_MOST) return 0;
  for (let place: i32 = placeIn(hashOf(start, end), PROGRAM_PLACES), tried: i32 = 0; tried < PROGRAM_PLACES; tried++) {
    const slot: i32 = PROGRAMS + place * PROGRAM_BYTES;
    const length: i32 = wordAt(slot + 4);
    if (length === 0) return 0;
    if (length === end - start && isSame(slot + 8, start, end)) return wordAt(slot);
    place = (place + 1) & (PROGRAM_PLACES - 1);
  }
  return 0;
}
