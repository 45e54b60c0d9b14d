/** The record types that queries ask for, as small numbers: a table over the bytes of their names, so that no string is made of a line. */

/** By number; 0 = any other, and the old and new ways to write the unknown ones (`TYPE65`, RFC 3597). */
export const QUERY_TYPES = [
  'other',
  'A',
  'AAAA',
  'ANY',
  'PTR',
  'HTTPS',
  'MX',
  'TXT',
  'NS',
  'SOA',
  'SRV',
  'DS',
  'DNSKEY',
  'RRSIG',
  'CNAME',
  'NAPTR',
  'CAA',
  'SVCB',
  'TLSA',
  'SPF',
  'NSEC',
  'NSEC3',
  'NULL',
  'HINFO',
  'SSHFP',
  'AXFR',
  'IXFR',
  'DNAME',
  'CDS',
  'CDNSKEY',
  'LOC',
  'A6',
] as const;

const TABLE_BITS = 8;
const LETTERS_PACKED = 4;

/** Places of the types by their first four letters and their length; open addressing. */
const numbers = new Uint8Array(1 << TABLE_BITS);
const keys = new Int32Array(1 << TABLE_BITS);

function keyOf(packed: number, length: number): number {
  return Math.imul(packed ^ Math.imul(length, 0x9e3779b1), 0x85ebca6b);
}

QUERY_TYPES.forEach((name, number) => {
  if (number === 0) return;
  let packed = 0;
  for (let index = 0; index < name.length && index < LETTERS_PACKED; index += 1) packed = (packed << 8) | name.charCodeAt(index);
  const key = keyOf(packed, name.length);
  let place = key >>> (32 - TABLE_BITS);
  while (numbers[place] !== 0) place = (place + 1) & (numbers.length - 1);
  numbers[place] = number;
  keys[place] = key;
});

/** Two names that begin alike and are as long would be one: none of the table are (a test holds it). */
export function typeAt(bytes: Uint8Array, start: number, end: number): number {
  let packed = 0;
  const last = end - start > LETTERS_PACKED ? start + LETTERS_PACKED : end;
  // Positions below `end` are inside the bytes.
  for (let at = start; at < last; at += 1) packed = (packed << 8) | (bytes[at] as number);
  const key = keyOf(packed, end - start);
  for (let place = key >>> (32 - TABLE_BITS); ; place = (place + 1) & (numbers.length - 1)) {
    const number = numbers[place] as number;
    if (number === 0 || keys[place] === key) return number;
  }
}
