/** Reads what sendmail writes about clients whom it refused. */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { form } from '../core/refused.ts';
import type { Line } from '../core/words.ts';

/** `relay=HOST [192.0.2.9]`, with `(may be forged)` behind it where forward and reverse name disagree. */
const RELAY = 'relay=(?:[^\\s,\\[\\]]{1,255} )?\\[(?:IPv6:)?(?<ip>[^\\s\\]]{2,64})\\](?: \\(may be forged\\))?';
const CLIENT = '(?:[^\\s,\\[\\]]{1,255} )?\\[(?:IPv6:)?(?<ip>[^\\s\\]]{2,64})\\](?: \\(may be forged\\))?';

export const patterns: readonly Pattern[] = [
  form('auth-failed', 'sendmail', ['AUTH failure '], `\\([\\w-]{1,40}\\): .{1,200}?(?:, user=(?<account>[^,\\s]{1,320}))?, ${RELAY}$`),
  form('relay-denied', 'sendmail', ['ruleset=check_rcpt, '], `arg1=.{0,330}?, ${RELAY}, reject=5\\d\\d .{0,330}?Relaying denied`, 'relay-denied'),
  form('rejected', 'sendmail', ['ruleset=check_'], `[a-z]{3,10}, arg1=.{0,330}?, ${RELAY}, (?:reject=5\\d\\d|discard)`, 'rejected'),
  form(
    'relay-denied-short',
    'sendmail',
    ['Relaying denied. '],
    `(?:IP name lookup failed|Proper authentication required\\.|IP name possibly forged) ?\\[(?:IPv6:)?(?<ip>[^\\s\\]]{2,64})\\]`,
    'relay-denied',
  ),
  form(
    'pre-greeting',
    'sendmail',
    ['rejecting commands from '],
    `${CLIENT} (?:\\[[^\\]]{2,64}\\] )?(?:due to pre-greeting traffic|during)`,
    'bad-protocol',
  ),
  form('no-mail', 'sendmail', [''], `${CLIENT} did not issue MAIL/EXPN/VRFY/ETRN during connection to `, 'hung-up'),
  form('bad-commands', 'sendmail', [''], `${CLIENT}: possible SMTP attack: command=`, 'bad-protocol'),
];

/** `w8G1XyzA012345: `: the queue's id, where the line has one. */
function withoutQueueId(line: Line): Line {
  const id = /^[A-Za-z\d]{12,20}: /.exec(line.message)?.[0];
  return id === undefined ? line : { ...line, message: line.message.slice(id.length) };
}

export const sendmail: Parser = {
  name: 'sendmail',
  about: "Reads sendmail's lines about clients that were refused or sent no mail.",
  cannotSee: 'The account that was tried before 8.16, and refusals of milters with texts of their own.',
  programs: ['sendmail', 'sm-mta', 'sm-msp', 'sm-acceptingconnections', 'mta'],
  needles: ['AUTH failure ', 'ruleset=check_', 'Relaying denied', 'rejecting commands from ', 'did not issue MAIL', 'possible SMTP attack'],
  parse: firstOf(patterns, [], withoutQueueId),
};
