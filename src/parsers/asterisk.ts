/** Reads what Asterisk writes about telephones and callers that it refused. */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { form, refused } from '../core/refused.ts';
import type { EventDraft } from '../core/words.ts';

/** `NOTICE[811][C-00000001] chan_sip.c: `, in lines of its own log; with line and function in some. */
const LEVELS = ['NOTICE[', 'WARNING[', 'SECURITY[', 'ERROR['];
const HEAD = '\\d{1,10}\\](?:\\[[\\w-]{1,20}\\])?:? (?:\\[[^\\]]{0,60}\\] )?[\\w./-]{1,60}:(?:\\d{1,6})?(?: in \\w{1,60}:| \\w{1,60}:)? ';
const PORT = '(?::(?<port>\\d{1,5}))?';
const IP = '\\[?(?<ip>[\\da-fA-F:.]{2,45}?)\\]?';
/** `'"100" <sip:100@192.0.2.1>'`: what the caller calls himself; his number stands before the `@`. */
const CALLER = "'(?:\"[^\"]{0,200}\" ?)?<?(?:sips?:)?(?<account>[^@>'\\s;]{0,256})?[^']{0,300}'";

function said(name: string, after: string, how: string | null = null): Pattern {
  return form(name, 'asterisk', LEVELS, `${HEAD}${after}`, how);
}

const REFUSALS = /SecurityEvent="(?:InvalidAccountID|InvalidPassword|ChallengeResponseFailed|FailedACL|InvalidTransport)",/;
/** Values stand in quotation marks; a caller who writes one of these keys into his name makes a second. */
const KEYS = /(?:^|,)(AccountID|RemoteAddress)="([^"]{0,256})"/g;

function securityEvent(message: string, pid: number | null): EventDraft | null {
  if (!REFUSALS.test(message.slice(0, 300))) return null;
  const values = [...message.matchAll(KEYS)];
  if (values.length !== 2) return null;
  const of = (key: string) => values.find((found) => found[1] === key)?.[2];
  const ip = /^IPV[46]\/\w{2,4}\/([\da-fA-F:.]{2,45})\/\d{1,5}$/.exec(of('RemoteAddress') ?? '')?.[1];
  return refused('asterisk', { ip, account: of('AccountID') }, pid);
}

export const patterns: readonly Pattern[] = [
  said('registration', `Registration from ${CALLER} failed for '${IP}${PORT}' - `),
  said('request', `Request (?:'?[\\w ]{1,40}'? )?from ${CALLER} failed for '${IP}${PORT}' \\(callid: .{1,300}\\) - `),
  said(
    'not-registered',
    `(?:Host )?${IP}${PORT} (?:failed (?:to authenticate|MD5 authentication)|tried to authenticate)(?: (?:as|for) '(?<account>[^']{1,256})')?`,
  ),
  said('no-registration', `No registration for peer '(?<account>[^']{0,256})' \\(from ${IP}\\)`),
  said(
    'no-extension',
    `Call from '(?<account>[^']{0,256})' \\((?:\\w{2,4}:)?${IP}${PORT}\\) to extension '[^']{0,256}' rejected because extension not found`,
    'rejected',
  ),
  said('attempt-detected', `[Hh]acking attempt detected '${IP}'`),
  form(
    'unknown-connection',
    'asterisk',
    LEVELS,
    `\\d{1,10}\\](?:\\[[\\w-]{1,20}\\])? Ext\\. s: "Rejecting unknown SIP connection from ${IP}${PORT}"`,
    'rejected',
  ),
  { name: 'security-event', begins: LEVELS, read: (message, _at, { pid }) => securityEvent(message, pid) },
];

export const asterisk: Parser = {
  name: 'asterisk',
  about: 'Reads lines of Asterisk about telephones that registered with a wrong number or password, and calls that were refused.',
  cannotSee: "Calls that a dial plan lets through at its owner's expense, and security events where the logger has no `security`.",
  programs: ['asterisk'],
  needles: [
    'Registration from ',
    'SecurityEvent=',
    'failed for ',
    'authenticate',
    'No registration',
    'rejected because',
    'Rejecting unknown',
    'acking attempt',
  ],
  parse: firstOf(patterns),
};
