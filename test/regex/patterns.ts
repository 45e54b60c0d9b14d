/** Small random patterns and texts over few characters, so that they meet often. */

import fc from 'fast-check';

const LEAF = fc.constantFrom(
  'a',
  'b',
  'A',
  '1',
  ' ',
  ':',
  '.',
  '\\w',
  '\\d',
  '\\s',
  '\\S',
  '\\W',
  '[ab]',
  '[^a]',
  '[\\w:]',
  '^',
  '$',
  '\\b',
  '\\B',
  '(?=a)',
  '(?!b)',
  '(?<=a)',
  '(?<!:)',
);
const QUANTIFIER = fc.constantFrom('*', '+', '?', '{2}', '{1,3}', '{0,2}', '*?', '+?', '??', '{1,2}?');

/** Patterns with groups, alternatives and repeats within repeats. */
export const PATTERN: fc.Arbitrary<string> = fc.letrec<{ node: string; cat: string; alt: string; group: string; repeat: string }>((tie) => ({
  node: fc.oneof({ maxDepth: 4, withCrossShrink: true }, LEAF, tie('cat'), tie('alt'), tie('group'), tie('repeat')),
  cat: fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((parts) => parts.join('')),
  alt: fc.array(tie('node'), { minLength: 1, maxLength: 3 }).map((parts) => `(?:${parts.join('|')})`),
  group: tie('node').map((body) => `(${body})`),
  repeat: fc.tuple(tie('node'), QUANTIFIER).map(([body, quantifier]) => `(?:${body})${quantifier}`),
})).node;

/** The same, now and then with a condition or a back reference to its first group. */
export const RICH_PATTERN: fc.Arbitrary<string> = fc
  .tuple(PATTERN, PATTERN, fc.constantFrom('', '?', '*'), fc.constantFrom('\\1', '(?(1)a|b)', '(?(1)\\s)', ''))
  .map(([first, second, quantifier, last]) => `(${first})${quantifier}${second}${last}`);

export const TEXT: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('a', 'b', 'A', 'B', '1', ' ', ':', '\n', '_'), { maxLength: 10 })
  .map((parts) => parts.join(''));
export const WILD_TEXT: fc.Arbitrary<string> = fc
  .array(fc.constantFrom('a', 'b', 'A', '1', ' ', ':', '\n', 'é', '١', '\u212a', '😀'), { maxLength: 10 })
  .map((parts) => parts.join(''));
