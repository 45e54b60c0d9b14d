/**
 * How many tries one connection made: sshd tells one try in several lines (`Invalid user`, `Failed`, `error: PAM`, `Connection closed by
 * authenticating user`), and it must be counted once. A connection is one address under one sshd pid, until it is closed.
 */

import type { EventDraft } from './words.ts';

/** Visits (`how` of login.probed) of which each tells of a refusal: of the name, or, by the client's own word, of what it offered. */
export const REFUSED: ReadonlySet<string> = new Set(['invalid-user', 'not-allowed', 'pam-refused', 'root-refused', 'auth-fail']);

/** Visits that ended while somebody was authenticating: at least one try that sshd wrote no other line about (keys, at LogLevel INFO). */
export const ENDED_TRYING: ReadonlySet<string> = new Set(['gave-up', 'too-many-tries', 'changed-name', 'asked-methods']);

/** Adds up one connection: its `Failed` lines if there are any, else its refusals, else one if it ended while trying. Other visits are no tries. */
export class Tries {
  #failed = 0;
  #refused = 0;
  #ended = 0;

  hear(event: EventDraft): void {
    if (event.kind === 'login.failed') this.#failed += event.fields.times;
    if (event.kind !== 'login.probed') return;
    if (REFUSED.has(event.fields.how)) this.#refused += event.fields.times;
    if (ENDED_TRYING.has(event.fields.how)) this.#ended = 1;
  }

  count(): number {
    return this.#failed || this.#refused || this.#ended;
  }
}
