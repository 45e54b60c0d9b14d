/**
 * Refusals that only PAM or a host name tells of: they count where no better line of the same connection (its pid) does. sshd writes `Failed
 * password` beside pam_unix's line about the same try, sooner or later; other services, and sshd with its own lines filtered out, write none.
 */

import { ByPid } from './by-pid.ts';
import { near, type TryEvent } from './connections.ts';
import { DoubleTold, toldTwice, withTimes } from './double-told.ts';
import { addressOf } from './peer.ts';
import { isHostName, type Numbered, type Peers } from './peers.ts';
import type { Quotable, Quotes } from './quotes.ts';
import { AUDIT_TOLD, PAM_TOLD, REFUSED } from './tries.ts';
import type { EventOf, Millis } from './words.ts';

/** Refusals of one connection that wait; a mail server's one worker has thousands. */
const WAITING_AT_MOST = 8;

/** What is known of a pid: who was last told of by lines of the connection itself and when, and when one of them let somebody in. */
const PLACES = 1 << 15;
const PID = 0;
const PEER = 1;
const TOLD_AT = 2;
const LET_IN_AT = 3;
const WIDTH = 4;

type Told = EventOf<'login.probed'> & Quotable & Numbered;

interface Waiting {
  readonly events: Told[];
  at: Millis;
}

/** A host that is guessed at has a million of these, and nobody asks most of them for a text. */
class Kept {
  readonly account: string | null;
  readonly how: string;
  readonly service: string;
  readonly times: number;
  readonly pid: number | null;
  readonly #peers: Peers;
  readonly #peer: number;

  constructor(peers: Peers, peer: number, { account, how, service, times, pid }: Told['fields']) {
    this.account = account;
    this.how = how;
    this.service = service;
    this.times = times;
    this.pid = pid;
    this.#peers = peers;
    this.#peer = peer;
  }

  get ip(): string {
    return this.#peers.textOf(this.#peer);
  }
}

/** Is somebody else's line about the same try better than this one? */
export function isHearsay(event: Told, peer: number): boolean {
  return event.fields.how === PAM_TOLD || isHostName(peer);
}

