/** Names that attackers chose arrive harmless and readable. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { counted, grouped, lasted, listed, named, shown } from '../../src/core/text.ts';

describe('shown', () => {
  it.each([
    ['a\nb', 'a\\nb'],
    ['\u001b[2J', '\\x1b[2J'],
    ['\u009b31m', '\\x9b31m'],
    ['evil\u202etxt', 'evil\\u202etxt'],
    ['\udcff', '\\xff'],
    ['zero\u200bwidth', 'zero\\u200bwidth'],
    ['grüße 漢字', 'grüße 漢字'],
  ])('%j becomes %j', (text, expected) => expect(shown(text)).toBe(expected));

  it('leaves nothing that a terminal obeys, and doing it twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const safe = shown(text);
        expect(safe).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/);
        expect(shown(safe)).toBe(safe);
      }),
    );
  });

  it('is bounded', () => expect(shown('x'.repeat(5_000), 100)).toHaveLength(101));
});

describe('named', () => {
  it('puts what could be read as part of a sentence into quotation marks', () => {
    expect(named('service')).toBe('service');
    expect(named('root from 192.0.2.1')).toBe('"root from 192.0.2.1"');
    expect(named('a"b c')).toBe('"a\\"b c"');
    expect(named('')).toBe('""');
  });
});

describe('counting words', () => {
  it('reads as a person would write', () => {
    expect(counted(1, 'address', 'addresses')).toBe('1 address');
    expect(counted(1_204, 'address', 'addresses')).toBe('1,204 addresses');
    expect(grouped(1_234_567)).toBe('1,234,567');
    expect(listed(['a', 'b', 'c'])).toBe('a, b and c');
    expect(listed(['a', 'b', 'c', 'd'], 2)).toBe('a, b and 2 more');
    expect(listed([])).toBe('');
    expect(lasted(40_000)).toBe('40 s');
    expect(lasted(12 * 60_000)).toBe('12 min');
    expect(lasted(3 * 3_600_000)).toBe('3 h');
    expect(lasted(9 * 86_400_000)).toBe('9 days');
    expect(lasted(-5)).toBe('0 s');
  });
});
