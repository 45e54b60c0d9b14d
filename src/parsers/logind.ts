/** Reads systemd-logind's lines about sessions that begin and end. */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';

export const patterns: readonly Pattern[] = [
  {
    name: 'new-session',
    begins: ['New session '],
    read(message, at) {
      // Since systemd 253 the names stand in quotation marks and class and type follow.
      const found = /^'?([\w-]{1,64})'? of user '?([^\s']{1,256}?)'?(?:\.$| with class )/.exec(message.slice(at, at + 400));
      if (!found) return null;
      return {
        kind: 'session.opened',
        fields: { account: found[2] ?? '', service: 'systemd-logind', by: null, session: found[1] ?? null, pid: null },
      };
    },
  },
  {
    // `Session 4 logged out. Waiting for processes to exit.` comes before and is not the end.
    name: 'removed-session',
    begins: ['Removed session '],
    read(message, at) {
      const found = /^'?([\w-]{1,64})'?\.$/.exec(message.slice(at, at + 100));
      return found ? { kind: 'session.closed', fields: { account: '', service: 'systemd-logind', session: found[1] ?? null, pid: null } } : null;
    },
  },
];

export const logind: Parser = {
  name: 'logind',
  about: "Reads systemd-logind's lines about sessions that began and ended.",
  cannotSee: 'Whose session it was that ended, which the line does not say, and logins that have no session.',
  programs: ['systemd-logind'],
  needles: ['New session ', 'Removed session '],
  parse: firstOf(patterns),
};