export class Hearsay {
  #ripe: Told[] = [];
  /** Of how many connections something waits. */
  #waits = 0;
  readonly #waiting = new ByPid<Waiting>(
    () => ({ events: [], at: 0 }),
    ({ events }) => {
      this.#ripe.push(...events);
      this.#waits -= 1;
    },
  );
  readonly #told = new Float64Array(PLACES * WIDTH).fill(Number.NEGATIVE_INFINITY);
  /** Of servers other than sshd, of which other logs tell. */
  readonly #doubles = new DoubleTold();
  readonly #peers: Peers;
  readonly #quotes: Quotes;

  constructor(peers: Peers, quotes: Quotes) {
    this.#peers = peers;
    this.#quotes = quotes;
  }

  /** What is to be counted now. */
  hear(event: Told, peer: number): readonly Told[] {
    const { pid } = event.fields;
    if (pid === null) {
      this.#ripe.push(event);
      return this.#take();
    }
    const told = this.#at(pid);
    if (told >= 0 && near(this.#told[told + TOLD_AT] ?? 0, event.at) && same(this.#told[told + PEER] ?? 0, peer)) {
      if (isDouble(event)) this.#doubles.byPam(event);
      return this.#take();
    }
    const old = this.#waiting.get(pid);
    if (old && !near(old.at, event.at)) this.#settle(pid, old);
    const waiting = this.#waiting.get(pid) ?? this.#wait(pid);
    waiting.at = event.at;
    const best = waiting.events[0];
    if (best && this.#trust(event) < this.#trust(best)) return this.#take();
    if (best && this.#trust(event) > this.#trust(best)) this.#forget(waiting);
    waiting.events.push(this.#kept(event, peer));
    if (waiting.events.length > WAITING_AT_MOST) this.#ripe.push(...waiting.events.splice(0, 1));
    return this.#take();
  }

  /** A line of the connection's own program tells of the try. */
  better(event: TryEvent, peer: number): void {
    const { pid, service, times } = event.fields;
    const dropped = pid === null ? 0 : this.#betterUnder(pid, peer, event.at);
    const refused = event.kind === 'login.failed' || REFUSED.has(event.fields.how) || event.fields.how === AUDIT_TOLD;
    if (refused && times > dropped && toldTwice(service)) this.#doubles.byServer(this.#peers.textOf(peer), service, times - dropped, event.at);
  }

  /** How many tries are dropped for it. */
  #betterUnder(pid: number, peer: number, at: Millis): number {
    this.#tell(pid, peer, at);
    if (this.#waits === 0) return 0;
    const waiting = this.#waiting.get(pid);
    if (!waiting || !near(waiting.at, at) || !waiting.events.every((event) => same(this.#peerOf(event), peer))) return 0;
    const dropped = waiting.events.reduce((sum, { fields }) => sum + fields.times, 0);
    this.#forget(waiting);
    this.#drop(pid, waiting);
    return dropped;
  }

  /** Somebody was let in: what its connection says of refusals later was before that. */
  entered(peer: number, pid: number, at: Millis): void {
    this.passed(pid);
    this.#tell(pid, peer, at);
    this.#told[this.#at(pid) + LET_IN_AT] = at;
  }

  /** The one who was refused under this pid shortly before, and of whom no line says that he was let in. */
  refusedUnder(pid: number, at: Millis): number | null {
    const told = this.#at(pid);
    if (told >= 0 && near(this.#told[told + LET_IN_AT] ?? 0, at)) return null;
    if (told >= 0 && near(this.#told[told + TOLD_AT] ?? 0, at)) return this.#told[told + PEER] ?? null;
    const waiting = this.#waiting.get(pid);
    const last = waiting && near(waiting.at, at) ? waiting.events[waiting.events.length - 1] : undefined;
    const peer = last ? this.#peerOf(last) : null;
    return peer === null || isHostName(peer) ? null : peer;
  }

  /** Those of whom something is known: their numbers must stay theirs. */
  peers(): number[] {
    const told = Array.from({ length: PLACES }, (_, place) => this.#told[place * WIDTH + PEER] ?? 0);
    return [...told, ...this.#waiting.entries().flatMap(([, { events }]) => events.map((event) => this.#peerOf(event)))];
  }

  /** Another module of PAM let the same one in: the last refusal was none. */
  passed(pid: number | null): void {
    const last = pid === null ? undefined : this.#waiting.get(pid)?.events.pop();
    if (last) this.#letGo(last);
  }

  /** All that still waits. */
  rest(): readonly Told[] {
    if (this.#waits > 0) for (const [pid, waiting] of this.#waiting.entries()) this.#settle(pid, waiting);
    return [...this.#take(), ...this.#doubles.rest()];
  }

  /** Where it stands; -1 where another number has its place. */
  #at(pid: number): number {
    const told = (pid & (PLACES - 1)) * WIDTH;
    return this.#told[told + PID] === pid ? told : -1;
  }

  #tell(pid: number, peer: number, at: Millis): void {
    const told = (pid & (PLACES - 1)) * WIDTH;
    if (this.#told[told + PID] !== pid) this.#told[told + LET_IN_AT] = Number.NEGATIVE_INFINITY;
    this.#told[told + PID] = pid;
    this.#told[told + PEER] = peer;
    this.#told[told + TOLD_AT] = at;
  }

  #peerOf(event: Told): number {
    return event.peer ?? this.#peers.numberOf(event.fields.ip);
  }

  /** The same try may be told by PAM and by sshd in PAM's words: of one connection only the best kind of line counts, with an address before all. */
  #trust(event: Told): number {
    return (isHostName(this.#peerOf(event)) ? 0 : 2) + (event.fields.how === PAM_TOLD ? 0 : 1);
  }

  /** Events of log lines are lent. What waits is a copy, and its text is held as a quote until it is counted or dropped. */
  #kept(event: Told, peer: number): Told {
    if (toldTwice(event.fields.service)) return withTimes(event, event.fields.times);
    const quote = this.#quotes.add(event);
    this.#quotes.hold(quote);
    const { kind, at, source, fields } = event;
    return { kind, at, source, fields: new Kept(this.#peers, peer, fields), quote, peer };
  }

  #forget({ events }: Waiting): void {
    for (const event of events) this.#letGo(event);
    events.length = 0;
  }

  #letGo({ quote }: Told): void {
    if (quote !== undefined) this.#quotes.release(quote);
  }

  #wait(pid: number): Waiting {
    const waiting = this.#waiting.claim(pid);
    waiting.events.length = 0;
    this.#waits += 1;
    return waiting;
  }

  /** The list is used again; what it held must not live on with it. */
  #drop(pid: number, waiting: Waiting): void {
    waiting.events.length = 0;
    this.#waiting.remove(pid);
    this.#waits -= 1;
  }

  #settle(pid: number, waiting: Waiting): void {
    this.#ripe.push(...waiting.events);
    this.#drop(pid, waiting);
  }

  #take(): readonly Told[] {
    if (this.#ripe.length === 0) return this.#ripe;
    const ripe = this.#ripe;
    this.#ripe = [];
    const alone = ripe.filter((event) => !isDouble(event));
    if (alone.length === ripe.length) return ripe;
    for (const event of ripe) if (isDouble(event)) this.#doubles.byPam(event);
    return [...alone, ...this.#doubles.take()];
  }
}

/** Under another pid a line of the server itself may tell of the same try. */
function isDouble({ fields }: Told): boolean {
  return fields.how === PAM_TOLD && toldTwice(fields.service) && addressOf(fields.ip) !== null;
}

/** A host name may be the name of any address: under one pid it is the same client. */
function same(a: number, b: number): boolean {
  return a === b || isHostName(a) || isHostName(b);
}
