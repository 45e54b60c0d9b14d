/** Reads what OpenSSH's sshd writes about visitors who left, or were sent away, before anybody had logged in: scanners, version grabs, wrong protocols. */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern, PREAUTH, probed } from '../core/patterns.ts';
import { addressOf, peerAt, peerBefore, peerWithColon } from '../core/peer.ts';
import type { EventDraft, Line } from '../core/words.ts';

/** Places looked at for the true address in front of a reason with free text: an honest line has one. */
const PLACES_AT_MOST = 16;

/** `[authenticating |invalid ]user NAME ]HOST[ port N]` up to `end`: a name only counts while nobody is logged in. */
function whoBefore(message: string, at: number, end: number): { ip: string | null; account: string | null } | null {
  const peer = peerBefore(message, end);
  if (peer.start === at) return { ip: peer.ip, account: null };
  const word = message.startsWith('authenticating user ', at) ? 20 : message.startsWith('invalid user ', at) ? 13 : 0;
  if (word === 0 || peer.start - 1 < at + word) return null;
  return { ip: peer.ip, account: message.slice(at + word, peer.start - 1) };
}

/** `HOST: CODE: …` and, since OpenSSH 7, `HOST port N:CODE: …`; CODE is of RFC 4253 section 11.1. One of the most frequent lines there are. */
function farewell(message: string, at: number): { readonly ip: string | null; readonly code: number; readonly withPort: boolean } | null {
  const blank = message.indexOf(' ', at);
  if (blank < 0 || blank - at > 64) return null;
  const withPort = message.startsWith(' port ', blank);
  const colon = withPort ? message.indexOf(':', blank + 6) : blank - 1;
  if (message[colon] !== ':' || (withPort && (colon - blank < 7 || colon - blank > 11))) return null;
  const codeAt = message[colon + 1] === ' ' ? colon + 2 : colon + 1;
  const codeEnd = message.indexOf(':', codeAt);
  if (codeEnd <= codeAt || codeEnd - codeAt > 3 || message[codeEnd + 1] !== ' ') return null;
  const code = Number(message.slice(codeAt, codeEnd));
  return Number.isInteger(code) ? { ip: addressOf(message.slice(at, withPort ? blank : colon)), code, withPort } : null;
}

/** A visit whose address comes first, before anything that the visitor could choose. */
function visit(name: string, how: string, begins: readonly string[]): Pattern {
  return { name, begins, read: (message, at, line) => probed('sshd', how, peerAt(message, at).ip, null, line.pid) };
}

/** The end of a connection before login. Without `[preauth]` (OpenSSH up to 5.8, or after login) it says nothing. */
function ending(name: string, how: string, begin: string): Pattern {
  return {
    name,
    begins: [begin],
    read(message, at, line) {
      if (!message.endsWith(PREAUTH)) return null;
      const who = whoBefore(message, at, message.length - PREAUTH.length);
      return who && probed('sshd', who.account === null ? how : 'gave-up', who.ip, who.account, line.pid);
    },
  };
}

/**
 * `USER HOST port N: Change of username or service not allowed: (NAME,SERVICE) -> (…) [preauth]`: both names are free text, but the first
 * is told twice, so the place where both agree is the true one.
 */
function changedName(message: string, at: number, line: Line): EventDraft | null {
  const reason = ': Change of username or service not allowed: (';
  let from = message.indexOf(reason, at);
  for (let places = 0; from > 0 && places < PLACES_AT_MOST; places += 1) {
    const who = whoBefore(message, at, from);
    if (who?.ip && who.account !== null && message.startsWith(`${who.account},`, from + reason.length)) {
      return probed('sshd', 'changed-name', who.ip, who.account, line.pid);
    }
    from = message.indexOf(reason, from + 1);
  }
  return null;
}

