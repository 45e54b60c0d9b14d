import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { expect, it } from 'vitest';
import { look } from '../whole-logs.ts';

async function findings(lines: readonly string[]) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-services-'));
  try {
    fs.writeFileSync(path.join(folder, 'mail.log'), `${lines.join('\n')}\n`);
    return (await look([path.join(folder, 'mail.log')], 2026)).findings.filter((finding) => finding.detector === 'password-guessing');
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

const minute = (n: number) => `Mar  3 09:${String(n).padStart(2, '0')}:00 mx1`;

it('guesses at a mail server are counted, and nothing is claimed of accounts that nobody told of', async () => {
  const found = await findings(
    [1, 2, 3, 4, 5, 6].map(
      (n) => `${minute(n)} postfix/smtpd[81${n}]: warning: x[192.0.2.9]: SASL PLAIN authentication failed: no, sasl_username=info`,
    ),
  );
  expect(found).toHaveLength(1);
  expect(found[0]?.says).toContain('192.0.2.9 was refused 6 times');
  expect(found[0]?.says).not.toMatch(/exist/);
});

it('visitors who are only turned away guess nothing', async () => {
  const away = [
    'postfix/smtpd[811]: lost connection after EHLO from x[192.0.2.9]',
    'postfix/smtpd[811]: NOQUEUE: reject: RCPT from x[192.0.2.9]: 550 5.1.1 <a@b>: Recipient address rejected: User unknown; from=<> to=<a@b>',
    "named[811]: client @0x7f 192.0.2.9#3074 (x.example): query (cache) 'x.example/ANY/IN' denied",
    'dovecot: auth-worker(822): pam(info,192.0.2.9): unknown user',
  ];
  expect(await findings([1, 2, 3, 4, 5, 6].flatMap((n) => away.map((line) => `${minute(n)} ${line}`)))).toEqual([]);
});

const HOUR = 60 * 60_000;
const START = Date.UTC(2026, 2, 3, 9);
const stamp = (at: number) => `${new Date(at).toISOString().slice(0, 19)}+00:00 mx1`;
/** So many lines, evenly spaced. */
const every = (ms: number, count: number, line: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => `${stamp(START + n * ms)} ${line(n)}`);
const sasl = (ip: string, name: string, n: number) =>
  `postfix/smtpd[${4000 + n}]: warning: x[${ip}]: SASL PLAIN authentication failed: , sasl_username=${name}`;

it('a telephone or a probe with an old password is explained for weeks, on its one account', async () => {
  for (const lines of [every(HOUR, 400, (n) => sasl('192.0.2.9', 'alice', n)), every(HOUR / 12, 900, (n) => sasl('192.0.2.9', 'probe', n))]) {
    const [found, ...more] = await findings(lines);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ severity: 'low', explained: expect.stringContaining('old password'), figures: { services: 'mail' } });
  }
});

it('a list is none of them: fast, on several names, or in heaps', async () => {
  for (const lines of [
    every(7_000, 60, (n) => sasl('192.0.2.9', 'alice', n)),
    every(HOUR, 400, (n) => sasl('192.0.2.9', n % 2 ? 'alice' : 'bob', n)),
    every(HOUR, 4, (n) => sasl('192.0.2.9', 'alice', n)).concat(every(1_000, 300, (n) => sasl('192.0.2.9', 'alice', n))),
  ]) {
    expect(await findings(lines.sort())).toMatchObject([{ severity: 'medium' }]);
  }
});

it('the server that was tried is named, and sshd is not', async () => {
  const [found] = await findings(every(1_000, 30, (n) => `vsftpd[${n + 1}]: [www] FAIL LOGIN: Client "192.0.2.9"`));
  expect(found?.says).toContain('was refused 30 times by the FTP server within');
});
