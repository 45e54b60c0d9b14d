import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event, Line } from '../../src/core/words.ts';
import type { Scanner } from '../../src/core/world.ts';
import { writeTables } from '../../src/engine/scan-tables.ts';
import { sift } from '../../src/engine/sieve.ts';
import { wantedBy } from '../../src/engine/wanted.ts';
import { compiledScanner, plainScanner } from '../../src/eyes/scanner.ts';
import { parsers } from '../../src/registry.ts';
import { INPUT, LAYOUT, RECORDS } from '../../src/scan/places.ts';
import * as record from '../../src/scan/record.ts';
import { chunkOf } from '../fake-eyes.ts';

const NOW = Date.UTC(2026, 5, 1);
const wanted = wantedBy(parsers);
const NONE: ReadonlySet<string> = new Set();
const compiled = compiledScanner(new URL('../../dist/scan/lines.wasm', import.meta.url));

const ip = fc.oneof(
  { weight: 4, arbitrary: fc.ipV4() },
  fc.constantFrom('0.0.0.0', '255.255.255.255', '256.1.1.1', '01.2.3.4', '1.2.3', '1.2.3.4.5', '::1', '::ffff:1.2.3.4', 'host.example.org', ''),
);
const name = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('root', 'admin', 'n0', 'www-data') },
  fc.constantFrom(
    'root',
    'a',
    'invalid user x',
    'from',
    'x from 1.2.3.4 port 5 ssh2',
    '',
    ' ',
    'é',
    'n'.repeat(48),
    'n'.repeat(49),
    '[preauth]',
    'port',
  ),
  fc.string({ unit: fc.constantFrom(...'abc .:[]1é'), maxLength: 12 }),
);
const port = fc.oneof(
  { weight: 3, arbitrary: fc.nat(65_535).map(String) },
  fc.nat(70_000).map(String),
  fc.constantFrom('', '007', '65535', '65536', '123456', 'x'),
);
const end = fc.constantFrom('', '', '', '', '', '', '', '', '', ' [preauth]', ' ', '  [preauth]', ' ssh2', '\r', '\u00a0', 'x');
const known = fc.constantFrom('', 'invalid user ', 'illegal user ', 'authenticating user ');

const message = fc
  .tuple(
    fc.constantFrom<(ip: string, name: string, port: string, known: string) => string>(
      (i, n, p, k) => `Failed password for ${k}${n} from ${i} port ${p} ssh2`,
      (i, n, p, k) => `Failed none for ${k}${n} from ${i} port ${p} ssh2`,
      (i, n, p, k) => `Failed keyboard-interactive/pam for ${k}${n} from ${i} port ${p} ssh2`,
      (i, n, p, k) => `Failed publickey for ${k}${n} from ${i} port ${p} ssh2: RSA SHA256:abcdefghijklmnop`,
      (i, n, p) => `Accepted password for ${n} from ${i} port ${p} ssh2`,
      (i, n, p) => `Invalid user ${n} from ${i} port ${p}`,
      (i, n) => `Invalid user ${n} from ${i}`,
      (i, n) => `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${i}  user=${n}`,
      (i) => `pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=${i} `,
      () => 'pam_unix(sshd:auth): check pass; user unknown',
      (i, n, p, k) => `Connection closed by ${k}${n} ${i} port ${p} [preauth]`,
      (i, _n, p) => `Connection closed by ${i} port ${p} [preauth]`,
      (i) => `Connection reset by ${i} [preauth]`,
      (i, n, p, k) => `Disconnected from ${k}${n} ${i} port ${p} [preauth]`,
      (i, _n, p) => `Disconnected from ${i} port ${p}`,
      (i, _n, p) => `Received disconnect from ${i} port ${p}:11: Bye Bye [preauth]`,
      (i, _n, p) => `Received disconnect from ${i} port ${p}:3: com.jcraft.jsch.JSchException: Auth fail [preauth]`,
      (i) => `Received disconnect from ${i}: 11: disconnected by user`,
      (i) => `Received disconnect from ${i}: 14: No more user authentication methods available. [preauth]`,
      (i, _n, p) => `Did not receive identification string from ${i} port ${p}`,
      (i) => `Did not receive identification string from ${i}`,
      (_i, n) => `input_userauth_request: invalid user ${n} [preauth]`,
      (i, n) => `reverse mapping checking getaddrinfo for ${n} [${i}] failed - POSSIBLE BREAK-IN ATTEMPT!`,
      (_i, n) => `pam_unix(sshd:session): session opened for user ${n}(uid=0) by (uid=0)`,
      (_i, n, p) => `pam_unix(cron:session): session opened for user ${n}(uid=${p}) by (uid=0)`,
      (_i, n) => `pam_unix(cron:session): session opened for user ${n} by (uid=0)`,
      (_i, n) => `pam_unix(crond:session): session opened for user root by ${n}(uid=0)`,
      (_i, n) => `pam_unix(cron:session): session closed for user ${n}`,
      (_i, n, p) => `pam_unix(crond:session): session closed for user ${n}(uid=${p})`,
      (_i, n) => n,
    ),
    ip,
    name,
    port,
    known,
    end,
  )
  .map(([make, i, n, p, k, e]) => `${make(i, n, p, k)}${e}`);

