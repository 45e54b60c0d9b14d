/** Correlation rules of Sigma over rows of events: counts, values and orders within their span, by group. */

import { describe, expect, it } from 'vitest';
import { SigmaCorrelator } from '../../src/guests/sigma/correlation.ts';
import { SigmaEvent } from '../../src/guests/sigma/event.ts';
import { SigmaMatcher } from '../../src/guests/sigma/match.ts';
import { loaded, refusals } from './sigma-rules.ts';

const base = (name: string, value: string) =>
  `title: ${name}\nid: ${name}-id\nname: ${name}\nlogsource: {product: linux}\ndetection:\n  sel: {what: ${value}}\n  condition: sel\n---\n`;
const BASES = base('fail', 'fail') + base('login', 'login') + base('sudo', 'sudo');

function correlation(body: string, name = 'corr'): string {
  return `title: ${name}\nid: ${name}-id\nname: ${name}\ncorrelation:\n${body
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')}\n`;
}

type Row = readonly [seconds: number, what: string, more?: Readonly<Record<string, unknown>>];

/** `id@n` for everything that fires, n counted from 0. */
function fired(text: string, rows: readonly Row[]): string[] {
  const set = loaded(text);
  expect(set.refused).toEqual([]);
  const matcher = new SigmaMatcher(set.rules);
  const correlator = new SigmaCorrelator(set);
  const told = rows.flatMap(([seconds, what, more], n) => {
    const event = new SigmaEvent({ what, ip: '192.0.2.1', ...more });
    return correlator.hear(matcher.match(event), event, seconds * 1000, n);
  });
  return [...told, ...correlator.finish()].map(({ id, n }) => `${id.replace('-id', '')}@${n}`);
}

const many = (times: number, what = 'fail', from = 0): Row[] => Array.from({ length: times }, (_, n): Row => [from + n, what]);

describe('event_count', () => {
  const count = (condition: string, more = '') =>
    BASES + correlation(`type: event_count\nrules: [fail]\ngroup-by: [ip]\ntimespan: 10s\ncondition: {${condition}}\n${more}`);

  it('fires with the event that completes it, and once while it goes on', () => {
    expect(fired(count('gte: 3'), many(8))).toEqual(['corr@2']);
    expect(fired(count('gt: 3'), many(8))).toEqual(['corr@3']);
  });

  it('fires again after the span was empty', () =>
    expect(fired(count('gte: 3'), [...many(4), ...many(4, 'fail', 100)])).toEqual(['corr@2', 'corr@6']));

  it('counts what lies within the span, both ends included', () => {
    expect(
      fired(count('gte: 2'), [
        [0, 'fail'],
        [10, 'fail'],
      ]),
    ).toEqual(['corr@1']);
    expect(
      fired(count('gte: 2'), [
        [0, 'fail'],
        [10.001, 'fail'],
      ]),
    ).toEqual([]);
  });

  it('counts each group for itself; events without the group field are not counted', () => {
    expect(
      fired(count('gte: 2'), [
        [0, 'fail'],
        [1, 'fail', { ip: '192.0.2.2' }],
        [2, 'fail', { ip: null }],
        [3, 'fail', { ip: '192.0.2.2' }],
      ]),
    ).toEqual(['corr@3']);
  });

  it('events out of order are counted by their own time', () => {
    expect(
      fired(count('gte: 3'), [
        [5, 'fail'],
        [9, 'fail'],
        [4, 'fail'],
      ]),
    ).toEqual(['corr@2']);
    expect(
      fired(count('gte: 3'), [
        [50, 'fail'],
        [51, 'fail'],
        [4, 'fail'],
      ]),
    ).toEqual([]);
  });

  it('lt, lte, eq and ranges are judged when the span is over', () => {
    expect(fired(count('lt: 3'), [...many(2), ...many(3, 'fail', 100)])).toEqual(['corr@1']);
    expect(fired(count('lte: 1'), many(1))).toEqual(['corr@0']);
    expect(fired(count('eq: 3'), [...many(4), ...many(3, 'fail', 100)])).toEqual(['corr@6']);
    expect(fired(count('gte: 2, lt: 4'), [...many(4), ...many(3, 'fail', 100)])).toEqual(['corr@6']);
  });

  it('rules that are only counted are quiet unless generate says otherwise', () => {
    expect([...new SigmaCorrelator(loaded(count('gte: 3'))).quiet]).toEqual(['fail-id']);
    expect([...new SigmaCorrelator(loaded(count('gte: 3', 'generate: true'))).quiet]).toEqual([]);
  });
});

describe('value correlations', () => {
  const value = (type: string, condition: string) =>
    BASES + correlation(`type: ${type}\nrules: [fail-id]\ngroup-by: [ip]\ntimespan: 1m\ncondition: {${condition}}`);
  const users = (names: readonly string[]): Row[] => names.map((user, n) => [n, 'fail', { user }]);

  it('value_count counts different values', () => {
    expect(fired(value('value_count', 'field: user, gte: 3'), users(['a', 'A', 'b', 'a', 'b', 'c', 'd']))).toEqual(['corr@5']);
  });

  it('sum, average, median and percentile', () => {
    const sizes = (numbers: readonly number[]): Row[] => numbers.map((size, n) => [n, 'fail', { size }]);
    expect(fired(value('value_sum', 'field: size, gt: 10'), sizes([4, 5, 6]))).toEqual(['corr@2']);
    expect(fired(value('value_avg', 'field: size, gte: 5'), sizes([1, 2, 12]))).toEqual(['corr@2']);
    expect(fired(value('value_median', 'field: size, gte: 5'), sizes([1, 2, 12, 9, 8]))).toEqual(['corr@3']);
    expect(fired(value('value_percentile', 'field: size, percentile: 100, gte: 12'), sizes([1, 2, 12]))).toEqual(['corr@2']);
  });
});

