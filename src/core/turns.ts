/** An owner who comes in from two or more places in turn, told from somebody new while a botnet makes its noise. */

import type { Entries, Entry } from './entries.ts';
import type { GuessBook } from './guess-book.ts';

/** So often here, each time after a login from elsewhere: once or twice is what an intruder beside the owner looks like. */
const TURNS = 3;

/** The networks of all logins of each account, in the order of time. */
export class Turns {
  readonly #book: GuessBook;
  readonly #networks = new Map<string, string[]>();

  constructor(entries: Entries, book: GuessBook) {
    this.#book = book;
    for (const { account, network } of entries.inOrder()) {
      const list = this.#networks.get(account);
      if (list) list.push(network);
      else this.#networks.set(account, [network]);
    }
  }

  /** Did the account come in from there and from other places in turn, and was nothing ever refused to any of them? */
  usual({ account, network }: Entry, isForeign: (network: string) => boolean): boolean {
    if (!this.#isQuiet(network)) return false;
    const clean = new Map<string, boolean>();
    let turns = 0;
    let elsewhere = false;
    for (const one of this.#networks.get(account) ?? []) {
      if (one === network) {
        if (elsewhere) turns += 1;
        elsewhere = false;
        continue;
      }
      const quiet = clean.get(one) ?? (this.#isQuiet(one) && !isForeign(one));
      clean.set(one, quiet);
      elsewhere ||= quiet;
    }
    return turns >= TURNS;
  }

  #isQuiet(network: string): boolean {
    return (this.#book.fromNetwork(network)?.tries.total ?? 0) === 0;
  }
}
