/** A login that was accepted after many had been refused: the guessed password of DNS1, and the first step of most chains. */

import type { Detector } from '../core/contracts.ts';
import { type Entries, type Entry, placeKey } from '../core/entries.ts';
import type { GuessBook } from '../core/guess-book.ts';
import { type NameTried, namesTried, TRIES_OF_A_GUESSER, type Trail } from '../core/guessing.ts';
import { counted, lasted, named } from '../core/text.ts';
import type { Confidence, Evidence, FindingDraft, Millis, Severity } from '../core/words.ts';
import type { Networks } from '../core/world.ts';

/** From a usual network this many are still a person who mistypes. */
const TRIES_OF_NO_PERSON = 10;
/** Logins on earlier days that make a network usual for an account. */
const USUAL_LOGINS = 3;
/** Tries from anywhere on one account within a day, before somebody comes in from a new network. */
const SPREAD_TRIES = 20;
const DAY_MS = 86_400_000;
const GUESSES_SHOWN = 12;
const LOGINS_SHOWN = 10;
const ALWAYS = Number.NEGATIVE_INFINITY;

interface Judgement {
  readonly how: 'address' | 'network' | 'spread';
  readonly failures: number;
  readonly since: Millis;
  readonly trails: readonly (Trail | undefined)[];
  readonly explained: string | null;
}

interface Found {
  readonly judgement: Judgement;
  readonly first: Entry;
  readonly evidence: Evidence[];
  last: Millis;
}

/** What is known of an account in a network before a login. */
interface Habit {
  day: number;
  today: number;
  earlier: number;
  foreign: boolean;
}

export const entryAfterGuessing: Detector = {
  name: 'entry-after-guessing',
  about: 'Finds logins that were accepted after the same address, its network or many addresses had been refused.',
  cannotSee:
    'a password that was known or guessed within four tries, guessing older than the logs, and an intruder in the usual network of the account.',
  attack: ['T1078', 'T1110.001'],
  tells: 'compromise',
  role: 'entry',
  start: ({ networks, guesses, entries }) => ({ 'sweep.done': () => new Judge(networks, guesses, entries).all() }),
};

class Judge {
  readonly #networks: Networks;
  readonly #book: GuessBook;
  readonly #entries: Entries;
  readonly #habits = new Map<string, Habit>();
  readonly #near = new Map<string, readonly NameTried[]>();

  constructor(networks: Networks, book: GuessBook, entries: Entries) {
    this.#networks = networks;
    this.#book = book;
    this.#entries = entries;
  }

  /** In the order of time, since what is usual grows with each login that was not foreign. */
  all(): FindingDraft[] {
    const found = new Map<string, Found>();
    for (const entry of this.#entries.inOrder()) {
      const habit = this.#habit(entry);
      const key = placeKey(entry.account, entry.ip);
      const old = found.get(key);
      const judgement = old && old.judgement.explained === null ? old.judgement : this.#judge(entry, habit);
      if (judgement && judgement.explained === null && habit.earlier < USUAL_LOGINS) habit.foreign = true;
      if (!habit.foreign) habit.today += 1;
      if (judgement && (!old || (old.judgement.explained !== null && judgement.explained === null))) {
        found.set(key, { judgement, first: entry, evidence: [entry.evidence], last: entry.at });
      } else if (old) {
        if (old.evidence.length < LOGINS_SHOWN) old.evidence.push(entry.evidence);
        old.last = entry.at;
      }
    }
    return [...found.values()].map((one) => this.#told(one));
  }

  #habit({ account, network, at }: Entry): Habit {
    const key = placeKey(account, network);
    const day = Math.floor(at / DAY_MS);
    const habit = this.#habits.get(key) ?? { day, today: 0, earlier: 0, foreign: false };
    if (habit.day !== day) Object.assign(habit, { day, today: 0, earlier: habit.earlier + habit.today });
    this.#habits.set(key, habit);
    return habit;
  }

