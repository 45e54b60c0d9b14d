/** Reads the access logs of web servers and proxies: who asked for what, and what was answered. */

import { readAccess } from '../core/access-line.ts';
import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import type { EventDraft } from '../core/words.ts';

function requested(message: string): EventDraft | null {
  const read = readAccess(message);
  return read && { kind: 'web.request', fields: read.request };
}

export const patterns: readonly Pattern[] = [
  { name: 'json', begins: ['{'], read: requested },
  { name: 'quoted', begins: [''], read: requested },
];

export const webAccess: Parser = {
  name: 'web-access',
  about: 'Reads access logs of Apache, nginx, lighttpd, Caddy, Traefik, squid and HAProxy, as text and as JSON.',
  cannotSee: 'what was sent in the body of a request, headers that are not logged, and formats without a quoted request line.',
  programs: ['web-access', 'haproxy', 'nginx', 'httpd', 'apache2', 'apache', 'caddy', 'traefik', 'lighttpd'],
  needles: ['HTTP/', '] "', '":"', '": "'],
  parse: firstOf(patterns),
};
