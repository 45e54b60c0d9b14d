/** The place in a regular expression that is being read, and what has been learned of it so far. */

import type { Place } from './ast.ts';
import { RegexError } from './error.ts';

/** The flags that hold at a place. */
export interface Flags {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

export interface Reader {
  readonly source: string;
  at: number;
  /** Accept PCRE's forms as well: `(?<n>…)`, `\z`, `[[:alpha:]]`, flags in mid-pattern. */
  readonly pcre: boolean;
  readonly names: (string | undefined)[];
  readonly open: Set<number>;
  /** Group numbers named before they were seen, to be looked at when all is read. */
  readonly forward: { readonly group: number; readonly at: number }[];
  depth: number;
}

/** Deeper nesting than this is no filter's: the recursion of our own reading stays small. */
export const DEEPEST = 200;

export function fail(message: string, at: number): never {
  throw new RegexError(message, at);
}

/** The next character, with its backslash when it has one; empty at the end. */
export function peek(reader: Reader): string {
  const code = reader.source.codePointAt(reader.at);
  if (code === undefined) return '';
  if (code !== 0x5c) return String.fromCodePoint(code);
  const escaped = reader.source.codePointAt(reader.at + 1);
  if (escaped === undefined) return fail('bad escape (end of pattern)', reader.at);
  return `\\${String.fromCodePoint(escaped)}`;
}

export function next(reader: Reader): string {
  const token = peek(reader);
  reader.at += token.length;
  return token;
}

export function accept(reader: Reader, token: string): boolean {
  if (peek(reader) !== token) return false;
  reader.at += token.length;
  return true;
}

export function readWhile(reader: Reader, allowed: RegExp, most = Number.POSITIVE_INFINITY): string {
  let text = '';
  while (text.length < most && allowed.test(peek(reader))) text += next(reader);
  return text;
}

/** A name up to its closing character, which is eaten. */
export function readUntil(reader: Reader, closing: string, what: string): string {
  let text = '';
  for (;;) {
    const at = reader.at;
    const token = next(reader);
    if (token === '') return text === '' ? fail(`missing ${what}`, at) : fail(`missing ${closing}, unterminated name`, at - text.length);
    if (token === closing) return text === '' ? fail(`missing ${what}`, at) : text;
    text += token;
  }
}

export const IDENTIFIER = /^[\p{XID_Start}_]\p{XID_Continue}*$/u;

export const PLACES: Readonly<Record<string, Place>> = { '\\A': 'start', '\\Z': 'end', '\\b': 'word', '\\B': 'notWord' };
