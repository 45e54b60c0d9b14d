/** Reads the error logs of Apache and nginx where they tell of refused log-ins, and of requests that were denied. */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { form } from '../core/refused.ts';
import type { Line } from '../core/words.ts';

/** Apache puts the client first, nginx behind what it says; both before anything that could hold another. */
const CLIENT = '(?<ip>[\\da-fA-F:.]{2,45}?)(?::(?<port>\\d{1,5}))?\\] (?:AH\\d{5}: )?';
const NGINX_CLIENT = ', client: (?<ip>[\\da-fA-F:.]{2,45}),';
const SEVEN = '.{0,700}?';

export const patterns: readonly Pattern[] = [
  form(
    'apache-digest',
    'apache',
    ['[client '],
    `${CLIENT}(?:user \`?(?<account>.{0,256}?)'? in realm .{1,256}? (?:not found|denied by provider)|Digest: user|client used wrong authentication scheme|invalid (?:opaque|qop) )`,
  ),
  form(
    'apache-password',
    'apache',
    ['[client '],
    `${CLIENT}user (?<account>.{0,256}?)(?:: authentication failure for| not found: |: password mismatch:|: one-time-nonce mismatch)`,
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
  form('nginx-password', 'nginx', ['user "'], `(?<account>[^"]{0,256})":? (?:password mismatch|was not found in "[^"]{1,300}")${NGINX_CLIENT}`),
  form('nginx-no-user', 'nginx', ['no user/password was provided for basic authentication'], NGINX_CLIENT, 'refused'),
  form('nginx-limit', 'nginx', ['limiting requests, ', 'limiting connections by '], `${SEVEN}${NGINX_CLIENT}`, 'too-many-requests'),
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
  needles: ['[client ', 'user "', 'no user/password', 'limiting ', 'access forbidden'],
  parse: firstOf(patterns, [], certain),
};
