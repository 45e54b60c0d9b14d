/** Reads what login(1), of util-linux and of shadow, writes about the console and serial lines. */

import type { Parser } from '../core/contracts.ts';
import { PAM_AUTH, PAM_SESSION } from '../core/pam.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { addressOf } from '../core/peer.ts';
import type { EventDraft, Line } from '../core/words.ts';

/** PAM_USER_UNKNOWN's text (pam_strerror(3)); login writes UNKNOWN in place of a name that does not exist. */
const UNKNOWN = 'User not known to the underlying authentication module';

function failed(account: string, from: string, why: string, { pid }: Line): EventDraft {
  const known = account !== 'UNKNOWN' && account !== '(unknown)' && why !== UNKNOWN;
  return { kind: 'login.failed', fields: { account, ip: addressOf(from), port: null, method: 'password', service: 'login', known, times: 1, pid } };
}

function accepted(account: string, from: string, { pid }: Line): EventDraft {
  return {
    kind: 'login.accepted',
    fields: { account, ip: addressOf(from), port: null, method: 'password', service: 'login', fingerprint: null, pid },
  };
}

export const patterns: readonly Pattern[] = [
  {
    // shadow: `(N) on 'TTY'[ from 'HOST'] FOR 'NAME', WHY`. The name is what was typed, so it ends at the last `', `.
    name: 'failed-shadow',
    begins: ['FAILED LOGIN ('],
    read(message, at, line) {
      const found = /^\d{1,9}\) ?(?: on '[^']{0,64}')?(?: from '([^']{0,255})')? FOR '/.exec(message.slice(at, at + 400));
      const end = message.lastIndexOf("', ");
      const start = at + (found?.[0].length ?? 0);
      return !found || end < start ? null : failed(message.slice(start, end), found[1] ?? '', message.slice(end + 3), line);
    },
  },
  {
    // util-linux: one of these a try; the last try is told by TOO MANY LOGIN TRIES, or by SESSION where it was given up.
    name: 'failed-util-linux',
    begins: ['FAILED LOGIN ', 'TOO MANY LOGIN TRIES '],
    read(message, at, line) {
      const found = /^(?:\d{1,9}|\(\d{1,9}\)|SESSION) FROM (\S{1,255}) FOR /.exec(message.slice(at, at + 300));
      const end = message.lastIndexOf(', ');
      const start = at + (found?.[0].length ?? 0);
      return !found || end < start ? null : failed(message.slice(start, end), found[1] ?? '', message.slice(end + 2), line);
    },
  },
  {
    name: 'root-login',
    begins: ['ROOT LOGIN'],
    read(message, at, line) {
      const found = /^ {1,2}(?:ON \S{1,64}(?: FROM (\S{1,255}))?|on '[^']{1,64}'(?: from '([^']{1,255})')?)$/.exec(message.slice(at, at + 500));
      return found && accepted('root', found[1] ?? found[2] ?? '', line);
    },
  },
  {
    name: 'login-on',
    begins: ['LOGIN ON ', 'DIALUP AT '],
    read(message, at, line) {
      const found = /^\S{1,64} BY (\S{1,256})(?: FROM (\S{1,255}))?$/.exec(message.slice(at, at + 600));
      return found && accepted(found[1] ?? '', found[2] ?? '', line);
    },
  },
  PAM_AUTH,
  PAM_SESSION,
];

export const login: Parser = {
  name: 'login',
  about: "Reads login's lines about tries and logins at the console.",
  cannotSee: 'Graphical logins, and the name typed when it does not exist, which login hides because it may be a password.',
  programs: ['login', 'login(pam_unix)', 'remote'],
  needles: [
    'FAILED LOGIN ',
    'TOO MANY LOGIN TRIES',
    'ROOT LOGIN',
    'LOGIN ON ',
    'DIALUP AT ',
    'authentication failure',
    'authentication success',
    'session opened for user ',
    'session closed for user ',
  ],
  parse: firstOf(patterns),
};
