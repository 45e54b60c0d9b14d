/**
 * Reads what OpenSSH's sshd (5 to 10, also `sshd-session` and `sshd-auth`) writes about tries, logins and sessions. How the events of one connection
 * add up to tries stands in core/tries.ts; what only says it again (`pam_unix(sshd:auth)`) counts where nothing else
 * does (core/hearsay.ts), and `input_userauth_request` gives no event.
 */

import type { Parser } from '../core/contracts.ts';
import { PAM_AUTH, PAM_SESSION } from '../core/pam.ts';
import { firstOf, multiplied, type Pattern, PREAUTH, probed } from '../core/patterns.ts';
import { type Peer, peerAt, peerBefore, sourceOf } from '../core/peer.ts';
import type { EventDraft, Line, LoginMethod } from '../core/words.ts';

/** sshd writes the key after the protocol: `ssh2: RSA SHA256:…`. */
const KEYED = ' ssh2: ';
/** Type and fingerprint, and nothing else. A fingerprint (SHA512, hexadecimal with colons) has at most 191 characters. */
const SIMPLE_KEY = /^[\w.@-]{1,64} [\w:+/=.$-]{1,191}$/;
/** One more than a simple key may have, so that a longer one is seen to be longer. */
const KEY_CHARS = 257;

/** How the pam_unix of old ended its lines about refusals; the user is there only where the account exists. */
const PAM_WHO = / ruser=\S* rhost=(\S{1,255})(?:\s+user=(\S{1,256}))?$/;

interface Place {
  readonly peer: Peer;
  readonly key: string;
}

interface Try {
  readonly method: string;
  readonly account: string;
  readonly known: boolean;
  readonly peer: Peer;
  readonly key: string;
}

/** `METHOD for [invalid user ]NAME from HOST port N ssh2[: KEY]`. NAME may hold anything, so the address is taken from behind it. */
function tried(message: string, at: number): Try | null {
  const blank = message.indexOf(' ', at);
  if (blank < 0 || !message.startsWith(' for ', blank)) return null;
  const known = !unknownAt(message, blank + 5);
  const start = known ? blank + 5 : blank + 18;
  const end = message.length - 5;
  const found =
    message.endsWith(' ssh2') || message.endsWith(' ssh1') ? { peer: called(message, peerBefore(message, end)), key: '' } : keyed(message, known);
  const nameEnd = found ? found.peer.start - 6 : -1;
  if (!found || nameEnd < start || found.peer.port === null || !message.startsWith(' from ', nameEnd)) return null;
  return { method: message.slice(at, blank), account: message.slice(start, nameEnd), known, ...found };
}

/** With UseDNS the host may stand there by its name; it is behind everything that the client could choose. */
function called(message: string, peer: Peer): Peer {
  if (peer.ip !== null || peer.port === null) return peer;
  return { ...peer, ip: sourceOf(message.slice(peer.start, message.indexOf(' ', peer.start))) };
}

function unknownAt(message: string, at: number): boolean {
  return message.startsWith('invalid user ', at) || message.startsWith('illegal user ', at);
}

/**
 * A certificate's id and a host-based client's user name are free text *behind* the address, the login name is free text before it. A key with
 * nothing but type and fingerprint settles it. Else an existing account has no blanks in its name, so the first place is the true one; for
 * an unknown name with several places nobody can say, and the address is left out.
 */
function keyed(message: string, known: boolean): Place | null {
  const last = message.lastIndexOf(KEYED);
  if (SIMPLE_KEY.test(message.slice(last + KEYED.length, last + KEYED.length + KEY_CHARS))) return placeAt(message, last);
  let first: Place | null = null;
  for (let at = message.indexOf(KEYED); at >= 0; at = message.indexOf(KEYED, at + 1)) {
    const place = placeAt(message, at);
    if (place && first) return { peer: { ...first.peer, ip: null }, key: '' };
    first ??= place;
    if (first && known) return first;
  }
  return first;
}

function placeAt(message: string, at: number): Place | null {
  const peer = peerBefore(message, at);
  const whole = peer.ip !== null && peer.port !== null && message.startsWith(' from ', peer.start - 6);
  return whole ? { peer, key: message.slice(at + KEYED.length) } : null;
}

const METHODS: Readonly<Record<string, LoginMethod>> = {
  password: 'password',
  publickey: 'publickey',
  hostbased: 'hostbased',
  none: 'none',
  'keyboard-interactive': 'keyboard-interactive',
  'keyboard-interactive/pam': 'keyboard-interactive',
  'gssapi-with-mic': 'gssapi',
  'gssapi-keyex': 'gssapi',
  gssapi: 'gssapi',
};

function methodOf(word: string): LoginMethod {
  return Object.hasOwn(METHODS, word) ? (METHODS[word] ?? 'unknown') : 'unknown';
}

