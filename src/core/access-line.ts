/**
 * One line of a web server's access log as a request: Apache and nginx in all their usual forms, lighttpd, Traefik, squid and HAProxy.
 * Nothing is taken from inside a quoted field, because visitors choose what stands there.
 * Cannot see: formats that put the request line without quotation marks, and what a reverse proxy hides (its own address stands first).
 */

import { given, quotedAt, quoteEnd, unescaped } from './access-escape.ts';
import { readAccessJson } from './access-json.ts';
import { readSquid } from './access-squid.ts';
import { clfTime, looksLikeClf, type Stamp } from './access-time.ts';
import { addressOf } from './peer.ts';
import { isDigit } from './text.ts';
import type { AccessLine, WebRequest } from './web-request.ts';

/** Longer lines are cut: a request line and its headers are limited to 8 KiB by the servers (LimitRequestLine, large_client_header_buffers). */
export const ACCESS_LINE_AT_MOST = 8_192;

const BLANK = 32;
/** The most digits of a size: a petabyte. */
const BYTES_DIGITS = 15;

export function readAccess(whole: string): AccessLine | null {
  const line = whole.length > ACCESS_LINE_AT_MOST ? whole.slice(0, ACCESS_LINE_AT_MOST) : whole;
  if (line.charCodeAt(0) === 123) return readAccessJson(line);
  const open = stampOf(line);
  if (open < 0) return readSquid(line) ?? told(line, null);
  const close = line.indexOf(']', open);
  const stamp = clfTime(line.slice(open + 1, close));
  if (stamp === null) return null;
  return line.charAt(close + 2) === '"' ? logged(line, open, close + 2, stamp) : (proxied(line, open, close + 2, stamp) ?? told(line, stamp));
}

/** Application servers write the request behind one address, in an order of their own: `INFO: 192.0.2.9:4711 - "GET / HTTP/1.1" 200 OK`. */
const HEAD_AT_MOST = 200;

function told(line: string, stamp: Stamp | null): AccessLine | null {
  const quote = line.indexOf('"');
  if (quote < 7 || quote > HEAD_AT_MOST || line.charAt(quote - 1) !== ' ' || (stamp === null && !/[\da-f]\]?(?: -)? $/i.test(line.slice(0, quote))))
    return null;
  const end = quoteEnd(line, quote + 1);
  const asked = end < 0 ? null : requestOf(unescaped(line.slice(quote + 1, end)));
  if (!asked || asked.method === null || asked.version === null) return null;
  const answer = answerAt(line, end + 1);
  const words = line.slice(0, quote).split(/[ [\]]+/);
  const ips = new Set(words.flatMap((word) => visitor(word) ?? []));
  const [ip = null] = ips;
  const before = words.filter((word) => word !== '' && word !== '-').at(-1) ?? '';
  if (answer.status === null || ips.size !== 1 || (stamp === null && visitor(before) === null)) return null;
  const site = words.find((word) => /^(?=[\d.-]*[a-z])[a-z\d-]+(?:\.[a-z\d-]+)+$/i.test(word));
  const [referrer, agent] = headersAt(line, answer.at);
  const request = { ip, user: null, ...asked, status: answer.status, bytes: answer.bytes, referrer, agent, site: site?.toLowerCase() ?? null };
  return { stamp, request };
}

/** The bracket of the stamp: the first that a request follows, because a user's name, which comes before, may hold another; -1 = none. */
function stampOf(line: string): number {
  let only = -1;
  for (let at = line.indexOf('['); at >= 0; at = line.indexOf('[', at + 1)) {
    if (!looksLikeClf(line, at + 1)) continue;
    const close = line.indexOf(']', at);
    if (close < 0 || close > at + 48) continue;
    if (line.startsWith('] "', close)) return at;
    if (only < 0) only = at;
  }
  return only;
}

/** `HEAD [stamp] "REQUEST" STATUS BYTES "REFERRER" "AGENT" …` */
function logged(line: string, open: number, quote: number, stamp: Stamp): AccessLine | null {
  const end = quoteEnd(line, quote + 1);
  // A request so long that the line was cut has no end and no status.
  const asked = requestOf(unescaped(line.slice(quote + 1, end < 0 ? line.length : end)));
  const head = headOf(line.slice(0, open).trim());
  if (head === null) return null;
  const rest = end < 0 ? { status: null, bytes: null, at: line.length } : answerAt(line, end + 1);
  const [referrer, agent] = headersAt(line, rest.at);
  const { ip, user, site } = head;
  const { method, target, version } = asked;
  return { stamp, request: { ip, user, method, target, version, status: rest.status, bytes: rest.bytes, referrer, agent, site } };
}

