/** What one event says about its source, all by itself: who, whether it was let in, and whether the line is evidence of an attack. */

import { PAM_PASSED } from '../core/tries.ts';
import { passwordRefused } from '../core/web-login-answer.ts';
import type { Event } from '../core/words.ts';

export interface Judged {
  readonly attack: boolean;
  readonly address: string | null;
  readonly user: string | null;
  readonly outcome: 'success' | 'failure' | null;
  readonly class: string | null;
}

const NOTHING: Judged = { attack: false, address: null, user: null, outcome: null, class: null };

/** Refusals of something else than a log-in, and what they are called. */
const CLASSES: Readonly<Record<string, string>> = {
  'relay-denied': 'relay',
  'query-denied': 'dns',
  'transfer-denied': 'dns',
  'update-denied': 'dns',
};

/** Visits that refused somebody, and did not only end. */
const REFUSING: ReadonlySet<string> = new Set([
  'invalid-user',
  'not-allowed',
  'pam-refused',
  'pam-told',
  'audit-told',
  'told-by-guard',
  'root-refused',
  'auth-fail',
  'too-many-tries',
]);

/** Somebody who says goodbye before logging in pressed Ctrl-C; who goes without a word is a scanner as well. */
const POLITE = 'received-disconnect';

export function judged(event: Event | null, web: { readonly class: string } | null, pattern: string | null): Judged {
  if (event === null) return NOTHING;
  switch (event.kind) {
    case 'login.failed':
      return { attack: true, address: event.fields.ip, user: event.fields.account || null, outcome: 'failure', class: 'auth' };
    case 'login.accepted':
      return { ...NOTHING, address: event.fields.ip, user: event.fields.account || null, outcome: 'success' };
    case 'login.probed':
      return visit(event.fields, pattern);
    case 'web.request':
      return request(event.fields, web);
    case 'privilege.refused':
      return { attack: true, address: null, user: event.fields.account, outcome: 'failure', class: 'auth' };
    case 'privilege.used':
      return { ...NOTHING, user: event.fields.account, outcome: 'success' };
    case 'session.opened':
    case 'session.closed':
    case 'cron.ran':
    case 'account.changed':
      return { ...NOTHING, user: event.fields.account || null };
    default:
      return NOTHING;
  }
}

type Visit = Extract<Event, { kind: 'login.probed' }>['fields'];

function visit({ ip, account, how }: Visit, pattern: string | null): Judged {
  const who = { address: ip, user: account };
  if (how === PAM_PASSED) return { ...NOTHING, ...who, outcome: 'success' };
  const polite = pattern === POLITE && how === 'disconnected';
  return {
    ...who,
    attack: !polite,
    outcome: REFUSING.has(how) ? 'failure' : null,
    class: Object.hasOwn(CLASSES, how) ? (CLASSES[how] ?? 'scan') : REFUSING.has(how) ? 'auth' : 'scan',
  };
}

type Request = Extract<Event, { kind: 'web.request' }>['fields'];

function request(fields: Request, web: { readonly class: string } | null): Judged {
  const { ip, user, status } = fields;
  // 401 is how a server asks for a password too; with a name, or at a form, it was a wrong one (RFC 9110 section 15.5.2).
  const refused = passwordRefused(fields);
  return {
    attack: web !== null || refused,
    address: ip,
    user,
    outcome: status === null ? null : status < 400 && !refused ? 'success' : 'failure',
    class: web?.class ?? (refused ? 'auth' : null),
  };
}
