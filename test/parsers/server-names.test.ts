/**
 * Names, greetings and mail addresses that clients send to mail, FTP and other servers stand in their log lines. Whatever they hold, whole lines of
 * the same form with another address too, nobody but the client itself is blamed.
 */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Parser } from '../../src/core/contracts.ts';
import { parsers } from '../../src/registry.ts';
import { lineOf, samplesOf } from './harness.ts';

const SERVERS = ['auditd', 'databases', 'exim', 'ftp', 'keyed', 'mailboxes', 'openvpn', 'postfix', 'sendmail', 'web-errors', 'web-logins'] as const;
/** Whom the client would like to see blamed. */
const VICTIM = '203.0.113.99';
const CLIENT = '198.51.100.7';

interface Form {
  readonly where: string;
  readonly parser: Parser;
  readonly program: string;
  readonly account: string;
  readonly before: string;
  readonly after: string;
}

const LITERAL = /^[\da-f.:]+$/;

function fieldsOf(expected: unknown): Readonly<Record<string, unknown>> {
  // Samples are JSON that other tests compare with events.
  return (expected as { readonly fields?: Readonly<Record<string, unknown>> } | null)?.fields ?? {};
}

/** Samples with a name and an address, cut where the name stands; the client is its address everywhere. */
function formsOf(name: string): Form[] {
  const parser = parsers.find((one) => one.name === name);
  if (!parser) throw new Error(`no parser ${name}`);
  return samplesOf(name).flatMap(({ where, line, expected }) => {
    const fields = fieldsOf(expected);
    const { account, ip } = fields;
    // PAM names only accounts that exist.
    if (fields['how'] === 'pam-told' && name !== 'auditd') return [];
    if (typeof account !== 'string' || account === '' || typeof ip !== 'string' || !LITERAL.test(ip)) return [];
    const message = line.message.replaceAll(ip, CLIENT);
    const at = message.indexOf(account);
    if (at < 0 || parser.parse({ ...line, message })?.kind === undefined) return [];
    return [{ where, parser, program: line.program, account, before: message.slice(0, at), after: message.slice(at + account.length) }];
  });
}

/**
 * What servers do to names before they write them: none lets a line feed through; JSON and quoted values are escaped, and the audit system writes what
 * has blanks or quotation marks as hexadecimal (audit_encode_value).
 */
