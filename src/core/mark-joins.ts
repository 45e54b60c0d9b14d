/** Of more marks of time than there is room for, those that lie closest together become one at the later time (core/marks.ts). */

/** In front of the marks of one thing; then moment and times of each mark, in order. */
export const ROOM = 0;
export const MOST = 1;
export const COUNT = 2;
export const TOTAL = 3;
export const FIRST = 4;
export const HEAD = 5;
/** Used by all, one after the other. The longest row has 256 marks, and twice as many before they are joined. */
const gaps = new Float64Array(1_024);

/**
 * Down to what is allowed, the closest first, so that a mark more costs little. In each round a mark is joined with its neighbour at most: what
 * comes like a clock must stay spread over its time, and not become one heap.
 */
export function joinClosest(list: Float64Array, start: number): void {
  const most = list[start + MOST] ?? 0;
  for (let count = list[start + COUNT] ?? 0; count > most; count = list[start + COUNT] ?? 0) joinPairs(list, start, count - most);
}

/** What is kept moves to the front. The smallest gap is always joined, so that each round has fewer marks. */
function joinPairs(list: Float64Array, start: number, many: number): void {
  const count = list[start + COUNT] ?? 0;
  const marks = start + HEAD;
  const { widest, turns, equal } = widestOfClosest(list, start, many);
  let left = many;
  let met = 0;
  let kept = 0;
  let carried = 0;
  let before = list[start + FIRST] ?? 0;
  for (let place = 0; place < count; place += 1) {
    const at = list[marks + 2 * place] ?? 0;
    const times = list[marks + 2 * place + 1] ?? 0;
    const gap = place + 1 < count ? (list[marks + 2 * place + 2] ?? 0) - before : Number.POSITIVE_INFINITY;
    before = at;
    if (gap === widest) met += 1;
    const joins = gap < widest || (gap === widest && isTurn(met, turns, equal));
    carried += times;
    if (left > 0 && joins && carried === times) {
      left -= 1;
      continue;
    }
    list[marks + 2 * kept] = at;
    list[marks + 2 * kept + 1] = carried;
    kept += 1;
    carried = 0;
  }
  list[start + COUNT] = kept;
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
function widestOfClosest(list: Float64Array, start: number, many: number): Widest {
  const count = list[start + COUNT] ?? 0;
  const marks = start + HEAD;
  for (let place = 1; place < count; place += 1) {
    gaps[place - 1] = (list[marks + 2 * place] ?? 0) - (list[place < 2 ? start + FIRST : marks + 2 * place - 4] ?? 0);
  }
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
