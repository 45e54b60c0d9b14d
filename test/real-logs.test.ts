/** Whole logs through the eyes, the sieve and all detectors: real ones beside what others counted in them, and hostile ones made here. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entriesIn, guessersIn, look } from './whole-logs.ts';

const DATA = process.env['TOCSIN_DATA'] ?? new URL('../../shared/data', import.meta.url).pathname;
let folder: string;

beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-real-logs-'));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function written(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  fs.writeFileSync(file, content);
  return file;
}

/** Skipped by a name that says why, where the data is not there. */
function itWith(file: string, name: string, test: (file: string) => Promise<void>): void {
  const place = `${DATA}/${file}`;
  if (fs.existsSync(place)) it(`${file}: ${name}`, () => test(place));
  else it.skip(`${file}: ${name} (not run: the data is not there; set TOCSIN_DATA)`, () => {});
}

/** Text lines out of a file with one JSON object a line, as a log file. */
function unpacked(file: string, name: string): { readonly log: string; readonly lines: readonly string[] } {
  const rows = fs.readFileSync(file, 'utf8').trim().split('\n');
  const lines = rows.map((row) => {
    const { line }: { readonly line: string } = JSON.parse(row);
    return line;
  });
  return { log: written(name, `${lines.join('\n')}\n`), lines };
}

describe('real logs', () => {
  itWith('real-logs/secrepo-auth-2015.log', 'failures of all addresses are those of fail2ban, and nobody got in', async (log) => {
    const truth: {
      readonly 'oracle_fail2ban_1.0.2_normal': { readonly failures_per_address: Record<string, number>; readonly [banned: string]: unknown };
    } = JSON.parse(fs.readFileSync(log.replace(/\.log$/, '.truth.json'), 'utf8'));
    const oracle = truth['oracle_fail2ban_1.0.2_normal'];
    const seen = await look([log], 2015);
    expect(seen.tries).toEqual(oracle.failures_per_address);
    expect(seen.past.logins()).toEqual([]);
    expect(entriesIn(seen)).toEqual([]);
    expect(Object.keys(guessersIn(seen)).sort()).toEqual([...(oracle['banned_by_default_jail(5 in 600 s)'] as string[])].sort());
    for (const [ip, failures] of Object.entries(guessersIn(seen))) expect([ip, failures]).toEqual([ip, oracle.failures_per_address[ip]]);
    for (const { detector, key, figures } of seen.findings) {
      if (detector === 'user-enumeration') expect([key, figures?.['tries']]).toEqual([key, oracle.failures_per_address[key.replace('address ', '')]]);
    }
    expect([seen.past.from, seen.past.to].map((at) => new Date(at ?? 0).getUTCFullYear())).toEqual([2015, 2015]);
  });

  itWith('loghub-2k/OpenSSH.jsonl', 'as many tries as passwords were refused, and the one login came after none', async (file) => {
    const { log, lines } = unpacked(file, 'openssh.log');
    const expected: Record<string, number> = {};
    for (const line of lines) {
      const times = Number(/message repeated (\d+) times/.exec(line)?.[1] ?? 1);
      const ip = /Failed password for .* from (\S+) port \d+ ssh2\]?$/.exec(line)?.[1];
      if (ip) expected[ip] = (expected[ip] ?? 0) + times;
    }
    const seen = await look([log], 2015);
    // An address that only asked for a name, and had no password refused, is counted once a connection.
    for (const ip of Object.keys(expected)) expect([ip, (seen.tries[ip] ?? 0) >= (expected[ip] ?? 0)]).toEqual([ip, true]);
    for (const [ip, failures] of Object.entries(guessersIn(seen))) expect([ip, failures]).toEqual([ip, seen.tries[ip]]);
    expect(seen.past.logins().map((run) => run.times)).toEqual(lines.filter((line) => / Accepted /.test(line)).map(() => 1));
    expect(entriesIn(seen)).toEqual([]);
  });

  itWith('loghub-2k/Linux.jsonl', 'what pam_unix refused is counted for each address or host name', async (file) => {
    const { log, lines } = unpacked(file, 'linux.log');
    const expected: Record<string, number> = {};
    for (const line of lines) {
      const ip = / sshd\(pam_unix\)\[\d+\]: authentication failure; .* rhost=([^\s.]+\.\S+)\s*(?:user=\S+\s*)?$/.exec(line)?.[1]?.toLowerCase();
      if (ip) expected[ip] = (expected[ip] ?? 0) + 1;
    }
    const seen = await look([log], 2015);
    expect(seen.tries).toEqual(expected);
    expect(entriesIn(seen)).toEqual([]);
  });
});