describe('temporal', () => {
  const together = (type: string, more = '') =>
    BASES + correlation(`type: ${type}\nrules: [fail, login, sudo]\ngroup-by: [ip]\ntimespan: 5m\n${more}`);

  it('wants every rule, in any order', () => {
    expect(
      fired(together('temporal'), [
        [0, 'sudo'],
        [1, 'fail'],
        [2, 'fail'],
        [3, 'login'],
      ]),
    ).toEqual(['corr@3']);
    expect(
      fired(together('temporal'), [
        [0, 'sudo'],
        [1, 'fail'],
        [400, 'login'],
      ]),
    ).toEqual([]);
    expect(
      fired(together('temporal', 'condition: {gte: 2}'), [
        [0, 'sudo'],
        [1, 'fail'],
      ]),
    ).toEqual(['corr@1']);
  });

  it('ordered wants them one behind the other', () => {
    expect(
      fired(together('temporal_ordered'), [
        [0, 'fail'],
        [1, 'fail'],
        [2, 'login'],
        [3, 'sudo'],
      ]),
    ).toEqual(['corr@3']);
    expect(
      fired(together('temporal_ordered'), [
        [0, 'sudo'],
        [1, 'login'],
        [2, 'fail'],
      ]),
    ).toEqual([]);
    expect(
      fired(together('temporal_ordered'), [
        [0, 'login'],
        [1, 'fail'],
        [2, 'login'],
        [9, 'fail'],
        [20, 'sudo'],
      ]),
    ).toEqual(['corr@4']);
  });

  it('aliases give one group two field names', () => {
    const rule =
      BASES + correlation('type: temporal\nrules: [fail, login]\ngroup-by: [who]\ntimespan: 5m\naliases:\n  who:\n    fail: from\n    login: ip');
    expect(
      fired(rule, [
        [0, 'fail', { from: 'x' }],
        [1, 'login', { ip: 'y' }],
        [2, 'login', { ip: 'x' }],
      ]),
    ).toEqual(['corr@2']);
  });

  it('correlations count correlations', () => {
    const inner = correlation('type: event_count\nrules: [fail]\ngroup-by: [ip]\ntimespan: 1m\ncondition: {gte: 3}', 'guessing');
    const outer = correlation('type: temporal_ordered\nrules: [guessing, login]\ngroup-by: [ip]\ntimespan: 1h', 'entry');
    expect(fired(`${BASES}${inner}---\n${outer}`, [...many(3), [60, 'login', { ip: 'z' }], [61, 'login']])).toEqual(['guessing@2', 'entry@4']);
  });
});

describe('old counting conditions', () => {
  const old = (condition: string) =>
    `title: Old\nid: old-id\nlogsource: {product: linux}\ndetection:\n  sel: {what: fail}\n  timeframe: 1m\n  condition: sel | ${condition}\n`;

  it('become correlations', () => {
    expect(fired(old('count() by ip > 2'), many(4))).toEqual(['old@2']);
    expect(
      fired(old('count(user) by ip >= 2'), [
        [0, 'fail', { user: 'a' }],
        [1, 'fail', { user: 'a' }],
        [2, 'fail', { user: 'b' }],
      ]),
    ).toEqual(['old@2']);
  });
});

describe('refusals', () => {
  it.each<[string, string]>([
    ['type: event_count\nrules: [nobody]\ntimespan: 1m\ncondition: {gte: 1}', 'it counts “nobody”, and no such rule was loaded'],
    ['type: event_count\nrules: [corr]\ntimespan: 1m\ncondition: {gte: 1}', 'it counts itself, by way of others'],
    ['type: sometimes\nrules: [fail]\ntimespan: 1m', 'the correlation type “sometimes” is not known'],
    ['type: event_count\nrules: [fail]\ntimespan: 1m', 'a correlation of type event_count needs a condition'],
    ['type: value_count\nrules: [fail]\ntimespan: 1m\ncondition: {gte: 1}', 'a correlation of type value_count needs a field in its condition'],
    ['type: temporal\nrules: [fail]\ntimespan: soon', '“soon” is no span of time such as 30s, 5m, 1h'],
    ['type: temporal\nrules: [fail]', 'the correlation has no “timespan”'],
    [
      'type: temporal\nrules: [fail]\ntimespan: 1m\ncondition: fail and login',
      'a correlation condition other than gt, gte, lt, lte, eq with a number is not understood',
    ],
    ['type: temporal\nrules: [fail]\ntimespan: 1m\nwindow: 3', 'the correlation has “window”, which is not known'],
    ['type: event_count\nrules: [fail]\ntimespan: 1m\ncondition: {about: 3}', 'the condition has “about”, which is not known'],
  ])('%s', (body, reason) => expect(refusals(BASES + correlation(body)).join()).toContain(reason));
});