type Asked = Pick<WebRequest, 'method' | 'target' | 'version'>;

/** `GET /path HTTP/1.1`; the path may hold blanks. `GET /path` is HTTP/0.9. Anything else is no HTTP. */
export function requestOf(line: string): Asked {
  const blank = line.indexOf(' ');
  const method = blank < 0 ? '' : line.slice(0, blank);
  if (!/^[A-Za-z][A-Za-z_-]{0,31}$/.test(method)) return { method: null, target: line, version: null };
  const last = line.lastIndexOf(' ');
  const version = versionOf(line.slice(last + 1));
  if (version !== null)
    return last <= blank ? { method: null, target: line, version: null } : { method, target: line.slice(blank + 1, last), version };
  const target = line.slice(blank + 1);
  const named = /^[A-Z_-]+$/.test(method) && /^(?:[/*]|[a-z][a-z0-9+.-]{0,15}:\/\/|[\w.-]+:\d+$)/i.test(target);
  return named ? { method, target, version: null } : { method: null, target: line, version: null };
}

function versionOf(word: string): string | null {
  // What nearly all say, without a list of what a pattern found.
  return word === 'HTTP/1.1' ? '1.1' : (/^HTTP\/(\d(?:\.\d)?)$/i.exec(word)?.[1] ?? null);
}

/** What stands before the stamp: `HOST IDENT USER`, with the site before it, or in the place of IDENT (lighttpd). */
function headOf(whole: string): Pick<WebRequest, 'ip' | 'user' | 'site'> | null {
  const passed = forwarded(whole);
  if (passed) return { ip: passed.ip, site: null, user: userAfter(`x ${whole.slice(passed.end).trim()}`, 2) };
  const head = whole;
  const words = head.split(' ', 4);
  const [first = '', second = '', third = ''] = words;
  if (first === '') return null;
  const ip = visitor(first);
  const second_ip = ip === null || words.length > 3 ? visitor(second) : null;
  if (second_ip !== null && second !== '-' && words.length > 2) {
    return { ip: second_ip, site: siteOf(first), user: userAfter(head, 3) };
  }
  // A host name stands where HostnameLookups is on: there is a visitor, but no address to speak of.
  const site = second !== '-' && /^[\w-]+(?:\.[\w-]+)+(?::\d{1,5})?$/.test(second) && third !== '' ? siteOf(second) : null;
  return { ip, site, user: words.length < 3 ? null : userAfter(head, 2) };
}

function userAfter(head: string, words: number): string | null {
  let at = 0;
  for (let word = 0; word < words; word += 1) {
    at = head.indexOf(' ', at) + 1;
    if (at === 0) return null;
  }
  const user = head.slice(at);
  return given(unescaped(user.length > 1 && user.startsWith('"') && user.endsWith('"') ? user.slice(1, -1) : user));
}

/** `1.2.3.4`, `2001:db8::1`, `[2001:db8::1]`, with or without a port; of a list of forwarders the last, which the server itself saw, has no place here. */
function visitor(word: string): string | null {
  const plain = isDigit(word.charCodeAt(0)) ? addressOf(word) : null;
  if (plain !== null) return plain;
  const bare = /^\[([^\]]{2,45})\](?::\d{1,5})?,?$/.exec(word)?.[1] ?? (word.endsWith(',') ? word.slice(0, -1) : word);
  return addressOf(bare) ?? addressOf(/^(\d[\d.]{6,14}):\d{1,5}$/.exec(bare)?.[1] ?? '');
}

/**
 * `192.0.2.9, 10.0.0.5, 10.0.0.1 - USER`: whom proxies say they passed on, each with its own word behind what it was told. From the right, own
 * (private) proxies are passed over: the first public address is what the outermost of them saw; all left of it anybody can have written.
 */
function forwarded(head: string): { readonly ip: string | null; readonly end: number } | null {
  if (!head.includes(', ')) return null;
  const list = /^(?:[\da-fA-F:.]{2,45}, ){1,20}[\da-fA-F:.]{2,45}(?: [\d.]{7,15}(?= ))?(?= )/.exec(head)?.[0];
  if (list === undefined) return null;
  const ips = list.split(/,? /).flatMap((word) => addressOf(word) ?? []);
  return { ip: ips.findLast((ip) => !OWN.test(ip)) ?? ips.findLast((ip) => !/^127\.|^::1$/.test(ip)) ?? null, end: list.length };
}

/** Private, loopback and link-local networks (RFC 1918, 6598, 4193). */
const OWN =
  /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1$|f[cd][\da-f]{2}:|fe80:)/i;

/** A name of a site without its port; default servers have none. */
export function siteOf(name: string): string | null {
  const bare = name.startsWith('[') ? name.replace(/\]:\d{1,5}$/, ']') : name.replace(/:\d{1,5}$/, '');
  return bare === '' || bare === '-' || bare === '_' ? null : bare.slice(0, 255).toLowerCase();
}

