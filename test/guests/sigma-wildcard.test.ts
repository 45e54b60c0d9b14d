/** Wildcards of Sigma: the backslash rules of the specification, and the matcher beside a naive one. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { folded, plainText, type Token, tokensOf, wildcard, withDashes } from '../../src/guests/sigma/wildcard.ts';

const any: Token = { mark: 'any' };
const one: Token = { mark: 'one' };

/** The definition word by word, in exponential time. */
function naive(tokens: readonly Token[], text: readonly string[]): boolean {
  const [token, ...rest] = tokens;
  if (token === undefined) return text.length === 0;
  if (typeof token === 'string') {
    const chars = Array.from(token);
    return chars.every((char, at) => text[at] === char) && naive(rest, text.slice(chars.length));
  }
  if (token.mark === 'any') return text.some((_, at) => naive(rest, text.slice(at))) || naive(rest, []);
  const fits = text[0] !== undefined && (token.mark === 'one' || '-/–—―'.includes(text[0]));
  return fits && naive(rest, text.slice(1));
}

describe('wildcards', () => {
  it.each<[string, readonly Token[]]>([
    ['a*b?c', ['a', any, 'b', one, 'c']],
    ['\\*', ['*']],
    ['\\?x', ['?x']],
    ['\\\\*', ['\\', any]],
    ['\\\\\\*', ['\\*']],
    ['C:\\Windows\\cmd.exe', ['C:\\Windows\\cmd.exe']],
    ['\\\\\\\\server', ['\\\\server']],
    ['\\\\\\server', ['\\\\server']],
    ['end\\', ['end\\']],
    ['', []],
  ])('%s is read as the specification says', (text, tokens) => expect(tokensOf(text)).toEqual(tokens));

  const token = fc.oneof(
    fc.constant<Token>(any),
    fc.constant<Token>(one),
    fc.constant<Token>({ mark: 'dash' }),
    fc.stringMatching(/^[ab\u{1f600}]{1,3}$/u),
  );
  it('match as a naive matcher does', () => {
    fc.assert(
      fc.property(fc.array(token, { maxLength: 7 }), fc.stringMatching(/^[ab/\u{1f600}]{0,9}$/u), (tokens, text) => {
        expect(wildcard(tokens, true).matches(text)).toBe(naive(tokens, Array.from(text)));
      }),
      { numRuns: 3000 },
    );
  });

  it('stars alone match as a naive matcher does', () => {
    const simple = fc.oneof(fc.constant<Token>(any), fc.stringMatching(/^[ab]{1,2}$/));
    fc.assert(
      fc.property(fc.array(simple, { maxLength: 7 }), fc.stringMatching(/^[ab]{0,9}$/), (tokens, text) => {
        expect(wildcard(tokens, true).matches(text)).toBe(naive(tokens, Array.from(text)));
      }),
      { numRuns: 3000 },
    );
  });

  it('any text without its special characters matches itself alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (text, other) => {
        const escaped = text.replace(/[\\*?]/g, (char) => `\\${char}`);
        expect(plainText(tokensOf(escaped))).toBe(text);
        expect(wildcard(tokensOf(escaped), true).matches(other)).toBe(text === other);
      }),
    );
  });

  it('one ? is one character, also where UTF-16 needs two units', () => {
    expect(wildcard(tokensOf('a?b'), true).matches('a\u{1f600}b')).toBe(true);
    expect(wildcard(tokensOf('a??b'), true).matches('a\u{1f600}b')).toBe(false);
  });

  it('case is folded unless cased, both small sigmas alike', () => {
    expect(wildcard(tokensOf('*PassWD'), false).matches(folded('/etc/PASSWD'))).toBe(true);
    expect(wildcard(tokensOf('*PassWD'), true).matches('/etc/passwd')).toBe(false);
    expect(wildcard([any, 'ΟΔΟΣ', any], false).matches(folded('η οδοσ ΟΔΟΣ.'))).toBe(true);
  });

  it('windash stands for a dash before an option only', () => {
    expect(withDashes([' -enc a-b /c'])).toEqual([' ', { mark: 'dash' }, 'enc a-b ', { mark: 'dash' }, 'c']);
    expect(withDashes(['- x'])).toEqual(['- x']);
  });

  it('every literal of a pattern stands in what it matches', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (pattern, text) => {
        const { matches, literals } = wildcard(tokensOf(pattern), false);
        const low = folded(text);
        if (matches(low)) for (const literal of literals) expect(low).toContain(literal);
      }),
    );
  });
});
