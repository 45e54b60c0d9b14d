/** Adds up who was refused how often: lines of one connection become tries, tries are added up by address, network and account. */

import { type Connection, Connections, type TryEvent } from './connections.ts';
import { type Guesser, type NameTried, type Neighbourhood, type Target, type Trail, trailOf } from './guessing.ts';
import { Hearsay, isHearsay } from './hearsay.ts';
import { Quotes, Shown } from './quotes.ts';
import { bitOfKind, kindOfService } from './service-kind.ts';
import { Timeline } from './timeline.ts';
import { AUDIT_TOLD, ENDED_TRYING, PAM_PASSED, REFUSED } from './tries.ts';
import { Bounded } from './window.ts';
import type { EventOf } from './words.ts';
import type { Networks } from './world.ts';

export const ADDRESSES_AT_MOST = 50_000;
const UNKNOWN_NAMES_PER_ADDRESS = 200;
/** Of accounts that may exist: junk names must not hide a try on them. */
const NAMES_PER_ADDRESS = 1_000;
/** Over all addresses: an attacker chooses the names, and 50,000 times 200 of them would be too many: each takes about 500 bytes. */
const NAMES_AT_MOST = 80_000;
const ACCOUNTS_AT_MOST = 50_000;
/** Lines kept to show: as many as a finding may have for an address, few for one of its names. */
const SHOWN = { address: 50, account: 50, name: 12 } as const;
/** So many of each may keep as many lines as that, and as many marks of time; those that come later keep few: the first, some between, the last. */
const WELL_SHOWN = 1_000;
const FEW_SHOWN = { address: 4, account: 3, name: 0 } as const;
/** Programs whose sessions are those of the client whom they refused: su and cron open sessions for nobody from another host. */
const SERVICES_FROM_AFAR: ReadonlySet<string> = new Set(['sshd', 'sshd-session', 'login', 'remote', 'dropbear']);
const MARKS = 64;
const FEW_MARKS = { address: 16, account: 16, name: 8 } as const;

