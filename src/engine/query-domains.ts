/** What is counted of each domain that is asked for: queries, types, different names and clients, peaks, and the networks that ask most. */

import { BY_TCP, type QueryReader, RECURSION, VALID_COOKIE } from '../core/query-line.ts';
import { mixed, type NameCut } from '../core/query-name.ts';
import { QUERY_TYPES } from '../core/query-types.ts';
import { shown } from '../core/text.ts';
import type { QueriedDomain } from '../core/words.ts';
import { Frequent } from './query-frequent.ts';
import { QueryPeaks } from './query-peaks.ts';
import { hearSketch, REGISTERS, sketched } from './query-sketch.ts';
import { TopClients } from './query-top-clients.ts';

/** So many domains at once, of any number: no count is short by more than one query in 4,096. */
const DOMAINS_AT_MOST = 8_192;
/** Of longer domains the end; two labels have at most 128 bytes. */
const CELL_BYTES = 128;
const TYPES = QUERY_TYPES.length;
const CASE = 32;
/** Shorter labels are soon used up: of three digits (block lists, reverse zones) there are a thousand. */
const LONG_LABEL = 5;

export class QueryDomains {
  readonly table: Frequent;
  readonly #cells = new Uint8Array(DOMAINS_AT_MOST * CELL_BYTES);
  readonly #lengths = new Uint16Array(DOMAINS_AT_MOST);
  readonly #types = new Uint32Array(DOMAINS_AT_MOST * TYPES);
  readonly #names = new Uint8Array(DOMAINS_AT_MOST * REGISTERS);
  readonly #networks = new Uint8Array(DOMAINS_AT_MOST * REGISTERS);
  readonly #addresses = new Uint8Array(DOMAINS_AT_MOST * REGISTERS);
  readonly #longLabels = new Uint32Array(DOMAINS_AT_MOST);
  readonly #proven = new Uint32Array(DOMAINS_AT_MOST);
  readonly #recursive = new Uint32Array(DOMAINS_AT_MOST);
  readonly #first = new Float64Array(DOMAINS_AT_MOST);
  readonly #last = new Float64Array(DOMAINS_AT_MOST);
  readonly #peaks = new QueryPeaks(DOMAINS_AT_MOST);
  readonly #clients = new TopClients(DOMAINS_AT_MOST);

  constructor(parting: (record: number) => void = () => {}) {
    this.table = new Frequent(DOMAINS_AT_MOST, (record) => {
      this.#clear(record);
      parting(record);
    });
  }

