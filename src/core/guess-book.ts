/** Adds up who was refused how often: lines of one connection become tries, tries are added up by address, network and account. */

import { evidenceOfLine, type Guesser, type NameTried, type Neighbourhood, type Target } from './guessing.ts';
import { Timeline } from './timeline.ts';
import { Tries } from './tries.ts';
import { Bounded, Sample } from './window.ts';
import type { EventOf, Evidence, Millis } from './words.ts';
import type { Networks } from './world.ts';

const ADDRESSES_AT_MOST = 50_000;
const UNKNOWN_NAMES_PER_ADDRESS = 200;
/** Of accounts that may exist: junk names must not hide a try on them. */
const NAMES_PER_ADDRESS = 1_000;
/** Over all addresses: an attacker chooses the names, and 50,000 times 200 of them would be too many. */
const NAMES_AT_MOST = 200_000;
const ACCOUNTS_AT_MOST = 50_000;
/** useradd allows 32 characters, directories more; what is longer was never an account. */
const NAME_CHARACTERS = 256;
const CONNECTIONS_AT_MOST = 20_000;
/** A pid that comes back later than this is another connection: LoginGraceTime is 2 minutes, and six tries take no quarter of an hour. */
const CONNECTION_MS = 15 * 60_000;
/** Lines kept to show: as many as a finding may have for an address, few for one of its names. */
const SHOWN = { address: 50, account: 50, network: 4, name: 12 } as const;
/** So many of each may keep as many lines as that, and as many marks of time; those that come later keep few: the first, some between, the last. */
const WELL_SHOWN = 1_000;
const FEW_SHOWN = { address: 5, account: 3, network: 3, name: 0 } as const;
/** One for all that show none of their own: it never holds any. */
const NO_LINES = new Sample<Evidence>(0);
const MARKS = 64;
const FEW_MARKS = 16;

type TryEvent = EventOf<'login.failed'> | EventOf<'login.probed'>;

interface Connection {
  readonly tries: Tries;
  account: string;
  unknown: boolean;
  known: boolean;
  at: Millis;
  keys: number;
  /** What the line before was booked under. */
  name: NameTried | null;
}

