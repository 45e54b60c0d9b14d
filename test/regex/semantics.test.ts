/** What Python's `re` answers, case by case, each answer found by reading its manual. */

import { describe, expect, it } from 'vitest';
import { compile, type RegexOptions } from '../../src/regex/pattern.ts';
import { type Answer, answerOf, askEach } from './ask.ts';

interface Case {
  readonly why: string;
  readonly source: string;
  readonly text: string;
  readonly answer: Answer;
  readonly options?: RegexOptions;
}

const CASES: readonly Case[] = [
  { why: '$ stands before a last newline', source: 'a$', text: 'ba\n', answer: [1, 2] },
  { why: '$ stands at no inner newline', source: 'a$', text: 'a\nb', answer: null },
  { why: '$ stands at every line end under (?m)', source: '(?m)a$', text: 'a\nb', answer: [0, 1] },
  { why: '^ stands behind a newline under the multiline option', source: '^b', text: 'a\nb', options: { multiline: true }, answer: [2, 3] },
  { why: '\\Z is the very end', source: 'a\\Z', text: 'a\n', answer: null },
  { why: '. takes a carriage return', source: 'a.b', text: 'a\rb', answer: [0, 3] },
  { why: '. takes no newline', source: 'a.b', text: 'a\nb', answer: null },
  { why: '. takes a newline under (?s)', source: '(?s)a.b', text: 'a\nb', answer: [0, 3] },
  { why: '\\d takes digits of every script', source: '\\d+', text: 'x١٢', answer: [1, 3] },
  { why: '\\d takes ASCII digits only under (?a)', source: '(?a)\\d+', text: '١2', answer: [1, 2] },
  { why: '\\w takes letters of every script', source: '^\\w+$', text: 'Jürgen', answer: [0, 6] },
  { why: '\\b stands between word and other characters of every script', source: '\\bé', text: 'aé é', answer: [3, 4] },
  { why: '\\s takes the separators U+001C to U+001F', source: 'a\\sb', text: 'a\x1cb', answer: [0, 3] },
  { why: 'no \\B stands in an empty text', source: '\\B', text: '', answer: null },
  { why: 'a character beyond U+FFFF is one character', source: '^.$', text: '😀', answer: [0, 2] },
  { why: 'case is ignored in a part only', source: 'a(?i:b)c', text: 'aBC aBc', answer: [4, 7] },
  { why: 'case is minded again in a part', source: '(?i)a(?-i:b)', text: 'AB Ab', answer: [3, 5] },
  { why: 'the Kelvin sign is a k when case is ignored', source: '(?i)k', text: '\u212a', answer: [0, 1] },
  { why: 'long s is an s when case is ignored', source: '(?i)[r-t]', text: 'ſ', answer: [0, 1] },
  { why: 'a range grows by its letters in the other case', source: '(?i)[à-ï]', text: 'É', answer: [0, 1] },
  { why: 'a negated set is negated after case was set aside', source: '(?i)[^a]', text: 'A', answer: null },
  { why: 'a condition takes yes when the group took part', source: '^(<)?a(?(1)>|$)', text: '<a>', answer: [0, 3, '<'] },
  { why: 'a condition takes no when it did not', source: '^(<)?a(?(1)>|$)', text: 'a', answer: [0, 1, null] },
  { why: 'a condition without no is content', source: '(x)?a(?(1)b)', text: 'a', answer: [0, 1, null] },
  { why: 'a group left out may be tried again without', source: '^(a)?.*(?(1)c|b)$', text: 'ab', answer: [0, 2, null] },
  { why: 'a named condition in alternatives', source: '^(?:(?P<q>")|x)y(?(q)"|z)$', text: 'xyz', answer: [0, 3, null] },
  { why: 'an unset group fails when referred to', source: '(a)?b\\1', text: 'b', answer: null },
  { why: 'a set group is taken again', source: '(?P<q>[\'"]).*?(?P=q)', text: '"it\'s"', answer: [0, 6, '"'] },
  { why: 'a group keeps its last round though a later round went another way', source: '(?:(a)|b)*', text: 'ab', answer: [0, 2, 'a'] },
  { why: 'one empty round is gone at the end', source: '(a*)*', text: 'aa', answer: [0, 2, ''] },
  { why: 'an optional group may take part with nothing', source: '(a*)?b', text: 'b', answer: [0, 1, ''] },
  { why: 'the first alternative wins, not the longest', source: 'a|ab', text: 'ab', answer: [0, 1] },
  { why: 'an atomic group gives nothing back', source: '(?>a+)a', text: 'aaa', answer: null },
  { why: 'a possessive repeat gives nothing back', source: 'a++a|b', text: 'aab', answer: [2, 3] },
  { why: 'a lookbehind looks at what was before', source: '(?<=ab)c', text: 'c abc', answer: [4, 5] },
  { why: 'a negative lookbehind', source: '(?<!a)b', text: 'abb', answer: [2, 3] },
  { why: 'a group in a lookahead stays', source: '(?=(ab))a', text: 'ab', answer: [0, 1, 'ab'] },
  { why: 'braces without bounds are themselves', source: 'a{b}{', text: 'a{b}{', answer: [0, 5] },
  { why: '{,2} counts from nothing', source: '^a{,2}b', text: 'aab', answer: [0, 3] },
  { why: 'a bracket first in a set is itself', source: '[]a]+', text: 'x]a', answer: [1, 3] },
  { why: 'a hyphen last in a set is itself', source: '[a-]+', text: '-a', answer: [0, 2] },
  { why: '\\b in a set is backspace', source: '[\\b]', text: '\b', answer: [0, 1] },
  { why: 'escapes by number', source: '\\x41\\u0042\\103\\0', text: 'ABC\0', answer: [0, 4] },
  { why: 'needless escapes are taken off', source: '\\"\\:\\<', text: '":<', answer: [0, 3] },
  { why: 'blanks and remarks are nothing under (?x)', source: '(?x) a \\  b # a, blank, b\n [ ] c', text: 'a b c', answer: [0, 5] },
  { why: 'a remark in parentheses', source: 'a(?#b)*', text: 'aa', answer: [0, 2] },
];

