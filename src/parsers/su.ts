/** Reads su's lines, of util-linux and of shadow: who became whom, and who was refused. */

import type { Parser } from '../core/contracts.ts';
import { PAM_SESSION } from '../core/pam.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import type { EventDraft } from '../core/words.ts';

function became(account: string, target: string, tty: string | null): EventDraft {
  const known = tty === 'none' || tty === '???' ? null : tty;
  return { kind: 'privilege.used', fields: { account, target, command: 'su', cwd: null, tty: known, service: 'su' } };
}

function refused(account: string, target: string): EventDraft {
  return { kind: 'privilege.refused', fields: { account, target, command: 'su', service: 'su', times: 1 } };
}

/** `(to TARGET) ACCOUNT on TTY`: the target was typed by whoever asked, so account and terminal are read from the end. */
function toward(message: string, at: number): { account: string; target: string; tty: string } | null {
  const found = /\) (\S{1,256}) on (\S{1,64})$/.exec(message.slice(-330));
  if (!found) return null;
  const end = message.length - found[0].length;
  return end < at ? null : { target: message.slice(at, end), account: found[1] ?? '', tty: found[2] ?? '' };
}

/** `TARGET by ACCOUNT`, the same way. */
function byWhom(message: string, at: number): { account: string; target: string } | null {
  const by = message.lastIndexOf(' by ');
  return by < at ? null : { target: message.slice(at, by), account: message.slice(by + 4) };
}

export const patterns: readonly Pattern[] = [
  {
    name: 'became',
    begins: ['(to '],
    read(message, at) {
      const who = toward(message, at);
      return who && became(who.account, who.target, who.tty);
    },
  },
  {
    name: 'refused',
    begins: ['FAILED SU (to '],
    read(message, at) {
      const who = toward(message, at);
      return who && refused(who.account, who.target);
    },
  },
  {
    name: 'became-by',
    begins: ['Successful su for '],
    read(message, at) {
      const who = byWhom(message, at);
      return who && became(who.account, who.target, null);
    },
  },
  {
    name: 'refused-by',
    begins: ['FAILED su for '],
    read(message, at) {
      const who = byWhom(message, at);
      return who && refused(who.account, who.target);
    },
  },
  {
    // shadow before 4.1 wrote only this; later ones write `+ TTY ACCOUNT:TARGET` beside `Successful su for`, which has told it already.
    name: 'old-shadow',
    begins: ['+ ', '- '],
    read(message, at) {
      const found = /^(\S{1,64}) ([^\s:-]{1,256})-(\S{1,256})$/.exec(message.slice(at, at + 600));
      if (!found) return null;
      const [, tty = '', account = '', target = ''] = found;
      return message.startsWith('+') ? became(account, target, tty) : refused(account, target);
    },
  },
  PAM_SESSION,
];

export const su: Parser = {
  name: 'su',
  about: "Reads su's lines about accounts that became others, and about refusals.",
  cannotSee: 'What was done in the shell that su opened.',
  programs: ['su', 'su-l', 'su(pam_unix)'],
  needles: ['(to ', ' su for ', ' pts/', ' tty', '/dev/', 'session opened for user ', 'session closed for user '],
  parse: firstOf(patterns),
};
