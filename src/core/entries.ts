/** The book of accepted logins from other hosts: who was let in, from where and when. */

import { Marks } from './marks.ts';
import { evidenceOfLine } from './quotes.ts';
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
  readonly service: string;
  /** Of the key, where the log tells it. */
  readonly fingerprint: string | null;
  readonly evidence: Evidence;
}

const PLACES_AT_MOST = 10_000;
/** Logins of one account from one address that are kept one by one; of more, a sample. */
const ENTRIES_PER_PLACE = 100;
const MARKS = 256;
const NO_METHODS: ReadonlySet<LoginMethod> = new Set();

export function placeKey(account: string, place: string): string {
  return `${account}\n${place}`;
}

/** Accepted logins in the order of time, whatever the order in which the logs told them. */
export class Entries {
  readonly #networks: Networks;
  readonly #kept = new Bounded<Sample<Entry>>(PLACES_AT_MOST, (sample) => sample.all().length);
  /** By address, by account and address, by account and network: exact counts, where the kept ones are a sample. */
  readonly #times = new Bounded<Timeline>(
    4 * PLACES_AT_MOST,
    (times) => times.total,
    (times) => times.close(),
  );
  readonly #marks = new Marks();
  readonly #methods = new Bounded<Set<LoginMethod>>(PLACES_AT_MOST, null);

  constructor(networks: Networks) {
    this.#networks = networks;
  }

  hear(event: EventOf<'login.accepted'>): void {
    const { account, ip, method, service, fingerprint } = event.fields;
    if (ip === null) return;
    const network = this.#networks.networkOf(ip);
    const key = placeKey(account, ip);
    const entry = { account, ip, network, at: event.at, method, service, fingerprint, evidence: evidenceOfLine(event) };
    this.#kept.open(key, () => new Sample(ENTRIES_PER_PLACE)).add(entry);
    this.#methods.open(placeKey(account, network), () => new Set()).add(method);
    // The network of a host name is the name itself.
    for (const one of new Set([ip, key, placeKey(account, network)])) this.#times.open(one, () => new Timeline(MARKS, this.#marks)).add(event.at);
  }

  inOrder(): Entry[] {
    return this.#kept
      .values()
      .flatMap((sample) => sample.all())
      .sort((a, b) => a.at - b.at);
  }

  /** By what an account was ever let in from a network. */
  methods(account: string, network: string): ReadonlySet<LoginMethod> {
    return this.#methods.get(placeKey(account, network)) ?? NO_METHODS;
  }

  /** All logins under an address, or under `placeKey` of account and address or network. */
  times(key: string): Timeline | undefined {
    return this.#times.get(key);
  }

  /** The login before this time under such a key. */
  lastBefore(key: string, at: Millis): Millis {
    return this.#times.get(key)?.lastBefore(at) ?? Number.NEGATIVE_INFINITY;
  }

  /** Logins at or after a time. */
  since(key: string, at: Millis): number {
    return this.#times.get(key)?.between(at - 1, Number.POSITIVE_INFINITY) ?? 0;
  }
}
