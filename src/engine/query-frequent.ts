/**
 * The frequent ones among any number of keys, in a table of fixed size: when it is full, the median of what the keys are worth is taken from
 * each, and who has nothing left goes (Misra and Gries 1982; Anderson and others 2017). Whoever made up more than two of as many as the
 * table has places is never forgotten, and no count is short by more than `short`, which is at most two in so many of all that was counted.
 */

export class Frequent {
  readonly capacity: number;
  /** The most that any count, present or forgotten, can be short by. */
  short = 0;
  /** Keys that were forgotten; one that comes back begins anew. */
  forgotten = 0;
  readonly hashes: Int32Array;
  /** How often each record was heard since it is there; 0 = free. Its owner counts it up. */
  readonly counts: Float64Array;
  /** What was taken of it: a record is worth the rest. */
  readonly #taken: Float64Array;
  /** Records by hash, open addressing, one more than their number; 0 = nobody. */
  readonly index: Int32Array;
  readonly #free: Int32Array;
  #freeCount: number;
  readonly #clear: (record: number) => void;

  /** `capacity` is a power of two; `clear` makes a record ready for its next owner. */
  constructor(capacity: number, clear: (record: number) => void) {
    this.capacity = capacity;
    this.hashes = new Int32Array(capacity);
    this.counts = new Float64Array(capacity);
    this.#taken = new Float64Array(capacity);
    this.index = new Int32Array(capacity * 2);
    this.#free = Int32Array.from({ length: capacity }, (_, place) => capacity - 1 - place);
    this.#freeCount = capacity;
    this.#clear = clear;
  }

  get size(): number {
    return this.capacity - this.#freeCount;
  }

  /** Where in the index the search for a hash begins. */
  start(hash: number): number {
    return hash & (this.index.length - 1);
  }

  next(place: number): number {
    return (place + 1) & (this.index.length - 1);
  }

  /** A cleared record for a key that is not there; its count is the caller's to begin. */
  make(hash: number): number {
    if (this.#freeCount === 0) this.#makeRoom();
    this.#freeCount -= 1;
    const record = this.#free[this.#freeCount] as number; // below the count of the free ones
    this.hashes[record] = hash;
    this.#clear(record);
    this.#put(record);
    return record;
  }

  records(): number[] {
    return [...this.index].filter((place) => place > 0).map((place) => place - 1);
  }

  #put(record: number): void {
    let place = this.start(this.hashes[record] as number); // a record's number is below the capacity
    while (this.index[place] !== 0) place = this.next(place);
    this.index[place] = record + 1;
  }

  #makeRoom(): void {
    const { counts } = this;
    const worth = counts.map((count, record) => count - (this.#taken[record] ?? 0));
    const taken = worth.slice().sort()[this.capacity >> 1] ?? 0;
    this.short += taken;
    this.index.fill(0);
    for (let record = 0; record < this.capacity; record += 1) {
      const left = (worth[record] as number) - taken; // below the capacity
      if (left > 0) {
        this.#taken[record] = (this.#taken[record] as number) + taken;
        this.#put(record);
        continue;
      }
      counts[record] = 0;
      this.#taken[record] = 0;
      this.forgotten += 1;
      this.#free[this.#freeCount] = record;
      this.#freeCount += 1;
    }
  }
}
