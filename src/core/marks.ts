/**
 * The inside of a timeline: one list of numbers, since there are hundreds of thousands of timelines and each object costs more than it
 * holds. In front how many marks there are, the sum of their times and the first moment; then moment and times of each mark, in order.
 */

import type { Millis } from './words.ts';

export const COUNT = 0;
export const TOTAL = 1;
export const FIRST = 2;
const HEAD = 3;

/** Lists begin small and grow by these; what is left of their room is never looked at. Not a whole number, so that no list ever changes its kind. */
const SPARE = 0.5;
const ROOM: readonly (readonly number[])[] = [2, 4, 8, 16, 32, 64, 128].map((marks) => new Array<number>(2 * marks).fill(SPARE));

/** Used by all, one after the other. The longest timeline has 256 marks, and twice as many before they are joined. */
const gaps = new Float64Array(1_024);

export function newMarks(): number[] {
  return [0, 0, SPARE];
}

export function atOf(marks: readonly number[], place: number): Millis {
  return marks[HEAD + 2 * place] ?? 0;
}

export function timesOf(marks: readonly number[], place: number): number {
  return marks[HEAD + 2 * place + 1] ?? 0;
}

/** The same list, or a longer one in its place. */
export function inserted(old: number[], at: Millis, times: number, marksAtMost: number): number[] {
  let marks = old;
  const count = marks[COUNT] ?? 0;
  marks[TOTAL] = (marks[TOTAL] ?? 0) + times;
  if (count === 0 || at < (marks[FIRST] ?? 0)) marks[FIRST] = at;
  let place = count;
  while (place > 0 && atOf(marks, place - 1) > at) place -= 1;
  if (place > 0 && atOf(marks, place - 1) === at) {
    marks[HEAD + 2 * place - 1] = timesOf(marks, place - 1) + times;
    return marks;
  }
  const end = HEAD + 2 * count;
  if (end === marks.length) marks = grown(marks);
  const start = HEAD + 2 * place;
  for (let index = end - 1; index >= start; index -= 1) marks[index + 2] = marks[index] ?? 0;
  marks[start] = at;
  marks[start + 1] = times;
  marks[COUNT] = count + 1;
  if (count + 1 > 2 * marksAtMost) joinClosest(marks, marksAtMost);
  return marks;
}

/** Takes the newest away first. */
export function takenBack(marks: number[], times: number): void {
  let left = Math.min(times, marks[TOTAL] ?? 0);
  let count = marks[COUNT] ?? 0;
  marks[TOTAL] = (marks[TOTAL] ?? 0) - left;
  while (left > 0 && count > 0) {
    const there = timesOf(marks, count - 1);
    const taken = Math.min(left, there);
    left -= taken;
    marks[HEAD + 2 * count - 1] = there - taken;
    if (there === taken) count -= 1;
  }
  marks[COUNT] = count;
}

function grown(marks: readonly number[]): number[] {
  const room = marks.length - HEAD;
  const more = ROOM.find((one) => one.length >= room) ?? ROOM[ROOM.length - 1] ?? [];
  return marks.concat(more);
}

/**
 * Down to what is allowed, the closest first, so that a mark more costs little. In each round a mark is joined with its neighbour at most: what
 * comes like a clock must stay spread over its time, and not become one heap.
 */
function joinClosest(marks: number[], marksAtMost: number): void {
  for (let count = marks[COUNT] ?? 0; count > marksAtMost; count = marks[COUNT] ?? 0) joinPairs(marks, count - marksAtMost);
}

/** What is kept moves to the front. The smallest gap is always joined, so that each round has fewer marks. */
function joinPairs(marks: number[], many: number): void {
  const count = marks[COUNT] ?? 0;
  const { widest, turns, equal } = widestOfClosest(marks, count, many);
  let left = many;
  let met = 0;
  let kept = 0;
  let carried = 0;
  let before = marks[FIRST] ?? 0;
  for (let place = 0; place < count; place += 1) {
    const at = atOf(marks, place);
    const gap = place + 1 < count ? atOf(marks, place + 1) - before : Number.POSITIVE_INFINITY;
    before = at;
    if (gap === widest) met += 1;
    const joins = gap < widest || (gap === widest && isTurn(met, turns, equal));
    carried += timesOf(marks, place);
    if (left > 0 && joins && carried === timesOf(marks, place)) {
      left -= 1;
      continue;
    }
    marks[HEAD + 2 * kept] = at;
    marks[HEAD + 2 * kept + 1] = carried;
    kept += 1;
    carried = 0;
  }
  marks[COUNT] = kept;
}

/** So many turns spread evenly over all: of equal gaps those at the beginning are no closer than those at the end. */
function isTurn(number: number, turns: number, all: number): boolean {
  return Math.floor((number * turns) / all) > Math.floor(((number - 1) * turns) / all);
}

interface Widest {
  readonly widest: number;
  readonly turns: number;
  readonly equal: number;
}

/**
 * A mark stands for all since the one before it: that is the gap that two of them fill when they are joined, and the heap at the end of a steady
 * row cannot eat whatever comes next. Of so many smallest ones the widest one, how many of them are as wide, and how many of all. */
function widestOfClosest(marks: readonly number[], count: number, many: number): Widest {
  for (let place = 1; place < count; place += 1) gaps[place - 1] = atOf(marks, place) - (place < 2 ? (marks[FIRST] ?? 0) : atOf(marks, place - 2));
  const widest = smallest(many, count - 1);
  let narrower = 0;
  let equal = 0;
  for (let index = 0; index < count - 1; index += 1) {
    const gap = gaps[index] ?? 0;
    if (gap < widest) narrower += 1;
    else if (gap === widest) equal += 1;
  }
  return { widest, turns: many - narrower, equal };
}

/** The one that would stand in the `many`th place if the first `count` gaps were sorted (Hoare's selection): sorting them all takes longer. */
function smallest(many: number, count: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const pivot = gaps[(low + high) >> 1] ?? 0;
    let left = low;
    let right = high;
    while (left <= right) {
      while ((gaps[left] ?? 0) < pivot) left += 1;
      while ((gaps[right] ?? 0) > pivot) right -= 1;
      if (left > right) break;
      const one = gaps[left] ?? 0;
      gaps[left] = gaps[right] ?? 0;
      gaps[right] = one;
      left += 1;
      right -= 1;
    }
    if (many - 1 <= right) high = right;
    else if (many - 1 >= left) low = left;
    else break;
  }
  return gaps[many - 1] ?? 0;
}
