/**
 * Lines of one connection, tied by what `<F-MLFID>` captures: the address stands on one of them, the failure on another.
 * Cannot see: connections that were pushed out by thousands of newer ones, or whose lines lie more than five minutes apart.
 */

import { type Captures, isFilled, textOf } from './captures.ts';
import { Oldest } from './oldest.ts';

/** What is known of one failure, or of one connection so far. */
export interface Failure {
  readonly fields: Captures;
  /** A failure was seen before anyone knew who it was. */
  pending: boolean;
  /** Everybody who was tried on this connection. */
  readonly users: Set<string>;
  /** How many lines told of the failure, and how many were held back because they alone are none (`<F-NOFAIL>`). */
  lines: number;
  held: number;
}

interface Connection {
  readonly failure: Failure;
  seenAt: number;
}

/** fail2ban keeps a hundred; a busy sshd has more open at once (MaxStartups 10:30:100 a listener). */
const CONNECTIONS_AT_MOST = 4096;
const FORGOTTEN_AFTER_MS = 300_000;
const USERS_AT_MOST = 64;
/** A field that is kept; longer ones are cut, as no account or address is longer. */
const FIELD_CHARACTERS_AT_MOST = 1024;

/** A capture holds the whole line that it was cut from; what is kept must not. */
function detached(text: string): string {
  return ` ${text.slice(0, FIELD_CHARACTERS_AT_MOST)}`.slice(1);
}

function detach(fields: Captures): void {
  for (const [name, value] of fields) if (typeof value === 'string') fields.set(name, detached(value));
}

export function failureOf(fields: Captures): Failure {
  return { fields, pending: false, users: new Set(), lines: 0, held: 0 };
}

function addUser(failure: Failure, fields: Captures): void {
  const user = textOf(fields.get('user'));
  if (user !== null && user !== '' && failure.users.size < USERS_AT_MOST) failure.users.add(detached(user));
}

/** What one line says of its own weight. */
interface Flags {
  /** Alone it is no failure. */
  nofail: boolean;
  /** Access was gained: failures before it are forgiven, unless several accounts were tried. */
  gained: boolean;
  /** The connection ends here. */
  readonly forget: boolean;
}

export class Connections {
  /** In the order in which they were first seen. */
  readonly #known = new Map<string, Connection>();
  readonly #oldest = new Oldest(this.#known);

  /** The failure as this line leaves it; `lines` = how many lines matched. */
  merge(id: string, fresh: Failure, lines: number, at: number): Failure {
    const flags = flagsOf(fresh.fields);
    const known = this.#recall(id, at);
    const failure = known === null ? fresh : joined(known, fresh, flags);
    if (known !== null && flags.forget) this.#known.delete(detached(id));
    if (known === null && !flags.forget) {
      addUser(fresh, fresh.fields);
      this.#keep(id, fresh, at);
    }
    if (failure.pending || failure.users.size > 1) {
      failure.fields.delete('nofail');
      failure.fields.delete('mlfgained');
      flags.nofail = false;
    }
    failure.pending = false;
    if (!flags.nofail) {
      failure.lines += failure.held + lines;
      failure.held = 0;
    } else if (!flags.forget) failure.held += lines;
    return failure;
  }

  get size(): number {
    return this.#known.size;
  }

  #recall(id: string, at: number): Failure | null {
    const known = this.#known.get(detached(id));
    if (known === undefined) return null;
    if (at - known.seenAt < FORGOTTEN_AFTER_MS) return known.failure;
    this.#known.delete(detached(id));
    return null;
  }

  #keep(id: string, failure: Failure, at: number): void {
    this.#oldest.pass();
    if (this.#known.size >= CONNECTIONS_AT_MOST) this.#known.delete(this.#oldest.next() ?? '');
    detach(failure.fields);
    this.#known.set(detached(id), { failure, seenAt: at });
  }
}

function flagsOf(fields: Captures): Flags {
  const gained = isFilled(fields.get('mlfgained'));
  const forget = isFilled(fields.get('mlfforget'));
  fields.delete('mlfforget');
  if (gained && !isFilled(fields.get('nofail'))) fields.set('nofail', fields.get('mlfgained') ?? null);
  return { nofail: isFilled(fields.get('nofail')), gained, forget };
}

/** A known connection with what a new line says of it. */
function joined(known: Failure, fresh: Failure, flags: Flags): Failure {
  addUser(known, fresh.fields);
  const spared = isFilled(known.fields.get('nofail')) || isFilled(known.fields.get('mlfgained'));
  known.fields.delete('nofail');
  known.fields.delete('mlfgained');
  if (flags.gained) known.pending = false;
  // Lines that were told of already are not told of again.
  if (!spared && !known.pending) known.lines = 0;
  for (const [name, value] of fresh.fields) if (value !== null) known.fields.set(name, typeof value === 'string' ? detached(value) : value);
  return known;
}
