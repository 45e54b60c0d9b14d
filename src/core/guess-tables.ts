/**
 * The tables of the book of guesses: addresses, networks, accounts, and which address tried which account. Rows of numbers, joined by where other
 * rows begin, with when and how often it was and the lines that show it.
 */

import { Marks } from './marks.ts';
import type { Peers } from './peers.ts';
import { Quotes } from './quotes.ts';
import { RowIndex, Rows } from './rows.ts';
import { Shows } from './shows.ts';
import type { Networks } from './world.ts';

/** Everywhere: no row. */
export const NONE = -1;

/** An address: whose, born as how many-th, where its list of names begins and ends, and the next one of its network. */
export const address = {
  peer: 0,
  born: 1,
  network: 2,
  marks: 3,
  lines: 4,
  passwords: 5,
  keys: 6,
  kinds: 7,
  moreNames: 8,
  names: 9,
  lastName: 10,
  nameCount: 11,
  next: 12,
  width: 13,
} as const;

/** One account tried by one address. `said`: what the log said of the account (core/connections.ts). */
export const name = {
  address: 0,
  account: 1,
  born: 2,
  marks: 3,
  lines: 4,
  said: 5,
  passwords: 6,
  /** Of the same address. */
  next: 7,
  /** On the same account. */
  nextBy: 8,
  width: 9,
} as const;

/** `marks` and `lines` are NONE until it is tried under a name of its own. */
export const account = { born: 0, marks: 1, lines: 2, by: 3, lastBy: 4, byCount: 5, width: 6 } as const;

/** `gone` = marks of addresses of which nothing else is left, or NONE. */
export const network = { first: 0, last: 1, count: 2, gone: 3, width: 4 } as const;

const FIRST_OF_NETWORK = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.0\/24$/;

export class GuessTables {
  readonly addresses = new Rows(address.width);
  readonly names = new Rows(name.width);
  readonly accounts = new Rows(account.width);
  readonly networks = new Rows(network.width);
  readonly addressOf = new RowIndex(this.addresses, address.peer, address.peer);
  readonly nameOf = new RowIndex(this.names, name.address, name.account);
  readonly accountOf = new Map<string, number>();
  readonly networkOf = new Map<number | string, number>();
  /** What each row of accounts is called. */
  readonly called: string[] = [];
  readonly marks = new Marks();
  readonly quotes = new Quotes();
  readonly shows = new Shows(this.quotes);
  #born = 0;

  newAddress(peer: number, networkRow: number, marks: number, lines: number): number {
    const row = this.addresses.open();
    const { list } = this.addresses;
    list[row + address.peer] = peer;
    list[row + address.born] = this.#next();
    list[row + address.network] = networkRow;
    list[row + address.marks] = marks;
    list[row + address.lines] = lines;
    list[row + address.names] = NONE;
    list[row + address.lastName] = NONE;
    this.addressOf.add(row);
    this.intoNetwork(row, networkRow);
    return row;
  }

  /** Behind the others, in the order in which they came. */
  intoNetwork(row: number, networkRow: number): void {
    const { list } = this.networks;
    this.addresses.list[row + address.next] = NONE;
    if (list[networkRow + network.count] === 0) list[networkRow + network.first] = row;
    else this.addresses.list[(list[networkRow + network.last] ?? 0) + address.next] = row;
    list[networkRow + network.last] = row;
    list[networkRow + network.count] = (list[networkRow + network.count] ?? 0) + 1;
  }

  newNetwork(key: number | string): number {
    const row = this.networks.open();
    this.networks.list[row + network.gone] = NONE;
    this.networkOf.set(key, row);
    return row;
  }

  newName(addressRow: number, accountRow: number, marks: number, lines: number): number {
    const row = this.names.open();
    const { list } = this.names;
    list[row + name.address] = addressRow;
    list[row + name.account] = accountRow;
    list[row + name.born] = this.#next();
    list[row + name.marks] = marks;
    list[row + name.lines] = lines;
    this.nameOf.add(row);
    this.#intoAddress(row, addressRow);
    this.intoAccount(row, accountRow);
    return row;
  }

  #intoAddress(row: number, addressRow: number): void {
    const { list } = this.addresses;
    this.names.list[row + name.next] = NONE;
    const last = list[addressRow + address.lastName] ?? NONE;
    if (last === NONE) list[addressRow + address.names] = row;
    else this.names.list[last + name.next] = row;
    list[addressRow + address.lastName] = row;
    list[addressRow + address.nameCount] = (list[addressRow + address.nameCount] ?? 0) + 1;
  }

  intoAccount(row: number, accountRow: number): void {
    const { list } = this.accounts;
    this.names.list[row + name.nextBy] = NONE;
    const last = list[accountRow + account.lastBy] ?? NONE;
    if (last === NONE) list[accountRow + account.by] = row;
    else this.names.list[last + name.nextBy] = row;
    list[accountRow + account.lastBy] = row;
    list[accountRow + account.byCount] = (list[accountRow + account.byCount] ?? 0) + 1;
  }

  newAccount(called: string): number {
    const row = this.accounts.open();
    this.accounts.list[row + account.born] = this.#next();
    this.accounts.list[row + account.marks] = NONE;
    this.accounts.list[row + account.lines] = NONE;
    this.withoutNames(row);
    this.accountOf.set(called, row);
    this.called[this.accounts.number(row)] = called;
    return row;
  }

  withoutNames(accountRow: number): void {
    const { list } = this.accounts;
    list[accountRow + account.by] = NONE;
    list[accountRow + account.lastBy] = NONE;
    list[accountRow + account.byCount] = 0;
  }

  callOf(accountRow: number): string {
    return this.called[this.accounts.number(accountRow)] ?? '';
  }

  namesOf(addressRow: number): number[] {
    return chain(this.names, this.addresses.list[addressRow + address.names] ?? NONE, name.next);
  }

  namesBy(accountRow: number): number[] {
    return chain(this.names, this.accounts.list[accountRow + account.by] ?? NONE, name.nextBy);
  }

  addressesIn(networkRow: number): number[] {
    const first = this.networks.list[networkRow + network.count] === 0 ? NONE : (this.networks.list[networkRow + network.first] ?? NONE);
    return chain(this.addresses, first, address.next);
  }

  /** In the order in which they came. */
  inOrder(): number[] {
    const { list } = this.addresses;
    return this.addressOf.rows().sort((a, b) => (list[a + address.born] ?? 0) - (list[b + address.born] ?? 0));
  }

  #next(): number {
    this.#born += 1;
    return this.#born;
  }
}

/** Networks of IPv4 addresses are numbers, as their addresses are. */
export function networkKey(peer: number, peers: Peers, networks: Networks): number | string {
  return peer >= 0 && peer < 2 ** 32 ? Math.floor(peer / 256) : keyOfNetwork(networks.networkOf(peers.textOf(peer)));
}

/** The same by the name that `networkOf` gives it. */
export function keyOfNetwork(called: string): number | string {
  const four = FIRST_OF_NETWORK.exec(called);
  return four ? (Number(four[1]) << 16) + (Number(four[2]) << 8) + Number(four[3]) : called;
}

function chain(rows: Rows, first: number, next: number): number[] {
  const found: number[] = [];
  for (let row = first; row !== NONE; row = rows.list[row + next] ?? NONE) found.push(row);
  return found;
}
