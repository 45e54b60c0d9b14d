/** The options before the words of fail2ban-client: those of its own that name its files are taken and mean nothing here. */

import { STATE } from './bans-door.ts';
import { fail2banClient } from './bans-fail2ban.ts';
import type { Tellers } from './bans-words.ts';

/** fail2ban-client(1): options with a value, and without one. */
const WITH_VALUE = new Set([
  '-c',
  '--conf',
  '-s',
  '--socket',
  '-p',
  '--pidfile',
  '--pname',
  '--loglevel',
  '--logtarget',
  '--syslogsocket',
  '--timeout',
]);
const WITHOUT = new Set(['-d', '-v', '-q', '-x', '-b', '-f', '--async', '-vv', '-vvv']);
const NOT_OK = 255;

const HELP = `Usage: tocsin fail2ban-client [--hand SOCKET] [--state DIR] <COMMAND>

Takes the words that scripts give to fail2ban-client, carries them out by tocsin's hand, and answers in the shapes of fail2ban 1.0:
    ping                              is a hand running?
    status [JAIL [short]]             jails, or the bans of one
    banned [IP...]                    all bans by jail, or the jails that ban an address
    get JAIL banip [SEP|--with-time]  the bans of a jail
    get JAIL banned [IP]              the same as a list, or 1 or 0 for an address
    get JAIL ignoreip                 who is allowed
    set JAIL banip IP...              ban for a day
    set JAIL unbanip [--report-absent] IP...
    set JAIL addignoreip|delignoreip IP...
    unban --all | IP...               unban
    reload [--unban] [JAIL]           nothing needs reading again: OK
    version                           the version of tocsin
Bans that no imported jail decided belong to the jail "tocsin". Other words end with 255, as invalid commands do.
fail2ban's own options are taken; those that name its files mean nothing here. Exit status: 0, or 255 when anything was wrong.
`;

export async function called(words: readonly string[], version: string, tellers: Tellers): Promise<number> {
  let hand: string | undefined;
  let state = STATE;
  let at = 0;
  for (; words[at]?.startsWith('-'); at += 1) {
    const [name = '', value] = split(words[at] ?? '');
    if (name === '--hand' || name === '--state') {
      const its = value ?? words[++at];
      if (name === '--hand') hand = its;
      else state = its ?? state;
    } else if (WITH_VALUE.has(name)) at += value === undefined ? 1 : 0;
    else if (name === '-V' || name === '--version') return said(`${version}\n`, tellers);
    else if (name === '-h' || name === '--help') return said(HELP, tellers);
    else if (!WITHOUT.has(name)) {
      tellers.err(HELP);
      return NOT_OK;
    }
  }
  const rest = words.slice(at);
  if (rest.length > 0) return fail2banClient(rest, { state, ...(hand === undefined ? {} : { hand }) }, version, tellers);
  tellers.out(HELP);
  return NOT_OK;
}

function split(word: string): [string, string?] {
  const equals = word.startsWith('--') ? word.indexOf('=') : -1;
  return equals < 0 ? [word] : [word.slice(0, equals), word.slice(equals + 1)];
}

function said(text: string, { out }: Tellers): number {
  out(text);
  return 0;
}