interface Answer {
  readonly status: number | null;
  readonly bytes: number | null;
  /** Where it ends. */
  readonly at: number;
}

/** ` 200 2326` and a blank or nothing behind it: the form of nearly all lines, which no pattern has to find. */
function usualAnswer(line: string, start: number): Answer | null {
  const digit = (at: number) => line.charCodeAt(at) - 48;
  const status = digit(start + 1) * 100 + digit(start + 2) * 10 + digit(start + 3);
  for (let at = start + 1; at < start + 4; at += 1) if (!isDigit(line.charCodeAt(at))) return null;
  if (line.charCodeAt(start) !== BLANK || line.charCodeAt(start + 4) !== BLANK) return null;
  let bytes = 0;
  let at = start + 5;
  for (; isDigit(line.charCodeAt(at)) && at < start + 5 + BYTES_DIGITS; at += 1) bytes = bytes * 10 + digit(at);
  const ends = at === line.length || line.charCodeAt(at) === BLANK;
  return at > start + 5 && ends ? { status, bytes, at } : null;
}

/** ` 200 2326`, ` 200 -`, and where the next field begins. */
function answerAt(line: string, start: number): Answer {
  const usual = usualAnswer(line, start);
  if (usual) return usual;
  const found = /^ "?(\d{3}|-)"?(?: (\d{1,15}|-)(?= |$))?/.exec(line.slice(start, start + 32));
  if (!found) return { status: null, bytes: null, at: start };
  return { status: numberOf(found[1]), bytes: numberOf(found[2]), at: start + found[0].length };
}

function numberOf(digits: string | undefined): number | null {
  return digits === undefined || digits === '-' ? null : Number(digits);
}

/** Referrer and agent are the first two quoted fields behind the answer; numbers that some formats put before them are passed over. */
function headersAt(line: string, start: number): [string | null, string | null] {
  let at = start;
  for (let skipped = 0; skipped < 4 && line.charAt(at) === ' ' && line.charAt(at + 1) !== '"'; skipped += 1) {
    const next = line.indexOf(' ', at + 1);
    if (next < 0) return [null, null];
    at = next;
  }
  const referrer = quotedAt(line, at + 1);
  const agent = referrer && line.charAt(referrer.end) === ' ' ? quotedAt(line, referrer.end + 1) : null;
  return [referrer?.value ?? null, agent?.value ?? null];
}

/** HAProxy's httplog: `IP:PORT [stamp] FRONTEND BACKEND/SERVER TIMES STATUS BYTES … "REQUEST"` (its configuration manual, 8.2.3). */
function proxied(line: string, open: number, start: number, stamp: Stamp): AccessLine | null {
  const ip = visitor(line.slice(line.lastIndexOf(' ', open - 2) + 1, open).trim());
  const words = line.slice(start, start + 512).split(' ', 5);
  const quote = line.lastIndexOf('"', line.length - 2);
  const [, backend = '', times = '', status = '', bytes = ''] = words;
  if (quote < 0 || !line.endsWith('"') || !backend.includes('/') || !/^[-+\d/]{5,64}$/.test(times) || !isDigit(times.charCodeAt(times.length - 1)))
    return null;
  const opening = line.indexOf(' "', start) + 1;
  const asked = requestOf(unescaped(line.slice(opening + 1, line.length - 1)));
  const number = (word: string) => (/^\+?\d{1,15}$/.test(word) ? Number(word) : null);
  return { stamp, request: { ip, user: null, ...asked, status: number(status), bytes: number(bytes), referrer: null, agent: null, site: null } };
}

/** Does a line have the shape of an access log? Told by stamp, quoted request and status, or by the keys of a JSON line; never by names. */
export function looksLikeAccess(line: string): boolean {
  const read = readAccess(line);
  return read !== null && read.request.status !== null && (read.stamp !== null || line.startsWith('{'));
}
