/** What the book of guesses forgets when it is full: a tenth at once, so that it is seldom done, of those that were tried least the oldest first. */

import { ACCOUNT, type Connections, NAME, PEER } from './connections.ts';
import { account, address, type GuessTables, NONE, name, network } from './guess-tables.ts';
import { Timeline } from './timeline.ts';

export const ADDRESSES_AT_MOST = 50_000;
/** More than there can be names that some address has tried (guess-book.ts), so that the others are always enough to forget. */
const ACCOUNTS_AT_MOST = 100_000;
const FORGOTTEN_AT_ONCE = 0.1;
const FEW_MARKS = 16;

export class Forgetting {
  readonly #tables: GuessTables;
  readonly #connections: Connections;
  /** How many were forgotten. */
  addresses = 0;
  accounts = 0;

  constructor(tables: GuessTables, connections: Connections) {
    this.#tables = tables;
    this.#connections = connections;
  }

  /** For one more address. */
  makeRoom(): void {
    const { addresses, addressOf, nameOf, marks } = this.#tables;
    if (addressOf.size < ADDRESSES_AT_MOST) return;
    const rows = this.#tables.inOrder();
    const gone = new Set(least(rows, (row) => marks.total(addresses.list[row + address.marks] ?? 0)));
    const namesGone = new Set([...gone].flatMap((row) => this.#tables.namesOf(row)));
    for (const row of gone) this.#leave(row);
    for (const row of namesGone) this.#leaveName(row);
    const { list } = this.#tables.names;
    const names = nameOf.rows().filter((row) => !namesGone.has(row));
    names.sort((a, b) => (list[a + name.born] ?? 0) - (list[b + name.born] ?? 0));
    const left = rows.filter((row) => !gone.has(row));
    addressOf.keep(left);
    nameOf.keep(names);
    this.#joinAgain(left, names);
    for (const row of this.#connections.rows()) this.#connections.list[row + NAME] = NONE;
    this.addresses += gone.size;
  }

  /** For one more account, of those that no address in the book has tried and no connection names; true where some were forgotten. */
  makeRoomForAccount(nobody: number): boolean {
    const { accountOf, accounts, marks, shows } = this.#tables;
    if (accountOf.size < ACCOUNTS_AT_MOST) return false;
    const named = new Set([nobody, ...this.#connections.rows().map((row) => this.#connections.list[row + ACCOUNT] ?? NONE)]);
    const free = [...accountOf].filter(([, row]) => accounts.list[row + account.byCount] === 0 && !named.has(row));
    const tries = (row: number) => (accounts.list[row + account.marks] === NONE ? 0 : marks.total(accounts.list[row + account.marks] ?? 0));
    for (const [called, row] of least(free, ([, row]) => tries(row))) {
      accountOf.delete(called);
      if (accounts.list[row + account.marks] !== NONE) {
        marks.close(accounts.list[row + account.marks] ?? 0);
        shows.close(accounts.list[row + account.lines] ?? NONE);
        this.accounts += 1;
      }
      accounts.close(row);
    }
    return true;
  }

  /** Those that are known by number anywhere. */
  peers(others: readonly number[]): ReadonlySet<number> {
    const { addresses, addressOf } = this.#tables;
    const known = addressOf.rows().map((row) => addresses.list[row + address.peer] ?? 0);
    const now = this.#connections.rows().map((row) => this.#connections.list[row + PEER] ?? 0);
    return new Set([...known, ...now, ...others]);
  }

  /** Its network keeps the sum of its tries. */
  #leave(row: number): void {
    const { addresses, networks, marks, shows } = this.#tables;
    const whose = (addresses.list[row + address.network] ?? 0) + network.gone;
    if (networks.list[whose] === NONE) networks.list[whose] = marks.open(FEW_MARKS);
    const own = addresses.list[row + address.marks] ?? 0;
    new Timeline(0, marks, networks.list[whose]).absorb(new Timeline(0, marks, own));
    marks.close(own);
    shows.close(addresses.list[row + address.lines] ?? NONE);
    addresses.close(row);
  }

  #leaveName(row: number): void {
    const { names, marks, shows } = this.#tables;
    marks.close(names.list[row + name.marks] ?? 0);
    shows.close(names.list[row + name.lines] ?? NONE);
    names.close(row);
  }

  /** The lists of networks and accounts, without those that are gone. */
  #joinAgain(addressRows: readonly number[], nameRows: readonly number[]): void {
    const { addresses, names, networks, networkOf, accountOf, marks } = this.#tables;
    for (const row of networkOf.values()) networks.list[row + network.count] = 0;
    for (const row of addressRows) this.#tables.intoNetwork(row, addresses.list[row + address.network] ?? 0);
    for (const [key, row] of networkOf) {
      if (networks.list[row + network.count] !== 0) continue;
      const gone = networks.list[row + network.gone] ?? NONE;
      if (gone !== NONE) marks.close(gone);
      networkOf.delete(key);
      networks.close(row);
    }
    for (const row of accountOf.values()) this.#tables.withoutNames(row);
    for (const row of nameRows) this.#tables.intoAccount(row, names.list[row + name.account] ?? 0);
  }
}

/** The tenth with the least worth; the first ones among equals. */
function least<T>(all: readonly T[], worth: (one: T) => number): readonly T[] {
  const ranked = all.map((one) => ({ one, worth: worth(one) })).sort((a, b) => a.worth - b.worth);
  return ranked.slice(0, Math.max(1, Math.floor(all.length * FORGOTTEN_AT_ONCE))).map(({ one }) => one);
}
