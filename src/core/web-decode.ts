/**
 * What a request says when everything that hides it is taken off: percent signs (twice), overlong and `%u` forms, HTML entities,
 * JavaScript escapes, comments of SQL and quotation marks of the shell. Attacks are judged on this, never on the bytes as sent.
 */

import { byteAt, textOfBytes } from './bytes-text.ts';

/** Longer values are judged by their beginning: no attack needs more, and time stays bounded. */
const VALUE_AT_MOST = 4_096;
const ROUNDS = 3;

/** One text that a visitor chose, in the forms in which it is judged; all in lower case. */
export interface Spoken {
  readonly where: 'path' | 'name' | 'value' | 'pair' | 'agent' | 'referrer';
  /** Decoded; blanks are single, line ends stay. */
  readonly text: string;
  /** Without the comments of SQL, PHP and JavaScript. */
  readonly bare: string;
  /** Without what the shell takes away before it looks for a command. */
  readonly shell: string;
  /** Nothing in it but what names and paths are made of. */
  readonly simple: boolean;
}

const SIMPLE = /^[\w./-]*$/;
/** What browsers and well-known robots say of themselves. */
const SIMPLE_AGENT = /^(?:mozilla|opera)\/[\w ./;:,()+@~[\]-]*$/;
const SIMPLE_REFERRER = /^https?:\/\/[\w./-]*(?:\?[\w.&=/-]*)?$/;

/** A text in its three forms. `plus` = `+` is a blank, as in queries. */
export function spoken(where: Spoken['where'], raw: string, plus: boolean): Spoken {
  const text = decoded(raw.length > VALUE_AT_MOST ? raw.slice(0, VALUE_AT_MOST) : raw, plus);
  const simple = where === 'agent' ? SIMPLE_AGENT : where === 'referrer' ? SIMPLE_REFERRER : SIMPLE;
  return {
    where,
    text,
    bare: withoutComments(text),
    shell: withoutShell(text),
    simple: simple.test(where === 'pair' ? text.replace('=', '') : text),
  };
}

export function decoded(raw: string, plus: boolean): string {
  let text = plus && raw.includes('+') ? raw.replaceAll('+', ' ') : raw;
  for (let round = 0; round < ROUNDS && text.includes('%'); round += 1) {
    const next = percentless(text);
    if (next === text) break;
    text = next;
  }
  if (text.includes('&')) text = text.replace(/&(?:#(x[0-9a-f]{1,6}|\d{1,7})|(lt|gt|quot|apos|amp|colon|lpar|rpar|newline|tab|nbsp));?/gi, entity);
  if (text.includes('\\')) text = text.replace(/\\(?:u\{([0-9a-f]{1,6})\}|u([0-9a-f]{4})|x([0-9a-f]{2}))/gi, unicode);
  return text
    .toLowerCase()
    .replace(/\0|\u00ad|[\u200b-\u200d\ufeff]/g, '')
    .replace(/\r\n?/g, '\n')
    .replace(/[ \t\f\v\u00a0]{1,1000}/g, ' ');
}

/** One round: `%41`, `%u0041`, and overlong UTF-8 (`%c0%af`), which some servers once took for a slash. */
function percentless(text: string): string {
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const sign = text.indexOf('%', at);
    if (sign < 0) return plain + text.slice(at);
    plain += text.slice(at, sign);
    const bytes: number[] = [];
    for (at = sign; text.charCodeAt(at) === 37; at += 3) {
      const byte = byteAt(text, at + 1);
      if (byte < 0) break;
      bytes.push(byte);
    }
    if (bytes.length > 0) plain += textOfBytes(overlong(bytes));
    else if ((text.charCodeAt(at + 1) | 32) === 117 && byteAt(text, at + 2) >= 0 && byteAt(text, at + 4) >= 0) {
      plain += wide(byteAt(text, at + 2) * 256 + byteAt(text, at + 4));
      at += 6;
    } else {
      plain += '%';
      at += 1;
    }
  }
  return plain;
}

function overlong(bytes: number[]): number[] {
  if (!bytes.some((byte) => byte === 0xc0 || byte === 0xc1)) return bytes;
  const plain: number[] = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    const next = bytes[at + 1];
    if ((byte === 0xc0 || byte === 0xc1) && next !== undefined) {
      plain.push(((byte & 3) << 6) | (next & 0x3f));
      at += 1;
    } else plain.push(byte);
  }
  return plain;
}

