/** Writes a pattern as a JavaScript expression that gives Python's answers, and says no where JavaScript would answer otherwise. */

import { type Node, some, widthOf } from './ast.ts';
import { type CharSet, lowMembers } from './charset.ts';
import { certainGroups } from './conditionals.ts';

export interface Translated {
  readonly source: string;
  /** Group number in the pattern by group number in the JavaScript. */
  readonly groups: readonly number[];
}

interface Writing {
  readonly groups: number[];
  /** Group numbers in the JavaScript by group number in the pattern, for back references. */
  readonly placed: Map<number, number>;
}

/** Why a pattern cannot be JavaScript's: null when it can. */
export function untranslatable(root: Node): string | null {
  if (some(root, (part) => part.kind === 'cond')) return 'condition';
  if (some(root, (part) => part.kind === 'atomic' || (part.kind === 'repeat' && part.greed === 'possessive'))) return 'atomic group';
  if (some(root, (part) => part.kind === 'repeat' && part.max > 1 && loopDiffers(part.body))) return 'groups or empty rounds in a repeat';
  if (some(root, (part) => part.kind === 'look' && some(part.body, (inner) => inner.kind === 'group') && (part.negative || !part.ahead)))
    return 'group in a look-behind';
  return backsAreSure([root], new Set()) ? null : 'back reference to a group that may be unset';
}

/** JavaScript forgets groups at each round and refuses empty rounds; Python does neither. */
function loopDiffers(body: Node): boolean {
  if (widthOf(body)[0] === 0) return true;
  const sure = certainGroups(body);
  return some(body, (part) => part.kind === 'group' && !sure.has(part.index));
}

/** Every back reference follows its group on every way: an unset group fails in Python and is empty in JavaScript. */
function backsAreSure(items: readonly Node[], before: ReadonlySet<number>): boolean {
  let sure = before;
  for (const item of items) {
    if (item.kind === 'back' && (item.fold || !sure.has(item.group))) return false;
    if (item.kind === 'cat' && !backsAreSure(item.items, sure)) return false;
    if (item.kind === 'alt' && !item.branches.every((branch) => backsAreSure([branch], sure))) return false;
    if (item.kind === 'group' || item.kind === 'repeat' || item.kind === 'look') {
      if (!backsAreSure([item.body], sure)) return false;
    }
    const own = certainGroups(item);
    if (own.size > 0) sure = new Set([...sure, ...own]);
  }
  return true;
}

/** The JavaScript for ASCII texts: V8 is fast there, and has faults of its own around characters beyond U+FFFF. */
export function translate(root: Node): Translated {
  const writing: Writing = { groups: [0], placed: new Map() };
  return { source: write(root, writing), groups: writing.groups };
}

function write(node: Node, writing: Writing): string {
  switch (node.kind) {
    case 'set':
      return plainSet(node.set);
    case 'cat':
      return node.items.map((item) => (item.kind === 'alt' ? `(?:${write(item, writing)})` : write(item, writing))).join('');
    case 'alt':
      return node.branches.length === 0 ? '(?!)' : node.branches.map((branch) => write(branch, writing)).join('|');
    case 'group':
      writing.placed.set(node.index, writing.groups.length);
      writing.groups.push(node.index);
      return `(${write(node.body, writing)})`;
    case 'repeat':
      return repeat(node.body, node.min, node.max, node.greed === 'lazy', writing);
    case 'look':
      return `(?${node.ahead ? '' : '<'}${node.negative ? '!' : '='}${write(node.body, writing)})`;
    case 'back':
      return `(?:\\${writing.placed.get(node.group) ?? 0})`;
    case 'at':
      return place(node.place);
    default:
      return '(?!)';
  }
}

function repeat(body: Node, min: number, max: number, lazy: boolean, writing: Writing): string {
  const inner = write(body, writing);
  if (min === 0 && max === 1 && widthOf(body)[0] === 0) return lazy ? `(?:|${inner})` : `(?:${inner}|)`;
  if (max === 0) return `(?:${inner}){0}`;
  const held = body.kind === 'set' || body.kind === 'group' ? inner : `(?:${inner})`;
  return held + bounds(min, max) + (lazy ? '?' : '');
}

/** V8 takes counts up to 2^31 - 1; no text is that long. */
const MOST = 2147483647;

function bounds(min: number, max: number): string {
  if (min === 0 && max === 1) return '?';
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${Math.min(min, MOST)},}`;
  return min === max ? `{${Math.min(min, MOST)}}` : `{${Math.min(min, MOST)},${Math.min(max, MOST)}}`;
}

function place(where: string): string {
  switch (where) {
    case 'start':
      return '^';
    case 'end':
      return '$';
    case 'lastLine':
      return '(?=\\n?$)';
    case 'lineStart':
      return '(?<![^\\n])';
    case 'lineEnd':
      return '(?![^\\n])';
    case 'word':
      return '\\b';
    default:
      // Python before 3.14: an empty text has no \B
      return '(?:\\B(?:(?=[\\s\\S])|(?<=[\\s\\S])))';
  }
}

function escaped(code: number): string {
  if (code < 32 || code === 127) return `\\x${code.toString(16).padStart(2, '0')}`;
  const char = String.fromCharCode(code);
  return /[\w ]/.test(char) ? char : '/^$.*+?()[]{}|\\'.includes(char) ? `\\${char}` : char;
}

function inBrackets(code: number): string {
  return code === 45 ? '\\-' : /[&~!#%,:;<=>@`'"]/.test(String.fromCharCode(code)) ? String.fromCharCode(code) : escaped(code);
}

function rangeText(low: number, high: number): string {
  if (low === high) return inBrackets(low);
  return `${inBrackets(low)}${high > low + 1 ? '-' : ''}${inBrackets(high)}`;
}

/** ASCII members only; the texts that this is run on have no others. */
function plainSet(set: CharSet): string {
  const members = lowMembers(set);
  if (members.length === 1) return escaped(members[0] ?? 0);
  if (members.length === 0) return '(?!)';
  if (members.length === 128) return '[\\s\\S]';
  const absent = members.length > 64;
  const wanted = absent ? Array.from({ length: 128 }, (_, code) => code).filter((code) => !members.includes(code)) : members;
  let text = '';
  for (let i = 0; i < wanted.length; ) {
    let j = i;
    while (wanted[j + 1] === (wanted[j] ?? 0) + 1) j++;
    text += rangeText(wanted[i] ?? 0, wanted[j] ?? 0);
    i = j + 1;
  }
  return `[${absent ? '^' : ''}${text}]`;
}
