/** The memory of the loop over access logs in AssemblyScript: the twin of `src/scan-access/memory.ts`, with the same answers. */

import { INPUT } from './places';

/** Behind the text, for looks at several bytes at once. */
const SLACK: i32 = 64;

export function reserve(size: i32): void {
  const wanted: i32 = (INPUT + size + SLACK + 65_535) >> 16;
  const there: i32 = memory.size();
  if (wanted > there) memory.grow(wanted - there);
}

// @ts-ignore: decorators of functions are AssemblyScript's
@inline
export function byteAt(place: i32): i32 {
  return <i32>load<u8>(place);
}

// @ts-ignore
@inline
export function putByte(place: i32, value: i32): void {
  store<u8>(place, <u8>value);
}

// @ts-ignore
@inline
export function wordAt(place: i32): i32 {
  return load<i32>(place);
}

// @ts-ignore
@inline
export function putWord(place: i32, value: i32): void {
  store<i32>(place, value);
}

// @ts-ignore
@inline
export function mixed(hash: i32, word: i32): i32 {
  return (hash ^ word) * 0x01000193;
}

/** Sixteen bytes at a time; the last sixteen may overlap those before. */
export function isSame(one: i32, other: i32, length: i32): boolean {
  if (length < 16) {
    for (let index: i32 = 0; index < length; index++) if (load<u8>(one + index) !== load<u8>(other + index)) return false;
    return true;
  }
  for (let index: i32 = 0; index < length - 16; index += 16) if (!v128.all_true<i8>(i8x16.eq(v128.load(one + index), v128.load(other + index)))) return false;
  return v128.all_true<i8>(i8x16.eq(v128.load(one + length - 16), v128.load(other + length - 16)));
}

/** Sixteen bytes at a time; `reserve` leaves room for the last look. */
export function find(from: i32, last: i32, code: i32): i32 {
  const wanted: v128 = i8x16.splat(<i8>code);
  const newline: v128 = i8x16.splat(10);
  for (let at: i32 = from; at < last; at += 16) {
    const here: v128 = v128.load(at);
    const mask: i32 = i8x16.bitmask(v128.or(i8x16.eq(here, wanted), i8x16.eq(here, newline)));
    if (mask !== 0) {
      const found: i32 = at + ctz(mask);
      return found < last ? found : last;
    }
  }
  return last;
}

export function findBracket(from: i32, last: i32): i32 {
  const open: v128 = i8x16.splat(91);
  const close: v128 = i8x16.splat(93);
  const newline: v128 = i8x16.splat(10);
  for (let at: i32 = from; at < last; at += 16) {
    const here: v128 = v128.load(at);
    const mask: i32 = i8x16.bitmask(v128.or(v128.or(i8x16.eq(here, open), i8x16.eq(here, close)), i8x16.eq(here, newline)));
    if (mask !== 0) {
      const found: i32 = at + ctz(mask);
      return found < last ? found : last;
    }
  }
  return last;
}
