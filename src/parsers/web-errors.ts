/** Reads the error logs of Apache and nginx where they tell of refused log-ins, and of requests that were denied. */

import type { Parser } from '../core/contracts.ts';
import { loginSaid } from '../core/login-words.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { form, refused } from '../core/refused.ts';
import type { EventDraft, Line } from '../core/words.ts';

/** Apache puts the client first, nginx behind what it says; both before anything that could hold another. */
const CLIENT = '(?<ip>[\\da-fA-F:.]{2,45}?)(?::(?<port>\\d{1,5}))?\\] (?:AH\\d{5}: )?';
const NGINX_CLIENT = ', client: (?<ip>[\\da-fA-F:.]{2,45}),';
const SEVEN = '.{0,700}?';

/** What an application behind the server wrote to its standard error: the server puts the client beside it. */
const APACHE_TOLD =
  /^(?<ip>[\da-fA-F:.]{2,45}?)(?::\d{1,5})?\] (?:AH\d{5}: )?(?:Got error '|FastCGI: server "[^"]{1,200}" stderr: )?(?:PHP message: |(?=(?:WAR|ERR|FAT|INF) \[))(?<says>.{1,600})/s;
const NGINX_TOLD = /^"(?:PHP message: )?(?<says>.{1,600}?)" while reading .{0,40}?, client: (?<ip>[\da-fA-F:.]{2,45}),/s;

function ofApplication(text: string, told: RegExp, pid: number | null): EventDraft | null {
  const { ip, says = '' } = told.exec(text.slice(0, 1_200))?.groups ?? {};
  const said = loginSaid(says.replace(/', referer: .*$/s, ''));
  return said.outcome === 'failure' ? refused('web', { ip, account: said.account ?? undefined }, pid) : null;
}

export const patterns: readonly Pattern[] = [
  form(
    'apache-digest',
    'apache',
    ['[client '],
    `${CLIENT}(?:user \`?(?<account>.{0,256}?)'? in realm .{1,256}? (?:not found|denied by provider)|Digest: (?:user|realm mismatch|invalid nonce|unknown algorithm|nonce )|realm mismatch - got |invalid nonce |unknown algorithm |client used wrong authentication scheme|invalid (?:opaque|qop) )`,
  ),
  form(
    'apache-password',
    'apache',
    ['[client '],
    `${CLIENT}user (?<account>.{0,256}?)(?:: authentication failure for| not found: |: password mismatch:|: one-time-nonce mismatch)`,
  ),
  form(
    'apache-not-allowed',
    'apache',
    ['[client '],
    `${CLIENT}(?:Authorization of user (?<account>\\S{1,256}) to access |user \\S{1,256}: authorization failure for )`,
    'refused',
  ),
  form('apache-denied', 'apache', ['[client '], `${CLIENT}client denied by server configuration: `, 'refused'),
  form(
    'modsecurity',
    'modsecurity',
    ['[client '],
    `(?<ip>[\\da-fA-F:.]{2,45}?)(?::(?<port>\\d{1,5}))?\\] (?:\\[client [^\\]]{2,60}\\] )?ModSecurity: (?:Access denied|Warning\\.)`,
    'rule',
  ),
  form(
    'apache-script',
    'apache',
    ['[client '],
    `${CLIENT}(?:script '.{1,300}' not found or unable to stat|.{1,300}: (?:Invalid URI in request|request failed: (?:error reading the headers|URI too long))|Invalid URI in request|Request exceeded the limit of|request failed: )`,
    'refused',
  ),
  {
    name: 'nginx-application',
    begins: ['FastCGI sent in stderr: '],
    read: (message, at, { pid }) => ofApplication(message.slice(at), NGINX_TOLD, pid),
  },
  form('nginx-password', 'nginx', ['user "'], `(?<account>[^"]{0,256})":? (?:password mismatch|was not found in "[^"]{1,300}")${NGINX_CLIENT}`),
  form('nginx-no-user', 'nginx', ['no user/password was provided for basic authentication'], NGINX_CLIENT, 'refused'),
  form('nginx-limit', 'nginx', ['limiting requests, ', 'limiting connections by '], `${SEVEN}${NGINX_CLIENT}`, 'too-many-requests'),
  form('nginx-tls', 'nginx', ['SSL_do_handshake() failed '], `\\(SSL: error:[^()]{1,300}\\) while SSL handshaking${NGINX_CLIENT}`, 'bad-protocol'),
  { name: 'apache-application', begins: ['[client '], read: (message, at, { pid }) => ofApplication(message.slice(at), APACHE_TOLD, pid) },
  form('nginx-denied', 'nginx', ['access forbidden by rule'], NGINX_CLIENT, 'refused'),
];

/**
 * nginx writes names and requests as they came, quotation marks too, so that a visitor can write a whole such line into his own: where two
 * clients stand in it nobody can say which is true.
 */
function certain(line: Line): Line {
  const first = line.message.indexOf(', client: ');
  return first >= 0 && line.message.includes(', client: ', first + 1) ? { ...line, message: '' } : line;
}

export const webErrors: Parser = {
  name: 'web-errors',
  about: 'Reads error logs of Apache and nginx about refused passwords, denied requests and rules of ModSecurity.',
  cannotSee: 'What an application refused by itself, which is in its own log, and the visitor behind a proxy.',
  programs: ['apache-error', 'nginx-error'],
  needles: ['[client ', 'user "', 'no user/password', 'limiting ', 'access forbidden', 'FastCGI sent', 'SSL_do_handshake'],
  parse: firstOf(patterns, [], certain),
};
