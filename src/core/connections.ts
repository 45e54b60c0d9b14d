/**
 * Connections as a log tells of them, line after line: one address under one pid, until it is closed or the pid comes back. sshd tells one try in
 * several lines (`Invalid user`, `Failed`, `error: PAM`, `Connection closed by authenticating user`), and it must be counted once.
 */

import { Rows } from './rows.ts';
import { AUDIT_TOLD, cannotBeGuessed, ENDED_TRYING, OF_PASSWORDS, PAM_TOLD, REFUSED } from './tries.ts';
import { Bounded } from './window.ts';
import type { EventOf, Millis } from './words.ts';

/** Linux hands out pids in order, so that neighbours in time never share a place until so many processes later. */
const PLACES = 1 << 15;
const BESIDE_AT_MOST = 20_000;
/** A pid that comes back later than this is another connection: LoginGraceTime is 2 minutes, and six tries take no quarter of an hour. */
export const CONNECTION_MS = 15 * 60_000;

/** What is known of a connection, as a row of numbers. */
const PID = 0;
export const PEER = 1;
const AT = 2;
/** Rows of the guess book: the account that was named last, and what the line before was booked under; -1 = none. */
export const ACCOUNT = 3;
export const NAME = 4;
/** UNKNOWN, KNOWN, DENIED. */
export const SAID = 5;
/** Refused keys. */
export const KEYS = 6;
const FAILED = 7;
const FAILED_PASSWORDS = 8;
const REFUSALS = 9;
const REFUSED_PASSWORDS = 10;
const AUDITED = 11;
const ENDED = 12;
const WIDTH = 16;

export const UNKNOWN = 1;
export const KNOWN = 2;
/** The name was refused though it exists; sshd calls it invalid all the same. */
export const DENIED = 4;

export type TryEvent = EventOf<'login.failed'> | EventOf<'login.probed'>;

export class Connections {
  readonly #rows = new Rows(WIDTH);
  /** Nearly always one address stands under one pid at a time. A number that falls on the place of another one takes it over. */
  readonly #open = new Int32Array(PLACES).fill(-1);
  /** Further addresses under the same pid: a mail server's worker asks for one client after the other. */
  readonly #beside = new Bounded<number>(BESIDE_AT_MOST, null, (row) => this.#rows.close(row));
  /** The one connection of whoever has no pid. */
  readonly #passing = this.#rows.open();

  /** Its row in `list`. */
  open(peer: number, pid: number | null, at: Millis): number {
    if (pid === null) return this.#begun(this.#passing, -1, peer, at);
    const { list } = this.#rows;
    const place = pid & (PLACES - 1);
    const first = this.#open[place] ?? -1;
    if (first >= 0 && list[first + PID] === pid && near(list[first + AT] ?? 0, at)) {
      return list[first + PEER] === peer ? first : this.#other(pid, peer, at);
    }
    const row = first < 0 ? this.#rows.open() : first;
    this.#open[place] = row;
    return this.#begun(row, pid, peer, at);
  }

  /** The one that ends now; -1 where there is none. */
  end(peer: number, pid: number, at: Millis): number {
    const { list } = this.#rows;
    const first = this.#open[pid & (PLACES - 1)] ?? -1;
    const isFirst = first >= 0 && list[first + PID] === pid && list[first + PEER] === peer;
    const row = isFirst ? first : (this.#beside.get(keyOf(peer, pid)) ?? -1);
    if (row < 0 || !near(list[row + AT] ?? 0, at)) return -1;
    // Its numbers are read before another one begins in its place.
    list[row + AT] = Number.NEGATIVE_INFINITY;
    return row;
  }

  get list(): Float64Array {
    return this.#rows.list;
  }

  rows(): number[] {
    return [...this.#open, ...this.#beside.values()].filter((row) => row >= 0);
  }

  /** `account` is the row of the one that the line names, -1 where it names none. */
  hear(row: number, event: TryEvent, account: number): void {
    const list = this.#rows.list;
    list[row + AT] = event.at;
    if (account >= 0) list[row + ACCOUNT] = account;
    const { times } = event.fields;
    if (event.kind === 'login.failed') {
      const isKey = cannotBeGuessed(event.fields.method);
      list[row + SAID] = (list[row + SAID] ?? 0) | (event.fields.known ? KNOWN : UNKNOWN);
      list[row + FAILED] = (list[row + FAILED] ?? 0) + times;
      const which = row + (isKey ? KEYS : FAILED_PASSWORDS);
      list[which] = (list[which] ?? 0) + times;
      return;
    }
    const { how } = event.fields;
    // One worker of a mail server asks PAM for one client after the other.
    if (how === PAM_TOLD && account < 0) list[row + ACCOUNT] = -1;
    if (how === 'invalid-user') list[row + SAID] = (list[row + SAID] ?? 0) | UNKNOWN;
    if (how === 'not-allowed' || how === 'root-refused') list[row + SAID] = (list[row + SAID] ?? 0) | DENIED;
    if (REFUSED.has(how)) list[row + REFUSALS] = (list[row + REFUSALS] ?? 0) + times;
    if (OF_PASSWORDS.has(how)) list[row + REFUSED_PASSWORDS] = (list[row + REFUSED_PASSWORDS] ?? 0) + times;
    if (how === AUDIT_TOLD) list[row + AUDITED] = (list[row + AUDITED] ?? 0) + times;
    if (ENDED_TRYING.has(how)) list[row + ENDED] = 1;
  }

  /** Its `Failed` lines if there are any, else its refusals, else what the audit log tells of them, else one if it ended while trying. Other visits are no tries. */
  tries(row: number): number {
    const list = this.#rows.list;
    return list[row + FAILED] || list[row + REFUSALS] || list[row + AUDITED] || list[row + ENDED] || 0;
  }

  /** Those of which the log tells that they were passwords. */
  passwords(row: number): number {
    const list = this.#rows.list;
    return list[row + ((list[row + FAILED] ?? 0) > 0 ? FAILED_PASSWORDS : REFUSED_PASSWORDS)] ?? 0;
  }

  #other(pid: number, peer: number, at: Millis): number {
    const key = keyOf(peer, pid);
    const old = this.#beside.get(key);
    if (old !== undefined && near(this.#rows.list[old + AT] ?? 0, at)) return old;
    const row = old ?? this.#beside.open(key, () => this.#rows.open());
    return this.#begun(row, pid, peer, at);
  }

  #begun(row: number, pid: number, peer: number, at: Millis): number {
    const { list } = this.#rows;
    list.fill(0, row, row + WIDTH);
    list[row + PID] = pid;
    list[row + PEER] = peer;
    list[row + AT] = at;
    list[row + ACCOUNT] = -1;
    list[row + NAME] = -1;
    return row;
  }
}

function keyOf(peer: number, pid: number): string {
  return `${peer} ${pid}`;
}

/** May both be of one connection, under the same pid? */
export function near(a: Millis, b: Millis): boolean {
  return Math.abs(a - b) <= CONNECTION_MS;
}
