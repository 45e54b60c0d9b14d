/** Many addresses that each try a few times: a botnet that stays below what bans an address. */

import type { Detector, Ears } from '../core/contracts.ts';
import { type Guess, type GuessBook, guessesAlone, TRIES_OF_A_GUESSER } from '../core/guessing.ts';
import { type Target, TargetBook } from '../core/targets.ts';
import { counted, lasted, named } from '../core/text.ts';
import { Timeline } from '../core/timeline.ts';
import { Bounded, Sample } from '../core/window.ts';
import type { Entity, Evidence, FindingDraft, Severity } from '../core/words.ts';

/** On one account: more addresses than one person has, and twice as many tries. */
const ADDRESSES_ON_ACCOUNT = 10;
const TRIES_ON_ACCOUNT = 20;
/** On the whole host, where many people may each mistype. */
const ADDRESSES_ON_HOST = 30;
const TRIES_ON_HOST = 60;
const PEOPLE_AT_MOST = 50_000;
const ACCOUNTS_TOLD = 200;
const CULPRITS = 40;
const EVIDENCES = 50;
/** Of these some belong to addresses that turn out to be loud. */
const FIRSTS = 200;
const HOURS_24_MS = 86_400_000;

export const spreadGuessing: Detector = {
  name: 'spread-guessing',
  about: 'Finds an account, or the whole host, tried by many addresses of which each tries only a few times.',
  cannotSee: 'whether the addresses belong together, and more than 2,000 addresses on one account.',
  attack: ['T1110.003', 'T1110.001'],
  tells: 'attack',
  role: 'entry',
  start: ({ guesses }) => new Spread(guesses).ears(),
};

class Spread {
  readonly #book: GuessBook;
  /** The first line of some addresses. */
  readonly #firsts = new Sample<Guess>(FIRSTS);
  readonly #targets = new TargetBook(EVIDENCES);
  /** Addresses from which a login was accepted, and accounts with them. */
  readonly #people = new Bounded<true>(PEOPLE_AT_MOST, null);

  constructor(book: GuessBook) {
    this.#book = book;
  }

  ears(): Ears {
    return {
      'login.failed': (event) => this.#add(this.#book.hear(event)),
      'login.probed': (event) => this.#add(this.#book.hear(event)),
      'login.accepted': (event) => {
        this.#people.open(`${event.fields.account}\n${event.fields.ip}`, () => true);
        this.#people.open(`${event.fields.ip}`, () => true);
        return this.#add(this.#book.accepted(event));
      },
      'sweep.done': () => [...this.#accounts(), ...this.#host()],
    };
  }

  #add(guess: Guess | null): null {
    if (guess) this.#targets.add(guess);
    if (guess && guess.guesser.tries.total === guess.fresh) this.#firsts.add(guess);
    return null;
  }

  /** Addresses that neither guess by themselves nor belong to a person who mistyped and then got in. */
  #quiet({ account, byAddress }: Target): [string, number][] {
    return [...byAddress]
      .filter(([ip, tries]) => {
        const guesser = this.#book.get(ip);
        const person = tries < TRIES_OF_A_GUESSER && this.#people.get(`${account}\n${ip}`) === true;
        return tries > 0 && !person && guesser !== undefined && !guessesAlone(guesser);
      })
      .sort(([, a], [, b]) => b - a);
  }

  #accounts(): FindingDraft[] {
    return this.#targets
      .targets()
      .map((target) => ({ target, quiet: this.#quiet(target) }))
      .filter(({ quiet }) => quiet.length >= ADDRESSES_ON_ACCOUNT && sum(quiet) >= TRIES_ON_ACCOUNT)
      .sort((a, b) => sum(b.quiet) - sum(a.quiet))
      .slice(0, ACCOUNTS_TOLD)
      .map(({ target, quiet }) => {
        const whom = `account ${named(target.account)}${target.unknown ? ', which does not exist here,' : ''}`;
        const victim: Entity[] = [{ is: 'account', name: target.account }];
        const day = { most24h: target.tries.most(HOURS_24_MS) };
        return told(`account ${target.account}`, whom, quiet, target, { severity: target.unknown ? 'low' : 'medium', victim, figures: day });
      });
  }

  #host(): FindingDraft[] {
    const quiet = this.#book.guessers().filter((guesser) => !guessesAlone(guesser) && this.#people.get(guesser.ip) !== true);
    const pairs = quiet.map((guesser): [string, number] => [guesser.ip, guesser.tries.total]);
    if (pairs.length < ADDRESSES_ON_HOST || sum(pairs) < TRIES_ON_HOST) return [];
    const tries = new Timeline();
    const evidence = new Sample<Evidence>(EVIDENCES);
    const members = new Set(quiet);
    for (const first of this.#firsts.all()) if (members.has(first.guesser)) evidence.add(first.evidence);
    for (const guesser of quiet) {
      tries.add(guesser.tries.first, 1);
      tries.add(guesser.tries.last, 1);
    }
    return [told('host', 'this host', pairs, { tries, evidence }, { severity: 'medium', victim: [], figures: { forgotten: this.#book.forgotten } })];
  }
}

function sum(pairs: readonly (readonly [string, number])[]): number {
  return pairs.reduce((total, [, tries]) => total + tries, 0);
}

function told(
  key: string,
  whom: string,
  quiet: readonly [string, number][],
  { tries, evidence }: { readonly tries: Timeline; readonly evidence: Sample<Evidence> },
  more: { readonly severity: Severity; readonly victim: readonly Entity[]; readonly figures: Readonly<Record<string, number>> },
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
