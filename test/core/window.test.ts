/** Bounded counting: exact while it is small, bounded when it is not. */

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timeline } from '../../src/core/timeline.ts';
import { Bounded, Sample } from '../../src/core/window.ts';

describe('Bounded', () => {
  it('forgets the least worthy and counts them', () => {
    const map = new Bounded<{ worth: number }>(10, (value) => value.worth);
    for (let index = 0; index < 10; index += 1) map.open(`k${index}`, () => ({ worth: index === 3 ? 0 : 5 }));
    map.open('new', () => ({ worth: 0 }));
    expect(map.get('k3')).toBeUndefined();
    expect(map.get('new')).toEqual({ worth: 0 });
    expect([map.size, map.forgotten]).toEqual([10, 1]);
  });

  it('never grows past its bound and says who leaves', () => {
    let left = 0;
    const map = new Bounded<number>(
      50,
      (value) => value,
      () => (left += 1),
    );
    for (let index = 0; index < 1000; index += 1) map.open(`k${index}`, () => index % 7);
    expect(map.size).toBeLessThanOrEqual(50);
    expect(map.size + map.forgotten).toBe(1000);
    expect(left).toBe(map.forgotten);
  });
});

describe('Timeline', () => {
  it('keeps what comes like a clock spread over its time, and single events beside a flood', () => {
    for (const marks of [16, 64]) {
      const clock = new Timeline(marks);
      for (let minute = 0; minute < 5_000; minute += 1) clock.add(minute * 60_000);
      const quarters = [0, 1, 2, 3].map((part) => clock.between(part * 1_250 * 60_000 - 1, (part + 1) * 1_250 * 60_000 - 1));
      for (const count of quarters) expect(Math.abs(count - 1_250)).toBeLessThan(1_250 / 2);
    }
    const flood = new Timeline(64);
    for (let day = 0; day < 20; day += 1) flood.add(day * 86_400_000);
    for (let second = 0; second < 500; second += 1) flood.add(20 * 86_400_000 + second * 1_000);
    expect(flood.between(-1, 19 * 86_400_000)).toBe(20);
    expect(flood.most(600_000)).toBe(500);
  });

  const events = fc.array(fc.tuple(fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 5 })), { maxLength: 60 });

  it('counts like a list that keeps everything, in whatever order it is told', () => {
    fc.assert(
      fc.property(events, fc.integer({ min: 0, max: 100_000 }), fc.integer({ min: 1, max: 50_000 }), (list, from, span) => {
        const timeline = new Timeline(64);
        for (const [at, times] of list) timeline.add(at, times);
        const sum = (inside: (at: number) => boolean) => list.reduce((total, [at, times]) => (inside(at) ? total + times : total), 0);
        expect(timeline.total).toBe(sum(() => true));
        expect(timeline.between(from, from + span)).toBe(sum((at) => at > from && at <= from + span));
        expect(timeline.most(span)).toBe(Math.max(0, ...list.map(([start]) => sum((at) => at >= start && at <= start + span))));
      }),
    );
  });

  it('keeps the sum when it has to join marks, and single ones far apart stay exact', () => {
    const timeline = new Timeline(4);
    for (const at of [0, 1_000_000, 2_000_000, 2_000_001, 2_000_002, 2_000_003]) timeline.add(at);
    expect(timeline.total).toBe(6);
    expect(timeline.between(-1, 1_000_000)).toBe(2);
    expect(timeline.between(1_000_000, 3_000_000)).toBe(4);
    expect([timeline.first, timeline.last]).toEqual([0, 2_000_003]);
  });

  it('takes back the newest', () => {
    const timeline = new Timeline();
    timeline.add(1, 2);
    timeline.add(5, 3);
    timeline.add(9, -4);
    expect([timeline.total, timeline.between(0, 10), timeline.last]).toEqual([1, 1, 1]);
    timeline.add(9, -9);
    expect([timeline.total, timeline.most(100), timeline.first]).toEqual([0, 0, 0]);
  });

  it('finds the mark before and after a time', () => {
    const timeline = new Timeline();
    for (const at of [10, 20, 30]) timeline.add(at);
    expect([timeline.lastBefore(20), timeline.lastBefore(10), timeline.firstAfter(20), timeline.firstAfter(30)]).toEqual([10, null, 30, null]);
  });
});

describe('Sample', () => {
  it('keeps all while they fit, then first, spread and last, in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 5, max: 60 }), fc.integer({ min: 0, max: 500 }), (atMost, count) => {
        const sample = new Sample<number>(atMost);
        for (let item = 0; item < count; item += 1) sample.add(item);
        const kept = sample.all();
        expect(kept.length).toBeLessThanOrEqual(atMost);
        if (count <= atMost) expect(kept).toHaveLength(count);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        if (count > 0) expect([kept[0], kept.at(-1)]).toEqual([0, count - 1]);
      }),
    );
  });
});
