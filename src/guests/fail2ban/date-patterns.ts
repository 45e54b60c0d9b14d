/** One date pattern of a filter as an expression that finds the date in a line, with the bounds that fail2ban puts around it. */

import { fillFields } from './date-fields.ts';

/** How what was found is read: by its named fields, as seconds since 1970 (perhaps with more digits: milli- or microseconds), or TAI64N. */
export type DateKind = 'fields' | 'epoch' | 'long-epoch' | 'tai64n';

export interface DateTemplate {
  /** Templates of one name are one template. */
  readonly name: string;
  /** What the template was made of, for making another one from it; null for built-in kinds. */
  readonly pattern: string | null;
  /** Python's syntax. */
  readonly source: string;
  readonly kind: DateKind;
  /** The group that holds the number. */
  readonly valueGroup: number;
  /** The first group, which is cut out of the line. */
  readonly cut: Cut;
  /** Bound to the beginning or the end of the line. */
  readonly anchored: boolean;
  readonly lineBegin: boolean;
  readonly weight: number;
}

export interface Cut {
  readonly group: string;
  /** Nothing that takes room stands behind it. */
  readonly atEnd: boolean;
}

type Begin = 'word' | 'line' | 'free';

const CUT = '_cut';
/** A date ends where a word does. */
export const WORD_END = String.raw`(?=\b|\W|$)`;
const LINE_BEGIN = '{^LN-BEG}';
const EPOCH = String.raw`\d{10,11}\b(?:\.\d{3,6})?`;
const LONG_EPOCH = String.raw`\d{10,11}(?:\d{3}(?:\.\d{1,6}|\d{3})?)?`;

