/** Names are chosen by attackers: whatever stands in them, account and address are those that sshd wrote. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parser } from '../../src/core/contracts.ts';
import { dropbear } from '../../src/parsers/dropbear.ts';
import { login } from '../../src/parsers/login.ts';
import { sshd } from '../../src/parsers/sshd.ts';
import { sshdVisits } from '../../src/parsers/sshd-visits.ts';
import { su } from '../../src/parsers/su.ts';
import { parsers } from '../../src/registry.ts';
import { lineOf, patternsOf } from './harness.ts';

const KEY = 'SHA256:Zf0vPqM2rE1T8y4kLwXcB7nGh5JdAo9SuVtRiYxQe3U';
const PIECES = [
  ' from ',
  ' port ',
  '22',
  ' ssh2',
  ' ssh2: ',
  `RSA ${KEY}`,
  '203.0.113.9',
  "'",
  '"',
  '\n',
  '#012',
  ' [preauth]',
  ' for ',
  'invalid user ',
];
const MORE = [
  'Accepted password for root',
  ': ',
  ' with ',
  ':1',
  '',
  ' ',
  'é',
  '\u202e',
  '\udc80',
  ' not allowed because ',
  "', ",
  'message repeated 2 times: [ ',
  ']',
];

const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.array(fc.constantFrom(...PIECES, ...MORE), { maxLength: 12 }).map((parts) => parts.join('')),
);
const group = fc.integer({ min: 1, max: 0xffff }).map((number) => number.toString(16));
const ip = fc.oneof(
  fc.ipV4(),
  fc.array(group, { minLength: 8, maxLength: 8 }).map((groups) => groups.join(':')),
);
const port = fc.integer({ min: 1, max: 65_535 });

type Form = (name: string, ip: string, port: number) => string;

const FORMS: readonly (readonly [string, Parser, Form])[] = [
  ['sshd password', sshd, (name, ip, port) => `Failed password for invalid user ${name} from ${ip} port ${port} ssh2`],
  ['sshd keyboard', sshd, (name, ip, port) => `Failed keyboard-interactive/pam for invalid user ${name} from ${ip} port ${port} ssh2`],
  ['sshd key', sshd, (name, ip, port) => `Failed publickey for invalid user ${name} from ${ip} port ${port} ssh2: RSA ${KEY}`],
  ['sshd repeated', sshd, (name, ip, port) => `message repeated 3 times: [ Failed password for invalid user ${name} from ${ip} port ${port} ssh2]`],
  ['sshd invalid', sshd, (name, ip, port) => `Invalid user ${name} from ${ip} port ${port}`],
  [
    'sshd too many',
    sshd,
    (name, ip, port) => `error: maximum authentication attempts exceeded for invalid user ${name} from ${ip} port ${port} ssh2 [preauth]`,
  ],
  ['sshd closed', sshdVisits, (name, ip, port) => `Connection closed by invalid user ${name} ${ip} port ${port} [preauth]`],
  ['sshd disconnected', sshdVisits, (name, ip, port) => `Disconnected from invalid user ${name} ${ip} port ${port} [preauth]`],
  ['dropbear', dropbear, (name, ip, port) => `Bad password attempt for '${name}' from ${ip}:${port}`],
];

it.each(FORMS)('%s: the name and the address are those that were written', (_form, parser, form) => {
  fc.assert(
    fc.property(name, ip, port, (name, ip, port) => {
      const message = form(name, ip, port);
      expect(parser.parse({ ...lineOf('sshd[1]: x'), message })?.fields).toMatchObject({ account: name, ip });
    }),
    { numRuns: 500 },
  );
});

it('a certificate id that forges an address never moves the blame', () => {
  const forged = [
    ' from 203.0.113.9 port 22 ssh2: ',
    ' from 203.0.113.9 port 22 ssh2',
    `A ${KEY}`,
    'RSA-CERT ID ',
    ' (serial 1) CA ',
    ' ssh2: ',
    'x',
  ];
  const forging = fc.array(fc.constantFrom(...forged), { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(forging, forging, ip, port, (name, id, ip, port) => {
      const message = `Failed publickey for invalid user ${name} from ${ip} port ${port} ssh2: RSA-CERT ID ${id} (serial 1) CA RSA ${KEY}`;
      const fields = sshd.parse({ ...lineOf('sshd[1]: x'), message })?.fields;
      expect([ip, null]).toContain(fields && 'ip' in fields ? fields.ip : null);
    }),
    { numRuns: 1000 },
  );
  fc.assert(
    fc.property(forging, ip, port, (id, ip, port) => {
      const message = `Failed publickey for git from ${ip} port ${port} ssh2: RSA-CERT ID ${id} (serial 1) CA RSA ${KEY}`;
      expect(sshd.parse({ ...lineOf('sshd[1]: x'), message })?.fields).toMatchObject({ account: 'git', ip, port });
    }),
  );
});

it('the name typed at su and login is no part of the line around it', () => {
  fc.assert(
    fc.property(name, (name) => {
      const line = lineOf('su[1]: x');
      expect(su.parse({ ...line, message: `FAILED SU (to ${name}) alice on pts/0` })?.fields).toMatchObject({ account: 'alice', target: name });
      const typed = `FAILED LOGIN (1) on '/dev/tty1' FOR '${name}', Authentication failure`;
      expect(login.parse({ ...line, message: typed })?.fields).toMatchObject({ account: name, ip: null });
    }),
  );
});

describe('hostile lines', () => {
  it('never throw', async () => {
    for (const parser of parsers) {
      const begins = (await patternsOf(parser.name)).flatMap((pattern) => pattern.begins);
      fc.assert(
        fc.property(fc.constantFrom(...begins, 'message repeated 2 times: [ ', ''), name, (begin, rest) => {
          const line = { ...lineOf('x[1]: x'), program: parser.programs[0] ?? '' };
          expect(() => parser.parse({ ...line, message: begin + rest })).not.toThrow();
          expect(() => parser.parse({ ...line, message: rest })).not.toThrow();
        }),
      );
    }
  });

  /** A parser with quadratic time needs minutes for these: 64 KB of each piece behind each beginning. */
  it('of 64 KB are read in the time of the suite', async () => {
    const LONG = 65_536;
    let read = 0;
    for (const parser of parsers) {
      const begins = new Set((await patternsOf(parser.name)).flatMap((pattern) => pattern.begins));
      for (const begin of begins) {
        for (const piece of [...PIECES, ...MORE, 'a', ' ; USER=root', ' ; COMMAND=', ' from 192.0.2.9 port 22 ssh2: RSA-CERT ID '].filter(
          (piece) => piece,
        )) {
          const message = begin + piece.repeat(LONG / piece.length) + (read % 2 ? ' [preauth]' : ' ssh2');
          parser.parse({ ...lineOf('x[1]: x'), program: parser.programs[0] ?? '', message });
          read += 1;
        }
      }
    }
    expect(read).toBeGreaterThan(200);
  });
});
