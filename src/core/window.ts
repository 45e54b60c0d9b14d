/** Counting that an attacker cannot make endless: maps and samples that forget the least useful and say how much they forgot. */

/** A part of the map is forgotten at a time, so that making room costs little for each new key. */
const FORGOTTEN_AT_ONCE = 0.1;

/** A map of at most so many keys. When it is full the least worthy are forgotten, the oldest first among equals, or where worth is null. */
export class Bounded<V, K extends string | number = string> {
  readonly #values = new Map<K, V>();
  readonly #atMost: number;
  readonly #worth: ((value: V) => number) | null;
  readonly #parting: (value: V) => void;
  #forgotten = 0;

  /** `parting` is told of what is forgotten, for those who count what is inside. */
  constructor(atMost: number, worth: ((value: V) => number) | null, parting: (value: V) => void = () => {}) {
    this.#atMost = atMost;
    this.#worth = worth;
    this.#parting = parting;
  }

  /** How many keys were forgotten. A key that comes back begins anew. */
  get forgotten(): number {
    return this.#forgotten;
  }

  get size(): number {
    return this.#values.size;
  }

  get(key: K): V | undefined {
    return this.#values.get(key);
  }

  /** What the key has, made now where it has nothing. */
  open(key: K, make: () => V): V {
    const old = this.#values.get(key);
    if (old !== undefined) return old;
    if (this.#values.size >= this.#atMost) this.#makeRoom();
    const made = make();
    this.#values.set(key, made);
    return made;
  }

  remove(key: K): void {
    this.#values.delete(key);
  }

  entries(): [K, V][] {
    return [...this.#values];
  }

  values(): V[] {
    return [...this.#values.values()];
  }

  #makeRoom(): void {
    const count = Math.max(1, Math.floor(this.#atMost * FORGOTTEN_AT_ONCE));
    const limit = this.#worth ? this.#worthOf(this.#worth, count) : Number.POSITIVE_INFINITY;
    let left = count - this.#forget(count, (value) => this.#worth !== null && this.#worth(value) < limit);
    if (left > 0) left -= this.#forget(left, (value) => this.#worth === null || this.#worth(value) === limit);
    this.#forgotten += count - left;
  }

  /** The worth of the last one that must go, when so many go. */
  #worthOf(worth: (value: V) => number, count: number): number {
    const worths = new Float64Array(this.#values.size);
    let at = 0;
    for (const value of this.#values.values()) {
      worths[at] = worth(value);
      at += 1;
    }
    return worths.sort()[count - 1] ?? Number.POSITIVE_INFINITY;
  }

  /** At most so many, oldest first; says how many it were. */
  #forget(atMost: number, may: (value: V) => boolean): number {
    let gone = 0;
    for (const [key, value] of this.#values) {
      if (gone >= atMost) break;
      if (!may(value)) continue;
      this.#values.delete(key);
      this.#parting(value);
      gone += 1;
    }
    return gone;
  }
}

/** At most so many of a long row: the first, the last, and some evenly spread between them. A fifth of the places is for each end. */
export class Sample<T> {
  readonly #edge: number;
  readonly #room: number;
  readonly #kept: T[] = [];
  readonly #parting: ((item: T) => void) | null;
  #passed = 0;
  #stride = 1;

  /** `parting` is told of what is no longer kept. */
  constructor(atMost: number, parting: ((item: T) => void) | null = null) {
    this.#parting = parting;
    this.#edge = atMost === 0 ? 0 : Math.max(1, Math.floor(atMost / 5));
    this.#room = Math.max(0, atMost - 2 * this.#edge);
  }

  /** One list: the first ones, those between, the last ones. What leaves the last ones stays between them at each stride, or is dropped. */
  add(item: T): void {
    if (this.#edge === 0) {
      this.#parting?.(item);
      return;
    }
    this.#kept.push(item);
    const leaving = this.#kept.length - 1 - this.#edge;
    if (leaving < this.#edge) return;
    this.#passed += 1;
    if (this.#passed % this.#stride !== 0) this.#without(leaving);
    if (this.#kept.length <= 2 * this.#edge + this.#room) return;
    for (let place = leaving - ((leaving - this.#edge) % 2); place >= this.#edge; place -= 2) this.#without(place);
    this.#stride *= 2;
  }

  all(): readonly T[] {
    return this.#kept;
  }

  /** As `splice(place, 1)`, without the list that it makes of what it took. */
  #without(place: number): void {
    const list = this.#kept;
    this.#parting?.(list[place] as T); // below its length the list has no holes
    for (let at = place + 1; at < list.length; at += 1) list[at - 1] = list[at] as T;
    list.pop();
  }
}
