/** Asks both engines the same question, for the tests of this room. */

import { makeBounded } from '../../src/regex/bounded-search.ts';
import { withoutConditions } from '../../src/regex/conditionals.ts';
import { isAscii, makeNative } from '../../src/regex/native.ts';
import { parse } from '../../src/regex/parse.ts';
import type { Found, RegexOptions } from '../../src/regex/pattern.ts';

/** Start, end and groups of a match, as Python's `m.start(), m.end(), *m.groups()`. */
export type Answer = readonly (number | string | null)[] | null | 'over-budget';

export function answerOf(found: Found): Answer {
  if (found === null || found === 'over-budget') return found;
  return [found.start, found.end, ...found.numbered.slice(1).map((text) => text ?? null)];
}

/** Asks every engine that takes the pattern and the text; answers by the engine's name. */
export type Asked = (text: string) => ReadonlyMap<string, Answer>;

export function enginesOf(source: string, options: RegexOptions = {}): Asked {
  const { root: read, names } = parse(source, options);
  const root = withoutConditions(read) ?? read;
  const native = makeNative(root, names);
  const bounded = makeBounded(root, names);
  return (text) => {
    const answers = new Map<string, Answer>();
    if (native !== null && isAscii(text)) answers.set('native', answerOf(native(text, 0)));
    if (bounded !== null) answers.set('bounded', answerOf(bounded(text, 0)));
    return answers;
  };
}

export function askEach(source: string, text: string, options: RegexOptions = {}): ReadonlyMap<string, Answer> {
  return enginesOf(source, options)(text);
}
