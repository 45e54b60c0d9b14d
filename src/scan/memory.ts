/**
 * The memory that the innermost loop works on, as plain JavaScript. Its twin `assembly/memory.ts` says the same in AssemblyScript: the
 * other files of this room are compiled with either one.
 */

import { INPUT } from './places.ts';

declare global {
  /** AssemblyScript's name for a 32-bit integer. */
  type i32 = number;
}

let bytes = new Uint8Array(INPUT + (1 << 18));
let words = new Int32Array(bytes.buffer);

/** Room for so many bytes of text; what was there may be lost. */
export function reserve(size: i32): void {
  if (bytes.length >= INPUT + size + 16) return;
  const grown = new Uint8Array((INPUT + size + 65_552) & ~65_535);
  grown.set(bytes.subarray(0, INPUT));
  bytes = grown;
  words = new Int32Array(bytes.buffer);
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

/** `place` is a multiple of 4. */
export function wordAt(place: i32): i32 {
  return words[place >> 2] ?? 0;
}

export function putWord(place: i32, value: i32): void {
  words[place >> 2] = value;
}

/** One step of FNV-1a, 32 bits (RFC 9923). */
export function mixed(hash: i32, byte: i32): i32 {
  return Math.imul(hash ^ byte, 0x01000193);
}

/** The next line end at or after `from`, or `to`. */
export function lineEnd(from: i32, to: i32): i32 {
  const at = bytes.indexOf(10, from);
  return at < 0 || at > to ? to : at;
}

/** The letter of a fixed word. */
export function letter(word: string, index: i32): i32 {
  return word.charCodeAt(index);
}
