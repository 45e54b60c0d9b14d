import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Marks } from '../../src/core/marks.ts';
import { Timeline } from '../../src/core/timeline.ts';

const LIMIT = 8;
const moments = fc.array(fc.tuple(fc.nat(5_000), fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 120 });

interface Marked {
  readonly marks: Marks;
  readonly one: number;
}

function marked(told: readonly (readonly [number, number])[]): Marked {
  const marks = new Marks();
  const one = marks.open(LIMIT);
  for (const [at, times] of told) marks.add(one, at, times);
  return { marks, one };
}

const pairs = ({ marks, one }: Marked) =>
  Array.from({ length: marks.count(one) }, (_, place) => [marks.at(one, place), marks.times(one, place)] as const);

describe('marks of a timeline', () => {
  it('keep the sum, the first and the last moment, in order and within their bound, whatever is told in whatever order', () => {
    fc.assert(
      fc.property(moments, (told) => {
        const marks = marked(told);
        const all = told.map(([at]) => at);
        const sum = told.reduce((so, [, times]) => so + times, 0);
        expect([marks.marks.total(marks.one), pairs(marks).reduce((so, [, times]) => so + times, 0)]).toEqual([sum, sum]);
        expect([marks.marks.first(marks.one), pairs(marks).at(-1)?.[0]]).toEqual([Math.min(...all), Math.max(...all)]);
        const places = pairs(marks).map(([at]) => at);
        expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
        expect(places.length).toBeLessThanOrEqual(2 * LIMIT);
      }),
    );
  });

  it('are exact while they are few, and never stand before what they are of', () => {
    fc.assert(
      fc.property(moments, (told) => {
        const marks = pairs(marked(told));
        const distinct = new Set(told.map(([at]) => at));
        if (told.length <= 2 * LIMIT) expect(marks.map(([at]) => at)).toEqual([...distinct].sort((a, b) => a - b));
        for (const [at] of marks) {
          const until = marks.filter(([other]) => other <= at).reduce((so, [, times]) => so + times, 0);
          expect(until).toBeLessThanOrEqual(told.filter(([moment]) => moment <= at).reduce((so, [, times]) => so + times, 0));
        }
      }),
    );
  });

  it('join what lies closest and leave alone what is far from all', () => {
    const crowd = Array.from({ length: 2 * LIMIT }, (_, index) => [1_000_000 + index, 1] as const);
    const marks = pairs(marked([[0, 1], [500_000, 1], ...crowd]));
    expect(marks.slice(0, 2)).toEqual([
      [0, 1],
      [500_000, 1],
    ]);
    expect(marks.at(-1)?.[0]).toBe(1_000_000 + 2 * LIMIT - 1);
  });

  it('take back the newest first', () => {
    const marks = marked([
      [1, 2],
      [5, 3],
    ]);
    marks.marks.takeBack(marks.one, 4);
    expect([pairs(marks), marks.marks.total(marks.one)]).toEqual([[[1, 1]], 1]);
  });

  it('of many in one list stay apart, whoever comes and goes between', () => {
    const told = fc.array(fc.tuple(fc.nat(5), fc.nat(5_000), fc.integer({ min: 1, max: 3 }), fc.boolean()), { maxLength: 300 });
    fc.assert(
      fc.property(told, (steps) => {
        const shared = new Marks();
        const together = Array.from({ length: 6 }, () => new Timeline(LIMIT, shared));
        const alone = Array.from({ length: 6 }, () => new Timeline(LIMIT));
        for (const [which, at, times, goes] of steps) {
          if (goes && times === 3) {
            together[which]?.close();
            together[which] = new Timeline(LIMIT, shared);
            alone[which] = new Timeline(LIMIT);
          }
          together[which]?.add(at, times);
          alone[which]?.add(at, times);
        }
        const told = (one: Timeline) => [one.total, one.first, one.last, one.most(500), one.between(1_000, 3_000), one.firstAfter(2_000)];
        expect(together.map(told)).toEqual(alone.map(told));
      }),
    );
  });
});
