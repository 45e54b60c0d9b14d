/**
 * How many tries one connection made: sshd tells one try in several lines (`Invalid user`, `Failed`, `error: PAM`, `Connection closed by
 * authenticating user`), and it must be counted once. A connection is one address under one sshd pid, until it is closed.
 */

import type { EventDraft, LoginMethod } from './words.ts';

/** What PAM's modules say of a refusal: a try only where no other line of the connection counts it (core/hearsay.ts). */
export const PAM_TOLD = 'pam-told';
/** A PAM module let somebody in after another one (of several that know different accounts) had refused. */
export const PAM_PASSED = 'pam-passed';

/** Visits (`how` of login.probed) of which each tells of a refusal: of the name, or, by the client's own word, of what it offered. */
export const REFUSED: ReadonlySet<string> = new Set(['invalid-user', 'not-allowed', 'pam-refused', 'root-refused', 'auth-fail', PAM_TOLD]);

/** The kernel's audit log tells of a refused log-in once more, beside the server's own lines and under the same pid. */
export const AUDIT_TOLD = 'audit-told';

/** Refusals by PAM: keys never come that far, so it was a password. */
const OF_PASSWORDS: ReadonlySet<string> = new Set(['pam-refused', PAM_TOLD]);

/** Visits that ended while somebody was authenticating: at least one try that sshd wrote no other line about (keys, at LogLevel INFO). */
export const ENDED_TRYING: ReadonlySet<string> = new Set(['gave-up', 'too-many-tries', 'changed-name', 'asked-methods']);

/** Nobody gets in by one of these because he tried often enough. */
export const LOGIN_METHODS_OF_KEYS: ReadonlySet<string> = new Set<LoginMethod>(['publickey', 'hostbased']);

export function cannotBeGuessed(method: LoginMethod): boolean {
  return LOGIN_METHODS_OF_KEYS.has(method);
}

/** Adds up one connection: its `Failed` lines if there are any, else its refusals, else what the audit log tells of them, else one if it ended while trying. Other visits are no tries. */
export class Tries {
  #failed = 0;
  #failedPasswords = 0;
  #refused = 0;
  #refusedPasswords = 0;
  #audited = 0;
  #ended = 0;

  /** As if nothing had been heard. */
  begin(): void {
    this.#failed = 0;
    this.#failedPasswords = 0;
    this.#refused = 0;
    this.#refusedPasswords = 0;
    this.#audited = 0;
    this.#ended = 0;
  }

  hear(event: EventDraft): void {
    if (event.kind === 'login.failed') {
      this.#failed += event.fields.times;
      if (!cannotBeGuessed(event.fields.method)) this.#failedPasswords += event.fields.times;
    }
    if (event.kind !== 'login.probed') return;
    if (REFUSED.has(event.fields.how)) this.#refused += event.fields.times;
    if (OF_PASSWORDS.has(event.fields.how)) this.#refusedPasswords += event.fields.times;
    if (event.fields.how === AUDIT_TOLD) this.#audited += event.fields.times;
    if (ENDED_TRYING.has(event.fields.how)) this.#ended = 1;
  }

  count(): number {
    return this.#failed || this.#refused || this.#audited || this.#ended;
  }

  /** Those of which the log tells that they were passwords. */
  passwords(): number {
    return this.#failed > 0 ? this.#failedPasswords : this.#refusedPasswords;
  }
}