/** Bounded everywhere: what was tried least is forgotten first, and `forgotten` says how much that was. */
export class GuessBook {
  readonly #networks: Networks;
  readonly #guessers = new Bounded<Guesser>(
    ADDRESSES_AT_MOST,
    (guesser) => guesser.tries.total,
    (guesser) => this.#left(guesser),
  );
  readonly #targets = new Bounded<Target>(ACCOUNTS_AT_MOST, (target) => target.tries.total);
  readonly #neighbourhoods = new Map<string, Neighbourhood>();
  readonly #connections = new Bounded<Connection>(CONNECTIONS_AT_MOST, null);
  #names = 0;
  #nameless = 0;

  constructor(networks: Networks) {
    this.#networks = networks;
  }

  /** Addresses and accounts that no longer fitted, and tries whose name did not. */
  get forgotten(): number {
    return this.#guessers.forgotten + this.#targets.forgotten + this.#nameless;
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

  target(account: string): Target | undefined {
    return this.#targets.get(account);
  }

  targets(): Target[] {
    return this.#targets.values();
  }

  /** The network of an address, by the name that `networkOf` gives it. */
  network(name: string): Neighbourhood | undefined {
    return this.#neighbourhoods.get(name);
  }

  refused(event: TryEvent): void {
    const { ip, pid, account } = event.fields;
    if (ip === null) return;
    const connection = this.#connection(`${ip} ${pid}`, pid, event.at);
    const before = connection.tries.count();
    connection.tries.hear(event);
    if (account !== null) connection.account = account.length > NAME_CHARACTERS ? account.slice(0, NAME_CHARACTERS) : account;
    connection.at = event.at;
    if (event.kind === 'login.failed') {
      connection.known ||= event.fields.known;
      connection.unknown ||= !event.fields.known;
      if (event.fields.method === 'publickey') connection.keys += event.fields.times;
    } else connection.unknown ||= event.fields.how === 'invalid-user';
    this.#count(ip, connection, connection.tries.count() - before, event);
  }

  /** Somebody was let in: the keys refused in the same connection were offered by an agent, one after the other, and are no guesses. */
  accepted(event: EventOf<'login.accepted'>): void {
    const { ip, pid } = event.fields;
    if (ip === null || pid === null) return;
    const key = `${ip} ${pid}`;
    const connection = this.#connections.get(key);
    if (!connection || Math.abs(event.at - connection.at) > CONNECTION_MS) return;
    this.#connections.remove(key);
    this.#count(ip, connection, -connection.keys, event);
  }

  #connection(key: string, pid: number | null, at: Millis): Connection {
    const old = this.#connections.get(key);
    if (old && pid !== null && Math.abs(at - old.at) <= CONNECTION_MS) return old;
    if (old) this.#connections.remove(key);
    return this.#connections.open(key, () => ({ tries: new Tries(), account: '', unknown: false, known: false, at, keys: 0, name: null }));
  }

  #count(ip: string, connection: Connection, fresh: number, event: TryEvent | EventOf<'login.accepted'>): void {
    const name = this.#name(ip, connection, fresh);
    if (!name) return;
    name.unknown ||= connection.unknown;
    name.known ||= connection.known;
    if (fresh === 0) return;
    const { guesser } = name;
    const evidence = fresh > 0 ? evidenceOfLine(event) : null;
    for (const trail of [guesser, guesser.network, name, this.#targets.get(name.account)]) {
      trail?.tries.add(event.at, fresh);
      if (evidence) trail?.evidence.add(evidence);
    }
  }

  /** What is to be counted under; null where a line that counts nothing is the first of its address. */
  #name(ip: string, connection: Connection, fresh: number): NameTried | null {
    const last = connection.name;
    if (last && last.account === connection.account && !last.guesser.gone) return last;
    const guesser = fresh > 0 ? this.#guessers.open(ip, () => this.#guesser(ip)) : this.#guessers.get(ip);
    if (!guesser) return null;
    connection.name = guesser.names.get(connection.account) ?? (fresh > 0 ? this.#newName(guesser, connection.account, connection.unknown) : null);
    return connection.name;
  }

  /** Past the bounds a try is counted for its address and network, under no name. */
  #newName(guesser: Guesser, account: string, unknown: boolean): NameTried {
    const room = unknown ? UNKNOWN_NAMES_PER_ADDRESS : NAMES_PER_ADDRESS;
    if (account !== '' && (guesser.names.size >= room || this.#names >= NAMES_AT_MOST)) {
      guesser.moreNames += 1;
      this.#nameless += 1;
      return guesser.names.get('') ?? this.#newName(guesser, '', false);
    }
    const name = { guesser, account, unknown: false, known: false, ...this.#trail('name', this.#names) };
    this.#names += 1;
    guesser.names.set(account, name);
    if (account !== '') this.#targets.open(account, () => this.#target(account)).by.add(name);
    return name;
  }

  #guesser(ip: string): Guesser {
    const network = this.#networks.networkOf(ip);
    const near = this.#neighbourhoods.get(network) ?? {
      name: network,
      guessers: new Set<Guesser>(),
      ...this.#trail('network', this.#neighbourhoods.size),
    };
    this.#neighbourhoods.set(network, near);
    const guesser: Guesser = { ip, network: near, names: new Map(), moreNames: 0, gone: false, ...this.#trail('address', this.#guessers.size) };
    near.guessers.add(guesser);
    return guesser;
  }

  #target(account: string): Target {
    return { account, by: new Set(), ...this.#trail('account', this.#targets.size) };
  }

  #trail(of: keyof typeof SHOWN, before: number): { readonly tries: Timeline; readonly evidence: Sample<Evidence> } {
    const well = before < WELL_SHOWN;
    const lines = well ? SHOWN[of] : FEW_SHOWN[of];
    return { tries: new Timeline(well ? MARKS : FEW_MARKS), evidence: lines === 0 ? NO_LINES : new Sample(lines) };
  }

  #left(guesser: Guesser): void {
    guesser.gone = true;
    guesser.network.guessers.delete(guesser);
    if (guesser.network.guessers.size === 0) this.#neighbourhoods.delete(guesser.network.name);
    for (const name of guesser.names.values()) this.#targets.get(name.account)?.by.delete(name);
    this.#names -= guesser.names.size;
  }
}