const GUESSER = '203.0.113.7';

/** Six connections a second apart, each with one refused password. */
function sixRefused(day = 'Mar  3 09:40', ip = GUESSER): string[] {
  return [0, 1, 2, 3, 4, 5].map((second) => `${day}:0${second} h sshd[${100 + second}]: Failed password for root from ${ip} port 4000 ssh2`);
}

const accepted = (stamp: string) => `${stamp} h sshd[200]: Accepted password for root from ${GUESSER} port 4001 ssh2`;

describe('hostile logs', () => {
  it('finds the entry in an honest one: the measure for all that follow', async () => {
    const seen = await look([written('honest.log', [...sixRefused(), accepted('Mar  3 09:41:00')].join('\n'))]);
    expect(guessersIn(seen)).toEqual({ [GUESSER]: 6 });
    expect(entriesIn(seen)).toEqual([`root ${GUESSER}`]);
  });

  it('reads on through binary junk, and says how many lines had no header', async () => {
    const junk = Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7) % 256).filter((byte) => byte !== 10));
    const lines = sixRefused().flatMap((line) => [junk, Buffer.from(`\n${line}\n`)]);
    const seen = await look([written('junk.log', Buffer.concat([...lines, Buffer.from(`${accepted('Mar  3 09:41:00')}\n`)]))]);
    expect(seen.tries).toEqual({ [GUESSER]: 6 });
    expect(entriesIn(seen)).toHaveLength(1);
    expect(seen.coverage).toMatchObject([{ state: 'partial', lines: 13, detail: expect.stringContaining('6 lines without a syslog header') }]);
  });

  it('survives a line of 10 MB, numbers the lines behind it rightly, and says what was skipped', async () => {
    const long = `Mar  3 09:40:00 h sshd[1]: ${'A'.repeat(10_000_000)}`;
    const seen = await look([written('long.log', [...sixRefused(), long, accepted('Mar  3 09:41:00')].join('\n'))]);
    expect(seen.tries).toEqual({ [GUESSER]: 6 });
    expect(seen.past.logins()[0]?.recent[0]?.evidence.line).toBe(8);
    expect(seen.coverage.map((one) => one.detail).join('; ')).toMatch(/longer than 1 MiB.*skipped.*1 over-long line cut/s);
  });

  it('reads line ends of Windows', async () => {
    const seen = await look([written('crlf.log', [...sixRefused(), accepted('Mar  3 09:41:00'), ''].join('\r\n'))]);
    expect(seen.tries).toEqual({ [GUESSER]: 6 });
    expect(entriesIn(seen)).toHaveLength(1);
    expect(seen.coverage[0]?.state).toBe('read');
  });

  it('says that a rotated part is missing', async () => {
    const files = [
      written('auth.log', accepted('Mar  3 09:41:00')),
      written('auth.log.1', 'Mar  2 09:00:00 h sshd[9]: Server listening on :: port 22.\n'),
      written('auth.log.3', sixRefused('Mar  1 09:40').join('\n')),
    ];
    const seen = await look(files, 2026);
    expect(seen.tries).toEqual({ [GUESSER]: 6 });
    expect(seen.coverage).toContainEqual(expect.objectContaining({ state: 'partial', detail: `rotated parts are missing: ${files[0]}.2` }));
  });

  it('counts each try once when the clock is set back, and says so', async () => {
    const lines = [...sixRefused('Mar  3 09:40'), ...sixRefused('Mar  3 07:10').map((line) => line.replaceAll('sshd[1', 'sshd[3'))];
    const seen = await look([written('back.log', lines.join('\n'))]);
    expect(guessersIn(seen)).toEqual({ [GUESSER]: 12 });
    expect(seen.coverage[0]).toMatchObject({ state: 'partial', detail: expect.stringContaining('the clock went back 1 time') });
  });

  it('carries the year over New Year, so that minutes stay minutes', async () => {
    const stamps = ['Dec 31 23:58:00', 'Dec 31 23:59:00', 'Dec 31 23:59:59', 'Jan  1 00:00:01', 'Jan  1 00:02:00'];
    const lines = stamps.map((stamp, index) => `${stamp} h sshd[${index}]: Failed password for root from ${GUESSER} port 1 ssh2`);
    const seen = await look([written('new-year.log', [...lines, accepted('Jan  1 00:03:00')].join('\n'))], 2024);
    const [found] = seen.findings.filter((finding) => finding.detector === 'password-guessing');
    expect(found).toMatchObject({ from: Date.UTC(2023, 11, 31, 23, 58), to: Date.UTC(2024, 0, 1, 0, 2), figures: { failures: 5, spanMs: 240_000 } });
    expect(entriesIn(seen)).toHaveLength(1);
  });

  it('counts what an old syslogd leaves out as repeated', async () => {
    const lines = [...sixRefused().slice(0, 1), 'Mar  3 09:40:09 h last message repeated 5 times'];
    expect(guessersIn(await look([written('repeated.log', lines.join('\n'))]))).toEqual({ [GUESSER]: 6 });
  });
});

