/** The memory of the innermost loop in AssemblyScript: the twin of `src/scan/memory.ts`, with the same answers. */

import { INPUT } from './places';

export function reserve(size: i32): void {
  const wanted: i32 = (INPUT + size + 16 + 65_535) >> 16;
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
export function mixed(hash: i32, byte: i32): i32 {
  return (hash ^ byte) * 0x01000193;
}

/** Sixteen bytes at a time; `reserve` leaves room for the last look. */
export function lineEnd(from: i32, to: i32): i32 {
  const newline: v128 = i8x16.splat(10);
  for (let at: i32 = from; at < to; at += 16) {
    const mask: i32 = i8x16.bitmask(i8x16.eq(v128.load(at), newline));
    if (mask !== 0) {
      const found: i32 = at + ctz(mask);
      return found < to ? found : to;
    }
  }
  return to;
}

// @ts-ignore
@inline
export function letter(word: string, index: i32): i32 {
  return <i32>load<u16>(changetype<usize>(word) + ((<usize>index) << 1));
}
