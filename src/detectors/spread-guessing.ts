/** Many addresses that each try a few times: a botnet that stays below what bans an address. */

import type { Detector } from '../core/contracts.ts';
import { type Entries, placeKey } from '../core/entries.ts';
import type { GuessBook } from '../core/guess-book.ts';
import { ADDRESSES_AT_MOST } from '../core/guess-forgetting.ts';
import { type Guesser, guessesAlone, namesTried, type Target, TRIES_OF_A_GUESSER, type Trail } from '../core/guessing.ts';
import { atServers, kindFigures, SSH_ALONE } from '../core/service-kind.ts';
import { DAY_MS } from '../core/spans.ts';
import { counted, lasted, named } from '../core/text.ts';
import { Timeline } from '../core/timeline.ts';
import { Sample } from '../core/window.ts';
import type { Entity, Evidence, FindingDraft, Severity } from '../core/words.ts';

/** On one account: more addresses than one person has, and twice as many tries. */
const ADDRESSES_ON_ACCOUNT = 10;
const TRIES_ON_ACCOUNT = 20;
/** On the whole host, where many people may each mistype. */
const ADDRESSES_ON_HOST = 30;
const TRIES_ON_HOST = 60;
/** At work and at home, by telephone. */
const ADDRESSES_OF_A_PERSON = 3;
const ACCOUNTS_TOLD = 200;
const CULPRITS = 40;
const EVIDENCES = 50;

export const spreadGuessing: Detector = {
  name: 'spread-guessing',
  about: 'Finds an account, or the whole host, tried by many addresses of which each tries only a few times.',
  cannotSee: 'whether the addresses belong together.',
  attack: ['T1110.003', 'T1110.001'],
  tells: 'attack',
  role: 'entry',
  start: ({ guesses, entries }) => ({ 'sweep.done': () => new Spread(guesses, entries).all() }),
};

class Spread {
  readonly #book: GuessBook;
  readonly #entries: Entries;

  constructor(book: GuessBook, entries: Entries) {
    this.#book = book;
    this.#entries = entries;
  }

  all(): FindingDraft[] {
    return [...this.#accounts(), ...this.#host()];
  }

  /** Addresses that neither guess by themselves nor belong to a person who mistyped and then got in. */
  #quiet({ account, by }: Target): [string, number][] {
    return by
      .filter(({ guesser, tries }) => {
        const person = tries.total < TRIES_OF_A_GUESSER && this.#entries.times(placeKey(account, guesser.ip)) !== undefined;
        return tries.total > 0 && !person && !guessesAlone(guesser);
      })
      .map(({ guesser, tries }): [string, number] => [guesser.ip, tries.total])
      .sort(([, a], [, b]) => b - a);
  }

  /** Who is refused on one account by a mail server, say, where nobody else or hardly anybody tries it, has mistyped: it is not read who was let in there. */
  #mistyped(guesser: Guesser): boolean {
    const [name, ...more] = namesTried(guesser);
    if (!name || more.length > 0 || (guesser.kinds & SSH_ALONE) !== 0) return false;
    return (this.#book.target(name.account)?.by.length ?? 0) <= ADDRESSES_OF_A_PERSON;
  }

