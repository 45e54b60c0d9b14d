/** A login that was accepted after many had been refused: the guessed password of DNS1, and the first step of most chains. */

import { guessedBefore, isNear, namesOnlyTried, TRIES_OF_NO_PERSON } from '../core/blame.ts';
import { keepsOldPassword, PASSWORD_OF_A_JOB, withOldPassword } from '../core/broken-job.ts';
import type { Detector } from '../core/contracts.ts';
import { type Entries, type Entry, placeKey } from '../core/entries.ts';
import type { GuessBook } from '../core/guess-book.ts';
import { type Guesser, type NameTried, namesTried, TRIES_OF_A_GUESSER } from '../core/guessing.ts';
import {
  A_KEY,
  BY_TURNS,
  CLOCK_WENT_BACK,
  explanation,
  GRAVITY,
  guessesBefore,
  type Habit,
  type Judgement,
  triedBetween,
  USUAL_LOGINS,
  WHENCE,
  WORST,
  weight,
} from '../core/judgement.ts';
import { bitOfKind, byServers, kindFigures, kindOfService } from '../core/service-kind.ts';
import { DAY_MS } from '../core/spans.ts';
import { counted, lasted, named } from '../core/text.ts';
import { cannotBeGuessed } from '../core/tries.ts';
import { Turns } from '../core/turns.ts';
import type { Evidence, FindingDraft, Millis } from '../core/words.ts';
import type { Networks } from '../core/world.ts';

/** Tries from anywhere on one account within a day, before somebody comes in from a new network. */
const SPREAD_TRIES = 20;
const LOGINS_SHOWN = 10;
const ALWAYS = Number.NEGATIVE_INFINITY;

interface Found {
  readonly judgement: Judgement;
  readonly first: Entry;
  readonly evidence: Evidence[];
  last: Millis;
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
  readonly #turns: Turns;
  readonly #near = new Map<string, readonly NameTried[]>();
  /** Addresses of intruders, and since when their tries count: their own logins end no count. */
  readonly #intruders = new Map<string, Millis>();

  constructor(networks: Networks, book: GuessBook, entries: Entries) {
    this.#networks = networks;
    this.#book = book;
    this.#entries = entries;
    this.#turns = new Turns(entries, book);
  }

