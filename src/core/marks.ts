/**
 * When many things happened, and how often, each in bounded memory: the marks of all of them lie in one list of numbers, since there are hundreds
 * of thousands of them and as objects each would cost more than it holds. Of each there is how much room it has, how many marks it may have and
 * has, the sum of their times and the first moment; then moment and times of each mark, in order.
 */

import { COUNT, FIRST, HEAD, joinClosest, MOST, ROOM, TOTAL } from './mark-joins.ts';
import type { Millis } from './words.ts';

/** Rooms grow by these: one more than a power of two, since one mark more than twice the bound is where they are joined. */
const ROOMS: readonly number[] = [3, 5, 9, 17, 33, 65, 129, 257, 513];
const FIRST_NUMBERS = HEAD + 2 * (ROOMS[0] ?? 0);
const FIRST_THINGS = 1;

export class Marks {
  #list = new Float64Array(FIRST_NUMBERS);
  #end = 0;
  /** Where the marks of each number begin: they move when they need more room. */
  #starts = new Int32Array(FIRST_THINGS);
  #count = 0;
  readonly #free: number[] = [];
  /** Places that were left, by room. */
  readonly #left = new Map<number, number[]>();

  /** A number for something of which nothing is known yet. */
  open(marksAtMost: number): number {
    const one = this.#free.pop() ?? this.#fresh();
    this.#starts[one] = this.#place(roomFor(1, marksAtMost), marksAtMost);
    return one;
  }

  /** It is no longer asked for: the number and its place go to another. */
  close(one: number): void {
    this.#leave(this.#startOf(one));
    this.#free.push(one);
  }

  total(one: number): number {
    return this.#list[this.#startOf(one) + TOTAL] ?? 0;
  }

  count(one: number): number {
    return this.#list[this.#startOf(one) + COUNT] ?? 0;
  }

  /** 0 when nothing happened. */
  first(one: number): Millis {
    return this.#list[this.#startOf(one) + FIRST] ?? 0;
  }

  /** The mark in a place, from 0. */
  at(one: number, place: number): Millis {
    return this.#list[this.#startOf(one) + HEAD + 2 * place] ?? 0;
  }

  times(one: number, place: number): number {
    return this.#list[this.#startOf(one) + HEAD + 2 * place + 1] ?? 0;
  }

  /** Marks know when they begin no better than their first time; what was told of before may. */
  began(one: number, at: Millis): void {
    const start = this.#startOf(one);
    this.#list[start + FIRST] = Math.min(this.#list[start + FIRST] ?? at, at);
  }

  /** `times` is at least 1. */
  add(one: number, at: Millis, times: number): void {
    let start = this.#startOf(one);
    let list = this.#list;
    const count = list[start + COUNT] ?? 0;
    list[start + TOTAL] = (list[start + TOTAL] ?? 0) + times;
    if (count === 0 || at < (list[start + FIRST] ?? 0)) list[start + FIRST] = at;
    let end = start + HEAD + 2 * count;
    let place = end;
    while (place > start + HEAD && (list[place - 2] ?? 0) > at) place -= 2;
    if (place > start + HEAD && list[place - 2] === at) {
      list[place - 1] = (list[place - 1] ?? 0) + times;
      return;
    }
    if (count === list[start + ROOM]) {
      const grown = this.#grown(one, start, count);
      list = this.#list;
      place += grown - start;
      end += grown - start;
      start = grown;
    }
    for (let index = end - 1; index >= place; index -= 1) list[index + 2] = list[index] ?? 0;
    list[place] = at;
    list[place + 1] = times;
    list[start + COUNT] = count + 1;
    if (count + 1 > 2 * (list[start + MOST] ?? 0)) joinClosest(list, start);
  }

  /** Takes the newest away first. */
  takeBack(one: number, times: number): void {
    const list = this.#list;
    const start = this.#startOf(one);
    let left = Math.min(times, list[start + TOTAL] ?? 0);
    let count = list[start + COUNT] ?? 0;
    list[start + TOTAL] = (list[start + TOTAL] ?? 0) - left;
    while (left > 0 && count > 0) {
      const last = start + HEAD + 2 * count - 1;
      const there = list[last] ?? 0;
      const taken = Math.min(left, there);
      left -= taken;
      list[last] = there - taken;
      if (there === taken) count -= 1;
    }
    list[start + COUNT] = count;
    if (count === 0) list[start + FIRST] = 0;
  }

  #startOf(one: number): number {
    return this.#starts[one] ?? 0;
  }

  #fresh(): number {
    if (this.#count === this.#starts.length) {
      const starts = new Int32Array(2 * this.#count);
      starts.set(this.#starts);
      this.#starts = starts;
    }
    this.#count += 1;
    return this.#count - 1;
  }

  /** Where so many marks find room; with nothing in it. */
  #place(room: number, marksAtMost: number): number {
    const start = this.#left.get(room)?.pop() ?? this.#atEnd(HEAD + 2 * room);
    this.#list[start + ROOM] = room;
    this.#list[start + MOST] = marksAtMost;
    this.#list.fill(0, start + COUNT, start + HEAD);
    return start;
  }

  #atEnd(numbers: number): number {
    const start = this.#end;
    this.#end += numbers;
    if (this.#end > this.#list.length) {
      const list = new Float64Array(Math.max(this.#end, Math.ceil(1.5 * this.#list.length)));
      list.set(this.#list);
      this.#list = list;
    }
    return start;
  }

  #leave(start: number): void {
    const room = this.#list[start + ROOM] ?? 0;
    const left = this.#left.get(room);
    if (left) left.push(start);
    else this.#left.set(room, [start]);
  }

  #grown(one: number, old: number, count: number): number {
    const most = this.#list[old + MOST] ?? 0;
    const start = this.#place(roomFor(count + 1, most), most);
    this.#list.copyWithin(start + COUNT, old + COUNT, old + HEAD + 2 * count);
    this.#leave(old);
    this.#starts[one] = start;
    return start;
  }
}

function roomFor(marks: number, marksAtMost: number): number {
  const room = ROOMS.find((one) => one >= marks) ?? 2 * marksAtMost + 1;
  return Math.min(room, 2 * marksAtMost + 1);
}