export const patterns: readonly Pattern[] = [
  {
    name: 'disconnecting',
    begins: ['Disconnecting '],
    read(message, at, line) {
      const reason = ': Too many authentication failures';
      const end = message.length - (message.endsWith(PREAUTH) ? PREAUTH.length : 0);
      if (message.startsWith(reason, end - reason.length)) {
        const who = whoBefore(message, at, end - reason.length);
        return who && probed('sshd', 'too-many-tries', who.ip, who.account, line.pid);
      }
      return changedName(message, at, line);
    },
  },
  {
    name: 'received-disconnect',
    begins: ['Received disconnect from '],
    read(message, at, line) {
      const said = farewell(message, at);
      if (said === null) return null;
      const { ip, code } = said;
      if (code === 3 && message.includes('Auth fail', at)) return probed('sshd', 'auth-fail', ip, null, line.pid);
      if (code === 14 && message.includes('authentication methods available', at)) return probed('sshd', 'gave-up', ip, null, line.pid);
      // Since OpenSSH 7 (which writes the port) a `Disconnected from` line follows and tells it, with the name.
      return said.withPort || !message.endsWith(PREAUTH) ? null : probed('sshd', 'disconnected', ip, null, line.pid);
    },
  },
  ending('closed', 'closed', 'Connection closed by '),
  ending('reset', 'reset', 'Connection reset by '),
  ending('disconnected', 'disconnected', 'Disconnected from '),
  visit('no-identification', 'no-identification', ['Did not receive identification string from ', 'Could not write ident string to ']),
  {
    name: 'bad-protocol',
    begins: ["Bad protocol version identification '"],
    read(message, at, line) {
      const peer = peerBefore(message, message.length);
      return peer.start - 7 >= at && message.startsWith("' from ", peer.start - 7) ? probed('sshd', 'bad-protocol', peer.ip, null, line.pid) : null;
    },
  },
  visit('bad-banner', 'bad-protocol', ['banner exchange: Connection from ', 'Protocol major versions differ for ']),
  visit('no-agreement', 'no-agreement', ['Unable to negotiate with ']),
  visit('scanned', 'scanned', ['scanned from ', 'probed from ']),
  {
    name: 'bad-packet',
    begins: ['ssh_dispatch_run_fatal: Connection from '],
    read(message, at, line) {
      const who = whoBefore(message, at, message.lastIndexOf(': '));
      return who && probed('sshd', 'bad-packet', who.ip, who.account, line.pid);
    },
  },
  {
    name: 'timeout',
    begins: ['Timeout before authentication for connection from ', 'Timeout before authentication for '],
    read(message, at, line) {
      // Since OpenSSH 9.8 the listener tells it, and names the pid of the connection.
      const pid = /, pid = (\d{1,7})$/.exec(message.slice(-20))?.[1];
      return probed('sshd', 'timeout', peerAt(message, at).ip, null, pid === undefined ? line.pid : Number(pid));
    },
  },
  {
    name: 'dropped',
    begins: ['drop connection #'],
    read(message, at) {
      const found = /^\d{1,9} from (\[\S{1,64}\]:\d{1,5}) on \[/.exec(message.slice(at, at + 120));
      return found ? probed('sshd', 'dropped', peerWithColon(found[1] ?? '').ip, null, null) : null;
    },
  },
  {
    name: 'refused-connect',
    begins: ['refused connect from '],
    read(message, at, line) {
      const found = /^[^()]{1,600}\((\S{1,64})\)$/.exec(message.slice(at, at + 700));
      return probed('sshd', 'refused-connect', addressOf(found?.[1] ?? message.slice(at)), null, line.pid);
    },
  },
];

export const sshdVisits: Parser = {
  name: 'sshd-visits',
  about: "Reads OpenSSH's lines about visitors who left or were sent away before anybody had logged in.",
  cannotSee: 'Visitors of OpenSSH up to 5.8, whose farewells look the same before and after a login, and lines that name no address.',
  programs: ['sshd', 'sshd-session', 'sshd-auth'],
  needles: [
    '[preauth]',
    'Received disconnect from ',
    'Disconnecting ',
    ' identification string from ',
    'ident string to ',
    'Bad protocol version',
    'banner exchange: ',
    'Protocol major versions differ',
    'Unable to negotiate with ',
    'scanned from ',
    'probed from ',
    'ssh_dispatch_run_fatal: ',
    'Timeout before authentication',
    'drop connection #',
    'refused connect from ',
  ],
  parse: firstOf(patterns, ['error: ', 'fatal: ']),
};
