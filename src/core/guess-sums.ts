/** The sums of the book of guesses: tries that are new, added to their address, its network, the account, and the pair of both. */

import { ACCOUNT, type Connections, DENIED, KNOWN, NAME, PEER, SAID, type TryEvent, UNKNOWN } from './connections.ts';
import type { Forgetting } from './guess-forgetting.ts';
import { account as accountRow, address, type GuessTables, NONE, name as nameRow, networkKey } from './guess-tables.ts';
import type { Peers } from './peers.ts';
import type { Quotable } from './quotes.ts';
import { bitOfKind, kindOfService } from './service-kind.ts';
import type { EventOf, Millis } from './words.ts';
import type { Networks } from './world.ts';

const UNKNOWN_NAMES_PER_ADDRESS = 200;
/** Of accounts that may exist: junk names must not hide a try on them. */
const NAMES_PER_ADDRESS = 1_000;
/** Over all addresses: an attacker chooses the names, and 50,000 times 200 of them would be too many. */
const NAMES_AT_MOST = 80_000;
/** Lines kept to show: as many as a finding may have for an address, few for one of its names. */
const SHOWN = { address: 50, account: 50, name: 12 } as const;
/** So many of each may keep as many lines as that, and as many marks of time; those that come later keep few: the first, some between, the last. */
const WELL_SHOWN = 1_000;
const FEW_SHOWN = { address: 4, account: 3, name: 0 } as const;
const MARKS = 64;
const FEW_MARKS = { address: 16, account: 16, name: 8 } as const;

/** How many tries there were, the first and the last. */
export interface Whole {
  readonly total: number;
  readonly first: Millis;
  readonly last: Millis;
}

/** What the sums are made with. */
export interface Sources {
  readonly tables: GuessTables;
  readonly connections: Connections;
  readonly forgetting: Forgetting;
  readonly peers: Peers;
  readonly networks: Networks;
  /** The row of tries of which no name was told. */
  readonly nobody: number;
}

export class GuessSums {
  readonly #tables: GuessTables;
  readonly #connections: Connections;
  readonly #forgetting: Forgetting;
  readonly #peers: Peers;
  readonly #networks: Networks;
  readonly #nobody: number;
  readonly #whole = { total: 0, first: 0, last: 0 };
  #targets = 0;
  /** Tries whose name no longer fitted. */
  nameless = 0;

  constructor({ tables, connections, forgetting, peers, networks, nobody }: Sources) {
    this.#tables = tables;
    this.#connections = connections;
    this.#forgetting = forgetting;
    this.#peers = peers;
    this.#networks = networks;
    this.#nobody = nobody;
  }

  /** Of all tries, also those of addresses that were forgotten. */
  get whole(): Whole {
    return this.#whole;
  }

  /** `fresh` = tries that were not counted yet, or are taken back; `passwords` and `keys` = what of them the log calls so. */
  count(connection: number, event: TryEvent | EventOf<'login.accepted'>, fresh: number, passwords: number, keys: number): void {
    const row = this.#name(connection, fresh);
    if (row === NONE) return;
    const names = this.#tables.names.list;
    const addresses = this.#tables.addresses.list;
    const from = names[row + nameRow.address] ?? 0;
    names[row + nameRow.said] = together(names[row + nameRow.said] ?? 0, this.#connections.list[connection + SAID] ?? 0);
    names[row + nameRow.passwords] = (names[row + nameRow.passwords] ?? 0) + passwords;
    addresses[from + address.passwords] = (addresses[from + address.passwords] ?? 0) + passwords;
    addresses[from + address.keys] = (addresses[from + address.keys] ?? 0) + keys;
    if (fresh === 0) return;
    this.#sum(event.at, fresh);
    if (fresh > 0) addresses[from + address.kinds] = (addresses[from + address.kinds] ?? 0) | bitOfKind(kindOfService(event.fields.service));
    this.#marked(row, from, event.at, fresh);
    if (fresh > 0) this.#shown(row, from, event);
  }

  #sum(at: Millis, fresh: number): void {
    const whole = this.#whole;
    if (fresh > 0 && (whole.total === 0 || at < whole.first)) whole.first = at;
    if (fresh > 0 && (whole.total === 0 || at > whole.last)) whole.last = at;
    whole.total += fresh;
  }

