/** Filters written for these tests, at work on lines written for these tests. */

import { describe, expect, it } from 'vitest';
import type { FilterDefinition } from '../../src/guests/fail2ban/definition.ts';
import type { FilterSettings } from '../../src/guests/fail2ban/hit.ts';
import { openFilter } from '../../src/guests/fail2ban/running-filter.ts';
import { expandTags } from '../../src/guests/fail2ban/tags.ts';

const NOW = Date.UTC(2026, 2, 10, 12);
const SETTINGS: FilterSettings = { zone: (local) => local, now: () => NOW };
const place = { file: 'paper.conf', line: 3 };
const line = (source: string) => ({ source, place });

function filter(
  parts: Partial<FilterDefinition> & { readonly fail: readonly string[]; readonly pref?: string; readonly ignore?: readonly string[] },
  settings = SETTINGS,
) {
  const { fail, pref, ignore = [], ...rest } = parts;
  const definition: FilterDefinition = {
    name: 'paper',
    options: {},
    file: place.file,
    prefregex: pref === undefined ? null : line(pref),
    failregex: fail.map(line),
    ignoreregex: ignore.map(line),
    datepattern: line('{^LN-BEG}'),
    maxlines: 1,
    journalmatch: null,
    logtype: 'file',
    usedns: 'warn',
    troubles: [],
    ...rest,
  };
  return openFilter(definition, settings);
}

/** A syslog line of 10 March, `second` seconds after 11:00. */
function at(second: number, text: string): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `Mar 10 11:${two(Math.floor(second / 60))}:${two(second % 60)} host ${text}`;
}

describe('who it was', () => {
  const cases: readonly (readonly [string, string, object])[] = [
    ['from <HOST>$', 'from ::ffff:192.0.2.1', { ip: '192.0.2.1', host: null, id: '192.0.2.1' }],
    ['from <HOST>$', 'from [2001:DB8:0:0::1]', { ip: '2001:db8::1', host: null, id: '2001:db8::1' }],
    ['from <HOST>$', 'from mail.example.com', { ip: null, host: 'mail.example.com', id: 'mail.example.com' }],
    ['from <SUBNET>$', 'from 192.0.2.77/24', { ip: '192.0.2.77', id: '192.0.2.0/24' }],
    ['from <ADDR>/<CIDR>$', 'from 2001:db8:1::1/32', { id: '2001:db8::/32' }],
    ['<F-ID>\\S+</F-ID> from <ADDR>$', 'anna from 192.0.2.1', { ip: '192.0.2.1', id: 'anna' }],
    ['key <F-ID/>$', 'key 7f:aa', { ip: null, host: null, id: '7f:aa' }],
    ['<F-USER>\\S*</F-USER>/<F-ALT_USER>\\S+</F-ALT_USER> <ADDR>:<F-PORT/>', '/bob 192.0.2.1:22', { user: 'bob', ip: '192.0.2.1' }],
    ['<F-TUPLE_ID>a+</F-TUPLE_ID><F-TUPLE_ID_1>b+</F-TUPLE_ID_1> <ADDR>', 'aabb 192.0.2.1', { ip: '192.0.2.1', id: '(, aa, bb)' }],
  ];
  it.each(cases)('%s on %s', (fail, text, who) => expect(filter({ fail: [fail] }).feed(at(0, text))).toEqual([expect.objectContaining(who)]));

  it('takes no names where they are not looked at', () => {
    expect(filter({ fail: ['from <HOST>$'], usedns: 'no' }).feed(at(0, 'from mail.example.com'))).toEqual([]);
  });
  it('leaves tags that are none as they are', () => expect(expandTags('<b></F-X><F-x>', 'warn')).toBe('<b></F-X><F-x>'));
  it('makes a flag inside a group a flag of that group', () => expect(expandTags('a((?i)b)', 'warn')).toBe('a(?i:b)'));
});

