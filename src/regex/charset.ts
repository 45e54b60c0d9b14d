/** Sets of characters (`[a-z]`, `\w`, `.`): asked for members, for overlap, and written out for JavaScript. */

import { foldedRange } from './fold.ts';

export type ClassName = 'w' | 'd' | 's';
export type Range = readonly [number, number];
export interface ClassItem {
  readonly name: ClassName;
  readonly not: boolean;
  readonly ascii: boolean;
}
export interface CharSet {
  readonly ranges: readonly Range[];
  readonly classes: readonly ClassItem[];
  readonly negated: boolean;
  /** Members below 128 as four words of bits, negation and case settled. */
  readonly low: Uint32Array;
  /** Kinds of characters from 128 on that may be members: 1 digit, 2 other word character, 4 space, 8 the rest. */
  readonly high: number;
}

const HIGH_ALL = 15;
const HIGH_OF: Readonly<Record<ClassName, number>> = { d: 1, w: 3, s: 4 };
const SPACE = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]$/u;
const WORD = /^[\p{L}\p{N}_]$/u;
const DIGIT = /^\p{Nd}$/u;

/** Python's str classes: \w is str.isalnum() or `_`, \s is str.isspace(), \d is str.isdecimal(); under `ascii` those of the C locale. */
export function inClass(name: ClassName, code: number, ascii: boolean): boolean {
  if (code < 128) {
    const digit = code >= 48 && code <= 57;
    if (name === 'd') return digit;
    if (name === 's') return code === 32 || (code >= 9 && code <= 13) || (!ascii && code >= 28 && code <= 31);
    return digit || code === 95 || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  }
  if (ascii) return false;
  const text = String.fromCodePoint(code);
  return (name === 'w' ? WORD : name === 'd' ? DIGIT : SPACE).test(text);
}

function listed(ranges: readonly Range[], classes: readonly ClassItem[], code: number): boolean {
  for (const [low, high] of ranges) if (code >= low && code <= high) return true;
  for (const item of classes) if (inClass(item.name, code, item.ascii) !== item.not) return true;
  return false;
}

export function hasChar(set: CharSet, code: number): boolean {
  if (code < 128) return (((set.low[code >> 5] ?? 0) >>> (code & 31)) & 1) === 1;
  return listed(set.ranges, set.classes, code) !== set.negated;
}

/** UTF-16 units of the character at a position when it is in the set, else 0. */
export function unitsIn(set: CharSet | undefined, text: string, at: number): number {
  if (set === undefined || at >= text.length) return 0;
  const unit = text.charCodeAt(at);
  if (unit < 128) return ((set.low[unit >> 5] ?? 0) >>> (unit & 31)) & 1;
  if (set.high === 0) return 0;
  const code = text.codePointAt(at) ?? 0;
  return hasChar(set, code) ? (code > 0xffff ? 2 : 1) : 0;
}

/** Kinds from 128 on that a set may hold; too many rather than too few. */
function highKinds(ranges: readonly Range[], classes: readonly ClassItem[], negated: boolean): number {
  const holdsAll = (kind: number) =>
    ranges.some(([low, high]) => low <= 128 && high >= 0x10ffff) ||
    classes.some((c) => (c.ascii ? c.not : ((HIGH_OF[c.name] & kind) !== 0) !== c.not));
  let kinds = 0;
  for (const kind of [1, 2, 4, 8]) if (negated ? !holdsAll(kind) : holdsAll(kind)) kinds |= kind;
  if (!negated && ranges.some(([, high]) => high >= 128)) kinds = HIGH_ALL;
  return kinds;
}

export function makeSet(ranges: readonly Range[], classes: readonly ClassItem[], negated: boolean, fold: boolean, ascii = false): CharSet {
  const grown = fold ? ranges.flatMap(([low, high]) => foldedRange(low, high, ascii)) : ranges;
  const tidy = merged(grown);
  const low = new Uint32Array(4);
  for (let code = 0; code < 128; code++) {
    if (listed(tidy, classes, code) !== negated) low[code >> 5] = (low[code >> 5] ?? 0) | (1 << (code & 31));
  }
  return { ranges: tidy, classes, negated, low, high: highKinds(tidy, classes, negated) };
}

function merged(ranges: readonly Range[]): readonly Range[] {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const tidy: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = tidy.at(-1);
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else tidy.push([low, high]);
  }
  return tidy;
}

export const ANY_CHAR = makeSet([[0, 0x10ffff]], [], false, false);
export const NOT_NEWLINE = makeSet([[10, 10]], [], true, false);

/** May one character belong to both? Says yes when it is not sure. */
export function mayOverlap(a: CharSet, b: CharSet): boolean {
  for (let word = 0; word < 4; word++) if (((a.low[word] ?? 0) & (b.low[word] ?? 0)) !== 0) return true;
  return (a.high & b.high) !== 0;
}

export function union(a: CharSet, b: CharSet): CharSet {
  const low = new Uint32Array(4);
  for (let word = 0; word < 4; word++) low[word] = (a.low[word] ?? 0) | (b.low[word] ?? 0);
  return { ...ANY_CHAR, low, high: a.high | b.high };
}

export function lowMembers(set: CharSet): number[] {
  const codes: number[] = [];
  for (let code = 0; code < 128; code++) if (hasChar(set, code)) codes.push(code);
  return codes;
}
