/** Imported jails beside the real thing: the same lines, the same jails, the same bans at the same lines. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JailSentry } from '../../../src/engine/jail-sentry.ts';
import { jailsOf } from '../../../src/engine/jails-of.ts';
import { networks } from '../../../src/eyes/networks.ts';
import { readJails } from '../../../src/guests/fail2ban/jail-reader.ts';
import { chunkOf } from '../../fake-eyes.ts';
import { realFiles } from '../../guests/disk-files.ts';
import { Draw, labSeed } from '../draw.ts';
import { LabHost, noLab, pause } from '../host.ts';
import { Jailer, noFail2ban } from '../jailer.ts';
import { drawnLines, type ServiceLine } from '../service-lines.ts';

const FILES = ['auth.log', 'mail.log', 'nginx-error.log', 'apache-error.log', 'vsftpd.log'];
const LINES = 500;
/**
 * Two waves of three seconds: what is counted over `findtime` of four is lost between them. fail2ban looks for what is over now and then only, and
 * until then estimates by the rate: with two failures for a ban both come to the same.
 */
const WAVES = 2;
const BATCHES = 25;
const BATCH_MS = 100;
const BETWEEN_MS = 10_000;
const JAILS = `[DEFAULT]
backend = polling
usedns = no
findtime = 10m
bantime = 1h
maxretry = 4
ignoreself = false
ignoreip = 198.51.100.64/28 2001:db8:7::/48
action = nftables-paper[name=%(__name__)s]
filter = %(__name__)s
${[
  ['sshd', 'auth.log', ''],
  // The same log once more, with another window and other counting.
  ['pam-generic', 'auth.log', 'maxretry = 2\nfindtime = 4'],
  ['postfix', 'mail.log', ''],
  ['dovecot', 'mail.log', 'maxretry = 3'],
  ['nginx-http-auth', 'nginx-error.log', 'maxretry = 2\nfindtime = 4'],
  ['apache-auth', '*-error.log', ''],
  ['vsftpd', 'vsftpd.log', 'maxretry = 5'],
]
  .map(([name, log, more]) => `[${name}]\nenabled = true\nlogpath = LOGS/${log}\n${more}`)
  .join('\n')}
`;
const strangers = (draw: Draw) => [
  ...Array.from({ length: 28 }, () => draw.address('203.0.113')),
  ...['198.51.100.65', '2001:db8:7::5', '198.51.100.80'],
  ...Array.from({ length: 4 }, (_, at) => `2001:db8:8:${at + 1}::${draw.between(1, 9)}`),
];

interface Batch {
  readonly at: number;
  readonly file: string;
  readonly text: string;
}

/** Writes them as they would be written, and tells what was written when. */
async function written(jailer: Jailer, lines: readonly ((at: Date) => ServiceLine)[]): Promise<Batch[]> {
  const batches: Batch[] = [];
  const size = Math.ceil(lines.length / (WAVES * BATCHES));
  for (let from = 0; from < lines.length; from += size) {
    if (from > 0) await pause(from === Math.ceil(lines.length / WAVES) ? BETWEEN_MS : BATCH_MS);
    const at = Date.now();
    for (const line of lines.slice(from, from + size)) {
      const { file, text } = line(new Date(at));
      jailer.append(file, `${text}\n`);
      batches.push({ at, file, text: `${text}\n` });
    }
  }
  return batches;
}

/** Where the time is short, fail2ban says how many failures there were before it as well, if it has not yet looked for what is over. */
const SHORT = ['pam-generic', 'nginx-http-auth'];
const told = (jail: string, net: string, at: number, failures: number, line: string) =>
  `${jail} ${net} ${at} ${SHORT.includes(jail) ? '' : failures} ${line}`;

const missing = noLab() ?? noFail2ban();
const test = missing === null ? it : it.skip;

describe(`imported jails beside fail2ban, lab seed ${labSeed}`, () => {
  let jailer: Jailer;
  const draw = new Draw(labSeed);
  beforeEach(async () => {
    if (missing === null) jailer = await Jailer.start(JAILS, FILES);
  }, 30_000);
  afterEach(async () => {
    if (missing === null) await jailer.stop();
  });

  test(`${LINES} lines of seven services: the same addresses, at the same lines${missing === null ? '' : ` (not run: ${missing})`}`, async () => {
    const batches = await written(jailer, drawnLines(draw, LINES, strangers(draw)));
    const given = { networks: networks([]), own: [], spares: () => null, chance: () => 0, zone: (local: number) => local, now: Date.now() };
    const hear = (sentry: JailSentry) =>
      batches.flatMap(({ at, file, text }) => sentry.chunk(chunkOf(`${jailer.logs}/${file}`, text, at), at, true).decisions);
    const ours = readJails(realFiles, jailer.directory).jails.flatMap((jail) =>
      hear(new JailSentry([{ jail, zone: given.zone, zoneName: '', match: null }], given, given.now)).map(({ net, at, failures, evidence }) =>
        told(jail.name, net, at / 1_000, failures, evidence.at(-1)?.says ?? ''),
      ),
    );
    const around = networks([]);
    const theirs = () =>
      jailer
        .bans()
        .map(({ jail, ip, at, failures, line }) => told(jail, ip.includes(':') ? around.networkOf(ip) : ip, at, failures, line.slice(0, 300)));
    for (let waits = 0; waits < 100 && theirs().length < ours.length; waits += 1) await pause(100);
    // Long enough for bans that only it has.
    await pause(1_500);
    expect(ours.length).toBeGreaterThan(15);
    expect(ours.sort()).toEqual(theirs().sort());
    expect(new Set(ours.map((one) => one.split(' ')[0])).size).toBeGreaterThan(4);
    // All jails together shut out the same, each net once.
    const { sentry, notes } = jailsOf(realFiles, { ...given, directory: jailer.directory });
    const together = hear(sentry);
    expect([...new Set(together.map(({ net }) => net))].sort()).toEqual([...new Set(ours.map((one) => one.split(' ')[1] ?? ''))].sort());
    expect(notes).toHaveLength(1);
  }, 60_000);
});

