/** Reads what BIND writes about clients whom it refused: queries, transfers and updates that are not for them. */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { form } from '../core/refused.ts';

/** `client @0x7f13c4158c00 192.0.2.9#3074 (example.com): `; the name asked for is escaped by BIND and holds no bracket of its own (RFC 1035 section 5.1). */
const CLIENT = '(?:@0x[\\da-f]{1,20} )?(?<ip>[^\\s#]{2,64})#(?<port>\\d{1,5})(?:/key \\S{1,255})?(?: \\(.{0,300}?\\))?: (?:view [^\\s:]{1,60}: )?';

export const patterns: readonly Pattern[] = [
  form('query-denied', 'named', ['client '], `${CLIENT}query(?: \\(cache\\))?(?:-source)? .{0,300}? (?:denied|is not authoritative)`, 'query-denied'),
  form('transfer-denied', 'named', ['client '], `${CLIENT}(?:zone transfer .{0,300}? denied|bad zone transfer request)`, 'transfer-denied'),
  form(
    'update-denied',
    'named',
    ['client '],
    `${CLIENT}(?:update(?: forwarding)? .{0,300}? denied|updating zone .{0,300}?: update (?:failed|unsuccessful).{0,100}REFUSED)`,
    'update-denied',
  ),
];

export const named: Parser = {
  name: 'named',
  about: "Reads BIND's lines about queries, zone transfers and updates that it refused.",
  cannotSee: 'Forged senders: a refused query by UDP may come from anybody in the name of its victim.',
  programs: ['named'],
  needles: [' denied', 'bad zone transfer request', 'not authoritative', 'REFUSED'],
  parse: firstOf(patterns, ['security: error: ', 'security: info: ']),
};