const usual = ['Mar  3 09:40:00', 'Mar  3 09:40:01', 'Mar  3 23:59:59', 'Mar  3 00:00:00'];
const stamp = fc.constantFrom(
  ...usual,
  ...usual,
  ...usual,
  ...usual,
  'Mar  3 09:40:00',
  'Mar  3 09:40:01',
  'Mar  3 23:59:59',
  'Mar  4 00:00:00',
  'Mar 14 09:40:00',
  'Mar 3 09:40:00',
  'Mar  3 09:40:60',
  '2026-03-03T09:40:00.123456+01:00',
  '2026-03-03T09:40:01.000001+01:00',
  '2026-03-04T09:40:01.000001+02:00',
  '2026-03-03T09:40:00Z',
  '2026-03-03T09:40:00',
  '<38>Mar  3 09:40:00',
);
const tag = fc.constantFrom(
  ...Array.from({ length: 12 }, () => 'sshd[7]'),
  'sshd[7]',
  'sshd[7]',
  'sshd[7]',
  'sshd[123456789]',
  'sshd[x]',
  'sshd',
  'sshd-session[8]',
  'SSHD[7]',
  'sudo',
  ...Array.from({ length: 6 }, () => 'CRON[9]'),
  'cron[1]',
  'crond',
  'nginx[5]',
  '[sshd]',
  'last',
);
const line = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.tuple(stamp, fc.constantFrom('h', 'h', 'h', 'h', 'h', 'h', 'web1'), tag, message).map(([s, h, t, m]) => `${s} ${h} ${t}: ${m}`),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom('Mar  3 09:40:02 h last message repeated 3 times', 'Mar  3 09:40:02 h sshd[7]: last message repeated 2 times'),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '\u0000\u0000', '{"x":1}', '-- Boot 1 --', 'junk', `Mar  3 09:40:00 h sshd[7]: ${'a'.repeat(9_000)}`) },
);

interface Went {
  readonly told: readonly Partial<Event>[];
  readonly counts: Omit<ReturnType<typeof sift>, 'hosts'> & { readonly hosts: readonly string[] };
}

/** `alone` = each line is a chunk of its own, so that each is read in full. */
function through(text: string, scanner: Scanner, alone: boolean): Went {
  const told: Partial<Event>[] = [];
  const whole = chunkOf('/var/log/auth.log', text, NOW);
  const taking = {
    line(one: Line) {
      const [draft] = parsers.filter((parser) => parser.programs.includes(one.program)).flatMap((parser) => parser.parse(one) ?? []);
      if (draft) told.push({ ...draft, at: one.at, source: one.source, line: one.line, raw: one.raw } as Event);
    },
    told: ({ kind, fields, at, source, line: number, raw }: Event) =>
      void told.push({ kind, fields: { ...fields }, at, source, line: number, raw } as Event),
  };
  const parts = alone ? text.split(/(?<=\n)/) : [text];
  let firstLine = 1;
  const all = parts.map((part) => {
    const counts = sift({ ...chunkOf(whole.source, part, NOW), clock: whole.clock, firstLine }, wanted, taking, scanner);
    firstLine += counts.lines;
    return counts;
  });
  const sum = (of: (counts: ReturnType<typeof sift>) => number) => all.reduce((so, counts) => so + of(counts), 0);
  const edges = alone ? { from: null, to: null } : { from: all[0]?.from ?? null, to: all[0]?.to ?? null };
  const counts = {
    lines: sum((one) => one.lines),
    candidates: sum((one) => one.candidates),
    cut: sum((one) => one.cut),
    headless: sum((one) => one.headless),
    backwards: 0,
    hole: sum((one) => one.hole),
    elsewhere: sum((one) => one.elsewhere),
    aheadMs: 0,
    hosts: [...new Set(all.flatMap((one) => [...one.hosts]))],
    ...edges,
  };
  return { told, counts };
}