  /** In the order of time, since what is usual grows with each login that was not foreign. */
  all(): FindingDraft[] {
    const found = new Map<string, Found>();
    for (const entry of this.#entries.inOrder()) {
      const habit = this.#habit(entry);
      const key = placeKey(entry.account, entry.ip);
      const old = found.get(key);
      const judgement = old && weight(old.judgement) === WORST ? old.judgement : this.#judge(entry, habit);
      if (judgement && judgement.explained === null) this.#remember(entry, habit);
      if (!habit.foreign) habit.today += 1;
      if (judgement && (!old || weight(judgement) > weight(old.judgement))) {
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

  #remember({ ip, at }: Entry, habit: Habit): void {
    if (habit.earlier < USUAL_LOGINS) habit.foreign = true;
    if (!this.#intruders.has(ip)) this.#intruders.set(ip, this.#entries.lastBefore(ip, at));
  }

  #judge(entry: Entry, habit: Habit): Judgement | null {
    const judged = this.#guessed(entry, habit) ?? this.#backwards(entry, habit);
    if (!judged || judged.explained !== null || !cannotBeGuessed(entry.method)) return judged;
    const guesser = this.#book.get(entry.ip);
    const suspect = habit.foreign || this.#intruders.has(entry.ip) || (guesser !== undefined && guessedBefore(guesser, this.#entries, entry.at));
    return { ...judged, byKey: true, explained: suspect ? null : A_KEY };
  }

  /** Tries count since the last login from there: a person who mistypes gets in between, again and again. */
  #guessed(entry: Entry, habit: Habit): Judgement | null {
    const { account, ip, network, at } = entry;
    const own = placeKey(account, ip);
    const near = placeKey(account, network);
    const sinceOwn = this.#entries.lastBefore(own, at);
    const sinceNear = this.#entries.lastBefore(near, at);
    const sinceAny = this.#intruders.get(ip) ?? this.#entries.lastBefore(ip, at);
    const guesser = this.#book.get(ip);
    const name = guesser?.name(account);
    const onAccount = name?.tries.between(sinceOwn, at) ?? 0;
    const onAny = guesser?.tries.between(sinceAny, at) ?? 0;
    const around = this.#around(account, network);
    const aroundSince = triedBetween(around, sinceNear, at);
    const slip = this.#slipped(entry, guesser, Math.max(onAccount, onAny, aroundSince));
    const explain = (tries: number) => explanation(entry, habit, tries) ?? (habit.foreign ? null : slip);
    if (Math.max(onAccount, onAny) >= TRIES_OF_A_GUESSER) {
      const trails = [guesser, name];
      const since = onAny > onAccount ? sinceAny : sinceOwn;
      return {
        how: 'address',
        failures: Math.max(onAccount, onAny),
        since,
        trails,
        explained: explain(Math.max(onAccount, aroundSince)),
        byKey: false,
      };
    }
    const failures = aroundSince || triedBetween(around, ALWAYS, at);
    if (aroundSince >= TRIES_OF_A_GUESSER || (habit.foreign && failures > 0)) {
      const since = aroundSince > 0 ? sinceNear : ALWAYS;
      return { how: 'network', failures, since, trails: around, explained: explain(aroundSince), byKey: false };
    }
    return this.#afterSpread(entry, sinceNear === ALWAYS);
  }

  /** A person near by who mistypes the one password that he has. */
  #slipped({ ip, at, method }: Entry, guesser: Guesser | undefined, tries: number): string | null {
    if (cannotBeGuessed(method) || this.#intruders.has(ip)) return null;
    const elsewhere = guesser ? withOldPassword(guesser) : null;
    if (elsewhere !== null) return elsewhere;
    if (!isNear(ip, this.#networks)) return null;
    if (guesser && keepsOldPassword(guesser, this.#entries, this.#networks)) return PASSWORD_OF_A_JOB;
    if (tries >= TRIES_OF_NO_PERSON) return null;
    const more = guesser ? namesOnlyTried(guesser, this.#entries, at).length : 0;
    return more > 0 ? null : 'a few tries on this one account, from an address near by: somebody mistyped';
  }

  /** The log is written line after line; where its stamps go back, the clock was set, and guesses above the login came before it. */
  #backwards(entry: Entry, habit: Habit): Judgement | null {
    const { account, ip, at } = entry;
    const { source, line } = entry.evidence;
    const guesser = this.#book.get(ip);
    if (line === undefined || !guesser) return null;
    const above = guesser.evidence
      .all()
      .flatMap((one) => (one.source === source && (one.line ?? line) < line && (one.at ?? at) > at ? [one.at ?? at] : []));
    const failures = guesser.tries.between(at, Math.max(at, ...above));
    if (above.length === 0 || failures < TRIES_OF_A_GUESSER) return null;
    return {
      how: 'clock',
      failures,
      since: at,
      trails: [guesser, guesser.name(account)],
      explained: explanation(entry, habit, failures),
      byKey: false,
    };
  }

  /** Tries on an account by the addresses of a network. */
  #around(account: string, network: string): readonly NameTried[] {
    const key = placeKey(account, network);
    const old = this.#near.get(key);
    if (old) return old;
    const made = (this.#book.network(network)?.guessers ?? []).flatMap((guesser) => guesser.name(account) ?? []);
    this.#near.set(key, made);
    return made;
  }

  /** A key cannot be guessed; and guessing from outside does not accuse somebody who comes from within. */
  #afterSpread(entry: Entry, isNew: boolean): Judgement | null {
    const { account, ip, method, at } = entry;
    const target = this.#book.target(account);
    const own =
      this.#book
        .get(ip)
        ?.name(account)
        ?.tries.between(at - DAY_MS, at) ?? 0;
    const tries = target?.tries.between(at - DAY_MS, at) ?? 0;
    if (!isNew || cannotBeGuessed(method) || tries < SPREAD_TRIES || this.#networks.classOf(ip) === 'private') return null;
    const usual = this.#turns.usual(entry, (network) => this.#habits.get(placeKey(account, network))?.foreign === true);
    return { how: 'spread', failures: tries - own, since: at - DAY_MS, trails: [target], explained: usual ? BY_TURNS : null, byKey: false };
  }

  #told({ judgement, first, evidence, last }: Found): FindingDraft {
    const { account, ip, at, method } = first;
    const { how, failures, since, explained, byKey } = judgement;
    const place = placeKey(account, ip);
    const logins = this.#entries.since(place, at);
    const earlier = (this.#entries.times(place)?.total ?? 0) > logins;
    const guesser = this.#book.get(ip);
    const names = guesser ? namesTried(guesser).length : 0;
    const starts = judgement.trails.flatMap((trail) => trail?.tries.firstAfter(since) ?? []);
    const from = how === 'clock' ? at : Math.min(at, ...starts);
    const span = how === 'clock' ? CLOCK_WENT_BACK : ` within ${lasted(at - from)}`;
    return {
      key: `${account} ${ip}`,
      at,
      from,
      to: last,
      ...GRAVITY[how],
      ...(byKey ? { severity: 'medium', confidence: 'medium' } : {}),
      ...(explained ? { severity: 'low', explained } : {}),
      says: `account ${named(account)} was entered from ${named(ip)} by ${method === 'unknown' ? 'an unknown method' : method} after ${counted(failures, 'refused try', 'refused tries')}${how === 'address' ? byServers(guesser?.kinds ?? 0) : ''} from ${WHENCE[how]}${span}${names > 1 ? `, on ${counted(names, 'account name')}` : ''}; ${counted(logins, 'login')} of ${named(account)} from there${earlier ? ' since then' : ''}`,
      culprit: [
        { is: 'address', ip },
        { is: 'account', name: account },
      ],
      victim: [],
      evidence: [...evidence, ...guessesBefore(judgement, at)],
      seen: failures + logins,
      figures: {
        method,
        failuresBefore: failures,
        fromSameAddress: how === 'address' || how === 'clock' ? failures : 0,
        logins,
        accountsTried: names,
        ...kindFigures(bitOfKind(kindOfService(first.service))),
        ...(how === 'network' ? { fromNetwork: failures } : {}),
        ...(how === 'spread' ? { fromElsewhere: failures } : {}),
      },
    };
  }
}
