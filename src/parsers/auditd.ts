/** Reads the audit log's records of log-ins: tried, refused, begun and ended. */

import { readAudit } from '../core/audit-record.ts';
import type { Parser } from '../core/contracts.ts';
import { nameOf } from '../core/entity.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { addressOf } from '../core/peer.ts';
import { AUDIT_TOLD, PAM_TOLD } from '../core/tries.ts';
import type { EventDraft } from '../core/words.ts';

const SESSIONS: Readonly<Record<string, 'session.opened' | 'session.closed'>> = { USER_START: 'session.opened', USER_END: 'session.closed' };

/** What sshd writes in the place of names that do not exist here. */
const NOBODY: ReadonlySet<string> = new Set(['', '(unknown)', '(invalid user)']);

/**
 * USER_AUTH tells each question for a password (PAM), USER_LOGIN how the whole log-in ended (sshd), both under the pid of the connection, of which
 * the server's own log may tell a third time: the best of them counts (core/tries.ts, core/hearsay.ts).
 */
function read(message: string): EventDraft | null {
  const record = readAudit(message);
  if (!record) return null;
  const get = (key: string) => record.values.get(key) || null;
  const failed = get('res') === 'failed' || get('res') === '0';
  const account = get('acct') ?? '';
  const ip = addressOf(get('addr') ?? '');
  const service = nameOf(get('exe') ?? '') || 'auditd';
  const pid = get('pid') === null ? null : Number(get('pid'));
  const session = SESSIONS[record.type];
  if (session === 'session.opened') return failed ? null : { kind: session, fields: { account, service, by: null, session: get('ses'), pid } };
  if (session === 'session.closed') return failed ? null : { kind: session, fields: { account, service, session: get('ses'), pid } };
  if (record.type !== 'USER_LOGIN' && record.type !== 'USER_AUTH') return null;
  if (!failed)
    return record.type === 'USER_LOGIN'
      ? {
          kind: 'login.accepted',
          fields: { account: account || (get('id') ?? ''), ip, port: null, method: 'unknown', service, fingerprint: null, pid },
        }
      : null;
  if (ip === null) return null;
  const named = NOBODY.has(account) ? null : account;
  const how = record.type === 'USER_LOGIN' ? AUDIT_TOLD : PAM_TOLD;
  return { kind: 'login.probed', fields: { ip, account: named, how, service, times: 1, pid } };
}

export const patterns: readonly Pattern[] = [{ name: 'record', begins: ['type=USER_', 'node='], read: (message) => read(message) }];

export const auditd: Parser = {
  name: 'auditd',
  about: "Reads the audit log's records of log-ins and sessions.",
  cannotSee: 'What a session did; records of system calls are shown with their fields and judged by nobody.',
  programs: ['auditd'],
  needles: ['type=USER_LOGIN', 'type=USER_AUTH', 'type=USER_START', 'type=USER_END'],
  parse: firstOf(patterns),
};
