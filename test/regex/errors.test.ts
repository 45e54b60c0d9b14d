/** Patterns that Python refuses are refused with its words and at its place. */

import { describe, expect, it } from 'vitest';
import { compile, RegexError } from '../../src/regex/pattern.ts';

const CASES: readonly (readonly [source: string, message: string, at: number])[] = [
  ['ab(', 'missing ), unterminated subpattern', 2],
  ['ab)', 'unbalanced parenthesis', 2],
  ['a[b', 'unterminated character set', 1],
  ['*a', 'nothing to repeat', 0],
  ['a**', 'multiple repeat', 2],
  ['^*', 'nothing to repeat', 1],
  ['a{3,2}', 'min repeat greater than max repeat', 2],
  ['[b-a]', 'bad character range b-a', 1],
  ['a\\', 'bad escape (end of pattern)', 1],
  ['\\q', 'bad escape \\q', 0],
  ['a\\x4', 'incomplete escape \\x4', 1],
  ['\\1', 'invalid group reference 1', 1],
  ['(a\\1)', 'cannot refer to an open group', 2],
  ['(?P<a>b)(?P<a>c)', "redefinition of group name 'a' as group 2; was group 1", 12],
  ['(?P<1>a)', "bad character in group name '1'", 4],
  ['(?P=x)', "unknown group name 'x'", 4],
  ['(?<n>a)', 'unknown extension ?<n', 1],
  ['(?<=a+)b', 'look-behind requires fixed-width pattern', 0],
  ['a(?i)b', 'global flags not at the start of the expression', 1],
  ['(?(2)a)', 'invalid group reference 2', 3],
];

describe('a pattern that cannot be read', () => {
  it.each(CASES)('%s: %s', (source, message, at) => {
    let caught: unknown = null;
    try {
      compile(source);
    } catch (error) {
      caught = error;
    }
    expect(caught).toBeInstanceOf(RegexError);
    if (caught instanceof RegexError) expect([caught.message, caught.at]).toEqual([message, at]);
  });

  it('is refused when it is nested beyond all use', () => {
    expect(() => compile('('.repeat(5000) + ')'.repeat(5000))).toThrow(RegexError);
  });
});
