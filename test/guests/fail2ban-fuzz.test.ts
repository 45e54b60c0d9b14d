/** All filters of the installed fail2ban on lines that nobody wrote: none throws, none takes long, none remembers more than it may. */

import * as fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFilter } from '../../src/guests/fail2ban/filter-reader.ts';
import { IniShelf } from '../../src/guests/fail2ban/includes.ts';
import { openFilter } from '../../src/guests/fail2ban/running-filter.ts';
import { realFiles } from './disk-files.ts';

const CONFIGURATION = '/etc/fail2ban';
const NOW = Date.UTC(2026, 2, 10, 12);

/** Parts that lines of servers are made of; some of each kind that patterns look for, and of what makes them go astray. */
const PARTS = [
  'Mar 10 11:00:00',
  '2026-03-10T11:00:00.123+01:00',
  '[10/Mar/2026:11:00:00 +0000]',
  '1773140400',
  '<38>1 ',
  'host',
  'sshd[77]:',
  'dovecot: imap-login:',
  'postfix/smtpd[1]:',
  'Failed password for invalid user',
  'authentication failure; rhost=',
  'from',
  '192.0.2.1',
  '::ffff:192.0.2.1',
  '2001:db8::1',
  'mail.example.com',
  'user=<x>',
  'port 22 ssh2',
  '[preauth]',
  '"GET /../../etc/passwd HTTP/1.1" 404',
  '- -',
  '[error]',
  '[client 192.0.2.1:80]',
  ': ',
  ' ',
  '[',
  ']',
  '"',
  '\\',
  '\t',
  '\r',
  '\n',
  '\u0000',
  '\ufffd',
  '\ud800',
  'ü',
  '\u00a0',
  '😀',
];

const partOf = fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...PARTS) }, { weight: 1, arbitrary: fc.string({ maxLength: 20, unit: 'binary' }) });
const lineOf = fc.array(partOf, { minLength: 1, maxLength: 25 }).map((parts) => parts.join(' '));
/** One part over and over: what patterns with nested repeats choke on. */
const longOf = fc.tuple(lineOf, partOf, fc.constantFrom('', ' ', '.', ':'), lineOf).map(([before, part, between, after]) => {
  const unit = `${part}${between}` || ' ';
  return `${before}${unit.repeat(Math.ceil(65_536 / unit.length))}${after}`.slice(0, 65_536);
});

describe('filters on any line', () => {
  const names = fs.existsSync(`${CONFIGURATION}/filter.d`)
    ? realFiles
        .list(`${CONFIGURATION}/filter.d`)
        .flatMap((name) => (name.endsWith('.conf') && !name.endsWith('common.conf') ? [name.slice(0, -'.conf'.length)] : []))
    : [];
  const test = names.length > 0 ? it : it.skip;
  const missing = names.length > 0 ? '' : ` (not run: ${CONFIGURATION}/filter.d is not there)`;
  const shelf = new IniShelf(realFiles);
  const options = [{}, { mode: 'aggressive' }, { logtype: 'rfc5424' }, { logtype: 'journal' }];
  const open = () =>
    names.flatMap((name) =>
      options.map((chosen) => openFilter(readFilter(realFiles, CONFIGURATION, name, chosen, { shelf }), { zone: (local) => local, now: () => NOW })),
    );

  test(`ordinary lines that were mangled${missing}`, () => {
    const filters = open();
    fc.assert(
      fc.property(lineOf, (line) => {
        for (const filter of filters) {
          for (const hit of filter.feed(line)) expect(hit.id ?? hit.ip ?? hit.host).not.toBeNull();
        }
      }),
      { numRuns: 100 },
    );
    for (const filter of filters) expect(filter.blind.count).toBe(0);
  }, 120_000);

  test(`lines of 64 KiB: given up at worst, and told of${missing}`, () => {
    const filters = open();
    fc.assert(
      fc.property(longOf, fc.nat(), (line, which) => {
        for (let step = 0; step < 12; step += 1) filters[(which + step * 31) % filters.length]?.feed(line);
      }),
      { numRuns: 60 },
    );
    for (const { blind, name } of filters) if (blind.count > 0) expect(blind.last).toMatchObject({ filter: name, lineLength: 65_536 });
  }, 120_000);

  test(`probing any line${missing}`, () => {
    const filters = open().filter((_, index) => index % 8 === 0);
    fc.assert(
      fc.property(lineOf, fc.nat(), (line, which) => {
        const probed = filters[which % filters.length]?.probe(line);
        for (const { reached } of probed?.tried ?? []) expect(reached ?? 0).toBeLessThanOrEqual(line.length);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
