/** Reads a regular expression as Python's `re` (or PCRE, for Sigma) writes it, and says where it stops making sense. */

import { type Assert, EMPTY, type Expression, type Greed, type Node } from './ast.ts';
import { readBrackets } from './brackets.ts';
import { ANY_CHAR, NOT_NEWLINE } from './charset.ts';
import { accept, DEEPEST, type Flags, fail, next, peek, type Reader } from './cursor.ts';
import { RegexError } from './error.ts';
import { escapeOutside, literal } from './escapes.ts';
import { readGroup } from './groups.ts';

export interface ReadOptions {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  readonly dotAll?: boolean;
  readonly pcre?: boolean;
}

/** Python's own largest repeat count on 64 bits. */
const LARGEST_REPEAT = 4294967295;

export function parse(source: string, options: ReadOptions = {}): Expression {
  const pcre = options.pcre ?? false;
  const reader: Reader = { source, at: 0, pcre, names: [undefined], open: new Set(), forward: [], depth: 0 };
  const given: Flags = {
    ignoreCase: options.ignoreCase ?? false,
    multiline: options.multiline ?? false,
    dotAll: options.dotAll ?? false,
    verbose: false,
    ascii: pcre,
  };
  const flags = pcre ? given : globalFlags(reader, given);
  const root = alternation(reader, flags);
  if (reader.at < source.length) fail('unbalanced parenthesis', reader.at);
  for (const { group, at } of reader.forward) if (group >= reader.names.length) fail(`invalid group reference ${group}`, at);
  return { root, names: reader.names };
}

/** Flags at the very start hold for the whole; Python 3.11 takes them nowhere else. */
function globalFlags(reader: Reader, given: Flags): Flags {
  let flags = given;
  for (;;) {
    if (flags.verbose) skipBlank(reader);
    const from = reader.at;
    if (!/^\(\?(?:[aiLmsux]+\)|#)/.test(reader.source.slice(from, from + 16))) return flags;
    reader.at += 1;
    const opened = readGroup(reader, flags, alternation);
    // remarks between them are nothing
    if ('flags' in opened) flags = opened.flags;
  }
}

function skipBlank(reader: Reader): void {
  for (;;) {
    const char = reader.source[reader.at];
    if (char === undefined) return;
    if (' \t\n\r\v\f'.includes(char)) reader.at++;
    else if (char === '#') {
      const end = reader.source.indexOf('\n', reader.at);
      reader.at = end < 0 ? reader.source.length : end + 1;
    } else return;
  }
}

function alternation(reader: Reader, flags: Flags): Node {
  if (++reader.depth > DEEPEST) fail('nested too deeply', reader.at);
  const branches: Node[] = [];
  const running = { flags };
  do branches.push(sequence(reader, running));
  while (accept(reader, '|'));
  reader.depth--;
  return branches.length === 1 ? (branches[0] ?? EMPTY) : { kind: 'alt', branches };
}

function sequence(reader: Reader, running: { flags: Flags }): Node {
  const items: Node[] = [];
  for (;;) {
    if (running.flags.verbose) skipBlank(reader);
    const token = peek(reader);
    if (token === '' || token === '|' || token === ')') break;
    const from = reader.at;
    next(reader);
    if (isRepeat(reader, token)) quantify(reader, items, token, from);
    else one(reader, items, token, from, running);
  }
  return items.length === 1 ? (items[0] ?? EMPTY) : { kind: 'cat', items };
}

function one(reader: Reader, items: Node[], token: string, from: number, running: { flags: Flags }): void {
  const flags = running.flags;
  if (token === '(') {
    const opened = readGroup(reader, flags, alternation);
    if ('node' in opened) {
      // a comment gives nothing that a quantifier could take hold of
      if (reader.source.startsWith('(?#', from)) return;
      items.push(opened.node);
    } else if (reader.pcre) running.flags = opened.flags;
    else fail('global flags not at the start of the expression', from);
  } else if (token === '[') items.push(readBrackets(reader, flags));
  else if (token === '.') items.push({ kind: 'set', set: flags.dotAll ? ANY_CHAR : NOT_NEWLINE });
  else if (token === '^') items.push(place(flags.multiline ? 'lineStart' : 'start', flags));
  else if (token === '$') items.push(place(flags.multiline ? 'lineEnd' : 'lastLine', flags));
  else if (token[0] === '\\') items.push(escapeOutside(reader, token, from, flags));
  else items.push(literal(token.codePointAt(0) ?? 0, flags));
}

function place(where: Assert['place'], flags: Flags): Assert {
  return { kind: 'at', place: where, ascii: flags.ascii };
}

const BOUNDS = /^(\d*)(?:(,)(\d*))?\}/;

/** `{` is a quantifier only where its braces hold bounds: elsewhere it is itself. */
function isRepeat(reader: Reader, token: string): boolean {
  if (token === '*' || token === '+' || token === '?') return true;
  if (token !== '{') return false;
  const bounds = BOUNDS.exec(reader.source.slice(reader.at, reader.at + 32));
  if (bounds === null || (bounds[1] === '' && bounds[2] === undefined)) return false;
  return !reader.pcre || bounds[1] !== '';
}

function boundsOf(reader: Reader, token: string, from: number): readonly [number, number] {
  if (token === '*') return [0, Number.POSITIVE_INFINITY];
  if (token === '+') return [1, Number.POSITIVE_INFINITY];
  if (token === '?') return [0, 1];
  const bounds = BOUNDS.exec(reader.source.slice(reader.at, reader.at + 32));
  reader.at += bounds?.[0].length ?? 0;
  const min = Number(bounds?.[1] ?? '0');
  const max = bounds?.[2] === undefined ? min : bounds[3] === '' ? Number.POSITIVE_INFINITY : Number(bounds[3]);
  if (min >= LARGEST_REPEAT || (max >= LARGEST_REPEAT && max !== Number.POSITIVE_INFINITY)) fail('the repetition number is too large', from);
  if (max < min) fail('min repeat greater than max repeat', from + 1);
  return [min, max];
}

function quantify(reader: Reader, items: Node[], token: string, from: number): void {
  const [min, max] = boundsOf(reader, token, from);
  const body = items.pop();
  if (body === undefined || (body.kind === 'at' && !reader.pcre)) throw new RegexError('nothing to repeat', from);
  if (body.kind === 'repeat') throw new RegexError('multiple repeat', from);
  let greed: Greed = 'greedy';
  if (accept(reader, '?')) greed = 'lazy';
  else if (accept(reader, '+')) greed = 'possessive';
  items.push({ kind: 'repeat', min, max, greed, body });
}