/** `NAME from HOST[ port N]` up to the end of the message. */
function namedFrom(message: string, at: number, how: string, line: Line, end = message.length): EventDraft | null {
  const peer = peerBefore(message, end);
  const nameEnd = peer.start - 6;
  if (nameEnd < at || !message.startsWith(' from ', nameEnd)) return null;
  const blank = message.indexOf(' ', peer.start);
  const source = peer.ip ?? sourceOf(message.slice(peer.start, blank < 0 ? end : Math.min(blank, end)));
  return probed('sshd', how, source, message.slice(at, nameEnd), line.pid);
}

function bare(message: string, suffix: string): number {
  return message.endsWith(suffix) ? message.length - suffix.length : message.length;
}

export const patterns: readonly Pattern[] = [
  {
    name: 'failed',
    begins: ['Failed '],
    read(message, at, { pid }) {
      const said = tried(message, at);
      if (!said) return null;
      const { account, known, peer } = said;
      // RFC 4252 section 5.2: `none` asks which methods there are; no secret was tried.
      if (said.method === 'none') return probed('sshd', 'asked-methods', peer.ip, account, pid);
      const fields = { account, ip: peer.ip, port: peer.port, method: methodOf(said.method), service: 'sshd', known, times: 1, pid };
      return { kind: 'login.failed', fields };
    },
  },
  {
    name: 'accepted',
    begins: ['Accepted '],
    read(message, at, { pid }) {
      const said = tried(message, at);
      if (!said) return null;
      const fingerprint = /^\S+ ((?:[A-Z0-9]+:)?[\w+/=:$]{16,128})/.exec(said.key)?.[1] ?? null;
      const { account, peer } = said;
      return {
        kind: 'login.accepted',
        fields: { account, ip: peer.ip, port: peer.port, method: methodOf(said.method), service: 'sshd', fingerprint, pid },
      };
    },
  },
  { name: 'invalid-user', begins: ['Invalid user ', 'Illegal user '], read: (message, at, line) => namedFrom(message, at, 'invalid-user', line) },
  {
    name: 'not-allowed',
    begins: ['User '],
    read: (message, at, line) => namedFrom(message, at, 'not-allowed', line, message.lastIndexOf(' not allowed because ')),
  },
  {
    name: 'pam-refused',
    begins: ['PAM: '],
    read(message, at, line) {
      const found =
        /^(?:authentication (?:failure|error)|user not known to the underlying authentication module|permission denied) for (illegal user )?/i;
      const reason = found.exec(message.slice(at, at + 100));
      const via = /^(.{1,2000} from \S{1,255}) via \S{1,64}$/.exec(message.slice(0, 4000))?.[1] ?? message;
      return reason && namedFrom(via, at + reason[0].length, 'pam-refused', line);
    },
  },
  {
    name: 'pam-refused-old',
    begins: ['authentication failure; '],
    read(message, at, line) {
      if (line.program !== 'sshd(pam_unix)') return null;
      const found = PAM_WHO.exec(message.slice(at, at + 1000));
      return probed('sshd', 'pam-refused', sourceOf(found?.[1] ?? ''), found?.[2] ?? null, line.pid);
    },
  },
  {
    // pam_unix writes the first refusal at once and the others of the same conversation as a number at its end.
    name: 'pam-refused-more',
    begins: [...'123456789'],
    read(message, _at, line) {
      if (line.program !== 'sshd(pam_unix)') return null;
      const times = /^(\d{1,6}) more authentication failures?; /.exec(message.slice(0, 50))?.[1];
      const found = times === undefined ? null : PAM_WHO.exec(message.slice(0, 1000));
      const draft = probed('sshd', 'pam-refused', sourceOf(found?.[1] ?? ''), found?.[2] ?? null, line.pid);
      return draft && multiplied(draft, Number(times));
    },
  },
  {
    name: 'root-refused',
    begins: ['ROOT LOGIN REFUSED FROM '],
    read: (message, at, line) => probed('sshd', 'root-refused', peerAt(message, at).ip, 'root', line.pid),
  },
  {
    name: 'too-many-tries',
    begins: ['maximum authentication attempts exceeded for '],
    read(message, at, line) {
      const end = bare(message, PREAUTH);
      return namedFrom(message, at + (unknownAt(message, at) ? 13 : 0), 'too-many-tries', line, message.startsWith(' ssh2', end - 5) ? end - 5 : end);
    },
  },
  PAM_AUTH,
  PAM_SESSION,
];

export const sshd: Parser = {
  name: 'sshd',
  about: "Reads OpenSSH's lines about refused tries, accepted logins and sessions.",
  cannotSee:
    'Refused keys of existing accounts, which sshd writes down only at LogLevel VERBOSE, anything at LogLevel QUIET, and which address a host name (UseDNS) had.',
  programs: ['sshd', 'sshd-session', 'sshd-auth', 'sshd(pam_unix)'],
  needles: [
    'Failed ',
    'Accepted ',
    'nvalid user ',
    'llegal user ',
    ' not allowed because ',
    'PAM: ',
    'authentication failure; ',
    'authentication success; ',
    ' more authentication failure',
    'ROOT LOGIN REFUSED',
    'maximum authentication attempts',
    'session opened for user ',
    'session closed for user ',
  ],
  parse: firstOf(patterns, ['error: ', 'fatal: ']),
};
