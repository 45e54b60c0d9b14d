/**
 * Reads what the small ssh server dropbear writes about tries and logins. An unknown name is told once a connection and no refused try follows,
 * so it is a `login.probed` by `invalid-user`, as sshd's (see sshd).
 */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern, probed } from '../core/patterns.ts';
import { type Peer, peerWithColon } from '../core/peer.ts';
import type { EventDraft, Line, LoginMethod } from '../core/words.ts';

/** `'NAME'` up to the last ` from HOST:PORT`: the name is free text, quotation marks in it too. */
function quotedFrom(message: string, at: number): { account: string; peer: Peer; between: string } | null {
  const from = message.lastIndexOf(' from ');
  if (from < at) return null;
  const key = message.lastIndexOf("' with ", from);
  const end = message[from - 1] === "'" ? from - 1 : key;
  if (end < at) return null;
  return { account: message.slice(at, end), peer: peerWithColon(message.slice(from + 6)), between: message.slice(end + 1, from) };
}

function accepted(name: string, method: LoginMethod, begins: readonly string[]): Pattern {
  return {
    name,
    begins,
    read(message, at, { pid }) {
      const who = quotedFrom(message, at);
      if (!who) return null;
      const fingerprint = /^ with (?:\S{1,64} )?key (?:md5 |sha1!! )?(\S{16,128})$/.exec(who.between)?.[1] ?? null;
      const fields = { account: who.account, ip: who.peer.ip, port: who.peer.port, method, service: 'dropbear', fingerprint, pid };
      return { kind: 'login.accepted', fields };
    },
  };
}

function refused(message: string, at: number, { pid }: Line): EventDraft | null {
  const who = quotedFrom(message, at);
  if (!who) return null;
  const { account, peer } = who;
  return {
    kind: 'login.failed',
    fields: { account, ip: peer.ip, port: peer.port, method: 'password', service: 'dropbear', known: true, times: 1, pid },
  };
}

export const patterns: readonly Pattern[] = [
  { name: 'bad-password', begins: ["Bad password attempt for '", "bad password attempt for '", "Bad PAM password attempt for '"], read: refused },
  {
    name: 'nonexistent-user',
    begins: ['Login attempt for nonexistent user ', 'login attempt for nonexistent user '],
    read(message, at, line) {
      const from = message.lastIndexOf('from ');
      const quoted = message.startsWith("'", at) && message.startsWith("' ", from - 2) ? message.slice(at + 1, from - 2) : null;
      return from < at || (quoted === null && from !== at)
        ? null
        : probed('dropbear', 'invalid-user', peerWithColon(message.slice(from + 5)).ip, quoted, line.pid);
    },
  },
  {
    // The tries before it have their own lines.
    name: 'too-many-tries',
    begins: ["Exit before auth (user '"],
    read(message, at, line) {
      const end = message.indexOf("', ", at);
      const from = message.lastIndexOf("' from ");
      if (end < 0 || from < end || !message.includes('Max auth tries reached', end)) return null;
      return probed('dropbear', 'too-many-tries', peerWithColon(message.slice(from + 7)).ip, message.slice(at, end), line.pid);
    },
  },
  {
    name: 'gave-up',
    begins: ['Exit before auth from <'],
    read(message, at, line) {
      const end = message.indexOf('>: ', at);
      const user = end < 0 ? null : /^\(user '(.{0,256})', \d{1,6} fails\): /.exec(message.slice(end + 3, end + 300));
      const ip = end < 0 || end - at > 80 ? null : peerWithColon(message.slice(at, end)).ip;
      return probed('dropbear', user ? 'gave-up' : 'closed', ip, user?.[1] ?? null, line.pid);
    },
  },
  accepted('password-accepted', 'password', ["Password auth succeeded for '", "password auth succeeded for '", "PAM password auth succeeded for '"]),
  accepted('blank-accepted', 'none', ["Auth succeeded with blank password for '"]),
  accepted('key-accepted', 'publickey', ["Pubkey auth succeeded for '", "pubkey auth succeeded for '"]),
];

export const dropbear: Parser = {
  name: 'dropbear',
  about: "Reads dropbear's lines about refused tries and accepted logins by ssh.",
  cannotSee: 'Which unknown name was tried, which dropbear does not write down, and refused keys.',
  programs: ['dropbear'],
  needles: ['password attempt for ', 'nonexistent user ', 'Exit before auth', 'auth succeeded for ', 'Auth succeeded with blank'],
  parse: firstOf(patterns),
};
