/**
 * Gives the keys of a map in the order in which they were put in, for making room. Its place is remembered, since looking from the beginning
 * each time passes all that was taken out; but not for long, since a remembered place holds all that the map was before.
 */

/** So many changes of the map without a question are enough to forget the place. */
const IDLE_AT_MOST = 10_000;

export class Oldest<K> {
  readonly #map: ReadonlyMap<K, unknown>;
  #keys: Iterator<K> | null = null;
  #idle = 0;

  constructor(map: ReadonlyMap<K, unknown>) {
    this.#map = map;
  }

  /** The map changes, and nobody needs room. */
  pass(): void {
    this.#idle += 1;
    if (this.#idle > IDLE_AT_MOST) this.#keys = null;
  }

  /** Whoever asks takes it out; undefined where nothing is left. */
  next(): K | undefined {
    this.#idle = 0;
    const step = this.#keys?.next();
    if (step && !step.done) return step.value;
    this.#keys = this.#map.keys();
    const first = this.#keys.next();
    return first.done ? undefined : first.value;
  }
}
