/** Which of the things that servers and PAM say of a visitor tell of a refused try; how they are added up: core/connections.ts. */

import type { LoginMethod } from './words.ts';

/** What PAM's modules say of a refusal: a try only where no other line of the connection counts it (core/hearsay.ts). */
export const PAM_TOLD = 'pam-told';
/** A PAM module let somebody in after another one (of several that know different accounts) had refused. */
export const PAM_PASSED = 'pam-passed';

/** Visits (`how` of login.probed) of which each tells of a refusal: of the name, or, by the client's own word, of what it offered. */
export const REFUSED: ReadonlySet<string> = new Set(['invalid-user', 'not-allowed', 'pam-refused', 'root-refused', 'auth-fail', PAM_TOLD]);

/** The kernel's audit log tells of a refused log-in once more, beside the server's own lines and under the same pid. */
export const AUDIT_TOLD = 'audit-told';

/** Refusals by PAM: keys never come that far, so it was a password. */
export const OF_PASSWORDS: ReadonlySet<string> = new Set(['pam-refused', PAM_TOLD]);

/** Visits that ended while somebody was authenticating: at least one try that sshd wrote no other line about (keys, at LogLevel INFO). */
export const ENDED_TRYING: ReadonlySet<string> = new Set(['gave-up', 'too-many-tries', 'changed-name', 'asked-methods']);

/** Nobody gets in by one of these because he tried often enough. */
export const LOGIN_METHODS_OF_KEYS: ReadonlySet<string> = new Set<LoginMethod>(['publickey', 'hostbased']);

export function cannotBeGuessed(method: LoginMethod): boolean {
  return LOGIN_METHODS_OF_KEYS.has(method);
}