  /** Counts one query and returns the record of its domain. `networkHash` is of the client's network; `ten` 0 = nobody knows when. */
  hear(bytes: Uint8Array, line: QueryReader, cut: NameCut, networkHash: number, ten: number): number {
    const record = this.#recordOf(bytes, cut.domainStart, line.nameEnd, cut.domainHash);
    // A record's number is below the number of domains in all that follows.
    const queries = (this.table.counts[record] as number) + 1;
    this.table.counts[record] = queries;
    const type = record * TYPES + line.type;
    this.#types[type] = (this.#types[type] as number) + 1;
    hearSketch(this.#names, record * REGISTERS, cut.nameHash);
    hearSketch(this.#addresses, record * REGISTERS, addressHash(line.client.words, networkHash));
    if (cut.below >= LONG_LABEL) this.#longLabels[record] = (this.#longLabels[record] as number) + 1;
    if ((line.flags & RECURSION) !== 0) this.#recursive[record] = (this.#recursive[record] as number) + 1;
    if ((line.flags & (BY_TCP | VALID_COOKIE)) !== 0) this.#proven[record] = (this.#proven[record] as number) + 1;
    // Who has a place among the first was heard when he took it.
    if (!this.#clients.hear(record, line.client.words, line.client.six, networkHash)) hearSketch(this.#networks, record * REGISTERS, networkHash);
    if (ten > 0) this.#dated(record, line.stamps.at, ten, queries === 1);
    return record;
  }

  queries(record: number): number {
    return this.table.counts[record] ?? 0;
  }

  told(record: number): Omit<QueriedDomain, 'of' | 'ofHour' | 'hours' | 'examples'> {
    const hour = this.#peaks.hour(record);
    return {
      name: this.#nameOf(record),
      queries: this.queries(record),
      short: Math.ceil(this.table.short),
      types: this.#typesOf(record),
      names: Math.max(1, sketched(this.#names, record * REGISTERS)),
      longLabels: this.#longLabels[record] ?? 0,
      clients: Math.max(1, sketched(this.#addresses, record * REGISTERS)),
      networks: Math.max(1, sketched(this.#networks, record * REGISTERS)),
      recursive: this.#recursive[record] ?? 0,
      proven: this.#proven[record] ?? 0,
      hour,
      tenSeconds: this.#peaks.tenSeconds(record),
      first: this.#first[record] ?? 0,
      last: this.#last[record] ?? 0,
      askers: this.#clients.told(record),
    };
  }

  #recordOf(bytes: Uint8Array, start: number, end: number, hash: number): number {
    const { index, hashes } = this.table;
    let place = this.table.start(hash);
    for (let found = index[place] as number; found !== 0; found = index[place] as number) {
      if (hashes[found - 1] === hash && this.#isNamed(found - 1, bytes, start, end)) return found - 1;
      place = this.table.next(place);
    }
    const record = this.table.make(hash);
    const from = Math.max(start, end - CELL_BYTES);
    for (let at = from; at < end; at += 1) this.#cells[record * CELL_BYTES + at - from] = bytes[at] as number; // inside the name
    this.#lengths[record] = end - start;
    return record;
  }

  #isNamed(record: number, bytes: Uint8Array, start: number, end: number): boolean {
    if (this.#lengths[record] !== end - start) return false;
    let cell = record * CELL_BYTES;
    // Inside the name and the cell.
    for (let at = Math.max(start, end - CELL_BYTES); at < end; at += 1, cell += 1)
      if (((bytes[at] as number) | CASE) !== ((this.#cells[cell] as number) | CASE)) return false;
    return true;
  }

  #dated(record: number, at: number, ten: number, isFirst: boolean): void {
    if (isFirst) this.#first[record] = at;
    this.#last[record] = at;
    this.#peaks.hear(record, ten);
  }

  #clear(record: number): void {
    this.#types.fill(0, record * TYPES, (record + 1) * TYPES);
    this.#names.fill(0, record * REGISTERS, (record + 1) * REGISTERS);
    this.#networks.fill(0, record * REGISTERS, (record + 1) * REGISTERS);
    this.#addresses.fill(0, record * REGISTERS, (record + 1) * REGISTERS);
    for (const counts of [this.#longLabels, this.#proven, this.#recursive, this.#first, this.#last]) counts[record] = 0;
    this.#peaks.clear(record);
    this.#clients.clear(record);
  }

  #nameOf(record: number): string {
    const length = this.#lengths[record] ?? 0;
    const cell = this.#cells.subarray(record * CELL_BYTES, record * CELL_BYTES + Math.min(length, CELL_BYTES));
    const name = String.fromCharCode(...cell).toLowerCase();
    return length > CELL_BYTES ? shown(`…${name}`) : name;
  }

  #typesOf(record: number): QueriedDomain['types'] {
    return QUERY_TYPES.map((type, number) => ({ type, queries: this.#types[record * TYPES + number] ?? 0 }))
      .filter(({ queries }) => queries > 0)
      .sort((a, b) => b.queries - a.queries)
      .slice(0, 6);
  }
}

/** Of the part behind the network; four words. */
function addressHash(words: Int32Array, networkHash: number): number {
  return mixed(Math.imul(networkHash, 0x9e3779b1) ^ Math.imul(words[2] as number, 0x85ebca6b) ^ (words[3] as number));
}