/** What sshd writes of one connection that gives a name which does not exist; names come in visible ASCII (vis(3)), 100 characters at most. */
function refusedName(name: string, pid: number): string[] {
  const said = name.slice(0, 100);
  const head = `Mar  3 09:40:00 h sshd[${pid}]:`;
  return [
    `${head} Invalid user ${said} from ${GUESSER} port 4000`,
    `${head} Failed none for invalid user ${said} from ${GUESSER} port 4000 ssh2`,
    `${head} Failed password for invalid user ${said} from ${GUESSER} port 4000 ssh2`,
    `${head} Connection closed by invalid user ${said} ${GUESSER} port 4000 [preauth]`,
  ];
}

const FORGERIES = [
  'root from 1.2.3.4 port 22 ssh2',
  'x Accepted password for root from 9.9.9.9 port 1 ssh2',
  'Accepted password for root from 9.9.9.9 port 1 ssh2',
  'x from 1.2.3.4 port 22 ssh2: RSA SHA256:AAAA',
  'x from 1.2.3.4 not allowed because y',
  'message repeated 99 times: [ Failed password for root from 1.2.3.4 port 22 ssh2]',
  'last message repeated 99 times',
  'authenticating user root 1.2.3.4 port 22 [preauth]',
  'x; rhost=1.2.3.4 user=root',
];

describe('forged names', () => {
  it.each(FORGERIES)('blames nobody else for the name `%s`, and lets nobody in', async (name) => {
    const seen = await look([written('forged.log', refusedName(name, 50).join('\n'))]);
    expect(seen.tries).toEqual({ [GUESSER]: 1 });
    expect(seen.past.guesses({}).map((run) => run.account)).toEqual([name]);
    expect(seen.past.logins()).toEqual([]);
  });

  it('nor for any mixture of such words', async () => {
    const words = [
      ...FORGERIES,
      ' from ',
      '1.2.3.4',
      ' port 22',
      ' ssh2',
      ': ',
      '[preauth]',
      ' for ',
      'invalid user ',
      'Failed password',
      "'",
      '"',
      ')',
    ];
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }), async (pieces) => {
        const name = pieces.join('').trim().slice(0, 100).trim();
        const seen = await look([written('mixed.log', refusedName(name, 50).join('\n'))]);
        expect(seen.tries).toEqual({ [GUESSER]: 1 });
        expect(seen.past.logins()).toEqual([]);
        expect(entriesIn(seen)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});
