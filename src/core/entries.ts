/** Who was let in, from where and when, and how often somebody had been refused before that: what tells an intruder from a person. */

import { evidenceOfLine, FEWEST_EVIDENCES, type Guess, WELL_SHOWN } from './guessing.ts';
import { Timeline } from './timeline.ts';
import { Bounded, Sample } from './window.ts';
import type { EventOf, Evidence, LoginMethod, Millis } from './words.ts';
import type { Networks } from './world.ts';

/** One accepted login from another host. */
export interface Entry {
  readonly account: string;
  readonly ip: string;
  readonly network: string;
  readonly at: Millis;
  readonly method: LoginMethod;
  readonly evidence: Evidence;
}

const PLACES_AT_MOST = 10_000;
/** Logins of one account from one address that are kept one by one; of more, a sample. */
const ENTRIES_PER_PLACE = 100;
const MARKS = 256;
const TRAILS_AT_MOST = 50_000;

export function placeKey(account: string, place: string): string {
  return `${account}\n${place}`;
}

/** Accepted logins in the order of time, whatever the order in which the logs told them. */
export class Entries {
  readonly #networks: Networks;
  readonly #kept = new Bounded<Sample<Entry>>(PLACES_AT_MOST, (sample) => sample.all().length);
  /** By address, by account and address, by account and network: exact counts, where the kept ones are a sample. */
  readonly #times = new Bounded<Timeline>(4 * PLACES_AT_MOST, (times) => times.total);

  constructor(networks: Networks) {
    this.#networks = networks;
  }

  hear(event: EventOf<'login.accepted'>): void {
    const { account, ip, method } = event.fields;
    if (ip === null) return;
    const network = this.#networks.networkOf(ip);
    const key = placeKey(account, ip);
    this.#kept.open(key, () => new Sample(ENTRIES_PER_PLACE)).add({ account, ip, network, at: event.at, method, evidence: evidenceOfLine(event) });
    for (const one of [ip, key, placeKey(account, network)]) this.#times.open(one, () => new Timeline(MARKS)).add(event.at);
  }

  inOrder(): Entry[] {
    return this.#kept
      .values()
      .flatMap((sample) => sample.all())
      .sort((a, b) => a.at - b.at);
  }

  /** The login before this time under an address, or under `placeKey` of account and address or network. */
  lastBefore(key: string, at: Millis): Millis {
    return this.#times.get(key)?.lastBefore(at) ?? Number.NEGATIVE_INFINITY;
  }

  /** Logins at or after a time. */
  since(key: string, at: Millis): number {
    return this.#times.get(key)?.between(at - 1, Number.POSITIVE_INFINITY) ?? 0;
  }
}

/** Refused tries under one key, with lines to show for them. */
export interface Trail {
  readonly tries: Timeline;
  readonly evidence: Sample<Evidence>;
}

export class Trails {
  readonly #trails = new Bounded<Trail>(TRAILS_AT_MOST, (trail) => trail.tries.total);
  readonly #evidences: number;

  constructor(evidencesPerKey: number) {
    this.#evidences = evidencesPerKey;
  }

  add(key: string, guess: Guess): void {
    const trail = this.#trails.get(key) ?? this.#trails.open(key, () => ({ tries: new Timeline(), evidence: new Sample(this.#shown()) }));
    trail.tries.add(guess.at, guess.fresh);
    if (guess.fresh > 0) trail.evidence.add(guess.evidence);
  }

  #shown(): number {
    return this.#trails.size < WELL_SHOWN ? this.#evidences : Math.min(this.#evidences, FEWEST_EVIDENCES);
  }

  get(key: string): Trail | undefined {
    return this.#trails.get(key);
  }

  between(key: string, from: Millis, to: Millis): number {
    return this.#trails.get(key)?.tries.between(from, to) ?? 0;
  }
}
