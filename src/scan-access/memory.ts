/**
 * The memory that the loop over access logs works on, as plain JavaScript. Its twin `assembly/access-memory.ts` says the same in
 * AssemblyScript: the other files of this room are compiled with either one. (`i32` is declared in src/scan/memory.ts.)
 */

import { INPUT } from './places.ts';

/** Behind the text, for looks at several bytes at once. */
const SLACK = 64;
const PAGE = 65_536;

let bytes = new Uint8Array(INPUT + (1 << 18) + SLACK);
let view = new DataView(bytes.buffer);

/** Room for so many bytes of text; what was there may be lost. */
export function reserve(size: i32): void {
  if (bytes.length >= INPUT + size + SLACK) return;
  const grown = new Uint8Array((INPUT + size + SLACK + PAGE - 1) & ~(PAGE - 1));
  grown.set(bytes.subarray(0, INPUT));
  bytes = grown;
  view = new DataView(bytes.buffer);
}

/** All of it, for the side that fills and reads it. Valid until `reserve` is called. */
export function all(): Uint8Array {
  return bytes;
}

export function byteAt(place: i32): i32 {
  return bytes[place] ?? 0;
}

export function putByte(place: i32, value: i32): void {
  bytes[place] = value;
}

/** Four bytes from any place on, the first one lowest. */
export function wordAt(place: i32): i32 {
  return view.getInt32(place, true);
}

export function putWord(place: i32, value: i32): void {
  view.setInt32(place, value, true);
}

/** One step of FNV-1a, 32 bits (RFC 9923), with four bytes in the place of one. */
export function mixed(hash: i32, word: i32): i32 {
  return Math.imul(hash ^ word, 0x01000193);
}

/** Does the same stand at both places? */
export function isSame(one: i32, other: i32, length: i32): boolean {
  for (let index = 0; index < length; index += 1) if (bytes[one + index] !== bytes[other + index]) return false;
  return true;
}

/** Where `code` or the end of the line comes first; `last` where neither comes. */
export function find(from: i32, last: i32, code: i32): i32 {
  for (let at = from; at < last; at += 1) if (bytes[at] === code || bytes[at] === 10) return at;
  return last;
}

/** Where a square bracket or the end of the line comes first; `last` where neither comes. */
export function findBracket(from: i32, last: i32): i32 {
  for (let at = from; at < last; at += 1) {
    const code = bytes[at];
    if (code === 91 || code === 93 || code === 10) return at;
  }
  return last;
}
