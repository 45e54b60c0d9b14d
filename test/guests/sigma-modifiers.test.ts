/** Every modifier of Sigma on values that match and values that nearly do. */

import { describe, expect, it } from 'vitest';
import { fields, matches, refusals, ruleText } from './sigma-rules.ts';

/** Rule fields, an event that matches, an event that does not. */
const CASES: readonly (readonly [string, string, unknown, unknown])[] = [
  ['plain text, any case', 'a: Foo', { a: 'fOO' }, { a: 'foo ' }],
  ['a list is one of them', 'a:\n  - x\n  - y', { a: 'y' }, { a: 'z' }],
  ['a map is all of it', 'a: x\nb: y', { a: 'x', b: 'y' }, { a: 'x', b: 'x' }],
  ['contains', 'a|contains: bc', { a: 'aBCd' }, { a: 'b c' }],
  ['startswith', 'a|startswith: ab', { a: 'ABc' }, { a: 'xab' }],
  ['endswith', "a|endswith: '\\sh'", { a: 'c:\\bin\\SH' }, { a: 'c:\\bin\\sh ' }],
  ['contains all', 'a|contains|all:\n  - one\n  - two', { a: 'two and one' }, { a: 'one' }],
  ['cased', 'a|cased: Foo', { a: 'Foo' }, { a: 'foo' }],
  ['contains cased', 'a|contains|cased: Oo', { a: 'fOox' }, { a: 'foox' }],
  ['wildcards inside contains', "a|contains: 'c?t * /etc'", { a: 'x; cat -n /etc/hosts' }, { a: 'ct /etc' }],
  ['a number', 'a: 42', { a: '42' }, { a: 420 }],
  ['a number as number', 'a: 42', { a: 42 }, { a: 'x42' }],
  ['a number with contains', 'a|contains: 42', { a: 'x420' }, { a: 4 }],
  ['truth', 'a: true', { a: true }, { a: false }],
  ['truth as text', 'a: true', { a: 'True' }, { a: 'yes' }],
  ['null: not there', 'a: null\nb: x', { b: 'x' }, { a: '', b: 'x' }],
  ['the empty text', "a: ''", { a: '' }, { b: 'x' }],
  ['exists', 'a|exists: true', { a: '' }, { b: 1 }],
  ['exists not', 'a|exists: false\nb: 1', { b: 1 }, { a: 'x', b: 1 }],
  ['lt', 'a|lt: 10', { a: '9.5' }, { a: 10 }],
  ['lte', 'a|lte: 10', { a: 10 }, { a: 10.1 }],
  ['gt', 'a|gt: 10', { a: '0xff' }, { a: 10 }],
  ['gte', 'a|gte: 10', { a: 10 }, { a: 'ten' }],
  ['cidr 4', 'a|cidr: 192.0.2.0/25', { a: '192.0.2.127' }, { a: '192.0.2.128' }],
  ['cidr 6', 'a|cidr: 2001:db8::/33', { a: '2001:DB8:7fff::1' }, { a: '2001:db8:8000::1' }],
  ['cidr list', "a|cidr:\n  - 10.0.0.0/8\n  - '::1/128'", { a: '::1' }, { a: '::2' }],
  ['base64', 'a|base64|contains: foobar', { a: 'x Zm9vYmFy' }, { a: 'foobar' }],
  // "xhttp:" in Base64 is eGh0dHA6: of "http:" at that offset h0dHA6 is sure.
  ['base64offset', "a|base64offset|contains: 'http:'", { a: '=eGh0dHA6=' }, { a: 'http:' }],
  // "id" in UTF-16 little end: 69 00 64 00 = aQBkAA==
  ['wide base64', 'a|wide|base64: id', { a: 'aQBkAA==' }, { a: 'aWQ=' }],
  ['utf16be base64', 'a|utf16be|base64: id', { a: 'AGkAZA==' }, { a: 'aQBkAA==' }],
  ['utf16 has its mark', 'a|utf16|base64: id', { a: '//5pAGQA' }, { a: 'aQBkAA==' }],
  ['wide alone', 'a|wide|contains: id', { a: 'xi\u0000d\u0000' }, { a: 'id' }],
  ['windash', "a|windash|contains: ' -enc'", { a: 'ps /enc x' }, { a: 'ps enc' }],
  ['windash em dash', "a|contains|windash: ' -enc'", { a: 'ps —enc x' }, { a: 'ps +enc' }],
  ['windash all', "a|windash|contains|all:\n  - '-a'\n  - '-b'", { a: '/a –b' }, { a: '/a b' }],
  ['base64offset all', 'a|base64offset|contains|all:\n  - foobar\n  - barfoo', { a: 'Zm9vYmFy YmFyZm9v' }, { a: 'Zm9vYmFy' }],
  ['fieldref', 'a|fieldref: b', { a: 'Root', b: 'root' }, { a: 'root', b: 'toor' }],
  ['fieldref endswith', 'a|fieldref|endswith: b', { a: '/bin/sh', b: 'SH' }, { a: '/bin/sh', b: 'bin' }],
  ['neq', 'a|neq: x', { a: 'y' }, { a: 'X' }],
  ['neq of a list: none of them', 'a|neq:\n  - x\n  - y', { a: 'z' }, { a: 'y' }],
  ['hour', 'a|hour|gte: 22', { a: '2024-03-01T23:05:00Z' }, { a: '2024-03-01T21:59:59Z' }],
  ['week', 'a|week: 53', { a: '2021-01-03T12:00:00Z' }, { a: '2021-01-04T12:00:00Z' }],
  ['month and day', 'a|month: 2\nb|day: 29', { a: '2024-02-29', b: 1709164800000 }, { a: '2023-03-01', b: 1709164800000 }],
  ['year and minute', 'a|year: 1999\na|minute: 7', { a: '1999-12-31 23:07:59.5' }, { a: '2000-12-31 23:07:59' }],
  ['several values of the event', 'a|startswith: x', { a: ['y', 'xz'] }, { a: ['y', 'z'] }],
  ['nested events', 'a.b: x', { a: { b: 'x' } }, { a: { c: 'x' } }],
];