describe('the order of expressions', () => {
  it('the first that fits wins, within what the prefregex leaves', () => {
    const [hit] = filter({ pref: '^ host app: <F-CONTENT>.+</F-CONTENT>$', fail: ['^other <HOST>', '^bad <HOST>', 'bad <HOST>'] }).feed(
      at(5, 'app: bad 192.0.2.1'),
    );
    expect(hit?.pattern).toEqual({ index: 1, source: '^bad <HOST>', place });
    expect(hit?.at).toBe(Date.UTC(2026, 2, 10, 11, 0, 5));
  });
  it('an ignoreregex spares, and says so', () => {
    const running = filter({ fail: ['bad <HOST>'], ignore: ['bad 192\\.0\\.2\\.9'] });
    expect(running.feed(at(0, 'bad 192.0.2.9')).map((hit) => hit.ignored)).toEqual([true]);
    expect(running.feed(at(0, 'bad 192.0.2.1')).map((hit) => hit.ignored)).toEqual([false]);
  });
  it('what cannot be read is told with its place, the rest works', () => {
    const running = filter({ fail: ['bad (<HOST>', 'nobody', 'bad <HOST>'] });
    expect(running.troubles.map(({ option, weight, place: where }) => [option, weight, where])).toEqual([
      ['failregex', 'partly', place],
      ['failregex', 'partly', place],
    ]);
    expect(running.feed(at(0, 'bad 192.0.2.1'))[0]?.pattern.index).toBe(2);
  });
});

const CONNECTED = {
  pref: '^ host <F-MLFID>app\\[\\d+\\]</F-MLFID>: <F-CONTENT>.+</F-CONTENT>$',
  fail: [
    '^<F-NOFAIL>connect</F-NOFAIL> from <HOST>$',
    '^wrong password for <F-USER>\\S+</F-USER>$',
    '^<F-NOFAIL><F-MLFGAINED>welcome</F-MLFGAINED></F-NOFAIL> <F-USER>\\S+</F-USER>$',
    '^<F-MLFFORGET>bye</F-MLFFORGET> too soon$',
    '^<F-NOFAIL><F-MLFFORGET>bye</F-MLFFORGET></F-NOFAIL>$',
  ],
};

describe('lines of one connection', () => {
  it('the address stands on one, the failure on another', () => {
    const running = filter(CONNECTED);
    expect(running.feed(at(0, 'app[1]: connect from 192.0.2.1'))).toEqual([]);
    expect(running.feed(at(1, 'app[2]: wrong password for zoe'))).toEqual([]);
    expect(running.feed(at(2, 'app[1]: wrong password for anna'))).toEqual([
      expect.objectContaining({ ip: '192.0.2.1', user: 'anna', users: ['anna'], attempts: 2 }),
    ]);
  });
  it('a failure waits until somebody says whose it is', () => {
    const running = filter(CONNECTED);
    expect(running.feed(at(0, 'app[1]: wrong password for anna'))).toEqual([]);
    expect(running.feed(at(1, 'app[1]: connect from 192.0.2.1'))).toEqual([expect.objectContaining({ ip: '192.0.2.1', user: 'anna' })]);
  });
  it('who got in with the one account that was tried is forgiven, with several not', () => {
    const one = filter(CONNECTED);
    one.feed(at(0, 'app[1]: connect from 192.0.2.1'));
    expect(one.feed(at(1, 'app[1]: welcome anna'))).toEqual([]);
    const two = filter(CONNECTED);
    two.feed(at(0, 'app[1]: connect from 192.0.2.1'));
    two.feed(at(1, 'app[1]: wrong password for root'));
    expect(two.feed(at(2, 'app[1]: welcome anna'))).toEqual([expect.objectContaining({ users: ['root', 'anna'] })]);
  });
  it('is forgotten at its end and after five minutes', () => {
    const ended = filter(CONNECTED);
    ended.feed(at(0, 'app[1]: connect from 192.0.2.1'));
    expect(ended.feed(at(1, 'app[1]: bye'))).toEqual([]);
    expect(ended.feed(at(2, 'app[1]: wrong password for anna'))).toEqual([]);
    const late = filter(CONNECTED);
    late.feed(at(0, 'app[1]: connect from 192.0.2.1'));
    expect(late.feed(at(301, 'app[1]: wrong password for anna'))).toEqual([]);
  });
  it('keeps room for thousands of them and no more', () => {
    const running = filter(CONNECTED);
    running.feed(at(0, 'app[1]: connect from 192.0.2.1'));
    for (let id = 2; id < 4090; id += 1) running.feed(at(1, `app[${id}]: connect from 192.0.2.2`));
    expect(running.feed(at(2, 'app[1]: wrong password for anna')).length).toBe(1);
    for (let id = 4090; id < 9000; id += 1) running.feed(at(3, `app[${id}]: connect from 192.0.2.2`));
    expect(running.feed(at(4, 'app[1]: wrong password for anna'))).toEqual([]);
  });
});