describe('what Python answers', () => {
  for (const { why, source, text, answer, options } of CASES) {
    it(why, () => {
      for (const [engine, given] of askEach(source, text, options)) expect(given, engine).toEqual(answer);
      expect(answerOf(compile(source, options).search(text))).toEqual(answer);
    });
  }
});

describe('PCRE forms, for Sigma', () => {
  const pcre: RegexOptions = { pcre: true };
  it.each([
    ['(?<n>a)', 'ba', [1, 2, 'a']],
    ['[[:digit:]]+\\z', 'x12', [1, 3]],
    ['[[:^alpha:]]', 'a1', [1, 2]],
    ['\\d', '١', null],
    ['a(?i)b', 'AB aB', [3, 5]],
    ['(?<=a|bc)d', 'bcd', [2, 3]],
    ['\\Qa.b\\E', 'axb a.b', [4, 7]],
    ["(?'q'a)\\k{q}", 'aa', [0, 2, 'a']],
    ['a\\Z', 'a\n', [0, 1]],
  ] as const)('%s on %s', (source, text, answer) => {
    expect(answerOf(compile(source, pcre).search(text))).toEqual(answer);
  });
});

describe('a match', () => {
  it('names its groups and where they begin', () => {
    const found = compile('user (?P<user>\\S+)(?: from (?P<ip>\\S+))?').search('for user bob');
    if (found === null || found === 'over-budget') throw new Error('no match');
    expect(found.groups).toEqual({ user: 'bob', ip: undefined });
    expect([found.startOf('user'), found.startOf('ip'), found.startOf('none')]).toEqual([9, -1, -1]);
  });

  it('is looked for from a place on, while ^ stays the start of the text', () => {
    expect(answerOf(compile('a').search('aba', 1))).toEqual([2, 3]);
    expect(compile('^a').search('aba', 2)).toBeNull();
    expect(answerOf(compile('(?<=b)a').search('aba', 2))).toEqual([2, 3]);
  });
});
