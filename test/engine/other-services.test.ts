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
