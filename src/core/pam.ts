/** Session lines of PAM, which sshd, su, sudo, cron and login all write in the same words (pam_unix(8)). */

import type { Pattern } from './patterns.ts';
import type { EventDraft, Line } from './words.ts';

/** `pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)`, and the same for closed. */
export const PAM_SESSION: Pattern = {
  name: 'pam-session',
  begins: ['pam_unix(', '(pam_unix) session ', 'session opened for user ', 'session closed for user '],
  read(message, at, line) {
    const told = message.indexOf('session ', message.startsWith('pam_unix(') ? at : 0);
    if (told < 0 || (told > 0 && message[told - 1] !== ' ')) return null;
    return sessionIn(message.slice(told), serviceOf(message, line), line);
  },
};

/** The service in `pam_unix(SERVICE:session):`; in the older form the tag has it (`su(pam_unix)[42]`). */
function serviceOf(message: string, line: Line): string {
  const modern = /^pam_unix\(([^():\s]{1,64}):session\): session /.exec(message);
  return modern?.[1] ?? line.program.replace(/\(pam_unix\)$/, '').toLowerCase();
}

function sessionIn(text: string, service: string, line: Line): EventDraft | null {
  const closed = /^session closed for user ([^\s()]{1,256})(?:\(uid=\d{1,10}\))?$/.exec(text);
  if (closed) return { kind: 'session.closed', fields: { account: closed[1] ?? '', service, session: null, pid: line.pid } };
  const opened = /^session opened for user ([^\s()]{1,256})(?:\(uid=\d{1,10}\))? by ([^\s()]{0,256})\(uid=\d{1,10}\)$/.exec(text);
  if (!opened) return null;
  return { kind: 'session.opened', fields: { account: opened[1] ?? '', service, by: opened[2] || null, session: null, pid: line.pid } };
}