describe('the innermost loop', () => {
  it('lets the same events through as reading every line in full', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (lines) => {
        const text = `${lines.join('\n')}\n`.replace(/[\u0100-\uffff]/g, '?');
        const fast = through(text, plainScanner(), false);
        const slow = through(text, plainScanner(), true);
        expect(fast.told).toEqual(slow.told);
        const { from: _from, to: _to, headless: _headless, ...counts } = fast.counts;
        expect(slow.counts).toMatchObject(counts);
      }),
      { numRuns: 2_000 },
    );
  });

  it('reads most lines of a guessed host without a string', () => {
    const lines = [...'abcdefgh'].map(
      (letter) => `Mar  3 09:40:0${letter.charCodeAt(0) - 97} h sshd[7]: Failed password for ${letter} from 192.0.2.7 port 5 ssh2`,
    );
    const told: Event[] = [];
    const full: Line[] = [];
    sift(
      chunkOf('/a', `${lines.join('\n')}\n`, NOW),
      wanted,
      { line: (one) => full.push(one), told: (event) => told.push(structuredClone({ ...event, fields: { ...event.fields } }) as Event) },
      plainScanner(),
    );
    expect(full.map((one) => one.line)).toEqual([1, 8]);
    expect(told.map((event) => event.line)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(told[0]).toMatchObject({ kind: 'login.failed', fields: { account: 'b', ip: '192.0.2.7', port: 5, known: true, pid: 7 } });
  });

  it.skipIf(compiled === null)('says the same as WebAssembly as it does as JavaScript', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), fc.constantFrom('Mar  3 ', '2026-03-03T'), fc.boolean(), (lines, date, sshd) => {
        const bytes = Buffer.from(lines.join('\n'), 'latin1');
        const tail = date.startsWith('M') ? ' h ' : '+01:00 h ';
        const answers = [plainScanner(), compiled ?? plainScanner()].map((scanner) => {
          scanner.room(bytes.length);
          const memory = scanner.all();
          memory.set(bytes, INPUT);
          writeTables(scanner, wanted, NONE);
          memory.set(Buffer.from(date + tail), LAYOUT);
          scanner.learn(date.length, date.startsWith('M') ? 0 : 6, tail.length, sshd, sshd);
          const said: unknown[] = [];
          for (let at = 0, seen = 0; at < bytes.length; ) {
            const count = scanner.scan(at, bytes.length, seen);
            seen += scanner.seen();
            at = scanner.stopped();
            said.push(count, seen, at, recordsIn(memory, count));
          }
          return said;
        });
        expect(answers[1]).toEqual(answers[0]);
      }),
      { numRuns: 1_000 },
    );
  });
});

/** What a record holds beyond kind and place is only set where the line was understood. */
function recordsIn(memory: Uint8Array, count: number): number[][] {
  const words = new Int32Array(memory.buffer, memory.byteOffset + RECORDS, (count * record.RECORD_BYTES) >> 2);
  return Array.from({ length: count }, (_, index) => {
    const one = [...words.subarray(index * 16, index * 16 + 12)];
    return (one[0] ?? 0) >= record.FAILED_KNOWN ? (one[8] === -1 ? one.slice(0, 9) : one.filter((_word, field) => field !== 9)) : one.slice(0, 4);
  });
}
