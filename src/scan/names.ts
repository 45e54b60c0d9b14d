/** Account names that come again and again get a number, so that each becomes a string once. The table forgets: one name a place. */

import { hashOf, isSame, NAME_AT_MOST, placeIn } from './cursor.ts';
import { byteAt, putByte, putWord, wordAt } from './memory.ts';
import { NAMES } from './places.ts';

/** A power of two: guessers choose names by the thousand. */
const PLACES: i32 = 16_384;
/** Length, hash, and the name itself. */
const PLACE_BYTES: i32 = 64;

/** Did `placeOf` put a new name there? */
export let isNew: boolean = false;

/** Where in the table the name now stands. */
export function placeOf(start: i32, end: i32): i32 {
  const hash: i32 = hashOf(start, end);
  const place: i32 = placeIn(hash, PLACES);
  const slot: i32 = NAMES + place * PLACE_BYTES;
  isNew = wordAt(slot) !== end - start || wordAt(slot + 4) !== hash || !isSame(slot + 8, start, end);
  if (isNew) keep(slot, hash, start, end);
  return place;
}

function keep(slot: i32, hash: i32, start: i32, end: i32): void {
  if (end - start > NAME_AT_MOST) return;
  putWord(slot, end - start);
  putWord(slot + 4, hash);
  for (let at: i32 = start; at < end; at++) putByte(slot + 8 + at - start, byteAt(at));
}