const CONFIGURATION = `[DEFAULT]
backend = polling
usedns = no
maxretry = 4
action = nftables-paper[name=%(__name__)s]
[sshd]
enabled = true
logpath = /var/log/auth.log
maxretry = 8
[vsftpd]
enabled = true
logpath = /var/log/vsftpd.log
`;
const JOURNALLED = '[exim]\nenabled = true\nbackend = systemd\n';
const PAPER_ACTION = '[Definition]\nactionban = true\n';
const OUT = '/tmp/watch.jsonl';
const stampOf = () => new Date().toISOString().slice(0, 19);
const ftpLine = (ip: string, n: number) =>
  `${new Date().toUTCString().replace(/^(\w+), (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1 $3 $2 $5 $4')} [pid ${n}] [bob] FAIL LOGIN: Client "${ip}"`;
const sshLine = (ip: string, n: number) => `${stampOf()}+00:00 web1 sshd[${n}]: Failed password for root from ${ip} port ${n} ssh2`;

interface Said {
  readonly event: string;
  readonly id?: string;
  readonly net?: string;
  readonly because?: string;
  readonly says?: string;
}

describe('watching beside a running fail2ban', () => {
  let host: LabHost;
  const said = (): Said[] =>
    host
      .read(OUT)
      .split('\n')
      .flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  const told = () => said().flatMap(({ says }) => (says === undefined ? [] : [says]));
  const append = (path: string, line: string) => host.write(path, `${host.read(path)}${line}\n`);

  beforeEach(async () => {
    if (missing !== null) return;
    host = await LabHost.start('jails');
    host.write('/etc/fail2ban/jail.d/defaults-debian.conf', '');
    host.write('/etc/fail2ban/jail.local', CONFIGURATION);
    host.write('/etc/fail2ban/fail2ban.local', '[Definition]\ndbfile = :memory:\n');
    host.write('/etc/fail2ban/action.d/nftables-paper.conf', PAPER_ACTION);
    for (const log of ['auth.log', 'vsftpd.log', 'fail2ban.log', 'mail.log']) host.write(`/var/log/${log}`, '');
    await host.must(['mkdir', '-p', '/run/fail2ban']);
    host.spawn(['/usr/bin/fail2ban-server', '-f', '-x', 'start'], { environment: { TZ: 'UTC' } });
    await host.until('fail2ban', () => (host.read('/var/log/fail2ban.log').match(/Jail '\w+' started/g) ?? []).length === 2);
    await pause(1_500);
    host.write('/etc/fail2ban/jail.local', CONFIGURATION + JOURNALLED);
    host.write(OUT, '');
    host.spawn(['bash', '-c', `exec /opt/tocsin/bin/tocsin watch --jails --beside-fail2ban --json >>${OUT} 2>>/tmp/watch.err`]);
    await host.until('tocsin to watch', () => told().some((one) => one.startsWith('jails: ')));
  }, 60_000);
  afterEach(async () => host?.stop());

  test(`tells what it takes over, whom it would ban, and what both did${missing === null ? '' : ` (not run: ${missing})`}`, async () => {
    expect(told().find((one) => one.startsWith('jails: '))).toMatch(
      /^jails: 2 jails of fail2ban judge too \(sshd and vsftpd\): bans are for all ports/,
    );
    expect(told().some((one) => one.startsWith('jail exim does not judge: it reads the journal'))).toBe(true);
    for (let n = 1; n <= 4; n += 1) append('/var/log/vsftpd.log', ftpLine('203.0.113.9', n));
    // Enough for our own judge, and not for the jail.
    for (let n = 1; n <= 5; n += 1) append('/var/log/auth.log', sshLine('203.0.113.20', n));
    await host.until('both decisions', () => said().filter(({ event }) => event === 'decision').length === 2);
    const [jail] = said().filter(({ id }) => id?.startsWith('JAIL/vsftpd/'));
    expect(jail).toMatchObject({ net: '203.0.113.9' });
    expect(jail?.because).toMatch(/^jail vsftpd \(filter vsftpd, port .*\): 4 failures of 203.0.113.9 within \d+ s$/);
    await host.until('the ban of fail2ban', () => host.read('/var/log/fail2ban.log').includes('[vsftpd] Ban 203.0.113.9'));
    await pause(500);
    // Root's part, which hands it on.
    const [root = ''] = (await host.must(['pgrep', '-o', '-f', 'bin/tocsin watch --jails'])).split('\n');
    await host.must(['kill', '-USR1', root]);
    await host.until('the comparison', () => told().some((one) => one.startsWith('beside fail2ban: ')));
    expect(told().find((one) => one.startsWith('beside fail2ban: '))).toBe(
      'beside fail2ban: 1 ban the same, 1 ban only Tocsin, 0 bans only fail2ban',
    );
    expect(told().some((one) => one.startsWith('only Tocsin: 203.0.113.20, because 203.0.113.20 was refused 5 times'))).toBe(true);
    // It is still there, and tells again at its end.
    await host.must(['kill', '-TERM', root]);
    await host.until('its last word', () => told().filter((one) => one.startsWith('beside fail2ban: ')).length === 2);
  }, 40_000);
});
