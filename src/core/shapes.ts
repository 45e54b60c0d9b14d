/**
 * What a file is, judged by the shape of its first bytes and never by its name: attack kits name their lists as they like.
 * Cannot see: what is packed or encrypted, and lists whose entries look like nothing in particular (bare host names, plain words).
 */

import { GUESSED_ACCOUNTS, isSecretWord, looksGuessed, lootIn, prefixOf, targetIn } from './shape-lines.ts';
import type { FileShape } from './words.ts';

export interface Shape {
  readonly shape: FileShape;
  readonly entries: number;
  readonly sample: string | null;
}

const HEAD_CHARACTERS = 65_536;
const SAMPLE_CHARACTERS = 120;
/** Lists hold one short entry a line; what is longer is no entry. */
const ENTRY_CHARACTERS = 200;
/** Share of lines that must fit: lists have headings and broken lines, configuration has more than that. */
const MOST = 0.6;
/** Two addresses may be anybody's note. */
const TARGETS_AT_LEAST = 3;
const DICTIONARY_LINES = 20;
const DICTIONARY_FIT = 0.85;
/** The same passwords stand beside many accounts; fewer different ones than these say nothing of how they are made. */
const SECRETS_AT_LEAST = 8;
/** Text has no more than this share of control characters and bytes that are no UTF-8; Latin-1 word lists have some. */
const STRANGE_SHARE = 0.3;

/** Magic numbers (file(1)) as they look when bytes that are no UTF-8 are lone surrogates. */
const ARCHIVES = [
  '\x1f\udc8b',
  'PK\x03\x04',
  'PK\x05\x06',
  '\udcfd7zXZ\0',
  '(\udcb5/\udcfd',
  '7z\udcbc\udcaf',
  'Rar!\x1a\x07',
  '!<arch>\n',
  '070701',
  '070707',
];
const PRIVATE_KEY = /^\s{0,8}-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----/;

export function shapeOf(head: string | null, sizeBytes: number): Shape {
  if (head === null || (head === '' && sizeBytes > 0)) return bare('unread');
  if (head === '') return bare('empty');
  const text = head.slice(0, HEAD_CHARACTERS).replace(/^\ufeff/, '');
  if (text.startsWith('\x7fELF')) return bare('elf');
  if (isArchive(text)) return bare('archive');
  if (isPhp(text)) return listOf('script', wholeLines(text, sizeBytes));
  if (isBinary(text)) return bare('binary');
  const lines = wholeLines(text, sizeBytes);
  if (text.startsWith('#!')) return listOf('script', lines);
  const keys = lines.filter((line) => PRIVATE_KEY.test(line) || line.startsWith('PuTTY-User-Key-File-')).length;
  return keys > 0 ? { shape: 'key', entries: keys, sample: null } : (listShape(lines) ?? listOf('text', lines));
}

function bare(shape: FileShape): Shape {
  return { shape, entries: 0, sample: null };
}

function listOf(shape: 'script' | 'text' | 'target-list', fitting: readonly string[]): Shape {
  const first = (fitting[0] ?? '').trim();
  return { shape, entries: fitting.length, sample: first === '' || isTelltale(first) ? null : first.slice(0, SAMPLE_CHARACTERS) };
}

/** A line that may hold a secret is not quoted: hashes of crypt(5), and settings named for what they are. */
function isTelltale(line: string): boolean {
  return /\$(?:\d|2[abxy]|y|gy|apr1)\$|passw|secret|token|private|api_?key/i.test(line);
}

/** Lines that are not blank. The last one is left out when the file goes on after it. */
function wholeLines(text: string, sizeBytes: number): string[] {
  const lines = text.split('\n');
  const cut = sizeBytes > text.length && text.length >= HEAD_CHARACTERS / 4 && lines.length > 1;
  return (cut ? lines.slice(0, -1) : lines).filter((line) => line.trim() !== '');
}

/** bzip2 has a size digit in its magic, tar has its own after a name of 100 bytes and numbers (POSIX ustar, byte 257). */
function isArchive(text: string): boolean {
  if (ARCHIVES.some((magic) => text.startsWith(magic)) || /^BZh[1-9]1AY&SY/.test(text)) return true;
  const at = text.slice(0, 265).indexOf('ustar');
  return at >= 157 && at <= 257 && text.slice(0, at).includes('\0');
}

/** PHP at the start, after other markup, or behind a picture's magic, where upload filters stop to look. */
function isPhp(text: string): boolean {
  const start = text.trimStart();
  if (/^<\?(?:php\b|=)/i.test(start)) return true;
  return /^(?:<|GIF8|\udc89PNG|\udcff\udcd8)/.test(start) && /<\?php\s/i.test(text);
}

function isBinary(text: string): boolean {
  if (text.includes('\0')) return true;
  const strange = text.match(/[\u0001-\u0008\u000e-\u001a\u001c-\u001f\u007f\udc80-\udcff]/g)?.length ?? 0;
  return strange > text.length * STRANGE_SHARE;
}

