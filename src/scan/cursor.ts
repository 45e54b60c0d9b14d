/** Small readings of bytes that all forms of messages are made of. Ends are exclusive; -1 = it is not there. */

import { byteAt, letter, mixed } from './memory.ts';

export const BLANK: i32 = 32;
export const COLON: i32 = 58;
/** The longest name that is read here; parsers take longer ones. */
export const NAME_AT_MOST: i32 = 48;

export function begins(at: i32, end: i32, word: string): boolean {
  const length: i32 = word.length;
  if (at + length > end) return false;
  for (let index: i32 = 0; index < length; index++) if (byteAt(at + index) !== letter(word, index)) return false;
  return true;
}

/** A name without blanks, printable ASCII, ended by a blank. */
export function endOfName(start: i32, end: i32): i32 {
  for (let at: i32 = start; at < end && at - start <= NAME_AT_MOST; at++) {
    const code: i32 = byteAt(at);
    if (code === BLANK) return at > start ? at : -1;
    if (code < BLANK || code > 126) return -1;
  }
  return -1;
}

/** Does all of it consist of printable ASCII without blanks, and is it no longer than a name? */
export function isName(start: i32, end: i32): boolean {
  if (end <= start || end - start > NAME_AT_MOST) return false;
  for (let at: i32 = start; at < end; at++) {
    const code: i32 = byteAt(at);
    if (code <= BLANK || code > 126) return false;
  }
  return true;
}

/** The address that `endOfAddress` read last. */
export let address: i32 = 0;

/** IPv4: four numbers up to 255 without leading zeros; behind it a blank, a colon or the end. */
export function endOfAddress(start: i32, end: i32): i32 {
  let at: i32 = start;
  let whole: i32 = 0;
  for (let part: i32 = 0; part < 4; part++) {
    const first: i32 = at;
    let value: i32 = 0;
    while (at < end && at - first < 3) {
      const digit: i32 = byteAt(at) - 48;
      if (digit < 0 || digit > 9) break;
      value = value * 10 + digit;
      at++;
    }
    if (at === first || value > 255 || (at - first > 1 && byteAt(first) === 48)) return -1;
    whole = (whole << 8) | value;
    if (part === 3) break;
    if (at >= end || byteAt(at) !== 46) return -1;
    at++;
  }
  address = whole;
  if (at === end) return at;
  const next: i32 = byteAt(at);
  return next === BLANK || next === COLON ? at : -1;
}

/** The number that `endOfDigits` or `endOfPort` read last. */
export let digits: i32 = 0;

/** At least one digit, at most `most`. */
export function endOfDigits(start: i32, end: i32, most: i32): i32 {
  let at: i32 = start;
  let value: i32 = 0;
  while (at < end) {
    const digit: i32 = byteAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    if (at - start >= most) return -1;
    value = value * 10 + digit;
    at++;
  }
  digits = value;
  return at > start ? at : -1;
}

/** ` port N`, N up to 65535. */
export function endOfPort(start: i32, end: i32): i32 {
  if (!begins(start, end, ' port ')) return -1;
  const last: i32 = endOfDigits(start + 6, end, 5);
  return last < 0 || digits > 65_535 ? -1 : last;
}

/** FNV-1a, 32 bits (RFC 9923), before the first byte. */
export const FNV_START: i32 = -2_128_831_035;

export function hashOf(start: i32, end: i32): i32 {
  let hash: i32 = FNV_START;
  for (let at: i32 = start; at < end; at++) hash = mixed(hash, byteAt(at));
  return hash;
}

/** Where what has this hash belongs in a table of so many places, a power of two. */
export function placeIn(hash: i32, places: i32): i32 {
  return (hash ^ (hash >> 15)) & (places - 1);
}

/** Does the same stand at `other` as from `start` to `end`? */
export function isSame(other: i32, start: i32, end: i32): boolean {
  for (let at: i32 = start; at < end; at++) if (byteAt(other + at - start) !== byteAt(at)) return false;
  return true;
}

/** Two digits, or -1. */
export function twoDigits(at: i32): i32 {
  const tens: i32 = byteAt(at) - 48;
  const ones: i32 = byteAt(at + 1) - 48;
  return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
}
