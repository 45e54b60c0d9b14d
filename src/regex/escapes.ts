/** What a backslash means in a regular expression: a character, a class, a place or an earlier group. */

import { EMPTY, type Node } from './ast.ts';
import { type ClassItem, type ClassName, makeSet } from './charset.ts';
import { type Flags, fail, PLACES, type Reader, readWhile } from './cursor.ts';

const CHARACTERS: Readonly<Record<string, number>> = { '\\a': 7, '\\f': 12, '\\n': 10, '\\r': 13, '\\t': 9, '\\v': 11, '\\\\': 92 };
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const HEX = /^[0-9a-fA-F]$/;
const OCTAL = /^[0-7]$/;
const DIGIT = /^[0-9]$/;
const LETTER = /^[a-zA-Z]$/;

export function classOf(token: string, flags: Flags): ClassItem | null {
  const letter = token.slice(1);
  if (token.length !== 2 || token[0] !== '\\' || !'wdsWDS'.includes(letter)) return null;
  // the letter was looked up in the list of class letters just above
  return { name: letter.toLowerCase() as ClassName, not: letter < 'a', ascii: flags.ascii };
}

export function literal(code: number, flags: Flags): Node {
  return { kind: 'set', set: makeSet([[code, code]], [], false, flags.ignoreCase, flags.ascii) };
}

function hexOf(reader: Reader, token: string, from: number): number {
  if (reader.pcre && token === '\\x') return pcreHex(reader, from);
  const wanted = HEX_DIGITS[token.slice(1)] ?? 0;
  const digits = readWhile(reader, HEX, wanted);
  if (digits.length !== wanted) return fail(`incomplete escape ${token}${digits}`, from);
  const code = Number.parseInt(digits, 16);
  return code > 0x10ffff ? fail(`bad escape ${token}${digits}`, from) : code;
}

/** PCRE takes none to two digits, or any number in braces. */
function pcreHex(reader: Reader, from: number): number {
  const braced = /^\{([0-9a-fA-F]{1,6})\}/.exec(reader.source.slice(reader.at, reader.at + 8));
  if (braced !== null) reader.at += braced[0].length;
  const code = Number.parseInt(braced?.[1] ?? (readWhile(reader, HEX, 2) || '0'), 16);
  return code > 0x10ffff ? fail('character code point value in \\x{} is too large', from) : code;
}

function octalOf(digits: string, from: number): number {
  const code = Number.parseInt(digits, 8);
  return code > 0o377 ? fail(`octal escape value \\${digits} outside of range 0-0o377`, from) : code;
}

/** An escape that stands for one character; null when it does not. */
function characterOf(reader: Reader, token: string, from: number): number | null {
  const plain = CHARACTERS[token];
  if (plain !== undefined) return plain;
  const letter = token.slice(1);
  if (letter in HEX_DIGITS && (letter === 'x' || !reader.pcre)) return hexOf(reader, token, from);
  if (letter === 'N' && !reader.pcre) return fail('character names (\\N{…}) are not known here', from);
  if (reader.pcre && letter === 'e') return 27;
  if (LETTER.test(letter)) return fail(`bad escape ${token}`, from);
  return DIGIT.test(letter) ? null : (letter.codePointAt(0) ?? 0);
}

/** The character of an escape inside `[…]`; classes are asked for before. */
export function escapeInSet(reader: Reader, token: string, from: number): number {
  if (token === '\\b') return 8;
  if (OCTAL.test(token.slice(1))) return octalOf(token.slice(1) + readWhile(reader, OCTAL, 2), from);
  return characterOf(reader, token, from) ?? fail(`bad escape ${token}`, from);
}

/** An escape outside of `[…]`. */
export function escapeOutside(reader: Reader, token: string, from: number, flags: Flags): Node {
  const place = PLACES[token];
  if (reader.pcre && (token === '\\z' || token === '\\Z')) return { kind: 'at', place: token === '\\z' ? 'end' : 'lastLine', ascii: flags.ascii };
  if (place !== undefined) return { kind: 'at', place, ascii: flags.ascii };
  const item = classOf(token, flags);
  if (item !== null) return { kind: 'set', set: makeSet([], [item], false, false) };
  if (reader.pcre) {
    const own = pcreEscape(reader, token, from, flags);
    if (own !== null) return own;
  }
  if (token === '\\0') return literal(octalOf(`0${readWhile(reader, OCTAL, 2)}`, from), flags);
  if (DIGIT.test(token.slice(1))) return numbered(reader, token, from, flags);
  return literal(characterOf(reader, token, from) ?? 0, flags);
}

function pcreEscape(reader: Reader, token: string, from: number, flags: Flags): Node | null {
  switch (token) {
    case '\\h':
    case '\\H':
      return {
        kind: 'set',
        set: makeSet(
          [
            [9, 9],
            [32, 32],
            [160, 160],
          ],
          [],
          token === '\\H',
          false,
        ),
      };
    case '\\N':
      return { kind: 'set', set: makeSet([[10, 10]], [], true, false) };
    case '\\R':
      return {
        kind: 'atomic',
        body: {
          kind: 'alt',
          branches: [
            { kind: 'cat', items: [literal(13, flags), literal(10, flags)] },
            { kind: 'set', set: makeSet([[10, 13]], [], false, false) },
          ],
        },
      };
    case '\\Q': {
      const end = reader.source.indexOf('\\E', reader.at);
      const text = reader.source.slice(reader.at, end < 0 ? undefined : end);
      reader.at = end < 0 ? reader.source.length : end + 2;
      return { kind: 'cat', items: [...text].map((char) => literal(char.codePointAt(0) ?? 0, flags)) };
    }
    case '\\E':
      return EMPTY;
    case '\\k': {
      const named = /^(?:\{([^}]*)\}|<([^>]*)>|'([^']*)')/.exec(reader.source.slice(reader.at));
      if (named === null) return fail('\\k is not followed by a name', from);
      reader.at += named[0].length;
      return backTo(reader, reader.names.indexOf(named[1] ?? named[2] ?? named[3] ?? ''), from, flags);
    }
    default:
      return null;
  }
}

/** `\1` to `\99`; three octal digits are a character. */
function numbered(reader: Reader, token: string, from: number, flags: Flags): Node {
  const more = readWhile(reader, DIGIT, 1);
  const digits = token.slice(1) + more;
  if (more !== '' && /^[0-7]{2}$/.test(digits)) {
    const third = readWhile(reader, OCTAL, 1);
    if (third !== '') return literal(octalOf(digits + third, from), flags);
  }
  return backTo(reader, Number(digits), from, flags);
}

export function backTo(reader: Reader, group: number, from: number, flags: Flags): Node {
  if (group < 1 || group >= reader.names.length) return fail(`invalid group reference ${group}`, from + 1);
  if (reader.open.has(group)) return fail('cannot refer to an open group', from);
  return { kind: 'back', group, fold: flags.ignoreCase };
}