/** Other visits (scanners, version grabs, farewells after a counted try) change no number, and are many. */
const TELLS_OF_TRIES: ReadonlySet<string> = new Set([...REFUSED, ...ENDED_TRYING, PAM_PASSED, AUDIT_TOLD]);

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
  /** Networks that were asked for since the last try. */
  readonly #summed = new Map<string, Trail>();
  readonly #connections = new Connections();
  readonly #hearsay = new Hearsay();
  readonly #quotes = new Quotes();
  /** One for all that show no lines of their own. */
  readonly #noLines = new Shown(this.#quotes, 0);
  /** Of all tries, also those of addresses that were forgotten. */
  readonly #whole = new Timeline(MARKS);
  #names = 0;
  #nameless = 0;

  constructor(networks: Networks) {
    this.#networks = networks;
  }

  /** Addresses and accounts that no longer fitted, and tries whose name did not. */
  get forgotten(): number {
    return this.#guessers.forgotten + this.#targets.forgotten + this.#nameless;
  }

  /** Addresses that no longer fitted; one that came back is counted again. */
  get addressesForgotten(): number {
    return this.#guessers.forgotten;
  }

  /** Exact, whatever was forgotten: how many tries, the first and the last. */
  whole(): Timeline {
    this.#settle();
    return this.#whole;
  }

  get(ip: string): Guesser | undefined {
    this.#settle();
    return this.#guessers.get(ip);
  }

  /** Those with at least one try, most tries first. */
  guessers(): Guesser[] {
    this.#settle();
    return this.#guessers
      .values()
      .filter((guesser) => guesser.tries.total > 0)
      .sort((a, b) => b.tries.total - a.tries.total);
  }

  target(account: string): Target | undefined {
    this.#settle();
    return this.#targets.get(account);
  }

  targets(): Target[] {
    this.#settle();
    return this.#targets.values();
  }

  /** The network of an address, by the name that `networkOf` gives it. */
  network(name: string): Neighbourhood | undefined {
    this.#settle();
    return this.#neighbourhoods.get(name);
  }

  /** What came from it, all addresses together. */
  fromNetwork(name: string): Trail | undefined {
    const network = this.network(name);
    if (network && !this.#summed.has(name)) this.#summed.set(name, trailOf(network));
    return this.#summed.get(name);
  }

  refused(event: TryEvent): void {
    const { ip, pid } = event.fields;
    if (ip === null) return;
    if (event.kind === 'login.probed' && !TELLS_OF_TRIES.has(event.fields.how)) return;
    if (event.kind === 'login.probed' && event.fields.how === PAM_PASSED) this.#hearsay.passed(pid);
    else if (event.kind === 'login.probed' && isHearsay(event)) {
      for (const ripe of this.#hearsay.hear(event)) this.#hear(ripe, ripe.fields.ip);
    } else if (this.#hear(event, ip)) this.#hearsay.better(event, ip);
  }

  /** What only PAM told, and nothing else did: once all lines are read. */
  #settle(): void {
    for (const ripe of this.#hearsay.rest()) this.#hear(ripe, ripe.fields.ip);
  }

  /** Does this connection have tries now? */
  #hear(event: TryEvent, ip: string): boolean {
    const connection = this.#connections.open(ip, event.fields.pid, event.at);
    const { tries, keys } = connection;
    const all = tries.count();
    const passwords = tries.passwords();
    connection.hear(event);
    this.#count(connection, event, tries.count() - all, tries.passwords() - passwords, connection.keys - keys);
    return tries.count() > 0;
  }

  /** Somebody was let in: the keys refused in the same connection were offered by an agent, one after the other, and are no guesses. */
  accepted(event: EventOf<'login.accepted'>): void {
    const { ip, pid } = event.fields;
    if (ip === null || pid === null) return;
    this.#hearsay.entered(ip, pid, event.at);
    const connection = this.#connections.end(ip, pid, event.at);
    if (connection) this.#count(connection, event, -connection.keys, 0, -connection.keys);
  }

  /** A session that opens in a connection which was refused, where the line that lets it in is missing: it was let in all the same. */
  letIn({ at, source, line, raw, fields }: EventOf<'session.opened'>): EventOf<'login.accepted'> | null {
    const { account, service, pid } = fields;
    if (pid === null || !SERVICES_FROM_AFAR.has(service)) return null;
    const ip = this.#hearsay.refusedUnder(pid, at);
    if (ip === null) return null;
    const where = { at, source, ...(line === undefined ? {} : { line }), ...(raw === undefined ? {} : { raw }) };
    return { kind: 'login.accepted', ...where, fields: { account, ip, port: null, method: 'unknown', service, fingerprint: null, pid } };
  }

  /** `fresh` = tries that were not counted yet, or are taken back; `passwords` and `keys` = what of them the log calls so. */
  #count(connection: Connection, event: TryEvent | EventOf<'login.accepted'>, fresh: number, passwords: number, keys: number): void {
    const name = this.#name(connection, fresh);
    if (!name) return;
    const { guesser } = name;
    name.known ||= connection.known || connection.denied;
    name.denied ||= connection.denied;
    name.unknown = (name.unknown || connection.unknown) && !name.denied;
    name.passwords += passwords;
    guesser.passwords += passwords;
    guesser.keys += keys;
    if (fresh === 0) return;
    if (this.#summed.size > 0) this.#summed.clear();
    const { at } = event;
    const target = this.#targets.get(name.account);
    this.#whole.add(at, fresh);
    guesser.tries.add(at, fresh);
    if (fresh > 0) guesser.kinds |= bitOfKind(kindOfService(event.fields.service));
    name.tries.add(at, fresh);
    target?.tries.add(at, fresh);
    if (fresh < 0) return;
    const quote = this.#quotes.add(event);
    guesser.evidence.add(quote);
    if (name.evidence !== this.#noLines) name.evidence.add(quote);
    target?.evidence.add(quote);
  }

  /** What is to be counted under; null where a line that counts nothing is the first of its address. */
  #name(connection: Connection, fresh: number): NameTried | null {
    const { ip } = connection;
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
    const [tries, evidence] = this.#trail('name', this.#names);
    // Spreading another object into it would double the memory of each.
    const name = { guesser, account, unknown: false, known: false, denied: false, passwords: 0, tries, evidence };
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
      gone: new Timeline(FEW_MARKS.address),
    };
    this.#neighbourhoods.set(network, near);
    const [tries, evidence] = this.#trail('address', this.#guessers.size);
    const guesser: Guesser = { ip, network: near, names: new Map(), moreNames: 0, passwords: 0, keys: 0, kinds: 0, gone: false, tries, evidence };
    near.guessers.add(guesser);
    return guesser;
  }

  #target(account: string): Target {
    const [tries, evidence] = this.#trail('account', this.#targets.size);
    return { account, by: new Set(), tries, evidence };
  }

  #trail(of: keyof typeof SHOWN, before: number): readonly [Timeline, Shown] {
    const well = before < WELL_SHOWN;
    const lines = well ? SHOWN[of] : FEW_SHOWN[of];
    return [new Timeline(well ? MARKS : FEW_MARKS[of]), lines === 0 ? this.#noLines : new Shown(this.#quotes, lines)];
  }

  #left(guesser: Guesser): void {
    guesser.gone = true;
    guesser.network.guessers.delete(guesser);
    guesser.network.gone.absorb(guesser.tries);
    if (guesser.network.guessers.size === 0) this.#neighbourhoods.delete(guesser.network.name);
    guesser.evidence.letGo();
    for (const name of guesser.names.values()) {
      name.evidence.letGo();
      this.#targets.get(name.account)?.by.delete(name);
    }
    this.#names -= guesser.names.size;
  }
}