function written(form: Form, name: string): string {
  const line = name.replaceAll(/[\n\r]/g, ' ');
  if (form.parser.name === 'auditd') return line.replaceAll(/[^!#-~]/g, '_');
  return form.before.startsWith('{') || form.parser.name === 'keyed' ? JSON.stringify(line).slice(1, -1) : line;
}

function forgeries(form: Form): fc.Arbitrary<string> {
  const forge = (text: string) => text.replaceAll(CLIENT, VICTIM);
  const [before, after] = [forge(form.before), forge(form.after)];
  const pieces = [
    before + form.account + after,
    after,
    form.account + after,
    before,
    `${form.account}${after} `,
    ' ',
    'x',
    '"',
    "'",
    '>',
    ']',
    ')',
    `[${VICTIM}]`,
    `(${VICTIM})`,
    VICTIM,
    ` from ${VICTIM}`,
    ` port 22`,
    `rip=${VICTIM}, `,
    `, client: ${VICTIM}, `,
    `rhost=${VICTIM} user=root msg=`,
    `, ip=[${VICTIM}]`,
    `@`,
    `Accepted password for root from ${VICTIM} port 22 ssh2`,
  ];
  const cut = fc.tuple(fc.constantFrom(...pieces), fc.nat(200), fc.nat(400)).map(([piece, from, to]) => piece.slice(from % (piece.length + 1), to));
  return fc
    .array(fc.oneof(fc.constantFrom(...pieces), cut, fc.string({ unit: 'binary', maxLength: 4 })), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(''));
}

function blamed(form: Form, name: string): unknown {
  const message = form.before + written(form, name) + form.after;
  const fields = form.parser.parse({ ...lineOf('x[1]: x'), program: form.program, message, raw: message })?.fields;
  return fields && 'ip' in fields ? fields.ip : null;
}

/** Other words of the client: greetings (HELO), senders and recipients, names of hosts and databases; `?` stands for them. */
const WORDS: readonly (readonly [string, string, string])[] = [
  ['exim', 'exim4', `login authenticator failed for (?) [${CLIENT}]: 535 Incorrect authentication data (set_id=info)`],
  ['exim', 'exim4', `login authenticator failed for host.example.org (?) [${CLIENT}]:4711: 535 Incorrect authentication data`],
  ['exim', 'exim4', `H=(?) [${CLIENT}] rejected RCPT <a@example.org>: relay not permitted`],
  ['exim', 'exim4', `H=(x) [${CLIENT}] F=<?> rejected RCPT <a@example.org>: relay not permitted`],
  ['exim', 'exim4', `SMTP protocol error in "?" H=(x) [${CLIENT}] AUTH command used when not advertised`],
  [
    'postfix',
    'postfix/smtpd',
    `NOQUEUE: reject: RCPT from x[${CLIENT}]: 554 5.7.1 <?>: Relay access denied; from=<a@b> to=<c@d> proto=ESMTP helo=<?>`,
  ],
  ['postfix', 'postfix/smtpd', `warning: x[${CLIENT}]: SASL ? authentication failed: UGFzc3dvcmQ6, sasl_username=?`],
  ['postfix', 'postfix/postscreen', `PREGREET 11 after 0.1 from [${CLIENT}]:4711: ?`],
  ['sendmail', 'sendmail', `ruleset=check_rcpt, arg1=<?>, relay=x [${CLIENT}], reject=550 5.7.1 <?>... Relaying denied`],
  ['sendmail', 'sendmail', `AUTH failure (PLAIN): user not found (-20) ?, user=?, relay=x [${CLIENT}]`],
  ['databases', 'mysqld', `Aborted connection 9 to db: '?' user: 'unauthenticated' host: '${CLIENT}' (Got timeout)`],
  ['ftp', 'proftpd', `h.example.org (x[${CLIENT}]) - USER ?: no such user found from x [${CLIENT}] to 192.0.2.1:21`],
  ['mailboxes', 'dovecot', `imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<info>, method=?, rip=${CLIENT}, lip=192.0.2.1`],
  ['web-errors', 'apache-error', `[client ${CLIENT}:4711] AH01618: user ? not found: /?`],
  ['web-errors', 'nginx-error', `user "?": password mismatch, client: ${CLIENT}, server: x, request: "GET /? HTTP/1.1", host: "?"`],
];

it.each(WORDS)('%s, %s: %s blames nobody else, whatever stands in it', (name, program, text) => {
  const parser = parsers.find((one) => one.name === name);
  if (!parser) throw new Error(`no parser ${name}`);
  const [before = '', ...rest] = text.split('?');
  const form: Form = { where: text, parser, program, account: 'x', before, after: rest.join('x') };
  expect(blamed(form, 'x')).toBe(CLIENT);
  fc.assert(
    fc.property(forgeries(form), (word) => {
      const message = text.split('?').join(written(form, word));
      const fields = parser.parse({ ...lineOf('x[1]: x'), program, message, raw: message })?.fields;
      expect([CLIENT, null]).toContain(fields && 'ip' in fields ? fields.ip : null);
    }),
    { numRuns: 400 },
  );
});

describe.each(SERVERS)('%s', (server) => {
  const forms = formsOf(server);

  it('has samples with names, or tells none', () => {
    expect(forms.length > 0 || server === 'openvpn').toBe(true);
  });

  it.each(forms.map((form) => [form.where, form] as const))('%s: no name moves the blame', (_where, form) => {
    expect(blamed(form, form.account)).toBe(CLIENT);
    fc.assert(
      fc.property(forgeries(form), (name) => {
        expect([CLIENT, null]).toContain(blamed(form, name));
      }),
      { numRuns: 400 },
    );
  });
});
