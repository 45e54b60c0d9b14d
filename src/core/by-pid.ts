/** What is known of processes by their number, in a table of fixed size: a number that falls on the place of another one takes it over. */

/** Linux hands out numbers in order, so that neighbours in time never share a place until so many processes later. */
const PLACES = 1 << 15;

export class ByPid<V> {
  readonly #pids = new Int32Array(PLACES).fill(-1);
  readonly #values = new Array<V | undefined>(PLACES).fill(undefined);
  readonly #parting: (value: V) => void;

  /** `parting` is told of what another number drove out. */
  constructor(parting: (value: V) => void = () => {}) {
    this.#parting = parting;
  }

  get(pid: number): V | undefined {
    const place = pid & (PLACES - 1);
    return this.#pids[place] === pid ? this.#values[place] : undefined;
  }

  put(pid: number, value: V): V {
    const place = pid & (PLACES - 1);
    const old = this.#values[place];
    if (old !== undefined && this.#pids[place] !== pid) this.#parting(old);
    this.#pids[place] = pid;
    this.#values[place] = value;
    return value;
  }

  remove(pid: number): void {
    const place = pid & (PLACES - 1);
    if (this.#pids[place] === pid) this.#values[place] = undefined;
  }

  entries(): [number, V][] {
    return this.#values.flatMap((value, place): [number, V][] => (value === undefined ? [] : [[this.#pids[place] ?? -1, value]]));
  }
}
