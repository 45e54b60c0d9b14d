/** Addresses and networks as ranges of numbers: strictly read, canonically written, compared. What an order names is one of these. */

import { addressOf } from './peer.ts';

/** One address or a CIDR network: `first` has no bits set behind `prefix`. */
export interface Net {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
  readonly prefix: number;
}

/** `2001:db8:…/128` and IPv4 in IPv6 fit; nothing longer is a network. */
const TEXT_AT_MOST = 64;

export const WIDTH = { 4: 32, 6: 128 } as const;

/** A network, or why the text is none: one sentence without its end. */
export function netOf(text: string): Net | string {
  if (text.length > TEXT_AT_MOST) return 'is longer than any address';
  const slash = text.indexOf('/');
  const word = slash < 0 ? text : text.slice(0, slash);
  const ip = word.includes('%') ? null : addressOf(word);
  if (ip === null) return 'is no address and no network';
  const mapped = word.includes(':') && !ip.includes(':');
  const family = ip.includes(':') ? 6 : 4;
  const prefix = slash < 0 ? WIDTH[family] : prefixOf(text.slice(slash + 1), mapped);
  if (prefix === null || prefix < 0 || prefix > WIDTH[family]) return 'has no prefix length that fits';
  const net = netAround(family, numberOf(ip), prefix);
  return net.first === numberOf(ip) ? net : `has host bits set: write ${netText(net)}`;
}

function prefixOf(text: string, mapped: boolean): number | null {
  if (!/^(?:0|[1-9]\d{0,2})$/.test(text)) return null;
  return Number(text) - (mapped ? 96 : 0);
}

/** The network of that length in which an address lies. */
export function netAround(family: 4 | 6, address: bigint, prefix: number): Net {
  const rest = (1n << BigInt(WIDTH[family] - prefix)) - 1n;
  const first = address & ~rest;
  return { family, first, last: first | rest, prefix };
}

/** The number of an address that `addressOf` has read. */
function numberOf(ip: string): bigint {
  if (!ip.includes(':')) return BigInt(fourOf(ip));
  const dot = ip.lastIndexOf(':') + 1;
  const four = ip.includes('.') ? fourOf(ip.slice(dot)) : null;
  const plain = four === null ? ip : `${ip.slice(0, dot)}${(four >>> 16).toString(16)}:${(four & 0xffff).toString(16)}`;
  const gap = plain.indexOf('::');
  const head = gap < 0 ? plain.split(':') : groupsOf(plain.slice(0, gap));
  const tail = gap < 0 ? [] : groupsOf(plain.slice(gap + 2));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => '0');
  return BigInt(`0x${[...head, ...zeros, ...tail].map((group) => group.padStart(4, '0')).join('')}`);
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}

function fourOf(ip: string): number {
  let value = 0;
  let byte = 0;
  for (let at = 0; at < ip.length; at += 1) {
    const code = ip.charCodeAt(at);
    if (code === 46) {
      value = value * 256 + byte;
      byte = 0;
    } else byte = byte * 10 + code - 48;
  }
  return value * 256 + byte;
}

/** As it is compared, shown and given to the kernel: `203.0.113.9`, `2001:db8::/48`. */
export function netText(net: Net): string {
  const ip = addressText(net.family, net.first);
  return net.prefix === WIDTH[net.family] ? ip : `${ip}/${net.prefix}`;
}

/** RFC 5952: lower case, no leading zeros, the longest run of zero groups as `::`. */
export function addressText(family: 4 | 6, address: bigint): string {
  if (family === 4) {
    const value = Number(address);
    return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
  }
  const hex = address.toString(16).padStart(32, '0');
  const groups = Array.from({ length: 8 }, (_, at) => Number.parseInt(hex.slice(at * 4, at * 4 + 4), 16).toString(16));
  let start = -1;
  let longest = 1;
  for (let at = 0; at < 8; at += 1) {
    let end = at;
    while (groups[end] === '0') end += 1;
    if (end - at > longest) {
      start = at;
      longest = end - at;
    }
  }
  return start < 0 ? groups.join(':') : `${groups.slice(0, start).join(':')}::${groups.slice(start + longest).join(':')}`;
}

export function overlap(a: Net, b: Net): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** Does `outer` hold all of `inner`? */
export function holds(outer: Net, inner: Net): boolean {
  return outer.family === inner.family && outer.first <= inner.first && inner.last <= outer.last;
}
