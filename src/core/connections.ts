/** Connections as a log tells of them, line after line: one address under one pid, until it is closed or the pid comes back. */

import type { NameTried } from './guessing.ts';
import { cannotBeGuessed, PAM_TOLD, Tries } from './tries.ts';
import { Bounded } from './window.ts';
import type { EventOf, Millis } from './words.ts';

const CONNECTIONS_AT_MOST = 20_000;
/** A pid that comes back later than this is another connection: LoginGraceTime is 2 minutes, and six tries take no quarter of an hour. */
export const CONNECTION_MS = 15 * 60_000;
/** useradd allows 32 characters, directories more; what is longer was never an account. */
const NAME_CHARACTERS = 256;

export type TryEvent = EventOf<'login.failed'> | EventOf<'login.probed'>;

export class Connection {
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
  at: Millis;

  constructor(at: Millis) {
    this.at = at;
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
  readonly #open = new Bounded<Connection>(CONNECTIONS_AT_MOST, null);

  open(ip: string, pid: number | null, at: Millis): Connection {
    const key = `${ip} ${pid}`;
    const old = this.#open.get(key);
    if (old && pid !== null && Math.abs(at - old.at) <= CONNECTION_MS) return old;
    if (old) this.#open.remove(key);
    return this.#open.open(key, () => new Connection(at));
  }

  /** The one that ends now, if there is one. */
  end(ip: string, pid: number, at: Millis): Connection | null {
    const key = `${ip} ${pid}`;
    const connection = this.#open.get(key);
    if (!connection || Math.abs(at - connection.at) > CONNECTION_MS) return null;
    this.#open.remove(key);
    return connection;
  }
}
