/** Which accepted logins were foreign: from a network that had guessed before and that the account never came from; and all later ones from there. */

import { guessedBefore, isNear, TRIES_OF_NO_PERSON } from './blame.ts';
import { type Entries, type Entry, placeKey } from './entries.ts';
import type { GuessBook } from './guess-book.ts';
import { TRIES_OF_A_GUESSER } from './guessing.ts';
import { cannotBeGuessed } from './tries.ts';
import type { Millis } from './words.ts';
import type { Networks } from './world.ts';

/** A root shell or another session stays open for a working day. */
export const SESSION_MS = 12 * 3_600_000;

export class Foreign {
  readonly #logins = new Map<string, Entry[]>();

  constructor(entries: Entries, guesses: GuessBook, networks: Networks) {
    const places = new Map<string, boolean>();
    for (const entry of entries.inOrder()) {
      const place = placeKey(entry.account, entry.network);
      const foreign = places.get(place) ?? isForeign(entry, entries, guesses, networks);
      places.set(place, foreign);
      if (!foreign) continue;
      const logins = this.#logins.get(entry.account);
      if (logins) logins.push(entry);
      else this.#logins.set(entry.account, [entry]);
    }
  }

  /** The first foreign login of an account. */
  first(account: string): Entry | undefined {
    return this.#logins.get(account)?.[0];
  }

  /** The newest foreign login of an account that is at most so much older than a moment. */
  before(account: string, at: Millis, withinMs: number): Entry | undefined {
    return this.#logins.get(account)?.findLast((entry) => entry.at <= at && at - entry.at <= withinMs);
  }

  /** The same for any account. */
  anyBefore(at: Millis, withinMs: number): Entry | undefined {
    const newest = [...this.#logins.keys()].flatMap((account) => this.before(account, at, withinMs) ?? []);
    return newest.sort((a, b) => b.at - a.at)[0];
  }
}

/** Near by, a few refused tries are a slip; and a key is nobody's guess, unless the address itself guessed. */
function isForeign(entry: Entry, entries: Entries, guesses: GuessBook, networks: Networks): boolean {
  const tries = guesses.fromNetwork(entry.network)?.tries.between(Number.NEGATIVE_INFINITY, entry.at) ?? 0;
  if (tries < (isNear(entry.ip, networks) ? TRIES_OF_NO_PERSON : TRIES_OF_A_GUESSER)) return false;
  const guesser = guesses.get(entry.ip);
  return !cannotBeGuessed(entry.method) || (guesser !== undefined && guessedBefore(guesser, entries, entry.at));
}
