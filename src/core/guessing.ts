/** Who was refused how often: lines of one connection become tries, tries are added up by address, with the names tried and lines to show for it. */

import { Timeline } from './timeline.ts';
import { Tries } from './tries.ts';
import { Bounded, Sample } from './window.ts';
import type { EventOf, Evidence, Millis } from './words.ts';
import type { Networks } from './world.ts';

/** Four refused tries are a person who mistypes. */
export const TRIES_OF_A_GUESSER = 5;
/** Within this span, which is the usual one of ban tools (fail2ban's findtime). */
export const GUESSING_SPAN_MS = 10 * 60_000;
/** Or this many at whatever pace: slow guessers stay below every window. */
export const TRIES_OF_A_SLOW_GUESSER = 20;

export const ADDRESSES_AT_MOST = 50_000;
const NAMES_PER_ADDRESS = 200;
/** Over all addresses: an attacker chooses the names, and 50,000 times 200 of them would be too many. */
const NAMES_AT_MOST = 300_000;
/** useradd allows 32 characters, directories more; what is longer was never an account. */
const NAME_CHARACTERS = 256;
const CONNECTIONS_AT_MOST = 20_000;
/** A pid that comes back later than this is another connection: LoginGraceTime is 2 minutes, and six tries take no quarter of an hour. */
const CONNECTION_MS = 15 * 60_000;
const QUOTED_CHARACTERS = 300;
/** Lines kept to show for one address: as many as a finding may have. */
const EVIDENCES = 50;
/** So many addresses may keep a full sample of evidence; those that come later keep a small one. */
export const WELL_SHOWN = 1_000;
export const FEW_EVIDENCES = 6;
/** The same for pairs of address and account, of which there are more: the first, one between and the last. */
export const FEWEST_EVIDENCES = 3;

export type TryEvent = EventOf<'login.failed'> | EventOf<'login.probed'>;

export interface NameTried {
  tries: number;
  /** The log said that there is no such account. */
  unknown: boolean;
}

/** One address and what it was refused. */
export interface Guesser {
  readonly ip: string;
  readonly network: string;
  readonly tries: Timeline;
  readonly names: Map<string, NameTried>;
  /** Tries on names that no longer fitted. */
  moreNames: number;
  readonly evidence: Sample<Evidence>;
}

/** What one line changed: `fresh` tries more, or less where the line shows that some were counted too much. */
export interface Guess {
  readonly guesser: Guesser;
  readonly ip: string;
  /** Empty when no name was told. */
  readonly account: string;
  readonly unknown: boolean;
  readonly fresh: number;
  readonly at: Millis;
  readonly evidence: Evidence;
}

type Connection = { readonly tries: Tries; account: string; unknown: boolean; at: Millis; keys: number };

type LineEvent = { readonly source: string; readonly at: Millis; readonly line?: number; readonly raw?: string };

export function evidenceOfLine(event: LineEvent): Evidence {
  const { source, line, at, raw } = event;
  // One shape for what millions of log lines become: spreading costs more than all the rest of a line's way.
  if (line !== undefined && raw !== undefined) return { source, line, at, says: raw.slice(0, QUOTED_CHARACTERS) };
  return { source, ...(line === undefined ? {} : { line }), at, ...(raw === undefined ? {} : { says: raw.slice(0, QUOTED_CHARACTERS) }) };
}

/** Does this address guess all by itself? */
export function guessesAlone(guesser: Guesser): boolean {
  return guesser.tries.total >= TRIES_OF_A_SLOW_GUESSER || guesser.tries.most(GUESSING_SPAN_MS) >= TRIES_OF_A_GUESSER;
}

