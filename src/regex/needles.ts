/** Literals that a pattern cannot match without: the sieve looks for these and leaves all other lines alone. */

import type { Node } from './ast.ts';
import { type CharSet, lowMembers } from './charset.ts';
import { lowerOf, sameLetter } from './fold.ts';

export interface Needles {
  readonly texts: readonly string[];
  /** The texts are lower case and stand in the lower-cased line. */
  readonly fold: boolean;
}

/** Shorter literals stand in too many lines to tell anything. */
const SHORTEST = 3;
const NEEDLES_AT_MOST = 64;
/** Texts that one part can be written out to. */
const WORDS_AT_MOST = 64;
const LONGEST = 64;
/** Beyond this a longer literal is hardly rarer. */
const LONG_ENOUGH = 16;
/** Larger sets are not written out. */
const FEW_CHARACTERS = 4;

/** Letters that Python takes for ASCII ones when case is ignored, though their lower case is another. */
const LOOKALIKES: Readonly<Record<string, string>> = { '\u0130': 'i', '\u0131': 'i', '\u017f': 's' };

/** A text as folded needles are looked for in it. */
export function foldForNeedles(text: string): string {
  return text.replace(/[\u0130\u0131\u017f]/g, (letter) => LOOKALIKES[letter] ?? letter).toLowerCase();
}

/** All texts that a node may take, lower-cased where case does not matter; null when there are too many. */
interface Words {
  readonly texts: readonly string[];
  readonly fold: boolean;
}

interface Found {
  /** Every match of the node is one of these texts. */
  readonly exact: Words | null;
  /** Every match of the node holds one of these. */
  readonly held: Words | null;
}

const EMPTY_WORDS: Words = { texts: [''], fold: false };
const UNKNOWN: Found = { exact: null, held: null };

export function needlesOf(root: Node): Needles | null {
  const { exact, held } = find(root);
  const best = better(usable(exact), held);
  if (best === null) return null;
  const texts = [...new Set(best.fold ? best.texts.map((text) => text.toLowerCase()) : best.texts)];
  // a text that holds another needle needs no needle of its own
  return { texts: texts.filter((text) => !texts.some((other) => other !== text && text.includes(other))), fold: best.fold };
}

/** More lists than these tell little more. */
const LISTS_AT_MOST = 6;

/** All that is known: of each of these lists one text stands in every text that matches. */
export function needleLists(root: Node): Needles[] {
  const lists = listsIn(root).map(({ texts, fold }) => ({ texts: fold ? texts.map((text) => text.toLowerCase()) : texts, fold }));
  return lists.slice(0, LISTS_AT_MOST);
}

function listsIn(node: Node): Words[] {
  if (node.kind === 'group' || node.kind === 'atomic') return listsIn(node.body);
  if (node.kind === 'repeat' && node.min > 0) return listsIn(node.body);
  if (node.kind !== 'cat') {
    const { exact, held } = find(node);
    return [usable(exact) ?? held].flatMap((words) => words ?? []);
  }
  const lists: (Words | null)[] = [];
  let run: Words | null = EMPTY_WORDS;
  for (const item of node.items) {
    const { exact } = find(item);
    const longer: Words | null = run === null || exact === null ? null : product(run, exact);
    if (longer === null) lists.push(usable(run));
    if (exact === null) lists.push(...listsIn(item));
    run = longer ?? exact ?? EMPTY_WORDS;
  }
  return [...lists, usable(run)].flatMap((words) => words ?? []);
}

function usable(words: Words | null): Words | null {
  if (words === null || words.texts.length === 0 || words.texts.length > NEEDLES_AT_MOST) return null;
  return words.texts.every((text) => text.length >= SHORTEST) ? words : null;
}

/** The rarer literals: the longest shortest one, then the fewest. */
function better(a: Words | null, b: Words | null): Words | null {
  if (a === null || b === null) return a ?? b;
  const weight = (words: Words) => {
    const shortest = Math.min(...words.texts.map((text) => text.length));
    return Math.min(shortest, LONG_ENOUGH) * 4 - words.texts.length - (words.fold ? 2 : 0) + shortest / LONGEST;
  };
  return weight(b) > weight(a) ? b : a;
}

