/** Addresses in the one form in which they are counted and compared: `2001:DB8:0::1` and `2001:db8::1` are one, and so are `::ffff:192.0.2.1` and `192.0.2.1`. */

import { addressBits } from '../../core/address-bits.ts';

/** Nearly all addresses in logs: nothing about them has to be changed. */
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const PLAIN_IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);

/** RFC 5952 for IPv6; null for what is no address. With `length`, the network of that many bits that it lies in, as `192.0.2.0/24`. */
export function canonicalAddress(text: string, length: number | null = null): string | null {
  if (length === null && PLAIN_IPV4.test(text)) return text;
  const bits = addressBits(text);
  if (bits === null) return null;
  if (length === null || length >= bits.length) return spelled(bits);
  return `${spelled(bits.slice(0, length).padEnd(bits.length, '0'))}/${length}`;
}

function spelled(bits: string): string {
  const width = bits.length === 32 ? 8 : 16;
  const numbers: number[] = [];
  for (let at = 0; at < bits.length; at += width) numbers.push(Number.parseInt(bits.slice(at, at + width), 2));
  return width === 8 ? numbers.join('.') : six(numbers);
}

/** The longest run of two or more zeros is `::`, the first of several as long. */
function six(groups: readonly number[]): string {
  let from = -1;
  let length = 1;
  for (let start = 0; start < groups.length; start += 1) {
    let end = start;
    while (groups[end] === 0) end += 1;
    if (end - start > length) {
      from = start;
      length = end - start;
    }
  }
  const words = groups.map((group) => group.toString(16));
  return from < 0 ? words.join(':') : `${words.slice(0, from).join(':')}::${words.slice(from + length).join(':')}`;
}

/** A network, for asking whether it holds an address. */
export interface Network {
  /** How many bits its addresses have: those of the other family are never in it. */
  readonly family: 32 | 128;
  /** Those that are fixed. */
  readonly bits: string;
}

/** `192.0.2.0/24`, `192.0.2.0/255.255.255.0`, `2001:db8::/32` or a single address; null for what is none. */
export function networkOf(text: string): Network | null {
  const [address = '', mask, more] = text.replace(/^\[(.*)\]$/, '$1').split('/');
  const bits = addressBits(address);
  if (bits === null || more !== undefined) return null;
  const family = bits.length === 32 ? 32 : 128;
  if (mask === undefined) return { family, bits };
  const length = /^\d{1,3}$/.test(mask) ? Number(mask) : maskLength(mask);
  return length === null || length > family ? null : { family, bits: bits.slice(0, length) };
}

function maskLength(mask: string): number | null {
  const bits = addressBits(mask);
  return bits !== null && /^1*0*$/.test(bits) ? bits.replace(/0+$/, '').length : null;
}

/** Whether a network holds the address that these bits are. */
export function holds({ family, bits }: Network, address: string): boolean {
  return address.length === family && address.startsWith(bits);
}