/** One book that the history and all detectors tell each event, one after the other: it counts it once and says the same to all. */
export class GuessBook {
  readonly #guessers = new Bounded<Guesser>(
    ADDRESSES_AT_MOST,
    (guesser) => guesser.tries.total,
    (guesser) => {
      this.#names -= guesser.names.size;
    },
  );
  readonly #connections = new Bounded<Connection>(CONNECTIONS_AT_MOST, null);
  readonly #networks: Networks;
  #names = 0;
  #last: TryEvent | EventOf<'login.accepted'> | null = null;
  #said: Guess | null = null;

  constructor(networks: Networks) {
    this.#networks = networks;
  }

  get forgotten(): number {
    return this.#guessers.forgotten;
  }

  get(ip: string): Guesser | undefined {
    return this.#guessers.get(ip);
  }

  /** Those with at least one try, most tries first. */
  guessers(): Guesser[] {
    return this.#guessers
      .values()
      .filter((guesser) => guesser.tries.total > 0)
      .sort((a, b) => b.tries.total - a.tries.total);
  }

  /** Null where the line is no try, or only says again what another line told. */
  hear(event: TryEvent): Guess | null {
    if (event === this.#last) return this.#said;
    this.#last = event;
    this.#said = this.#tried(event);
    return this.#said;
  }

  #tried(event: TryEvent): Guess | null {
    const { ip, pid } = event.fields;
    if (ip === null) return null;
    const connection = this.#connection(`${ip} ${pid}`, pid, event.at);
    const before = connection.tries.count();
    connection.tries.hear(event);
    connection.account = event.fields.account?.slice(0, NAME_CHARACTERS) ?? connection.account;
    connection.at = event.at;
    connection.unknown ||= event.kind === 'login.failed' ? !event.fields.known : event.fields.how === 'invalid-user';
    if (event.kind === 'login.failed' && event.fields.method === 'publickey') connection.keys += event.fields.times;
    return this.#count(ip, connection, connection.tries.count() - before, event);
  }

  /** As `hear`, for those who only ask at the end. */
  note(event: TryEvent): null {
    this.hear(event);
    return null;
  }

  /** Somebody was let in: the keys refused in the same connection were offered by an agent, one after the other, and are no guesses. */
  accepted(event: EventOf<'login.accepted'>): Guess | null {
    if (event === this.#last) return this.#said;
    this.#last = event;
    this.#said = this.#entered(event);
    return this.#said;
  }

  #entered(event: EventOf<'login.accepted'>): Guess | null {
    const { ip, pid } = event.fields;
    const key = `${ip} ${pid}`;
    const connection = ip === null || pid === null ? undefined : this.#connections.get(key);
    if (ip === null || !connection || Math.abs(event.at - connection.at) > CONNECTION_MS) return null;
    this.#connections.remove(key);
    return this.#count(ip, connection, -connection.keys, event);
  }

  #connection(key: string, pid: number | null, at: Millis): Connection {
    const old = this.#connections.get(key);
    if (old && (pid === null || Math.abs(at - old.at) > CONNECTION_MS)) this.#connections.remove(key);
    return this.#connections.open(key, () => ({ tries: new Tries(), account: '', unknown: false, at, keys: 0 }));
  }

  #count(ip: string, { account, unknown }: Connection, fresh: number, event: LineEvent): Guess | null {
    const guesser = fresh > 0 ? this.#guessers.open(ip, () => this.#guesser(ip)) : this.#guessers.get(ip);
    if (!guesser) return null;
    const known = this.#name(guesser, account, fresh);
    if (known && unknown) known.unknown = true;
    if (fresh === 0) return null;
    const evidence = evidenceOfLine(event);
    guesser.tries.add(event.at, fresh);
    if (fresh > 0) guesser.evidence.add(evidence);
    return { guesser, ip, account, unknown, fresh, at: event.at, evidence };
  }

  #guesser(ip: string): Guesser {
    const evidences = this.#guessers.size < WELL_SHOWN ? EVIDENCES : FEW_EVIDENCES;
    return {
      ip,
      network: this.#networks.networkOf(ip),
      tries: new Timeline(),
      names: new Map(),
      moreNames: 0,
      evidence: new Sample(evidences),
    };
  }

  #name(guesser: Guesser, account: string, fresh: number): NameTried | null {
    if (account === '') return null;
    const old = guesser.names.get(account);
    if (old) {
      old.tries += fresh;
      return old;
    }
    if (fresh <= 0) return null;
    if (guesser.names.size >= NAMES_PER_ADDRESS || this.#names >= NAMES_AT_MOST) {
      guesser.moreNames += 1;
      return null;
    }
    this.#names += 1;
    const made = { tries: fresh, unknown: false };
    guesser.names.set(account, made);
    return made;
  }
}

/** Names with tries left, most tried first. */
export function namesTried(guesser: Guesser): [string, NameTried][] {
  return [...guesser.names].filter(([, tried]) => tried.tries > 0).sort(([, a], [, b]) => b.tries - a.tries);
}