describe('modifiers', () => {
  it.each(CASES)('%s', (_name, lines, yes, no) => {
    expect([matches(fields(lines), yes), matches(fields(lines), no)]).toEqual([true, false]);
  });

  it('expand takes the values that were given, and is refused without', () => {
    const rule = fields("a|expand: 'srv-%host%'");
    expect(matches(rule, { a: 'SRV-two' }, { host: ['one', 'two'] })).toBe(true);
    expect(matches(rule, { a: 'srv-three' }, { host: ['one', 'two'] })).toBe(false);
    expect(refusals(rule)).toEqual(['7: the placeholder %host% was not given any values']);
  });

  it('without expand a percent sign is one', () => expect(matches(fields("a: '%host%'"), { a: '%HOST%' })).toBe(true));

  it.each<[string, string]>([
    ['a|contians: x', '7: the modifier “contians” is not known'],
    ['b: 1\na|i: x', '8: the modifier “i” belongs behind “re”'],
    ['a|gt: ten', '7: “gt” wants a number, not “ten”'],
    ['a|cidr: 300.0.0.0/8', '7: “300.0.0.0/8” is no network'],
    ['a|cidr: 10.0.0.0/64', '7: “10.0.0.0/64” is no network'],
    ["a|base64: 'x*'", '7: “base64” cannot encode a value with wildcards'],
    ['a|exists: perhaps', '7: “exists” wants true or false'],
    ['a|re|cidr: 10.0.0.0/8', '7: the modifiers “re” and “cidr” cannot be used together'],
    ['a|contains: null', '7: the modifier “contains” has no value to work on (null)'],
    ['a|contains: []', '7: a field without any value'],
    ['a|: x', '7: the modifiers of “a|” cannot be read'],
    ['a:\n  b: x', '7: “a” has a map where values are wanted'],
  ])('%s is refused: %s', (lines, reason) => expect(refusals(fields(lines))).toEqual([reason]));
});

describe('words', () => {
  it('stand anywhere in any value', () => {
    const rule = ruleText("words:\n  - 'rm -rf'\n  - mkfs\ncondition: words");
    expect(matches(rule, { message: 'sudo RM -RF /' })).toBe(true);
    expect(matches(rule, { other: 'mkfs.ext4' })).toBe(true);
    expect(matches(rule, { message: 'rm', other: '-rf' })).toBe(false);
    expect(matches(rule, 'a bare line with mkfs')).toBe(true);
  });

  it('all of them with |all', () => {
    const rule = ruleText("words:\n  '|all':\n    - one\n    - two\ncondition: words");
    expect(matches(rule, { message: 'two, one' })).toBe(true);
    expect(matches(rule, { message: 'one' })).toBe(false);
  });

  it('lists of maps and words are one of them', () => {
    const rule = ruleText('sel:\n  - a: 1\n    b: 2\n  - c: 3\ncondition: sel');
    expect([{ a: 1, b: 2 }, { c: 3 }, { a: 1 }].map((event) => matches(rule, event))).toEqual([true, true, false]);
  });
});
