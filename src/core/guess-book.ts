/** Adds up who was refused how often: lines of one connection become tries, tries are added up by address, network and account. */

import { Connections, KEYS, type TryEvent } from './connections.ts';
import { AccountNames } from './guess-accounts.ts';
import { Forgetting } from './guess-forgetting.ts';
import { GuessSums, type Whole } from './guess-sums.ts';
import { address, GuessTables, keyOfNetwork, NONE } from './guess-tables.ts';
import { GuesserView, NeighbourhoodView, type Sight, TargetView } from './guess-views.ts';
import { type Guesser, type Neighbourhood, type Target, type Trail, trailOf } from './guessing.ts';
import { Hearsay, isHearsay } from './hearsay.ts';
import { type Numbered, Peers } from './peers.ts';
import type { Quotable } from './quotes.ts';
import { AUDIT_TOLD, ENDED_TRYING, PAM_PASSED, REFUSED } from './tries.ts';
import type { EventOf } from './words.ts';
import type { Networks } from './world.ts';

/** Programs whose sessions are those of the client whom they refused: su and cron open sessions for nobody from another host. */
const SERVICES_FROM_AFAR: ReadonlySet<string> = new Set(['sshd', 'sshd-session', 'login', 'remote', 'dropbear']);

/** Other visits (scanners, version grabs, farewells after a counted try) change no number, and are many. */
const TELLS_OF_TRIES: ReadonlySet<string> = new Set([...REFUSED, ...ENDED_TRYING, PAM_PASSED, AUDIT_TOLD]);

/** Bounded everywhere: what was tried least is forgotten first, and `forgotten` says how much that was. */
export class GuessBook {
  readonly #tables = new GuessTables();
  readonly #peers = new Peers();
  readonly #sight: Sight;
  readonly #connections = new Connections();
  readonly #hearsay = new Hearsay(this.#peers, this.#tables.quotes);
  readonly #forgetting = new Forgetting(this.#tables, this.#connections);
  readonly #accounts = new AccountNames(this.#tables, this.#forgetting);
  /** Networks that were asked for since the last try. */
  readonly #summed = new Map<string, Trail>();
  readonly #sums: GuessSums;

  constructor(networks: Networks) {
    this.#sight = { tables: this.#tables, peers: this.#peers, networks };
    this.#sums = new GuessSums({ ...this.#sight, connections: this.#connections, forgetting: this.#forgetting, nobody: this.#accounts.nobody });
  }

  /** Addresses and accounts that no longer fitted, and tries whose name did not. */
  get forgotten(): number {
    return this.#forgetting.addresses + this.#forgetting.accounts + this.#sums.nameless;
  }

  /** Addresses that no longer fitted; one that came back is counted again. */
  get addressesForgotten(): number {
    return this.#forgetting.addresses;
  }

  /** Of all tries, also those of addresses that were forgotten. */
  whole(): Whole {
    this.#settle();
    return this.#sums.whole;
  }

  get(ip: string): Guesser | undefined {
    this.#settle();
    return this.soFar(ip);
  }