/** A group that captures by number, as opposed to `(?…)` and to a bracket that is text. */
const CAPTURES = /(?<!\(\?)(?<!\\)\((?!\?)/;
const FLAGS = /\(\?[a-z]+\)/;
const BOUND_ALREADY = /^\(*(?:\(\?\w+\))?(?:\^|\(*\*\*|\((?:\?:)?\^)/;
const ENDED_ALREADY = /(?<!\\)(?:\$\)?|\\b|\\s|\*\*\)*)$/;
const FREE_MARKS = /^\(*(?:\(\?\w+\))?\(*\*\*|(?<!\\)\*\*\)*$/g;
const AT_LINE_BEGIN = /^(?:\(\?\w+\))?(?:\^|\((?:\?:)?\^(?!\|))/;
const AT_LINE_END = /(?<![\\|])(?:\$\)?)$/;
const WORDS = /(?<!%)%[aAbBpc]/;
const EPOCH_MARK = /(?<!\\)\{L?EPOCH\}/gi;
export const DATE_MARK = /(?<!\\)\{DATE\}/gi;

interface Bounded {
  readonly source: string;
  readonly lineBegin: boolean;
  readonly lineEnd: boolean;
}

/** A date stands between words unless the pattern says otherwise (`^`, `$`, `**`). */
function bounded(written: string, begin: Begin, wordEnd: boolean): Bounded {
  let source = written.trim();
  const flags = FLAGS.exec(source)?.[0] ?? '';
  source = source.replace(flags, '');
  const boundBegin = begin !== 'free' && !BOUND_ALREADY.test(source);
  const boundEnd = wordEnd && !ENDED_ALREADY.test(source);
  if (!CAPTURES.test(source)) {
    source = source.replace(
      /^((?:\(\?\w+\))?\^?(?:\(\?\w+\))?)([\s\S]*?)(\$?)$/,
      (_, before: string, date: string, after: string) => `${before}(${date})${after}`,
    );
  }
  let lineBegin = boundBegin && begin === 'line';
  if (boundBegin) source = (lineBegin ? String.raw`^(?:\W{0,2})?` : String.raw`(?=^|\b|\W)`) + source;
  if (boundEnd) source += WORD_END;
  lineBegin ||= AT_LINE_BEGIN.test(source);
  const lineEnd = AT_LINE_END.test(source);
  return { source: flags + source.replace(FREE_MARKS, (marks) => marks.replace('**', '')), lineBegin, lineEnd };
}

interface Naming {
  readonly name: string;
  readonly pattern?: string | null;
  readonly kind: DateKind;
  readonly valueGroup?: number;
}

function template(bounds: Bounded, { name, pattern = null, kind, valueGroup = 1 }: Naming): DateTemplate {
  const anchored = bounds.lineBegin || bounds.lineEnd;
  return { name, pattern, ...withCutNamed(bounds.source), kind, valueGroup, anchored, lineBegin: bounds.lineBegin, weight: 1 };
}

/** Gives the first group a name where it has none. */
function withCutNamed(source: string): { readonly source: string; readonly cut: Cut } {
  const outside = source.replace(/\\[\s\S]|\[\^?\]?(?:[^\]\\]|\\[\s\S])*\]/g, (text) => '.'.repeat(text.length));
  const first = /\((?!\?)|\(\?P<(\w+)>/.exec(outside);
  if (first === null) return { source, cut: { group: '', atEnd: false } };
  const rest = source.slice(closing(outside, first.index) + 1);
  const atEnd = rest === '' || rest === '$' || rest === WORD_END;
  const named = first[1];
  if (named !== undefined) return { source, cut: { group: named, atEnd } };
  return { source: `${source.slice(0, first.index)}(?P<${CUT}>${source.slice(first.index + 1)}`, cut: { group: CUT, atEnd } };
}

function closing(outside: string, open: number): number {
  let depth = 0;
  for (let at = open; at < outside.length; at += 1) {
    if (outside[at] === '(') depth += 1;
    if (outside[at] === ')') depth -= 1;
    if (depth === 0) return at;
  }
  return outside.length;
}

/** Takes away what bounds a pattern, for putting it into another one. */
export function unbounded(pattern: string): string {
  return pattern
    .replace(/^\{UNB\}/, '')
    .replace(/^\{\^LN-BEG\}/, '')
    .replace(/^\((?:\?:)?\^\|\\b\|\\W\)/, '')
    .replace(/\(\?=\\b\|\\W\|\$\)$/, '');
}

/** Seconds since 1970: at the beginning of the line, in brackets there (nsd), or as audit's stamp. */
function epochTemplate(long: boolean, atBegin: boolean): DateTemplate {
  const number = long ? LONG_EPOCH : EPOCH;
  const name = (atBegin ? LINE_BEGIN : '') + (long ? 'LongEpoch' : 'Epoch');
  const kind = long ? 'long-epoch' : 'epoch';
  if (atBegin) return template(bounded(`(${number})`, 'line', true), { name, kind });
  return template(bounded(String.raw`((?:(?<=^\[)|(?<=\baudit\()|^)${number})`, 'free', true), { name, kind });
}

/** Around `{EPOCH}`, `{LEPOCH}` an own pattern may stand, all of which is cut out of the line. */
function epochWithin(pattern: string): DateTemplate {
  const long = /\{LEPOCH\}/i.test(pattern);
  const source = `(${pattern.replace(EPOCH_MARK, () => `(${long ? LONG_EPOCH : EPOCH})`)})`;
  return template(bounded(source, 'word', true), { name: pattern, kind: long ? 'long-epoch' : 'epoch', valueGroup: 2 });
}

function tai64nTemplate(atBegin: boolean): DateTemplate {
  return template(bounded('@[0-9a-f]{24}', atBegin ? 'line' : 'free', true), { name: `${atBegin ? LINE_BEGIN : ''}TAI64N`, kind: 'tai64n' });
}

/** A pattern of `%` fields between whatever else; null where a `%` is none. */
function fieldTemplate(pattern: string, now: number): DateTemplate | null {
  const free = pattern.startsWith('{UNB}');
  const inner = free ? pattern.slice('{UNB}'.length) : pattern;
  const atBegin = !free && inner.startsWith(LINE_BEGIN);
  const filled = fillFields(atBegin ? inner.slice(LINE_BEGIN.length) : inner, now);
  if (filled === null) return null;
  const source = WORDS.test(inner) ? `(?iu)${filled}` : filled;
  return template(bounded(source, free ? 'free' : atBegin ? 'line' : 'word', !free), { name: pattern, pattern, kind: 'fields' });
}

/** A pattern as written in a filter, other than `{DATE}`, `{DEFAULT}` and a lone `{^LN-BEG}`, which stand for several. */
export function dateTemplate(pattern: string, now: number): DateTemplate | null {
  const key = pattern.includes('%') ? pattern : pattern.toUpperCase();
  if (key === '{NONE}') return fieldTemplate('{UNB}^', now);
  if (key.includes('EPOCH') && new RegExp(EPOCH_MARK.source, 'i').test(pattern)) return epochWithin(pattern);
  const bare = key.replace(/^(?:\{\^LN-BEG\}|\^)/, '');
  if (bare === 'EPOCH' || bare === 'LEPOCH') return epochTemplate(bare === 'LEPOCH', key !== bare);
  if (bare === 'TAI64N') return tai64nTemplate(key !== bare);
  return fieldTemplate(pattern, now);
}

/** A template made of another one: inside a pattern of its own, or at the beginning of the line. */
export function rewrapped(made: DateTemplate, now: number, wrap: (inner: string) => string): DateTemplate | null {
  return dateTemplate(wrap(made.pattern ?? made.name), now);
}
