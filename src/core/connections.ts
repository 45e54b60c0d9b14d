/** Connections as a log tells of them, line after line: one address under one pid, until it is closed or the pid comes back. */

import { ByPid } from './by-pid.ts';
import type { NameTried } from './guessing.ts';
import { cannotBeGuessed, PAM_TOLD, Tries } from './tries.ts';
import { Bounded } from './window.ts';
import type { EventOf, Millis } from './words.ts';

const BESIDE_AT_MOST = 20_000;
/** A pid that comes back later than this is another connection: LoginGraceTime is 2 minutes, and six tries take no quarter of an hour. */
export const CONNECTION_MS = 15 * 60_000;
/** useradd allows 32 characters, directories more; what is longer was never an account. */
const NAME_CHARACTERS = 256;

export type TryEvent = EventOf<'login.failed'> | EventOf<'login.probed'>;

export class Connection {
  ip = '';
  readonly tries = new Tries();
  account = '';
  unknown = false;
  known = false;
  /** The name was refused though it exists; sshd calls it invalid all the same. */
  denied = false;
  /** Refused keys. */
  keys = 0;
  /** What the line before was booked under. */
  name: NameTried | null = null;
  at: Millis = 0;

  /** Begins anew: these objects are used again and again, a host on the internet has a hundred thousand connections a day. */
  begin(ip: string, at: Millis): this {
    this.ip = ip;
    this.at = at;
    this.tries.begin();
    this.account = '';
    this.unknown = false;
    this.known = false;
    this.denied = false;
    this.keys = 0;
    this.name = null;
    return this;
  }

  hear(event: TryEvent): void {
    this.tries.hear(event);
    this.at = event.at;
    const { account } = event.fields;
    if (account !== null) this.account = account.length > NAME_CHARACTERS ? account.slice(0, NAME_CHARACTERS) : account;
    if (event.kind === 'login.failed') {
      const { known, method, times } = event.fields;
      this.known ||= known;
      this.unknown ||= !known;
      if (cannotBeGuessed(method)) this.keys += times;
      return;
    }
    const { how } = event.fields;
    // One worker of a mail server asks PAM for one client after the other.
    if (how === PAM_TOLD && account === null) this.account = '';
    this.unknown ||= how === 'invalid-user';
    this.denied ||= how === 'not-allowed' || how === 'root-refused';
  }
}

export class Connections {
  /** Nearly always one address stands under one pid at a time. */
  readonly #open = new ByPid(() => new Connection());
  /** Further addresses under the same pid: a mail server's worker asks for one client after the other. */
  readonly #beside = new Bounded<Connection>(BESIDE_AT_MOST, null);

  open(ip: string, pid: number | null, at: Millis): Connection {
    if (pid === null) return new Connection().begin(ip, at);
    const first = this.#open.get(pid);
    if (first === undefined || !near(first.at, at)) return this.#open.claim(pid).begin(ip, at);
    return first.ip === ip ? first : this.#other(`${ip} ${pid}`, ip, at);
  }

  #other(key: string, ip: string, at: Millis): Connection {
    const old = this.#beside.get(key);
    if (old && near(old.at, at)) return old;
    this.#beside.remove(key);
    return this.#beside.open(key, () => new Connection().begin(ip, at));
  }

  /** The one that ends now, if there is one. */
  end(ip: string, pid: number, at: Millis): Connection | null {
    const first = this.#open.get(pid);
    const key = `${ip} ${pid}`;
    const connection = first?.ip === ip ? first : this.#beside.get(key);
    if (!connection || !near(connection.at, at)) return null;
    if (first?.ip === ip) this.#open.remove(pid);
    else this.#beside.remove(key);
    return connection;
  }
}

/** May both be of one connection, under the same pid? */
export function near(a: Millis, b: Millis): boolean {
  return Math.abs(a - b) <= CONNECTION_MS;
}
