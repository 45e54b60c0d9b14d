/**
 * Is a target made of plain characters and free of every word that attacks are made of? Two characters at a time are looked up in a table,
 * and three letters in another; only where they belong to some word is anything compared. Both tables are written by engine/access-tables.ts.
 */

import { byteAt, wordAt } from './memory.ts';
import { PAIRS, TRIPLES, WORDS } from './places.ts';

/** What PAIRS says of two characters; 0 = nothing. The second one begins a value. */
export const VALUE: i32 = 1;
/** The second one is not plain, or both together are not. */
export const ODD: i32 = 2;
/** TRIPLES holds for three letters (five bits each: small and capital ones are the same) the number of their words, from 1. */
export const LETTER_BITS: i32 = 5;
export const TRIPLE_MASK: i32 = 0x7fff;
export const GROUPS_AT_MOST: i32 = 255;
/** WORDS begins with a word for each group: where its words stand. Each: for which requests, place of the three letters, length, letters, padded to 4. */
export const GROUP_WORDS: i32 = 256;
/** For which requests a word counts: bits. */
export const ANY: i32 = 1;
export const POSTED: i32 = 2;
/** Longer values may be Base64 of something. */
export const VALUE_AT_MOST: i32 = 14;

/** Longer targets make lines that are cut. */
const TARGET_AT_MOST: i32 = 8_192;

const BLANK: i32 = 32;
const AND: i32 = 38;
const POINT: i32 = 46;
const EQUALS: i32 = 61;
const UNDERSCORE: i32 = 95;

/** Where the target that begins at `start` ends with a blank; -1 where it is not plain. `whose` = the bits of the request. A line end is not plain. */
export function endOfPlain(start: i32, whose: i32): i32 {
  let before: i32 = BLANK;
  let triple: i32 = 0;
  for (let at: i32 = start; at - start < TARGET_AT_MOST; at++) {
    const code: i32 = byteAt(at);
    const pair: i32 = byteAt(PAIRS + (before << 8) + code);
    if (pair !== 0) {
      if (pair === ODD) return code === BLANK ? at : -1;
      if (!isPlainValue(start, at)) return -1;
    }
    triple = ((triple << LETTER_BITS) | (code & 31)) & TRIPLE_MASK;
    const group: i32 = byteAt(TRIPLES + triple);
    if (group !== 0 && isWord(group, start, at, whose)) return -1;
    before = code;
  }
  return -1;
}

/** Not `1=1`, and not longer than a value that says nothing. */
function isPlainValue(start: i32, equals: i32): boolean {
  if (equals > start && isDigit(byteAt(equals - 1)) && isDigit(byteAt(equals + 1))) return false;
  for (let at: i32 = equals + 1; at <= equals + VALUE_AT_MOST; at++) {
    const code: i32 = byteAt(at);
    if (code === AND || code === POINT || code === UNDERSCORE || code === EQUALS || code <= BLANK) return true;
  }
  const after: i32 = byteAt(equals + VALUE_AT_MOST + 1);
  return after === AND || after === POINT || after === UNDERSCORE || after === EQUALS || after <= BLANK;
}

function isDigit(code: i32): boolean {
  return code >= 48 && code <= 57;
}

/** `at` is the last of the three letters. Words have plain characters alone, so that none goes on behind the target. */
function isWord(group: i32, start: i32, at: i32, whose: i32): boolean {
  let word: i32 = WORDS + wordAt(WORDS + (group << 2));
  let length: i32 = wordAt(word + 8);
  while (length !== 0) {
    const first: i32 = at - 2 - wordAt(word + 4);
    if ((wordAt(word) & whose) !== 0 && first >= start && isThere(word + 12, first, length)) return true;
    word += 12 + ((length + 3) & ~3);
    length = wordAt(word + 8);
  }
  return false;
}

/** In small or in capital letters. */
function isThere(word: i32, at: i32, length: i32): boolean {
  for (let index: i32 = 0; index < length; index++) {
    const code: i32 = byteAt(at + index);
    const small: i32 = code >= 65 && code <= 90 ? code + 32 : code;
    if (small !== byteAt(word + index)) return false;
  }
  return true;
}
