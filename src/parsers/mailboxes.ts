/** Reads what servers of mailboxes (dovecot, courier, cyrus, UW imapd) write about log-ins that they refused. */

import type { Parser } from '../core/contracts.ts';
import { PAM_AUTH } from '../core/pam.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { BRACKETED, form } from '../core/refused.ts';

const IP = '(?<ip>[^\\s,\\]\\[]{2,64})';
/** `user=<NAME>, method=PLAIN, rip=192.0.2.9, …`: name and method are absent where none was given. */
const DOVECOT_WHO = `(?:user=<(?<account>[^>]{0,320})>, )?(?:[\\w=-]{1,60},? )?rip=${IP}`;
const DOVECOT_LOGINS = ['imap', 'pop3', 'managesieve', 'submission'].flatMap((kind) => [`${kind}-login: `, `${kind}-login: Info: `]);
/** In words of dovecot's login-common: each attempt of the connection was refused. */
const ATTEMPTS = '\\(auth failed, (?<times>\\d{1,6}) attempts?(?: in \\d{1,9} secs)?\\)';

export const patterns: readonly Pattern[] = [
  form(
    'dovecot-refused',
    'dovecot',
    DOVECOT_LOGINS,
    `(?:Login aborted|Aborted login|Disconnected)(?:: [^:(<]{1,120})?(?: by [^:(<]{1,80})? ?${ATTEMPTS}(?: \\([\\w ]{1,60}\\))?: ${DOVECOT_WHO}`,
  ),
  form(
    'dovecot-tried-proxy',
    'dovecot',
    DOVECOT_LOGINS,
    `(?:Login aborted|Aborted login|Disconnected).{0,120}?\\((?:tried to use (?:disabled|disallowed) \\S{1,40} auth(?:entication)?|disallowed plaintext auth)\\)(?: \\([\\w ]{1,60}\\))?: ${DOVECOT_WHO}`,
    'bad-protocol',
  ),
  // The login process tells the same try once more, with the number of them: this one is not counted.
  form(
    'dovecot-backend',
    'dovecot',
    ['auth: ', 'auth-worker('],
    `(?:\\d{1,10}\\): )?(?:Info: |conn unix:.{1,80}: )?(?:auth-worker<\\d{1,6}>: )?(?:[\\w-]{1,40})\\((?<account>[^(),]{0,320}),${IP}(?:,.{0,60})?\\): (?:pam_authenticate\\(\\) failed|unknown user|Password mismatch|[Uu]nknown user|invalid credentials)`,
    'told-by-backend',
  ),
  form('courier-failed', 'courier', ['LOGIN FAILED, '], '(?:user=(?<account>[^,]{0,320})|method=[\\w-]{1,40}), ip=\\[(?<ip>[^\\s\\]]{2,64})\\]'),
  form('courier-smtp', 'courier', ['error,relay='], `(?<ip>[^\\s,]{2,64}),.{0,700}?: 535 Authentication failed`),
  form('courier-rejected', 'courier', ['error,relay='], `(?<ip>[^\\s,]{2,64}),.{0,700}?: 5(?:50|13|17) (?:User unknown|Relaying denied)`, 'rejected'),
  form(
    'cyrus-failed',
    'cyrus',
    ['badlogin: '],
    `(?:[^\\s\\[\\]]{0,255} ?)?\\[(?<ip>[^\\s\\]]{2,64})\\] (?:[\\w-]{1,40} (?:\\[(?<account>[^\\s\\[\\]]{1,320})\\] )?(?:SASL|\\(|invalid|checkpass|user not found|authentication failure|\\[)|\\S{1,40} )`,
  ),
  form(
    'uw-failed',
    'imapd',
    ['Login failed ', 'Login failure ', 'Login excessive login failures '],
    `user=(?<account>[^\\s=]{0,320}) auth=[^\\s=]{0,320} host=${BRACKETED.replace('[^\\s\\[\\]]{0,255}', '(?:[^\\s\\[\\]]{1,255} )?')}`,
  ),
  form('cucipop-failed', 'cucipop', ['authentication failure '], `(?<account>[^\\s]{1,320}) (?<ip>[^\\s]{2,64})$`),
  PAM_AUTH,
];

export const mailboxes: Parser = {
  name: 'mailboxes',
  about: 'Reads lines of dovecot, courier, cyrus and other mailbox servers about refused log-ins.',
  cannotSee: 'Accepted log-ins, which are many and open no shell.',
  programs: [
    'dovecot',
    'dovecot-auth',
    'imapd',
    'imapd-ssl',
    'pop3d',
    'pop3d-ssl',
    'courieresmtpd',
    'courierpop3login',
    'courierimaplogin',
    'ipop3d',
    'cucipop',
    ...cyrus(),
  ],
  needles: [
    'auth failed',
    'auth',
    'LOGIN FAILED',
    'error,relay=',
    'badlogin: ',
    'Login failed ',
    'Login failure ',
    'Login excessive ',
    'authentication ',
  ],
  parse: firstOf(patterns),
};

function cyrus(): string[] {
  const kinds = ['imap', 'imaps', 'pop3', 'pop3s', 'lmtp', 'nntp', 'http', 'sieve', 'timsieved', 'imapd', 'pop3d'];
  return [...kinds.map((kind) => `cyrus/${kind}`), 'imap', 'imaps', 'pop3', 'pop3s', 'timsieved'];
}