  /** Tries count since the last login from there: a person who mistypes gets in between, again and again. */
  #judge(entry: Entry, habit: Habit): Judgement | null {
    const { account, ip, network, at } = entry;
    const own = placeKey(account, ip);
    const near = placeKey(account, network);
    const sinceOwn = this.#entries.lastBefore(own, at);
    const sinceNear = this.#entries.lastBefore(near, at);
    const sinceAny = this.#entries.lastBefore(ip, at);
    const guesser = this.#book.get(ip);
    const name = guesser?.names.get(account);
    const onAccount = name?.tries.between(sinceOwn, at) ?? 0;
    const onAny = guesser?.tries.between(sinceAny, at) ?? 0;
    const around = this.#around(account, network);
    const aroundSince = triedBetween(around, sinceNear, at);
    const explain = (tries: number) => explanation(entry, habit, tries);
    if (Math.max(onAccount, onAny) >= TRIES_OF_A_GUESSER) {
      const trails = [guesser, name];
      const since = onAny > onAccount ? sinceAny : sinceOwn;
      return { how: 'address', failures: Math.max(onAccount, onAny), since, trails, explained: explain(Math.max(onAccount, aroundSince)) };
    }
    if (aroundSince >= TRIES_OF_A_GUESSER || habit.foreign) {
      const failures = aroundSince || triedBetween(around, ALWAYS, at);
      return { how: 'network', failures, since: aroundSince > 0 ? sinceNear : ALWAYS, trails: around, explained: explain(aroundSince) };
    }
    return this.#afterSpread(entry, sinceNear === ALWAYS);
  }

  /** Tries on an account by the addresses of a network. */
  #around(account: string, network: string): readonly NameTried[] {
    const key = placeKey(account, network);
    const old = this.#near.get(key);
    if (old) return old;
    const made = [...(this.#book.network(network)?.guessers ?? [])].flatMap(({ names }) => names.get(account) ?? []);
    this.#near.set(key, made);
    return made;
  }

  /** A key cannot be guessed; and guessing from outside does not accuse somebody who comes from within. */
  #afterSpread({ account, ip, method, at }: Entry, isNew: boolean): Judgement | null {
    const target = this.#book.target(account);
    const failures = target?.tries.between(at - DAY_MS, at) ?? 0;
    if (!isNew || method === 'publickey' || failures < SPREAD_TRIES || this.#networks.classOf(ip) === 'private') return null;
    return { how: 'spread', failures, since: at - DAY_MS, trails: [target], explained: null };
  }

  #told({ judgement, first, evidence, last }: Found): FindingDraft {
    const { account, ip, at, method } = first;
    const { how, failures, since, explained } = judgement;
    const logins = this.#entries.since(placeKey(account, ip), at);
    const guesser = this.#book.get(ip);
    const names = guesser ? namesTried(guesser).length : 0;
    const starts = judgement.trails.flatMap((trail) => trail?.tries.firstAfter(since) ?? []);
    const from = Math.min(at, ...starts);
    return {
      key: `${account} ${ip}`,
      at,
      from,
      to: last,
      ...GRAVITY[how],
      ...(explained ? { severity: 'low', explained } : {}),
      says: `account ${named(account)} was entered from ${named(ip)} by ${method} after ${counted(failures, 'refused try', 'refused tries')} from ${WHENCE[how]} within ${lasted(at - from)}${names > 1 ? `, on ${counted(names, 'account name')}` : ''}; ${counted(logins, 'login')} in all`,
      culprit: [
        { is: 'address', ip },
        { is: 'account', name: account },
      ],
      victim: [],
      evidence: [...guessesBefore(judgement, at), ...evidence],
      seen: failures + logins,
      figures: { method, failuresBefore: failures, fromSameAddress: how === 'address' ? failures : 0, logins, accountsTried: names },
    };
  }
}

const WHENCE = { address: 'the same address', network: 'the same network', spread: 'other addresses' } as const;
const GRAVITY: Readonly<Record<Judgement['how'], { readonly severity: Severity; readonly confidence: Confidence }>> = {
  address: { severity: 'high', confidence: 'strong' },
  network: { severity: 'high', confidence: 'medium' },
  spread: { severity: 'medium', confidence: 'medium' },
};

function explanation({ method }: Entry, habit: Habit, tries: number): string | null {
  if (habit.foreign) return null;
  if (method === 'publickey' && habit.earlier > 0)
    return 'a key, from a network where this account logged in before; what was refused were other tries';
  if (habit.earlier < USUAL_LOGINS || tries >= TRIES_OF_NO_PERSON) return null;
  return tries < TRIES_OF_A_GUESSER
    ? 'a usual network of this account; other names were refused there'
    : 'a usual network of this account; somebody mistyped';
}

function triedBetween(trails: readonly Trail[], from: Millis, to: Millis): number {
  return trails.reduce((sum, { tries }) => sum + tries.between(from, to), 0);
}

/** The last ones before the login, each line once. */
function guessesBefore({ trails }: Judgement, at: Millis): Evidence[] {
  const lines = trails.flatMap((trail) => trail?.evidence.all() ?? []).filter((line) => (line.at ?? at) <= at);
  const distinct = new Map(lines.map((line) => [`${line.source} ${line.line ?? line.at}`, line]));
  return [...distinct.values()].sort((a, b) => (a.at ?? 0) - (b.at ?? 0)).slice(-GUESSES_SHOWN);
}
