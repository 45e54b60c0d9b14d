/** The drawing: marks at round times, names that do not overlap, dots that do not hide one another. */

import { describe, expect, it } from 'vitest';
import type { Step } from '../../src/core/words.ts';
import { ticksOf } from '../../src/faces/ticks.ts';
import { timeline } from '../../src/faces/timeline.ts';
import { AT, aCase, aStep } from './a-report.ts';

const DAY_MS = 86_400_000;
const drawn = (chain: readonly Step[]) => timeline(aCase({ chain }));
const numbers = (svg: string, pattern: RegExp) => [...svg.matchAll(pattern)].map((match) => Number(match[1]));

describe('marks', () => {
  it.each([
    ['40 ms', 40],
    ['9 s', 9000],
    ['7 min', 420_000],
    ['5 h', 18_000_000],
    ['3 days', 3 * DAY_MS],
    ['400 days', 400 * DAY_MS],
    ['90 years', 90 * 365 * DAY_MS],
  ])('of a span of %s are 2 to 7, within it, evenly apart and all different', (_name, spanMs) => {
    const ticks = ticksOf(AT + 137, AT + 137 + spanMs, 7);
    expect(ticks.length).toBeGreaterThanOrEqual(2);
    expect(ticks.length).toBeLessThanOrEqual(7);
    const gaps = ticks.slice(1).map((tick, index) => tick.at - (ticks[index]?.at ?? 0));
    expect(new Set(gaps).size).toBe(1);
    expect(ticks.every((tick) => tick.at >= AT + 137 && tick.at <= AT + 137 + spanMs)).toBe(true);
    let day = '';
    const read = ticks.map((tick) => {
      day = tick.day || day;
      return `${day} ${tick.label}`;
    });
    expect(new Set(read).size).toBe(ticks.length);
  });

  it('tell the day at the first mark and after midnight', () => {
    const from = Date.UTC(2026, 2, 3, 23, 0);
    expect(ticksOf(from, from + 2 * 3_600_000, 4).map((tick) => [tick.label, tick.day])).toEqual([
      ['23:00', '2026-03-03'],
      ['23:30', ''],
      ['00:00', '2026-03-04'],
      ['00:30', ''],
    ]);
  });

  it('is one where the span has no length', () => expect(ticksOf(AT, AT, 7)).toEqual([{ at: AT, label: '09:40:00', day: '2026-03-03' }]));
});

describe('the drawing', () => {
  it('is left out when no step has a time', () => expect(drawn([aStep('entry', 'x', { at: null })])).toBe(''));

  it('puts dots where their time is, one lane a role', () => {
    const svg = drawn([aStep('entry', 'a', { at: AT }), aStep('process', 'b', { at: AT + 500 }), aStep('effect', 'c', { at: AT + 1000 })]);
    const [first = 0, middle = 0, last = 0] = numbers(svg, /cx="([\d.]+)"/g);
    expect(middle).toBeCloseTo((first + last) / 2, 0);
    expect(new Set(numbers(svg, /cy="([\d.]+)"/g)).size).toBe(3);
    expect(svg).toContain('<title>2026-03-03 09:40:00 a</title>');
  });

  it('makes one numbered dot of those that would hide one another', () => {
    const svg = drawn([aStep('entry', 'a'), aStep('entry', 'b', { at: AT + 1 }), aStep('effect', 'c', { at: AT + DAY_MS })]);
    expect(svg).toMatch(/<text class="heap"[^>]*>2<\/text>/);
    expect(numbers(svg, /(cx)="/g)).toHaveLength(2);
  });

  it('adds a close-up when most happened in a moment of a long time', () => {
    const busy = [0, 10, 20, 30, 40].map((seconds) => aStep('process', `s${seconds}`, { at: AT + seconds * 1000 }));
    const svg = drawn([aStep('entry', 'long ago', { at: AT - 20 * DAY_MS }), ...busy]);
    expect(svg.match(/<svg /g)).toHaveLength(2);
    expect(svg).toContain('Close-up of the busiest part, 2026-03-03 09:40:00 to 2026-03-03 09:40:40 UTC (40 s)');
    expect(drawn(busy).match(/<svg /g)).toHaveLength(1);
  });

  it('keeps everything inside its frame and no two names of marks nearer than they are wide', () => {
    for (const spanMs of [0, 5, 900, 60_000, DAY_MS, 30 * DAY_MS, 5000 * DAY_MS]) {
      const svg = drawn([aStep('entry', 'a'), aStep('effect', 'b', { at: AT + spanMs })]);
      const marks = [...new Set(numbers(svg, /class="tick" x="([\d.]+)"/g))];
      for (const x of [...marks, ...numbers(svg, /cx="([\d.]+)"/g)]) expect(x).toBeLessThanOrEqual(960 - 40);
      for (const [index, x] of marks.slice(1).entries()) expect(x - (marks[index] ?? 0)).toBeGreaterThan(80);
    }
  });

  it('does not fail on a number that is no time', () => expect(drawn([aStep('entry', 'x', { at: 9e99 })])).toBe(''));
});
