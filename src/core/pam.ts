/** Lines of PAM about sessions and refusals, which sshd, su, sudo, cron, login and many more all write in the same words (pam_unix(8)). */

import { multiplied, type Pattern } from './patterns.ts';
import { sourceOf } from './peer.ts';
import { PAM_PASSED, PAM_TOLD } from './tries.ts';
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

/**
 * `pam_unix(SERVICE:auth): authentication failure; … rhost=HOST  user=NAME`, and `PAM 2 more authentication failures; …` at the end of a
 * conversation. Of other modules only the success counts: where several are asked, pam_unix refuses whom the next one knows. HOST and NAME
 * are read from the end, since `ruser=` is whatever the client said.
 */
export const PAM_AUTH: Pattern = {
  name: 'pam-auth',
  begins: ['pam_', 'PAM '],
  read(message, _at, line) {
    const told = headOf(message);
    if (!told) return null;
    const { module, service: name, more, passed } = told;
    if ((!passed && module !== null && module !== 'unix') || (passed && module === 'unix')) return null;
    const who = whoAtEnd(message);
    if (!who) return null;
    const { ip, account } = who;
    const service = name ?? line.program.toLowerCase();
    const draft: EventDraft = {
      kind: 'login.probed',
      fields: { ip, account, how: passed ? PAM_PASSED : PAM_TOLD, service, times: 1, pid: line.pid },
    };
    return more === null ? draft : multiplied(draft, more);
  },
};

/** Module and service, or the number, stand before what happened. */
const HEAD_CHARACTERS = 120;
const SAID = 'authentication ';

interface Head {
  readonly module: string | null;
  readonly service: string | null;
  readonly more: number | null;
  readonly passed: boolean;
}

/** Read by searches for fixed words: a guessed host has millions of these lines. */
function headOf(message: string): Head | null {
  const said = message.indexOf(SAID);
  if (said < 0 || said > HEAD_CHARACTERS) return null;
  const what = said + SAID.length;
  const passed = message.startsWith('success; ', what);
  if (!passed && !message.startsWith('failure; ', what) && !message.startsWith('failures; ', what)) return null;
  if (message.startsWith('PAM ')) {
    const more = /^PAM (\d{1,6}) more $/.exec(message.slice(0, said))?.[1];
    return more === undefined ? null : { module: null, service: null, more: Number(more), passed };
  }
  const open = message.indexOf('(');
  const close = said - ':auth): '.length;
  if (open < 5 || open >= close || !message.startsWith(':auth): ', close)) return null;
  const service = message.slice(open + 1, close);
  return /[():\s]/.test(service) ? null : { module: message.slice('pam_'.length, open), service, more: null, passed };
}

/** `… rhost=HOST  user=NAME`; the name is there only where the account exists. */
function whoAtEnd(message: string): { readonly ip: string; readonly account: string | null } | null {
  const at = message.lastIndexOf(' rhost=');
  const rest = at < 0 ? '' : message.slice(at + ' rhost='.length, at + 600).trimEnd();
  const blank = rest.indexOf(' ');
  const ip = sourceOf(blank < 0 ? rest : rest.slice(0, blank));
  if (ip === null || blank < 0) return ip === null ? null : { ip, account: null };
  const user = rest.slice(blank).trimStart();
  return user.startsWith('user=') && user.length > 5 && !/\s/.test(user) ? { ip, account: user.slice(5) } : null;
}

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