describe('several lines at once', () => {
  it('skips those between, which stay for others', () => {
    const running = filter({ maxlines: 5, fail: ['^ host begin (?P<id>\\d+)<SKIPLINES>^ host end (?P=id) from <HOST>$'] });
    expect(running.needles).toBeNull();
    const texts = ['begin 1', 'begin 2', 'end 1 from 192.0.2.1', 'end 2 from 192.0.2.2'];
    expect(texts.flatMap((text, second) => running.feed(at(second, text))).map(({ ip }) => ip)).toEqual(['192.0.2.1', '192.0.2.2']);
  });
});

describe('dates', () => {
  it('a line without one has that of the line before it, if that was a minute ago at most', () => {
    const running = filter({ fail: ['bad <HOST>'] }, { zone: (local) => local, now: () => Date.UTC(2026, 2, 10, 11, 0, 30) });
    expect(running.feed('bad 192.0.2.1')[0]?.at).toBeNull();
    running.feed(at(0, 'x'));
    expect(running.feed('bad 192.0.2.1')[0]?.at).toBe(Date.UTC(2026, 2, 10, 11));
  });
  it('a time that is known already is not looked for', () =>
    expect(filter({ fail: ['bad <HOST>'] }).feed(at(0, 'bad 192.0.2.1'), 17)[0]?.at).toBe(17));
  it('in the journal a date is part of the message', () => {
    const running = filter({ logtype: 'journal', fail: ['^Mar 10 11:00:00 host bad <HOST>'] });
    expect(running.feed(at(0, 'bad 192.0.2.1'), 17).length).toBe(1);
  });
});

describe('needles', () => {
  it('stand in one piece in the line, whatever the date is cut out of', () => {
    const running = filter({ datepattern: null, fail: ['^<HOST> \\[\\] "POST /login" 401$'] });
    const text = '192.0.2.1 [10/Mar/2026:11:00:00 +0000] "POST /login" 401';
    expect(running.feed(text).length).toBe(1);
    expect(running.needles?.some((needle) => text.includes(needle))).toBe(true);
  });
});

describe('probing', () => {
  it('tells how far an expression fitted and remembers nothing', () => {
    const running = filter(CONNECTED);
    const { tried, date, text } = running.probe(at(0, 'app[1]: wrong password for '));
    expect(date).toEqual({ text: 'Mar 10 11:00:00', at: Date.UTC(2026, 2, 10, 11) });
    expect(text).toBe('wrong password for ');
    expect(tried.map(({ option, result }) => `${option} ${result}`)).toEqual([
      'prefregex matched',
      ...Array.from({ length: 5 }, () => 'failregex missed'),
    ]);
    expect(tried[2]).toMatchObject({ reached: 'wrong password for '.length, fitted: '^wrong password for ' });
    running.probe(at(0, 'app[1]: connect from 192.0.2.1'));
    expect(running.feed(at(1, 'app[1]: wrong password for anna'))).toEqual([]);
  });
});

describe('a line that is too costly', () => {
  it('costs that expression that line and nothing else', () => {
    const running = filter({ fail: ['^ host (?P<x>(?:a|aa)+)(?P=x)c <HOST>', 'z from <HOST>'] });
    const hostile = at(0, `${'a'.repeat(60_000)}z from 192.0.2.1`);
    expect(running.feed(hostile).map(({ pattern }) => pattern.index)).toEqual([1]);
    expect(running.blind).toMatchObject({
      count: 1,
      last: { filter: 'paper', option: 'failregex', pattern: { index: 0 }, lineLength: hostile.length },
    });
    expect(running.feed(at(1, 'aaaac 192.0.2.2')).map(({ ip }) => ip)).toEqual(['192.0.2.2']);
  });
  it('is told of where it was the date', () => {
    const running = filter({ fail: ['z from <HOST>'], datepattern: line('^((?P<x>(?:a|aa)+)(?P=x)c %H:%M)') });
    running.feed(`${'a'.repeat(60_000)}z from 192.0.2.1`);
    expect(running.blind.last?.option).toBe('datepattern');
  });
});
