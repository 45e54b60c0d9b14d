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

/** Keeps at most so many of a long row: the first, the last, and some evenly spread between them. A fifth of the places is for each end. */
export abstract class Thinning {
  protected edge = 0;
  protected room = 0;
  protected passed = 0;
  protected stride = 1;
  /** How many there are. */
  protected count = 0;

  /** What stands in this place goes, and those behind it move up. */
  protected abstract without(place: number): void;

  protected begin(atMost: number): void {
    this.edge = atMost === 0 ? 0 : Math.max(1, Math.floor(atMost / 5));
    this.room = Math.max(0, atMost - 2 * this.edge);
  }

  /** One more stands at the end. What leaves the last ones stays between them at each stride, or goes. */
  protected arrived(): void {
    this.count += 1;
    const leaving = this.count - 1 - this.edge;
    if (leaving < this.edge) return;
    this.passed += 1;
    if (this.passed % this.stride !== 0) this.#goes(leaving);
    if (this.count <= 2 * this.edge + this.room) return;
    for (let place = leaving - ((leaving - this.edge) % 2); place >= this.edge; place -= 2) this.#goes(place);
    this.stride *= 2;
  }

  #goes(place: number): void {
    this.without(place);
    this.count -= 1;
  }
}

/** A sample of a long row. */
export class Sample<T> extends Thinning {
  readonly #kept: T[] = [];

  constructor(atMost: number) {
    super();
    this.begin(atMost);
  }

  add(item: T): void {
    if (this.edge === 0) return;
    this.#kept.push(item);
    this.arrived();
  }

  all(): readonly T[] {
    return this.#kept;
  }

  /** As `splice(place, 1)`, without the list that it makes of what it took. */
  protected without(place: number): void {
    const list = this.#kept;
    for (let at = place + 1; at < list.length; at += 1) list[at - 1] = list[at] as T; // below its length the list has no holes
    list.pop();
  }
}