function find(node: Node): Found {
  switch (node.kind) {
    case 'set':
      return { exact: letters(node.set), held: null };
    case 'at':
    case 'look':
      return { exact: EMPTY_WORDS, held: null };
    case 'cat':
      return findInSequence(node.items);
    case 'alt':
      return findInBranches(node.branches);
    case 'cond':
      return findInBranches([node.yes, node.no]);
    case 'group':
    case 'atomic':
      return find(node.body);
    case 'repeat':
      return findInRepeat(node.body, node.min, node.max);
    default:
      return UNKNOWN;
  }
}

/** A set of one character, or of one letter in both cases, or of a few. */
function letters(set: CharSet): Words | null {
  if (set.negated || set.classes.length > 0) return null;
  const low = lowMembers(set);
  if (low.length === 0 || low.length > FEW_CHARACTERS) return null;
  const lower = [...new Set(low.map(lowerOf))];
  const same = new Set(lower.flatMap((code) => sameLetter(code, false)));
  const beyond = set.ranges.filter(([, high]) => high > 127);
  if (beyond.some(([from, to]) => to - from > FEW_CHARACTERS || !same.has(Math.max(from, 128)) || !same.has(to))) return null;
  const fold = beyond.length > 0 || low.length === lower.length * 2;
  return { texts: (fold ? lower : low).map((code) => String.fromCharCode(code)), fold };
}

function product(a: Words, b: Words): Words | null {
  if (a.texts.length * b.texts.length > WORDS_AT_MOST) return null;
  const texts = a.texts.flatMap((left) => b.texts.map((right) => left + right));
  return texts.some((text) => text.length > LONGEST) ? null : { texts, fold: a.fold || b.fold };
}

function findInSequence(items: readonly Node[]): Found {
  let run: Words | null = EMPTY_WORDS;
  let whole = true;
  let held: Words | null = null;
  for (const item of items) {
    const part = find(item);
    held = better(better(held, part.held), usable(run));
    const longer: Words | null = run === null || part.exact === null ? null : product(run, part.exact);
    if (longer === null) whole = false;
    run = longer ?? part.exact ?? EMPTY_WORDS;
  }
  return { exact: whole ? run : null, held: better(held, usable(run)) };
}

function findInBranches(branches: readonly Node[]): Found {
  const parts = branches.map(find);
  const exact = parts.every((part) => part.exact !== null) ? joined(parts.map((part) => part.exact)) : null;
  const held = parts.every((part) => part.held !== null || usable(part.exact) !== null)
    ? joined(parts.map((part) => better(part.held, usable(part.exact))))
    : null;
  return { exact: exact !== null && exact.texts.length <= WORDS_AT_MOST ? exact : null, held: usable(held) };
}

function joined(all: readonly (Words | null)[]): Words | null {
  const texts = new Set<string>();
  let fold = false;
  for (const words of all) {
    if (words === null) return null;
    for (const text of words.texts) texts.add(text);
    fold ||= words.fold;
  }
  return { texts: [...texts], fold };
}

function findInRepeat(body: Node, min: number, max: number): Found {
  const part = find(body);
  if (min === 0) {
    const exact = max === 1 && part.exact !== null ? joined([EMPTY_WORDS, part.exact]) : null;
    return { exact, held: null };
  }
  if (max === 1) return part;
  const least = part.exact === null ? null : repeated(part.exact, Math.min(min, LONGEST));
  return { exact: min === max && min <= LONGEST ? least : null, held: better(part.held, better(usable(part.exact), usable(least))) };
}

function repeated(words: Words, times: number): Words | null {
  let run: Words | null = EMPTY_WORDS;
  for (let i = 0; i < times && run !== null; i++) run = product(run, words);
  return run;
}
