/** The address at the end of a log message, where the program wrote it and no attacker-chosen name can reach. */

import { isDigit } from './text.ts';

/** Who is at the other end. `start` is where the host begins in the text; `ip` is null for a host name. */
export interface Peer {
  readonly start: number;
  readonly ip: string | null;
  readonly port: number | null;
}

/** INET6_ADDRSTRLEN is 46, an interface name (IFNAMSIZ) 16: nothing longer is an address. */
const ADDRESS_AT_MOST = 64;

/** `… HOST port N` or `… HOST`, read backwards from `end`. */
export function peerBefore(text: string, end: number): Peer {
  const blank = text.lastIndexOf(' ', end - 1);
  const port = blank >= 5 && text.startsWith(' port', blank - 5) ? portOf(text.slice(blank + 1, end)) : null;
  const hostEnd = port === null ? end : blank - 5;
  const start = port === null ? blank + 1 : text.lastIndexOf(' ', hostEnd - 1) + 1;
  return { start, ip: addressOf(text.slice(start, hostEnd)), port };
}

/** `HOST`, `HOST port N` at `at`, where the address comes before any free text; ends at the first blank or `: `. */
export function peerAt(text: string, at: number): Peer {
  const found = /^(\S{1,64}?)(?: port (\d{1,5}))?(?:: |,? |,?$)/.exec(text.slice(at, at + 2 * ADDRESS_AT_MOST));
  return { start: at, ip: addressOf(found?.[1] ?? ''), port: found?.[2] === undefined ? null : portOf(found[2]) };
}

/** `1.2.3.4:22`, `[2001:db8::1]:22`, `2001:db8::1:22` (dropbear): the port comes after the last colon. */
export function peerWithColon(text: string): Peer {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, Math.max(0, colon));
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return { start: 0, ip: addressOf(bare), port: portOf(text.slice(colon + 1)) };
}

function portOf(text: string): number | null {
  if (text.length < 1 || text.length > 5) return null;
  const port = Number(text);
  return Number.isInteger(port) && port <= 65_535 && isDigit(text.charCodeAt(0)) ? port : null;
}

/** The literal address in a text, or null: interface (`%eth0`) taken off, IPv4-mapped IPv6 as IPv4, so that one peer has one name. */
export function addressOf(text: string): string | null {
  if (text.length < 2 || text.length > ADDRESS_AT_MOST) return null;
  if (isDigit(text.charCodeAt(0)) && isIpv4(text)) return text;
  const percent = text.indexOf('%');
  const bare = (percent < 0 ? text : text.slice(0, percent)).toLowerCase();
  if (!isIpv6(bare)) return null;
  const mapped = bare.startsWith('::ffff:') ? bare.slice(7) : '';
  return isIpv4(mapped) ? mapped : bare;
}

function isIpv4(text: string): boolean {
  let dots = 0;
  let digits = 0;
  let value = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 46 && digits > 0) {
      dots += 1;
      digits = 0;
      value = 0;
    } else if (isDigit(code) && !(digits > 0 && value === 0)) {
      digits += 1;
      value = value * 10 + code - 48;
      if (value > 255) return false;
    } else return false;
  }
  return dots === 3 && digits > 0;
}

/** RFC 4291 section 2.2: eight groups of up to four hexadecimal digits, one run of them as `::`, the last two also as IPv4. */
function isIpv6(text: string): boolean {
  const gap = text.indexOf('::');
  const groups = (gap < 0 ? text : text.slice(gap + 2)).split(':');
  const last = groups[groups.length - 1] ?? '';
  const tail = last.includes('.') && isIpv4(last) ? 1 : 0;
  const front = gap < 0 || gap === 0 ? [] : text.slice(0, gap).split(':');
  const back = gap >= 0 && text.length === gap + 2 ? [] : groups.slice(0, groups.length - tail);
  const count = front.length + back.length + 2 * tail;
  if (gap < 0 ? count !== 8 : count > 7) return false;
  return front.every(isGroup) && back.every(isGroup);
}

function isGroup(text: string): boolean {
  return /^[0-9a-f]{1,4}$/.test(text);
}

/** RFC 1123 section 2.1: labels of letters, digits and hyphens; one dot at least, and a letter. */
const HOST_NAME = /^(?=[\d.-]{0,253}[a-z])[a-z\d_-]{1,63}(?:\.[a-z\d_-]{1,63}){1,10}\.?$/;
const HOST_NAME_AT_MOST = 253;

/** Who is told as the other end: an address, or the name that stands there in its place (UseDNS), which nobody looks up here. */
export function sourceOf(word: string): string | null {
  const ip = addressOf(word);
  if (ip !== null || word.length < 4 || word.length > HOST_NAME_AT_MOST) return ip;
  const name = word.toLowerCase();
  return HOST_NAME.test(name) ? name : null;
}
