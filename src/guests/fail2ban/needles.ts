/**
 * Texts of which a line must hold at least one for a filter to match it, so that other lines need not be looked at.
 * Expressions see lines without their date: a text that such an expression asks for may have had the date in its middle.
 */

import { type DateTemplate, WORD_END } from './date-patterns.ts';
import type { FilterDefinition } from './definition.ts';
import type { Part, Parts } from './filter-parts.ts';

export interface Needles {
  readonly needles: readonly string[] | null;
  /** In small letters, for lines in either case. */
  readonly fold: boolean;
}

/** Shorter ones stand in nearly every line. */
const SHORTEST = 3;
const SLOW: Needles = { needles: null, fold: false };

export function needlesOf(parts: Parts, definition: FilterDefinition): Needles {
  // Lines between those that match take part in a window of several.
  if (parts.lines > 1 || parts.fail.length === 0) return SLOW;
  const whole = cutter(parts, definition);
  const ofPref = parts.pref === null ? SLOW : joined([parts.pref], whole);
  const ofFail = joined(parts.fail, whole);
  if (ofPref.needles === null || ofFail.needles === null) return ofFail.needles === null ? ofPref : ofFail;
  return rarity(ofFail.needles) >= rarity(ofPref.needles) ? ofFail : ofPref;
}

/**
 * What else a line must hold, in small letters for lines in either case: one text of each list. `needlesOf` names the list that is
 * searched for; these are asked of the few lines that have it.
 */
export function furtherNeedles(parts: Parts, definition: FilterDefinition): readonly (readonly string[])[] {
  if (parts.lines > 1 || parts.fail.length === 0) return [];
  const whole = cutter(parts, definition);
  const pieces = (texts: readonly string[]) => [...new Set(texts.flatMap((text) => whole(text.toLowerCase())))];
  const ofPref = parts.pref === null ? [] : parts.pref.regex.needleLists.map(({ texts }) => pieces(texts));
  const [only, ...others] = parts.fail;
  const ofOnly = only === undefined || others.length > 0 ? [] : only.regex.needleLists.map(({ texts }) => pieces(texts));
  const first = inAll(parts.fail, 0, pieces);
  const last = inAll(parts.fail, -1, pieces);
  const lists = [...ofPref, ...ofOnly, first, last];
  const known = new Map(lists.map((list) => [list.join('\n'), list]));
  return [...known.values()].filter((list) => list.length > 0 && list.every((text) => text.length > 0));
}

/** The first or last list of each expression, all in one; empty where one of them has none. */
function inAll(parts: readonly Part[], place: number, pieces: (texts: readonly string[]) => string[]): string[] {
  const lists = parts.map((part) => part.regex.needleLists.at(place));
  if (lists.includes(undefined)) return [];
  return pieces(lists.flatMap((list) => list?.texts ?? []));
}

/** The shortest needle is the one that lets most lines through. */
function rarity(needles: readonly string[]): number {
  return Math.min(...needles.map((needle) => needle.length));
}

function joined(parts: readonly Part[], whole: (needle: string) => readonly string[]): Needles {
  const fold = parts.some((part) => part.regex.needlesFold);
  const found = new Set<string>();
  for (const { regex } of parts) {
    if (regex.needles === null) return SLOW;
    for (const needle of regex.needles) {
      for (const piece of whole(fold ? needle.toLowerCase() : needle)) {
        if (piece.length < SHORTEST) return SLOW;
        found.add(piece);
      }
    }
  }
  return found.size === 0 ? SLOW : { needles: [...found], fold };
}

/** What of a text stands in one piece in the line as it was written. */
function cutter(parts: Parts, definition: FilterDefinition): (needle: string) => readonly string[] {
  if (definition.logtype === 'journal') return (needle) => [needle];
  const kinds = new Set(parts.finders.map(({ template }) => cutPlace(template)));
  if (kinds.has('anywhere')) return halves;
  return kinds.has('word') ? (needle) => longestPiece(afterBegin(needle)) : (needle) => [afterBegin(needle)];
}

/**
 * Where a template cuts the date out: at the line's beginning, behind at most two characters that are neither letter nor digit; or
 * so that it ends with a letter or digit that none follows; or anywhere.
 */
function cutPlace({ source, pattern, name, cut }: DateTemplate): 'begin' | 'word' | 'anywhere' {
  if (/^(?:\(\?[a-z]+\))?\^(?:\(\?:\\W\{0,2\}\)\?)?\((?!\?:)/.test(source)) return 'begin';
  return cut.atEnd && source.endsWith(WORD_END) && endsInWord(pattern ?? name) ? 'word' : 'anywhere';
}

/** Whether a pattern's last part, and each optional part before it, ends with a field of letters or digits. */
function endsInWord(pattern: string): boolean {
  let rest = pattern;
  while (/\(\?:[^()]*%(?:Ex)?[A-Za-z]\)\?\)?$/.test(rest)) rest = rest.replace(/\(\?:[^()]*\)\?\)?$/, '');
  return /(?:%(?:Ex)?[A-Za-z]|EPOCH\}?|TAI64N)\)*$/i.test(rest);
}

function afterBegin(needle: string): string {
  return needle.replace(/^\W{1,2}/, '');
}

/** Pieces begin where a date may have ended. */
function longestPiece(needle: string): string[] {
  const pieces = needle.split(/(?=\W)/);
  return [pieces.reduce((longest, piece) => (piece.length > longest.length ? piece : longest), '')];
}

/** Wherever the date was, one half of the text is whole. */
function halves(needle: string): string[] {
  const middle = Math.ceil(needle.length / 2);
  return [needle.slice(0, middle), needle.slice(middle)];
}