  #accounts(): FindingDraft[] {
    return this.#book
      .targets()
      .map((target) => ({ target, quiet: this.#quiet(target) }))
      .filter(({ quiet }) => quiet.length >= ADDRESSES_ON_ACCOUNT && sum(quiet) >= TRIES_ON_ACCOUNT)
      .sort((a, b) => sum(b.quiet) - sum(a.quiet))
      .slice(0, ACCOUNTS_TOLD)
      .map(({ target, quiet }) => {
        const unknown = target.by.some((name) => name.unknown);
        const kinds = kindsOf(target.by.map(({ guesser }) => guesser));
        const whom = `account ${named(target.account)}${unknown ? ', which does not exist here,' : ''}${atServers(kinds)}`;
        const victim: Entity[] = [{ is: 'account', name: target.account }];
        const day = { most24h: target.tries.most(DAY_MS), ...kindFigures(kinds) };
        return told(`account ${target.account}`, whom, quiet, target, { severity: unknown ? 'low' : 'medium', victim, figures: day });
      });
  }

  #host(): FindingDraft[] {
    const all = this.#book.guessers();
    const quiet = all.filter((guesser) => !guessesAlone(guesser) && this.#entries.times(guesser.ip) === undefined && !this.#mistyped(guesser));
    const pairs = quiet.map((guesser): [string, number] => [guesser.ip, guesser.tries.total]);
    if (pairs.length < ADDRESSES_ON_HOST || sum(pairs) < TRIES_ON_HOST) return [];
    const tries = new Timeline();
    const evidence = new Sample<Evidence>(EVIDENCES);
    for (const guesser of quiet) {
      for (const first of guesser.evidence.all().slice(0, 1)) evidence.add(first);
      tries.add(guesser.tries.first, 1);
      tries.add(guesser.tries.last, 1);
    }
    const forgotten = this.#book.addressesForgotten;
    const kinds = kindsOf(quiet);
    const host = `this host${atServers(kinds)}`;
    const more = { severity: 'medium', victim: [], figures: { forgotten: this.#book.forgotten, ...kindFigures(kinds) } } as const;
    if (forgotten > 0) return [this.#manyMore(told('host', host, pairs, { tries, evidence }, more), all.length - quiet.length)];
    return [told('host', host, pairs, { tries, evidence }, more)];
  }

  /** Of the addresses that were forgotten only the sum of the tries and their times are known. */
  #manyMore(draft: FindingDraft, others: number): FindingDraft {
    const whole = this.#book.whole();
    const addresses = ADDRESSES_AT_MOST;
    const kept = `${others > 0 ? `; ${counted(others, 'more address', 'more addresses')} tried often or got in` : ''}; the addresses that tried least were forgotten to keep room`;
    return {
      ...draft,
      at: whole.first,
      from: whole.first,
      to: whole.last,
      says: `more than ${counted(addresses, 'address', 'addresses')} tried this host; with all others ${counted(whole.total, 'try was', 'tries were')} refused within ${lasted(whole.last - whole.first)}${kept}`,
      seen: whole.total,
      figures: { ...draft.figures, addresses, moreAddresses: this.#book.addressesForgotten, failures: whole.total, spanMs: whole.last - whole.first },
    };
  }
}

function kindsOf(guessers: readonly Guesser[]): number {
  return guessers.reduce((bits, { kinds }) => bits | kinds, 0);
}

function sum(pairs: readonly (readonly [string, number])[]): number {
  return pairs.reduce((total, [, tries]) => total + tries, 0);
}

function told(
  key: string,
  whom: string,
  quiet: readonly [string, number][],
  { tries, evidence }: Trail,
  more: { readonly severity: Severity; readonly victim: readonly Entity[]; readonly figures: Readonly<Record<string, number | string>> },
): FindingDraft {
  const spanMs = tries.last - tries.first;
  return {
    key,
    at: tries.first,
    from: tries.first,
    to: tries.last,
    severity: more.severity,
    confidence: 'medium',
    says: `${counted(quiet.length, 'address', 'addresses')} tried ${whom} ${counted(sum(quiet), 'time')} within ${lasted(spanMs)}, none of them more than ${quiet.reduce((most, [, one]) => Math.max(most, one), 0)} times: too few for each to be noticed alone`,
    culprit: quiet.slice(0, CULPRITS).map(([ip]) => ({ is: 'address', ip })),
    victim: more.victim,
    evidence: evidence.all(),
    seen: sum(quiet),
    figures: { failures: sum(quiet), addresses: quiet.length, spanMs, ...more.figures },
  };
}
