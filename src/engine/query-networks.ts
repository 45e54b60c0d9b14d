/** What is counted of each network that asks (/24 or /64): queries, how many different names, peaks, and whether its address is proven. */

import { networkText } from '../core/query-client.ts';
import { BY_TCP, type QueryReader, VALID_COOKIE } from '../core/query-line.ts';
import { mixed } from '../core/query-name.ts';
import type { QueryingNetwork } from '../core/words.ts';
import { Frequent } from './query-frequent.ts';
import { QueryPeaks } from './query-peaks.ts';
import { hearSketch, REGISTERS, sketched } from './query-sketch.ts';

/** So many networks at once, of any number. */
const NETWORKS_AT_MOST = 8_192;
const LAST_BYTE = 255;

export class QueryNetworks {
  readonly table: Frequent;
  readonly #high = new Int32Array(NETWORKS_AT_MOST);
  readonly #low = new Int32Array(NETWORKS_AT_MOST);
  readonly #six = new Uint8Array(NETWORKS_AT_MOST);
  readonly #proven = new Uint32Array(NETWORKS_AT_MOST);
  readonly #names = new Uint8Array(NETWORKS_AT_MOST * REGISTERS);
  readonly #peaks = new QueryPeaks(NETWORKS_AT_MOST);

  constructor() {
    this.table = new Frequent(NETWORKS_AT_MOST, (record) => {
      this.#proven[record] = 0;
      this.#names.fill(0, record * REGISTERS, (record + 1) * REGISTERS);
      this.#peaks.clear(record);
    });
  }

  /** Counts one query and returns the hash of its network. */
  hear({ client, flags }: QueryReader, nameHash: number, ten: number): number {
    const { words, six } = client;
    // Four words.
    const high = six ? (words[0] as number) : 0;
    const low = six ? (words[1] as number) : (words[3] as number) & ~LAST_BYTE;
    const hash = mixed(Math.imul(high, 0x9e3779b1) ^ low ^ (six ? 1 : 0));
    const record = this.#recordOf(hash, high, low, six ? 1 : 0);
    this.table.counts[record] = (this.table.counts[record] as number) + 1; // a record's number is below that of networks
    if ((flags & (BY_TCP | VALID_COOKIE)) !== 0) this.#proven[record] = (this.#proven[record] as number) + 1;
    hearSketch(this.#names, record * REGISTERS, nameHash);
    if (ten > 0) this.#peaks.hear(record, ten);
    return hash;
  }

  #recordOf(hash: number, high: number, low: number, six: number): number {
    const { index, hashes } = this.table;
    let place = this.table.start(hash);
    for (let found = index[place] as number; found !== 0; found = index[place] as number) {
      const record = found - 1;
      if (hashes[record] === hash && this.#high[record] === high && this.#low[record] === low && this.#six[record] === six) return record;
      place = this.table.next(place);
    }
    const record = this.table.make(hash);
    this.#high[record] = high;
    this.#low[record] = low;
    this.#six[record] = six;
    return record;
  }

  queries(record: number): number {
    return this.table.counts[record] ?? 0;
  }

  told(record: number): Omit<QueryingNetwork, 'of'> {
    return {
      name: networkText(this.#six[record] === 1, this.#high[record] ?? 0, this.#low[record] ?? 0),
      queries: this.queries(record),
      short: Math.ceil(this.table.short),
      names: Math.max(1, sketched(this.#names, record * REGISTERS)),
      proven: this.#proven[record] ?? 0,
      hour: this.#peaks.hour(record),
      tenSeconds: this.#peaks.tenSeconds(record),
    };
  }
}