  #marked(row: number, from: number, at: Millis, fresh: number): void {
    const { marks, names, addresses, accounts } = this.#tables;
    const target = accounts.list[(names.list[row + nameRow.account] ?? 0) + accountRow.marks] ?? NONE;
    const all = [addresses.list[from + address.marks] ?? NONE, names.list[row + nameRow.marks] ?? NONE, target];
    for (const one of all) {
      if (one === NONE) continue;
      if (fresh > 0) marks.add(one, at, fresh);
      else marks.takeBack(one, -fresh);
    }
  }

  #shown(row: number, from: number, event: Quotable): void {
    const { quotes, shows, names, addresses, accounts } = this.#tables;
    const quote = quotes.add(event);
    quotes.hold(quote);
    shows.add(addresses.list[from + address.lines] ?? NONE, quote);
    shows.add(names.list[row + nameRow.lines] ?? NONE, quote);
    shows.add(accounts.list[(names.list[row + nameRow.account] ?? 0) + accountRow.lines] ?? NONE, quote);
    quotes.release(quote);
  }

  /** What is to be counted under; NONE where a line that counts nothing is the first of its address. */
  #name(connection: number, fresh: number): number {
    const { list } = this.#connections;
    const account = list[connection + ACCOUNT] ?? NONE;
    const last = list[connection + NAME] ?? NONE;
    const called = account === NONE ? this.#nobody : account;
    if (last !== NONE && this.#tables.names.list[last + nameRow.account] === called) return last;
    const peer = list[connection + PEER] ?? 0;
    const known = this.#tables.addressOf.find(peer, peer);
    const from = known === NONE && fresh > 0 ? this.#newAddress(peer) : known;
    if (from === NONE) return NONE;
    const old = this.#tables.nameOf.find(from, called);
    const row = old === NONE && fresh > 0 ? this.#newName(from, called, (this.#connections.list[connection + SAID] ?? 0) & UNKNOWN) : old;
    this.#connections.list[connection + NAME] = row;
    return row;
  }

  /** Past the bounds a try is counted for its address and network, under no name. */
  #newName(from: number, account: number, unknown: number): number {
    const { addresses, nameOf } = this.#tables;
    const nobody = this.#nobody;
    const room = unknown !== 0 ? UNKNOWN_NAMES_PER_ADDRESS : NAMES_PER_ADDRESS;
    if (account !== nobody && ((addresses.list[from + address.nameCount] ?? 0) >= room || nameOf.size >= NAMES_AT_MOST)) {
      addresses.list[from + address.moreNames] = (addresses.list[from + address.moreNames] ?? 0) + 1;
      this.nameless += 1;
      const old = nameOf.find(from, nobody);
      return old === NONE ? this.#newName(from, nobody, 0) : old;
    }
    if (account !== nobody && !this.isTarget(account)) this.#newTarget(account);
    return this.#tables.newName(from, account, ...this.#trail('name', nameOf.size));
  }

  #newAddress(peer: number): number {
    this.#forgetting.makeRoom();
    const { networkOf, addressOf } = this.#tables;
    const key = networkKey(peer, this.#peers, this.#networks);
    const row = networkOf.get(key) ?? this.#tables.newNetwork(key);
    return this.#tables.newAddress(peer, row, ...this.#trail('address', addressOf.size));
  }

  #newTarget(account: number): void {
    const [marks, lines] = this.#trail('account', this.#targets);
    this.#tables.accounts.list[account + accountRow.marks] = marks;
    this.#tables.accounts.list[account + accountRow.lines] = lines;
    this.#targets += 1;
  }

  isTarget(account: number): boolean {
    return this.#tables.accounts.list[account + accountRow.marks] !== NONE;
  }

  /** Numbers for its marks and its lines. */
  #trail(of: keyof typeof SHOWN, before: number): [number, number] {
    const well = before < WELL_SHOWN;
    return [this.#tables.marks.open(well ? MARKS : FEW_MARKS[of]), this.#tables.shows.open(well ? SHOWN[of] : FEW_SHOWN[of])];
  }
}

/** What log lines say of an account: a name that is denied exists, whatever else is said of it. */
function together(before: number, now: number): number {
  const all = before | now;
  if ((all & DENIED) === 0) return all;
  return (all | KNOWN) & ~UNKNOWN;
}