/** Full-width forms stand for ASCII (U+FF01..U+FF5E), and U+2215, U+2216 for the slashes. */
function wide(code: number): string {
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0);
  return code === 0x2215 ? '/' : code === 0x2216 ? '\\' : String.fromCharCode(code);
}

const NAMED: Readonly<Record<string, string>> = {
  lt: '<', gt: '>', quot: '"', apos: "'", amp: '&', colon: ':', lpar: '(', rpar: ')', newline: '\n', tab: ' ', nbsp: ' ',
}; // biome-ignore format: one line reads better

function entity(whole: string, digits: string | undefined, name: string | undefined): string {
  if (name !== undefined) return NAMED[name.toLowerCase()] ?? whole;
  const code = digits?.toLowerCase().startsWith('x') ? Number.parseInt(digits.slice(1), 16) : Number(digits);
  return code > 0 && code <= 0x10_ffff && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : whole;
}

function unicode(whole: string, braced: string | undefined, wideHex: string | undefined, hex: string | undefined): string {
  const code = Number.parseInt(braced ?? wideHex ?? hex ?? '', 16);
  return code > 0 && code <= 0x10_ffff && !(code >= 0xd800 && code < 0xe000) ? String.fromCodePoint(code) : whole;
}

// Closed comments become a blank; those that MySQL obeys (`/*!50000`) are opened. An unclosed comment stays.
function withoutComments(text: string): string {
  if (!text.includes('/*') && !text.includes('//')) return text;
  let plain = '';
  for (let at = 0; at < text.length; ) {
    const open = text.indexOf('/*', at);
    const close = open < 0 ? -1 : text.indexOf('*/', open + 2);
    if (close < 0) return `${plain}${text.slice(at)}`.replace(/ {2,1000}/g, ' ');
    plain += text.slice(at, open);
    const obeyed = text.charAt(open + 2) === '!' || text.charAt(open + 3) === '!';
    plain += obeyed ? ` ${text.slice(open + 3, close).replace(/^!?\d{0,6}/, '')} ` : ' ';
    at = close + 2;
  }
  return plain.replace(/ {2,1000}/g, ' ');
}

/** `c\at`, `c'a't`, `c$@at`, `c^at`, `cat$u /etc$u/passwd`, `$IFS`: what is left when the shell has read it. */
function withoutShell(text: string): string {
  if (!/['"\\^$]/.test(text)) return text;
  return text
    .replace(/\$\{?ifs\}?(?:\$\d)?/g, ' ')
    .replace(/\$(?:[@*?!$_-]|\(echo\)|\{[a-z_]{1,20}\}|u\b|[a-z]{1,2}(?=[ /+]|$))/g, '')
    .replace(/['"^\\]/g, '');
}

/** The text behind Base64, where all of it is printable ASCII and long enough not to be chance; else null. */
export function unbased(value: string): string | null {
  if (value.length < 16 || value.length > VALUE_AT_MOST || !/^[a-z0-9+/_-]+={0,2}$/i.test(value)) return null;
  const bytes: number[] = [];
  let bits = 0;
  let count = 0;
  for (const letter of value.replace(/=+$/, '')) {
    bits = ((bits << 6) | sextet(letter)) & 0xff_ffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    const byte = (bits >> count) & 0xff;
    if ((byte < 0x20 && byte !== 9 && byte !== 10 && byte !== 13) || byte > 0x7e) return null;
    bytes.push(byte);
  }
  return textOfBytes(bytes);
}

const SEXTETS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

function sextet(letter: string): number {
  if (letter === '-') return 62;
  return letter === '_' ? 63 : SEXTETS.indexOf(letter);
}
