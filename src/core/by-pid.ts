/** What is known of processes by their number, in a table of fixed size: a number that falls on the place of another one takes it over. */

/** Linux hands out numbers in order, so that neighbours in time never share a place until so many processes later. */
const PLACES = 1 << 15;

/** Its objects are used again and again: nobody may keep one. */
export class ByPid<V> {
  readonly #pids = new Int32Array(PLACES).fill(-1);
  readonly #values = new Array<V | undefined>(PLACES).fill(undefined);
  readonly #make: () => V;
  readonly #parting: (value: V) => void;

  /** `parting` is told of what another number drives out. */
  constructor(make: () => V, parting: (value: V) => void = () => {}) {
    this.#make = make;
    this.#parting = parting;
  }

  get(pid: number): V | undefined {
    const place = pid & (PLACES - 1);
    return this.#pids[place] === pid ? this.#values[place] : undefined;
  }

  /** The object of this number; what it holds is of its former use, and to be overwritten. */
  claim(pid: number): V {
    const place = pid & (PLACES - 1);
    const holder = this.#pids[place] ?? -1;
    const old = this.#values[place];
    if (old !== undefined && holder >= 0 && holder !== pid) this.#parting(old);
    const value = old ?? this.#make();
    this.#pids[place] = pid;
    this.#values[place] = value;
    return value;
  }

  remove(pid: number): void {
    const place = pid & (PLACES - 1);
    if (this.#pids[place] === pid) this.#pids[place] = -1;
  }

  entries(): [number, V][] {
    return this.#values.flatMap((value, place): [number, V][] => {
      const pid = this.#pids[place] ?? -1;
      return value === undefined || pid < 0 ? [] : [[pid, value]];
    });
  }
}
