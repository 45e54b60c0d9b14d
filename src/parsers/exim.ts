/** Reads what exim writes about clients whom it refused: wrong passwords, relaying, broken talk. */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { EXIM_HOST, form } from '../core/refused.ts';

/** What may follow the address: interface, ident, TLS and sender, as log_selector has it; values hold no blanks outside quotation marks. */
const MORE = '(?: (?:I|U|X|CV|SNI|F|P|TFO|L|D|A|from)=?(?:"[^"]{0,200}"|\\S{0,200})){0,10}';
/** The server's own side of the connection (log_selector +incoming_interface). */
const OWN_SIDE = '(?: I=\\[[^\\]\\s]{2,64}\\]:\\d{1,5})?';

export const patterns: readonly Pattern[] = [
  form(
    'authenticator',
    'exim',
    [''],
    `\\w{1,60} authenticator failed for (?:host )?${EXIM_HOST}${MORE} ?: 535 .{0,120}?(?:\\(set_id=(?<account>[^)]{1,320})\\).{0,100})?$`,
  ),
  form(
    'authenticator-bare',
    'exim',
    ['authenticator failed for '],
    `${EXIM_HOST}${MORE} ?: 535 .{0,120}?(?:\\(set_id=(?<account>[^)]{1,320})\\).{0,100})?$`,
  ),
  form('protocol-error', 'exim', ['SMTP protocol error in '], `".{0,600}" (?:H=)?${EXIM_HOST}${OWN_SIDE}(?: [^\\[\\]]{0,200})?$`, 'bad-protocol'),
  form(
    'syntax-error',
    'exim',
    ['SMTP protocol synchronization error ', 'SMTP syntax error in '],
    `(?:\\([^)]{0,200}\\): (?:.{0,300}(?<= |from ))?|".{0,600}" )H=${EXIM_HOST}${OWN_SIDE}(?: [^\\[\\]]{0,300})?$`,
    'bad-protocol',
  ),
  form(
    'relay-denied',
    'exim',
    ['H='],
    `${EXIM_HOST}${MORE} rejected RCPT .{0,330}?: (?:relay not permitted|Relay(?:ing)? (?:access )?denied)`,
    'relay-denied',
  ),
  form(
    'rejected',
    'exim',
    ['H='],
    `${EXIM_HOST}${MORE} (?:rejected (?:RCPT|VRFY|EXPN|EHLO|HELO|MAIL|connection|after DATA)|sender verify fail for)`,
    'rejected',
  ),
  form('ratelimited', 'exim', ['H='], `${EXIM_HOST}${MORE} temporarily rejected (?:connection|RCPT|MAIL|AUTH)`, 'rejected'),
  form('no-mail', 'exim', ['no MAIL in SMTP connection '], `from (?:H=)?${EXIM_HOST}`, 'bad-protocol'),
  form('too-many', 'exim', ['SMTP call from '], `(?:H=)?${EXIM_HOST}(?:${MORE}) dropped: too many `, 'bad-protocol'),
  form('rejected-hello', 'exim', ['rejected EHLO from ', 'rejected HELO from '], `(?:H=)?${EXIM_HOST}`, 'bad-protocol'),
];

export const exim: Parser = {
  name: 'exim',
  about: "Reads exim's lines about clients that were refused or did not speak mail.",
  cannotSee: 'The account where the authenticator sets no set_id, and what ACLs with messages of their own say.',
  programs: ['exim', 'exim4'],
  needles: [
    'authenticator failed for ',
    'SMTP protocol ',
    'SMTP syntax error',
    'rejected ',
    'sender verify fail',
    'dropped: too many',
    'no MAIL in ',
  ],
  parse: firstOf(patterns),
};
