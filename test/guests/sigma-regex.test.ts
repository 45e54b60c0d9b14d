/** `|re` of Sigma: partial, case-sensitive, with its flags, and refused with a reason where it cannot be read. */

import { describe, expect, it } from 'vitest';
import { fields, matches, refusals } from './sigma-rules.ts';

describe('re', () => {
  it.each<[string, string, unknown, unknown]>([
    ['stands anywhere', "a|re: 'b+c'", { a: 'xbbcx' }, { a: 'xc' }],
    ['case counts', "a|re: 'Abc'", { a: 'Abc' }, { a: 'abc' }],
    ['i', "a|re|i: 'Abc'", { a: 'xABC' }, { a: 'ab' }],
    ['inline flag', "a|re: '(?i)abc$'", { a: 'xABC' }, { a: 'abcd' }],
    ['m', "a|re|m: '^two$'", { a: 'one\ntwo' }, { a: 'one two' }],
    ['s', "a|re|s: 'one.two'", { a: 'one\ntwo' }, { a: 'onetwo' }],
    ['no s', "a|re: 'one.two'", { a: 'one two' }, { a: 'one\ntwo' }],
    ['wildcards are none', "a|re: '^a.*z$'", { a: 'abcz' }, { a: 'a.*y' }],
    ['a list is one of them', "a|re:\n  - '^x'\n  - 'y$'", { a: 'ay' }, { a: 'ya' }],
    ['a list with all', "a|re|all:\n  - '^x'\n  - 'y$'", { a: 'xy' }, { a: 'xa' }],
  ])('%s', (_name, lines, yes, no) => expect([matches(fields(lines), yes), matches(fields(lines), no)]).toEqual([true, false]));

  it('what cannot be read is refused with line and reason', () => {
    const [reason = ''] = refusals(fields("a|re: 'x('"));
    expect(reason).toMatch(/^7: the regular expression cannot be used: .+ \(at character \d+\)$/);
  });

  it('a text that is slow for most engines is judged, or the pattern is named as given up', () => {
    expect(matches(fields("a|re: '^(?:a+)+$'"), { a: `${'a'.repeat(5_000)}!` })).toBe(false);
  });
});
