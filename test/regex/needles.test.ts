/** A needle that a matching text lacks would hide an attack: none may. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile, foldForNeedles } from '../../src/regex/pattern.ts';
import { PATTERN } from './patterns.ts';

/** A pattern in words together with a text that it matches. */
const PAIR: fc.Arbitrary<readonly [string, string]> = fc.letrec<{
  node: readonly [string, string];
  cat: readonly [string, string];
  alt: readonly [string, string];
  repeat: readonly [string, string];
}>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom<readonly [string, string]>(
      ['fail', 'fail'],
      ['Auth', 'Auth'],
      ['ed', 'ed'],
      ['\\d+', '42'],
      ['.', 'x'],
      ['[xy]', 'y'],
      ['.*', ''],
      ['\\s', ' '],
      ['(?i:Kiss)', 'KIſs'],
      ['(?i:user)', 'USER'],
      ['\\[', '['],
      ['(?:a|b)', 'b'],
      ['', ''],
    ),
    tie('cat'),
    tie('alt'),
    tie('repeat'),
  ),
  cat: fc
    .array(tie('node'), { minLength: 1, maxLength: 4 })
    .map((parts) => [parts.map((p) => p[0]).join(''), parts.map((p) => p[1]).join('')] as const),
  alt: fc
    .tuple(fc.array(tie('node'), { minLength: 1, maxLength: 4 }), fc.nat())
    .map(([parts, n]) => [`(${parts.map((p) => p[0]).join('|')})`, parts[n % parts.length]?.[1] ?? ''] as const),
  repeat: fc
    .tuple(tie('node'), fc.constantFrom<readonly [string, number]>(['*', 0], ['*', 2], ['+', 1], ['?', 0], ['?', 1], ['{2}', 2], ['{2,3}', 3]))
    .map(([[source, text], [quantifier, times]]) => [`(?:${source})${quantifier}`, text.repeat(times)] as const),
})).node;

function holdsNeedle(source: string, text: string): boolean {
  const { needles, needlesFold } = compile(source);
  const looked = needlesFold ? foldForNeedles(text) : text;
  return needles === null || needles.some((needle) => looked.includes(needle));
}

describe('needles', () => {
  it('stand in every text that matches', () => {
    let derived = 0;
    fc.assert(
      fc.property(PAIR, fc.string({ maxLength: 5 }), ([source, text], around) => {
        if (compile(source).needles !== null) derived++;
        expect(holdsNeedle(source, around + text + around)).toBe(true);
        expect(compile(source).search(around + text + around)).not.toBeNull();
      }),
      { numRuns: 5000, seed: 3 },
    );
    expect(derived).toBeGreaterThan(500);
  });

  it('are ASCII, three characters or more and at most 64', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          PATTERN,
          PAIR.map(([source]) => source),
        ),
        (source) => {
          const needles = compile(source).needles ?? ['abc'];
          expect(needles.length).toBeGreaterThan(0);
          expect(needles.length).toBeLessThanOrEqual(64);
          for (const needle of needles) expect(needle).toMatch(/^[\x00-\x7f]{3,}$/);
        },
      ),
      { numRuns: 2000, seed: 4 },
    );
  });

  it.each([
    ['^Failed password for \\S+', ['Failed password for '], false],
    ['(?:error: )?Failed \\w+', ['Failed '], false],
    ['Invalid|Illegal', ['Invalid', 'Illegal'], false],
    ['(?i)Login \\d', ['login '], true],
    ['\\d+ \\S+', null, false],
    ['(?:root)?', null, false],
    ['(?!nothing)[ab]{2}', null, false],
    ['user (root|admin) gone', ['user root gone', 'user admin gone'], false],
    ['abc|\\d', null, false],
  ] as const)('of %s', (source, needles, fold) => {
    const pattern = compile(source);
    expect(pattern.needles).toEqual(needles);
    expect(pattern.needlesFold).toBe(fold);
  });
});