  /** As far as it is certain: without what only PAM told and a better line may still tell. For whoever judges while lines come. */
  soFar(ip: string): Guesser | undefined {
    const peer = this.#peers.numberOf(ip);
    const row = this.#tables.addressOf.find(peer, peer);
    return row === NONE ? undefined : new GuesserView(this.#sight, row);
  }

  /** Those with at least one try, most tries first. */
  guessers(): Guesser[] {
    this.#settle();
    const { addresses, marks } = this.#tables;
    const tries = (row: number) => marks.total(addresses.list[row + address.marks] ?? 0);
    const rows = this.#tables.inOrder().filter((row) => tries(row) > 0);
    return rows.sort((a, b) => tries(b) - tries(a)).map((row) => new GuesserView(this.#sight, row));
  }

  target(account: string): Target | undefined {
    this.#settle();
    const row = this.#tables.accountOf.get(account);
    return row === undefined || !this.#sums.isTarget(row) ? undefined : new TargetView(this.#sight, row);
  }

  targets(): Target[] {
    this.#settle();
    return [...this.#tables.accountOf.values()].filter((row) => this.#sums.isTarget(row)).map((row) => new TargetView(this.#sight, row));
  }

  /** The network of an address, by the name that `networkOf` gives it. */
  network(called: string): Neighbourhood | undefined {
    this.#settle();
    const row = this.#tables.networkOf.get(keyOfNetwork(called));
    return row === undefined ? undefined : new NeighbourhoodView(this.#sight, row);
  }

  /** What came from it, all addresses together. */
  fromNetwork(called: string): Trail | undefined {
    const network = this.network(called);
    if (network && !this.#summed.has(called)) this.#summed.set(called, trailOf(network));
    return this.#summed.get(called);
  }

  /** A piece of a log was read to its end: its bytes are gone when the next one comes. */
  pieceEnds(): void {
    this.#tables.quotes.pieceEnds();
  }

  refused(event: TryEvent & Numbered): void {
    const { pid } = event.fields;
    if (event.kind === 'login.probed' && !TELLS_OF_TRIES.has(event.fields.how)) return;
    const peer = event.peer ?? this.#peerOf(event.fields.ip);
    if (peer === null) return;
    if (event.kind === 'login.probed' && event.fields.how === PAM_PASSED) this.#hearsay.passed(pid);
    else if (event.kind === 'login.probed' && isHearsay(event, peer)) this.#ripe(this.#hearsay.hear(event, peer));
    else if (this.#hear(event, peer)) this.#hearsay.better(event, peer);
  }

  #peerOf(ip: string | null): number | null {
    if (ip === null) return null;
    if (this.#peers.full) this.#peers.keep(this.#forgetting.peers(this.#hearsay.peers()));
    return this.#peers.numberOf(ip);
  }

  /** What only PAM told, and nothing else did: once all lines are read. */
  #settle(): void {
    this.#ripe(this.#hearsay.rest());
  }

  #ripe(events: readonly (TryEvent & Quotable & Numbered)[]): void {
    for (const event of events) {
      const peer = event.peer ?? this.#peerOf(event.fields.ip);
      if (peer !== null) this.#hear(event, peer);
      if (event.quote !== undefined) this.#tables.quotes.release(event.quote);
    }
  }

  /** Does this connection have tries now? */
  #hear(event: TryEvent & Numbered, peer: number): boolean {
    if (this.#summed.size > 0) this.#summed.clear();
    const connections = this.#connections;
    const connection = connections.open(peer, event.fields.pid, event.at);
    const all = connections.tries(connection);
    const passwords = connections.passwords(connection);
    const keys = connections.list[connection + KEYS] ?? 0;
    connections.hear(connection, event, event.fields.account === null ? NONE : this.#accounts.rowOf(event.fields.account, event.place ?? NONE));
    const now = connections.tries(connection);
    this.#sums.count(connection, event, now - all, connections.passwords(connection) - passwords, (connections.list[connection + KEYS] ?? 0) - keys);
    return now > 0;
  }

  /** Somebody was let in: the keys refused in the same connection were offered by an agent, one after the other, and are no guesses. */
  accepted(event: EventOf<'login.accepted'>): void {
    const { ip, pid } = event.fields;
    if (ip === null || pid === null) return;
    const peer = this.#peers.numberOf(ip);
    this.#hearsay.entered(peer, pid, event.at);
    const connection = this.#connections.end(peer, pid, event.at);
    if (connection < 0) return;
    if (this.#summed.size > 0) this.#summed.clear();
    const keys = this.#connections.list[connection + KEYS] ?? 0;
    this.#sums.count(connection, event, -keys, 0, -keys);
  }

  /** A session that opens in a connection which was refused, where the line that lets it in is missing: it was let in all the same. */
  letIn({ at, source, line, raw, fields }: EventOf<'session.opened'>): EventOf<'login.accepted'> | null {
    const { account, service, pid } = fields;
    if (pid === null || !SERVICES_FROM_AFAR.has(service)) return null;
    const peer = this.#hearsay.refusedUnder(pid, at);
    if (peer === null) return null;
    const ip = this.#peers.textOf(peer);
    const where = { at, source, ...(line === undefined ? {} : { line }), ...(raw === undefined ? {} : { raw }) };
    return { kind: 'login.accepted', ...where, fields: { account, ip, port: null, method: 'unknown', service, fingerprint: null, pid } };
  }
}
