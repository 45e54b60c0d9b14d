/** The rows of the book of guesses, as the words that detectors know (core/guessing.ts). They hold nothing: what is asked is read when it is asked. */

import { DENIED, KNOWN, UNKNOWN } from './connections.ts';
import { account, address, type GuessTables, NONE, name, network } from './guess-tables.ts';
import type { Guesser, NameTried, Neighbourhood, Target } from './guessing.ts';
import type { Peers } from './peers.ts';
import type { Rows } from './rows.ts';
import { Timeline } from './timeline.ts';
import type { Evidence } from './words.ts';
import type { Networks } from './world.ts';

/** What all of them look through. */
export interface Sight {
  readonly tables: GuessTables;
  readonly peers: Peers;
  readonly networks: Networks;
}

class Row {
  protected readonly sight: Sight;
  protected readonly row: number;
  readonly #rows: Rows;
  readonly #marks: number;
  readonly #lines: number;

  constructor(sight: Sight, rows: Rows, row: number, marks: number, lines: number) {
    this.sight = sight;
    this.row = row;
    this.#rows = rows;
    this.#marks = marks;
    this.#lines = lines;
  }

  get tries(): Timeline {
    return new Timeline(0, this.sight.tables.marks, this.field(this.#marks));
  }

  get evidence(): { all(): readonly Evidence[] } {
    return { all: () => this.sight.tables.shows.all(this.field(this.#lines)) };
  }

  protected field(which: number): number {
    return this.#rows.list[this.row + which] ?? 0;
  }
}

export class GuesserView extends Row implements Guesser {
  readonly ip: string;

  constructor(sight: Sight, row: number) {
    super(sight, sight.tables.addresses, row, address.marks, address.lines);
    this.ip = sight.peers.textOf(this.field(address.peer));
  }

  get network(): Neighbourhood {
    return new NeighbourhoodView(this.sight, this.field(address.network));
  }

  name(called: string): NameTried | undefined {
    const { tables } = this.sight;
    const accountRow = tables.accountOf.get(called);
    const row = accountRow === undefined ? NONE : tables.nameOf.find(this.row, accountRow);
    return row === NONE ? undefined : new NameView(this.sight, row);
  }

  names(): readonly NameTried[] {
    return this.sight.tables.namesOf(this.row).map((row) => new NameView(this.sight, row));
  }

  get moreNames(): number {
    return this.field(address.moreNames);
  }

  get passwords(): number {
    return this.field(address.passwords);
  }

  get keys(): number {
    return this.field(address.keys);
  }

  get kinds(): number {
    return this.field(address.kinds);
  }
}

class NameView extends Row implements NameTried {
  readonly account: string;

  constructor(sight: Sight, row: number) {
    super(sight, sight.tables.names, row, name.marks, name.lines);
    this.account = sight.tables.callOf(this.field(name.account));
  }

  get guesser(): Guesser {
    return new GuesserView(this.sight, this.field(name.address));
  }

  get unknown(): boolean {
    return (this.field(name.said) & UNKNOWN) !== 0;
  }

  get known(): boolean {
    return (this.field(name.said) & KNOWN) !== 0;
  }

  get denied(): boolean {
    return (this.field(name.said) & DENIED) !== 0;
  }

  get passwords(): number {
    return this.field(name.passwords);
  }
}

export class TargetView extends Row implements Target {
  readonly account: string;

  constructor(sight: Sight, row: number) {
    super(sight, sight.tables.accounts, row, account.marks, account.lines);
    this.account = sight.tables.callOf(row);
  }

  get by(): readonly NameTried[] {
    return this.sight.tables.namesBy(this.row).map((row) => new NameView(this.sight, row));
  }
}

export class NeighbourhoodView implements Neighbourhood {
  readonly #sight: Sight;
  readonly #row: number;

  constructor(sight: Sight, row: number) {
    this.#sight = sight;
    this.#row = row;
  }

  /** Any of its addresses tells. */
  get name(): string {
    const { tables, peers, networks } = this.#sight;
    const first = tables.networks.list[this.#row + network.first] ?? 0;
    return networks.networkOf(peers.textOf(tables.addresses.list[first + address.peer] ?? 0));
  }

  get guessers(): readonly Guesser[] {
    return this.#sight.tables.addressesIn(this.#row).map((row) => new GuesserView(this.#sight, row));
  }

  get gone(): Timeline | null {
    const gone = this.#sight.tables.networks.list[this.#row + network.gone] ?? NONE;
    return gone === NONE ? null : new Timeline(0, this.#sight.tables.marks, gone);
  }
}