function listShape(lines: readonly string[]): Shape | null {
  const told = lines.filter((line) => !/^\s*(?:#\s|#+$|\/\/|;)/.test(line)).map((line) => line.trim());
  if (told.length === 0) return null;
  const loot = lootIn(told.filter((line) => line.length <= ENTRY_CHARACTERS));
  if (loot > told.length * MOST) return { shape: 'loot', entries: loot, sample: null };
  const targets = told.filter((line) => line.length <= ENTRY_CHARACTERS && targetIn(line));
  if (targets.length >= TARGETS_AT_LEAST && targets.length > told.length * MOST) return listOf('target-list', targets);
  const prefixes = told.filter((line) => line.length <= ENTRY_CHARACTERS && prefixOf(line) !== null);
  if (arePrefixes(prefixes, told.length)) return listOf('target-list', prefixes);
  const words = dictionary(told);
  return words > 0 ? { shape: 'dictionary', entries: words, sample: null } : null;
}

/**
 * Beginnings of addresses (`203.0`, `198.51.100`), as old scanners want their class B and C networks. Versions and prices look
 * like them, but versions begin with small numbers, and prices have always as many digits after the point.
 */
function arePrefixes(lines: readonly string[], all: number): boolean {
  if (lines.length < TARGETS_AT_LEAST || lines.length < all * 0.95) return false;
  const parts = lines.map((line) => prefixOf(line) ?? []);
  const firsts = parts.map(([first]) => first ?? 0).sort((a, b) => a - b);
  const digits = new Set(parts.map((numbers) => String(numbers[numbers.length - 1]).length));
  /** Few programs have a major version from here on; address blocks are spread over 1 to 223. */
  const aboveVersions = 24;
  return (firsts[firsts.length >> 1] ?? 0) >= aboveVersions && (digits.size > 1 || digits.has(3));
}

/** Lines of a list of passwords or of account and password, or 0 when it is none. */
function dictionary(lines: readonly string[]): number {
  if (lines.length < DICTIONARY_LINES) return 0;
  const entries = lines.flatMap((line) => entryOf(line) ?? []);
  if (entries.length < lines.length * DICTIONARY_FIT) return 0;
  const pairs = entries.filter((entry) => entry.account !== null);
  const guessed = pairs.length * 2 > entries.length ? pairsGuessed(pairs) : wordsGuessed(entries.map((entry) => entry.secret));
  return guessed ? entries.length : 0;
}

interface Entry {
  readonly account: string | null;
  readonly secret: string;
}

/** One word, `account password` or `account:password`, without the signs of paths, settings, versions and addresses. */
function entryOf(line: string): Entry | null {
  if (line.length > 80 || /[{}<>;"`]|[:=,]$|:\s|:\/\/|==|\)$/.test(line)) return null;
  const words = line.split(/\s+/, 3);
  const pair = words.length === 2 ? words : words.length === 1 ? /^([^:]+):([^:]+)$/.exec(line)?.slice(1) : null;
  if (pair === null) return null;
  const [account = '', secret = ''] = pair ?? [];
  if (pair) return /^[A-Za-z_][\w.@$-]{0,31}$/.test(account) && isSecretWord(secret) ? { account, secret } : null;
  return isSecretWord(line) ? { account: null, secret: line } : null;
}

/** Account lists are told from other tables of two columns by who is in them and by passwords made from the account; short numbers are ids or ports. */
function pairsGuessed(pairs: readonly Entry[]): boolean {
  const guessed = pairs.filter(({ account, secret }) => {
    const name = (account ?? '').toLowerCase();
    return (GUESSED_ACCOUNTS.has(name) && !/^\d{1,5}$/.test(secret)) || secret.toLowerCase().startsWith(name) || looksGuessed(secret);
  });
  const secrets = new Set(pairs.map((pair) => pair.secret));
  /** `install`, `enabled`, `no`: a table of states, not of passwords. */
  const states = secrets.size <= Math.max(3, pairs.length / 20) && ![...secrets].some(looksGuessed);
  return !states && (guessed.length >= pairs.length * 0.3 || (secrets.size >= SECRETS_AT_LEAST && wordsGuessed([...secrets])));
}

/** Password lists are told from lists of packages or hosts: many end in digits or signs, few have hyphens or dots, and they are in no order. */
function wordsGuessed(words: readonly string[]): boolean {
  const share = (fits: (word: string) => boolean): number => words.filter(fits).length / words.length;
  if (share((word) => /^[\w+]+(?:[-.][\w+]+)+$/.test(word)) > 0.15) return false;
  const stems = new Set(words.map((word) => word.replace(/[\d\W_]+$/, '').toLowerCase())).size / words.length;
  const lengths = new Set(words.map((word) => word.length)).size;
  const ordered = words.filter((word, index) => index > 0 && word >= (words[index - 1] ?? '')).length / (words.length - 1);
  const known = words.filter(looksGuessed).length;
  if (known >= 3 && known >= words.length * 0.02 && lengths > 2) return true;
  return ordered < 0.9 && stems > 0.5 && lengths > 3 && share((word) => /^[A-Za-z@$]{3,}[\d!@#$%*.?]{1,6}$/.test(word)) > 0.3;
}
