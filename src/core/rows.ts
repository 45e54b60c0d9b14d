/**
 * Tables of numbers: rows that lie one behind the other in one list, found again by two of their numbers. What a guessed host tells of a hundred
 * thousand addresses and names is kept in them, since so many objects would be spread over all of the memory.
 */

const FIRST_ROWS = 64;
const FIRST_PLACES = 256;

export class Rows {
  /** Read and written at `row + field`; another list takes its place when the table grows. */
  list: Float64Array;
  readonly #width: number;
  #end = 0;
  readonly #free: number[] = [];

  constructor(width: number) {
    this.#width = width;
    this.list = new Float64Array(FIRST_ROWS * width);
  }

  /** A row full of zeroes: where it begins in the list. */
  open(): number {
    const old = this.#free.pop();
    if (old !== undefined) {
      this.list.fill(0, old, old + this.#width);
      return old;
    }
    const row = this.#end;
    this.#end += this.#width;
    if (this.#end > this.list.length) {
      const list = new Float64Array(2 * this.list.length);
      list.set(this.list);
      this.list = list;
    }
    return row;
  }

  close(row: number): void {
    this.#free.push(row);
  }

  /** Which row it is, from 0. */
  number(row: number): number {
    return row / this.#width;
  }
}

/** Finds rows by two of their numbers (the same one twice where one is enough): open addressing, at most half full. */
export class RowIndex {
  readonly #rows: Rows;
  readonly #first: number;
  readonly #second: number;
  #places = new Int32Array(FIRST_PLACES).fill(-1);
  #count = 0;

  constructor(rows: Rows, first: number, second: number) {
    this.#rows = rows;
    this.#first = first;
    this.#second = second;
  }

  get size(): number {
    return this.#count;
  }

  /** -1 where there is none. */
  find(first: number, second: number): number {
    const places = this.#places;
    const { list } = this.#rows;
    const last = places.length - 1;
    for (let place = hashOf(first, second) & last; ; place = (place + 1) & last) {
      const row = places[place] ?? -1;
      if (row < 0 || (list[row + this.#first] === first && list[row + this.#second] === second)) return row;
    }
  }

  /** A row that is not yet in it, with its numbers written. */
  add(row: number): void {
    this.#count += 1;
    if (2 * this.#count > this.#places.length) this.#grow();
    this.#put(row);
  }

  rows(): number[] {
    return [...this.#places].filter((row) => row >= 0);
  }

  /** From now on it holds these and no others. */
  keep(rows: readonly number[]): void {
    this.#places.fill(-1);
    this.#count = rows.length;
    for (const row of rows) this.#put(row);
  }

  #put(row: number): void {
    const { list } = this.#rows;
    const last = this.#places.length - 1;
    let place = hashOf(list[row + this.#first] ?? 0, list[row + this.#second] ?? 0) & last;
    while ((this.#places[place] ?? -1) >= 0) place = (place + 1) & last;
    this.#places[place] = row;
  }

  #grow(): void {
    const rows = this.rows();
    this.#places = new Int32Array(2 * this.#places.length).fill(-1);
    for (const row of rows) this.#put(row);
  }
}

/** Whole numbers of up to 53 bits; the last mixing is that of MurmurHash3. */
function hashOf(first: number, second: number): number {
  const high = Math.imul((first / 0x1_0000_0000) | 0, 0x9e3779b1);
  let mixed = Math.imul((first | 0) ^ high, 0x85ebca6b) ^ Math.imul(second | 0, 0xc2b2ae35);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
