/** Reads `[…]`: ranges, classes inside, the POSIX names that PCRE knows. */

import type { Node } from './ast.ts';
import { type ClassItem, makeSet, type Range } from './charset.ts';
import { accept, type Flags, fail, next, type Reader } from './cursor.ts';
import { classOf, escapeInSet } from './escapes.ts';

const POSIX: Readonly<Record<string, readonly Range[]>> = {
  alpha: [
    [65, 90],
    [97, 122],
  ],
  digit: [[48, 57]],
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  upper: [[65, 90]],
  lower: [[97, 122]],
  space: [
    [9, 13],
    [32, 32],
  ],
  blank: [
    [9, 9],
    [32, 32],
  ],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  print: [[32, 126]],
  graph: [[33, 126]],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
  word: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
  ascii: [[0, 127]],
};

interface Gathered {
  readonly ranges: Range[];
  readonly classes: ClassItem[];
}

/** One end of a range: a character, or a class that cannot be one. */
function member(reader: Reader, flags: Flags, opened: number): number | ClassItem {
  const from = reader.at;
  const token = next(reader);
  if (token === '') return fail('unterminated character set', opened);
  if (token[0] !== '\\') return token.codePointAt(0) ?? 0;
  return classOf(token, flags) ?? escapeInSet(reader, token, from);
}

function posixName(reader: Reader, into: Gathered): boolean {
  const named = /^\[:(\^?)([a-z]+):\]/.exec(reader.source.slice(reader.at, reader.at + 16));
  if (named === null) return false;
  const ranges = POSIX[named[2] ?? ''] ?? fail('unknown POSIX class name', reader.at);
  reader.at += named[0].length;
  if (named[1] === '') into.ranges.push(...ranges);
  else {
    let from = 0;
    for (const [low, high] of ranges) {
      if (low > from) into.ranges.push([from, low - 1]);
      from = high + 1;
    }
    into.ranges.push([from, 0x10ffff]);
  }
  return true;
}

/** Reads what follows an opening bracket, up to and with the closing one. */
export function readBrackets(reader: Reader, flags: Flags): Node {
  const opened = reader.at - 1;
  const negated = accept(reader, '^');
  const into: Gathered = { ranges: [], classes: [] };
  for (let first = true; first || !accept(reader, ']'); first = false) {
    if (reader.pcre && posixName(reader, into)) continue;
    const from = reader.at;
    const low = member(reader, flags, opened);
    if (reader.source[reader.at] !== '-') {
      add(into, low);
      continue;
    }
    reader.at++;
    if (accept(reader, ']')) {
      add(into, low);
      add(into, 45);
      break;
    }
    const high = member(reader, flags, opened);
    if (typeof low === 'number' && typeof high === 'number') {
      if (high < low) fail(`bad character range ${reader.source.slice(from, reader.at)}`, from);
      into.ranges.push([low, high]);
    } else if (reader.pcre) for (const each of [low, 45, high]) add(into, each);
    else fail(`bad character range ${reader.source.slice(from, reader.at)}`, from);
  }
  return { kind: 'set', set: makeSet(into.ranges, into.classes, negated, flags.ignoreCase, flags.ascii) };
}

function add(into: Gathered, item: number | ClassItem): void {
  if (typeof item === 'number') into.ranges.push([item, item]);
  else into.classes.push(item);
}
