/** Reads what postfix writes about clients whom it refused: wrong passwords, open-relay tries, talk before the greeting, and no mail at all. */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { BRACKETED, form } from '../core/refused.ts';

/** Replies with these codes refuse for what the client is or wants (RFC 3463: 5.7 policy, 5.1 address); 4.2.0 is greylisting, which asks to come back. */
const FINAL = '(?:5\\d\\d|4\\d\\d 4\\.(?:7\\.1|1\\.8))';
/** The service of master.cf stands before the program where `-o syslog_name` says so. */
const NAMES = ['postfix', 'postfix/smtps', 'postfix/submission', 'postfix/submissions', 'postfix-mta', 'postfix-out'];

export const patterns: readonly Pattern[] = [
  form(
    'sasl-failed',
    'postfix',
    [''],
    `${BRACKETED}: SASL [\\w-]{1,40} authentication (?:failed|aborted)(?!: (?:Connection lost|Invalid authentication mechanism|generic failure))(?::.{0,400}?)?(?:, sasl_username=(?<account>[^,\\s]{1,320}))?(?:,.{0,300})?$`,
  ),
  form('lost-after-auth', 'postfix', ['lost connection after AUTH from '], BRACKETED, 'lost-after-auth'),
  form(
    'lost-connection',
    'postfix',
    ['lost connection after '],
    `(?:CONNECT|EHLO|HELO|UNKNOWN|STARTTLS|RSET|NOOP|VRFY|MAIL|RCPT) from ${BRACKETED}`,
    'hung-up',
  ),
  form('not-smtp', 'postfix', ['non-SMTP command from '], BRACKETED, 'bad-protocol'),
  form(
    'pipelining',
    'postfix',
    ['improper command pipelining after ', 'too many errors after '],
    `[A-Z]{4,10}(?: \\(\\d{1,12} bytes\\))? from ${BRACKETED}`,
    'bad-protocol',
  ),
  form(
    'relay-denied',
    'postfix',
    ['NOQUEUE: reject: RCPT from '],
    `${BRACKETED}: [45]54 [45]\\.7\\.1 .{0,330}?: Relay access denied;`,
    'relay-denied',
  ),
  form(
    'rejected',
    'postfix',
    ['NOQUEUE: reject: '],
    `(?:RCPT|VRFY|HELO|EHLO|MAIL|CONNECT|AUTH|DATA|ETRN|END-OF-MESSAGE) from ${BRACKETED}: ${FINAL}`,
    'rejected',
  ),
  form('rejected-queued', 'postfix', ['milter-reject: '], `[A-Z-]{4,20} from ${BRACKETED}: 5\\d\\d`, 'rejected'),
  form('pregreet', 'postfix', ['PREGREET '], '\\d{1,9} after [\\d.]{1,12} from \\[(?<ip>[^\\s\\]]{2,64})\\]', 'bad-protocol'),
  form('hangup', 'postfix', ['HANGUP after '], '[\\d.]{1,12} from \\[(?<ip>[^\\s\\]]{2,64})\\]', 'hung-up'),
  form(
    'postscreen-tests',
    'postfix',
    ['NON-SMTP COMMAND ', 'COMMAND PIPELINING ', 'BARE NEWLINE '],
    'from \\[(?<ip>[^\\s\\]]{2,64})\\]',
    'bad-protocol',
  ),
];

export const postfix: Parser = {
  name: 'postfix',
  about: "Reads postfix's lines about clients that were refused or did not speak mail.",
  cannotSee: 'Which password was tried, and the account where postfix does not log sasl_username (before 3.8).',
  programs: NAMES.flatMap((name) => ['smtpd', 'postscreen'].map((daemon) => `${name}/${daemon}`)),
  needles: [
    'SASL ',
    'lost connection after ',
    'non-SMTP command',
    'command pipelining',
    'COMMAND',
    'too many errors',
    'reject: ',
    'PREGREET ',
    'HANGUP ',
    'BARE NEWLINE',
  ],
  parse: firstOf(patterns, ['warning: ']),
};
