import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOOR_WORDS, PLAIN_WORDS, requestMatters } from '../../src/core/web-interest.ts';
import type { Line } from '../../src/core/words.ts';
import type { AccessScanner } from '../../src/core/world.ts';
import { AccessSieve } from '../../src/engine/access-sieve.ts';
import { writeAccessTables } from '../../src/engine/access-tables.ts';
import { compiledAccessScanner, plainAccessScanner } from '../../src/eyes/access-scanner.ts';
import * as places from '../../src/scan-access/places.ts';
import { chunkOf } from '../fake-eyes.ts';
import { type Asked, BROWSER, lineOf } from '../web-visitors.ts';

const NOW = Date.UTC(2026, 5, 1);
const compiled = compiledAccessScanner(new URL('../../dist/scan-access/requests.wasm', import.meta.url));

const plain = fc.string({ unit: fc.constantFrom(...'abcdefgopqstwxyz019/._-?=&'), maxLength: 24 });
const word = fc.constantFrom(...PLAIN_WORDS, ...DOOR_WORDS, '..', '/.', '=/', '=-', '__', '1=1', '0x', `=${'a1'.repeat(7)}`, `=${'a1'.repeat(8)}`);
const odd = fc.constantFrom('%27', '%20', '+', ',', "'", '<', '"', '\\', '\\"', ' ', '[', '] "', '\t', '\u0000', 'é', '\r');
const piece = fc.oneof({ weight: 6, arbitrary: plain }, { weight: 2, arbitrary: word }, { weight: 1, arbitrary: odd });
const changed = piece.chain((text) => fc.constantFrom(text, text, text.toUpperCase()));
const target = fc.array(changed, { maxLength: 4 }).map((parts) => `/${parts.join('')}`);

const method = fc.oneof({ weight: 8, arbitrary: fc.constant('GET') }, fc.constantFrom('HEAD', 'POST', 'PUT', 'get', 'GETX', ''));
const version = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(' HTTP/1.1', ' HTTP/2.0', ' HTTP/2') },
  fc.constantFrom('', ' HTTP/11', ' HTTP/1.10', ' x'),
);
const head = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('192.0.2.7 - - ', '2001:db8::7 - - ', 'site.example 192.0.2.7 - - ', '192.0.2.7 www.example.org - ') },
  fc.constantFrom(
    '192.0.2.7 - jane ',
    '192.0.2.8 - jane ',
    '[2001:db8::7] - - ',
    '- ',
    '',
    '{ - - ',
    'a] "b - - ',
    '192.0.2.7 - a - ',
    '192.0.2.7 - [x] - ',
  ),
);
const stamp = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom('[03/Mar/2026:09:40:00 +0000]', '[03/Mar/2026:09:40:01 +0000]', '[04/Mar/2026:00:00:00 +0100]') },
  fc.constantFrom(
    '[3/Mar/2026:09:40:00 +0000]',
    '[03/Mar/2026:09:40:00.123 +0000]',
    '[03/Mar/2026:09:40:00 +000"]',
    '[abcdefghijklmnopqrstuvwxyz]',
    '[]',
    'x',
  ),
);
const answer = fc.oneof(
  { weight: 9, arbitrary: fc.constantFrom(' 200 512', ' 304 0', ' 301 -', ' 500 17') },
  fc.constantFrom(' 404 9', ' 401 9', ' - -', ' "200" 4', '', '200 5', ' 200'),
);
const header = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('-', BROWSER, 'https://www.example.org/', 'curl/8', '') },
  fc.constantFrom('sqlmap/1.8', '() { :; }; /bin/id', 'a\\"b', 'x\\', 'é', `long ${'y'.repeat(600)}`, '\\x22', 'abc', 'abd'),
);
const headers = fc.oneof(
  { weight: 7, arbitrary: fc.tuple(header, header).map(([referrer, agent]) => ` "${referrer}" "${agent}"`) },
  { weight: 1, arbitrary: fc.tuple(header, header).map(([referrer, agent]) => ` 0.004 "${referrer}" "${agent}" "-" 17`) },
  header.map((one) => ` "${one}"`),
  header.map((one) => ` "${one}" "${one}`),
  fc.constantFrom('', ' ', ' "'),
);
const request = fc.tuple(head, stamp, method, target, version, answer, headers).map(([h, s, m, t, v, a, r]) => `${h}${s} "${m} ${t}${v}"${a}${r}`);
const line = fc.oneof(
  { weight: 20, arbitrary: request },
  fc.constantFrom(
    '',
    '\r',
    'nonsense',
    '\u0000\u0000',
    '{"request":"GET / HTTP/1.1","status":200,"time":"2026-03-03T09:40:00Z"}',
    `1 - - [${'a'.repeat(9_000)}`,
  ),
  fc.constant(`${lineOf({ second: 0, agent: '-' })} "${'x'.repeat(9_000)}"`),
  target.map((t) => `192.0.2.7 - - [03/Mar/2026:09:40:00 +0000] "GET ${t}${'/a'.repeat(4_500)} HTTP/1.1" 200 1 "-" "-"`),
);

const textOf = (lines: readonly string[], end: string) => lines.map((one) => one.replace(/\n/g, '')).join(end) + end;

/** `alone` = each line is a chunk of its own, so that each is read in full. */
function through(text: string, scanner: AccessScanner, alone: boolean) {
  const told: Line[] = [];
  const sieve = new AccessSieve(scanner);
  const whole = chunkOf('/a', text, NOW);
  const sums = { lines: 0, candidates: 0, cut: 0, headless: 0 };
  for (const part of alone ? text.split(/(?<=\n)/) : [text]) {
    const counts = sieve.sift({ ...chunkOf('/a', part, NOW), clock: whole.clock, firstLine: sums.lines + 1 }, { line: (one) => void told.push(one) });
    for (const name of ['lines', 'candidates', 'cut', 'headless'] as const) sums[name] += counts[name];
  }
  return { told, sums };
}

/** What the loop says of some lines; every header that it asks for is kept. */
function records(lines: readonly string[], scanner: AccessScanner): { readonly said: readonly number[][]; readonly seen: number } {
  const bytes = Buffer.from(textOf(lines, '\n'), 'latin1');
  scanner.room(bytes.length + 1);
  writeAccessTables(scanner);
  const memory = scanner.all();
  memory.set(bytes, places.INPUT);
  const words = new Int32Array(memory.buffer, memory.byteOffset + places.RECORDS, (places.RECORDS_AT_MOST * places.RECORD_BYTES) >> 2);
  const said: number[][] = [];
  let seen = 0;
  for (let at = 0; at < bytes.length; at = scanner.stopped()) {
    const count = scanner.scan(at, bytes.length, seen);
    seen += scanner.seen();
    for (let index = 0; index < count; index += 1) {
      const one = [...words.subarray(index * 8, index * 8 + 6)];
      said.push(one);
      if (one[0] !== places.UNSURE) scanner.keep(one[4] ?? 0, one[5] ?? 0, one[0] ?? 0);
    }
  }
  return { said, seen };
}

describe('the loop over access logs', () => {
  it('lets the same lines through as reading every line in full', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), fc.constantFrom('\n', '\n', '\r\n'), (lines, end) => {
        const text = textOf(lines, end);
        expect(through(text, plainAccessScanner(), false)).toEqual(through(text, plainAccessScanner(), true));
      }),
      { numRuns: 3_000 },
    );
  });

  it('finds no target plain that matters, with GET or with POST', () => {
    fc.assert(
      fc.property(target, fc.constantFrom('GET', 'HEAD', 'POST'), (asked, how) => {
        const one = `192.0.2.7 - - [03/Mar/2026:09:40:00 +0000] "${how} ${asked.replace(/\n/g, '')} HTTP/1.1" 200 5`;
        const dull = records([one], plainAccessScanner()).said.length === 0;
        if (dull) expect(requestMatters(how, asked, 200)).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  it('makes nothing of ordinary requests, whoever asks and for whatever page', () => {
    const ordinary: Asked[] = [
      { second: 0 },
      { second: 0, ask: 'GET /blog/2026/02/how-to-choose-a-chair', referrer: 'https://www.example.org/' },
      { second: 1, ask: 'GET /shop?item=12&colour=red', ip: '2001:db8::9', agent: 'Wget-like reader 1.0' },
      { second: 2, ask: 'HEAD /', status: 304, bytes: 0 },
      { second: 3, ask: 'POST /basket', status: 201 },
      { second: 4, ask: 'GET /img/logo.png?v=1.2.3', status: 500 },
    ];
    const scanner = forgetful(plainAccessScanner());
    const { said, seen } = records([...ordinary, ...ordinary].map(lineOf), scanner);
    expect(seen).toBe(12);
    // Each header is judged once: two agents and one referrer.
    expect(said.map(([kind]) => kind)).toEqual([places.NEW_AGENT, places.NEW_REFERRER, places.NEW_AGENT]);
    expect(records(ordinary.map(lineOf), scanner).said).toEqual([]);
  });

  it.each([
    ['a refusal', { status: 404 }],
    ['a name', { user: 'jane' }],
    ['a name of one letter', { user: 'j' }],
    ['an escape', { ask: 'GET /a%27' }],
    ['the way up', { ask: 'GET /a/../b' }],
    ['a hidden file', { ask: 'GET /.env' }],
    ['a word, in capital letters', { ask: 'GET /PHPUNIT/x' }],
    ['one that is always true', { ask: 'GET /a?b=1&c=7=7' }],
    ['a long value', { ask: 'GET /a?b=abcdefghijklmno' }],
    ['a form that is sent to a door', { ask: 'POST /user/sign_in' }],
    ['another method', { ask: 'PUT /a' }],
  ] satisfies [string, Omit<Asked, 'second'>][])('hands on %s', (_what, asked) => {
    expect(records([lineOf({ second: 0, agent: '-', ...asked })], plainAccessScanner()).said.map(([kind]) => kind)).toContain(places.UNSURE);
  });

  it('hands on an agent again that was not kept, and never takes one for another', () => {
    const scanner = forgetful(plainAccessScanner());
    const agents = Array.from({ length: 40 }, (_, at) => `reader ${at * 7} of the house`);
    const kinds = (agent: string) => records([lineOf({ second: 0, agent })], scanner).said.map(([kind]) => kind);
    for (const agent of agents) {
      expect(kinds(agent)).toEqual([places.NEW_AGENT]);
      expect(kinds(agent)).toEqual([]);
    }
    // What is known as an agent is not known as a referrer.
    expect(records([lineOf({ second: 0, agent: '-', referrer: agents[0] ?? '' })], scanner).said.map(([kind]) => kind)).toContain(
      places.NEW_REFERRER,
    );
  });

  it('compares headers by all of their bytes: one that is made to agree in the sum is another', () => {
    const scanner = forgetful(plainAccessScanner());
    const known = Buffer.from('an old agent that is no attack:)', 'latin1');
    // FNV-1a over each fourth word of 32 bytes: whatever stands in the first, some fifth leads to the same sum.
    expect(known.length).toBe(32);
    const sum = (words: readonly number[]) => words.reduce((hash, one) => Math.imul(hash ^ one, 0x01000193), places.NEW_AGENT);
    const sumOf = (first: number) => sum([known.length, first]);
    const twins = ['sqlm', 'nikt', 'abcd', 'efgh', 'ijkl'].map((start) => {
      const twin = Buffer.from(known);
      const first = Buffer.from(start, 'latin1').readInt32LE();
      twin.writeInt32LE(first, 0);
      twin.writeInt32LE(known.readInt32LE(16) ^ sumOf(known.readInt32LE()) ^ sumOf(first), 16);
      expect([10, 34, 92].some((code) => twin.includes(code))).toBe(false);
      return twin;
    });
    const kinds = (agent: Buffer) => records([lineOf({ second: 0, agent: agent.toString('latin1') })], scanner).said.map(([kind]) => kind);
    const four = [known, ...twins.slice(0, 3)];
    for (const one of four) expect(kinds(one)).toEqual([places.NEW_AGENT]);
    for (const one of four) expect(kinds(one)).toEqual([]);
    // There is room for four: the next ones put others out, and are none of them.
    for (const one of twins.slice(3)) expect([kinds(one), kinds(one)]).toEqual([[places.NEW_AGENT], []]);
    expect(four.filter((one) => kinds(one).length > 0).length).toBeGreaterThanOrEqual(2);
  });

  it('keeps long headers in places of their own, and the longest not at all', () => {
    const scanner = forgetful(plainAccessScanner());
    const kinds = (agent: string) => records([lineOf({ second: 0, agent })], scanner).said.map(([kind]) => kind);
    for (const length of [0, 1, 15, 16, 17, 248, 249, 1_016])
      expect([kinds('x'.repeat(length)), kinds('x'.repeat(length))]).toEqual([[places.NEW_AGENT], []]);
    expect([kinds('x'.repeat(1_017)), kinds('x'.repeat(1_017))]).toEqual([[places.NEW_AGENT], [places.NEW_AGENT]]);
  });

  it.skipIf(compiled === null)('says the same as WebAssembly as it does as JavaScript', () => {
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 30 }), (lines) => {
        const [one, other] = [compiled ?? plainAccessScanner(), plainAccessScanner()].map((scanner) => records(lines, forgetful(scanner)));
        expect(one).toEqual(other);
      }),
      { numRuns: 2_000 },
    );
  });
});

/** Without the headers that it has learned. */
function forgetful(scanner: AccessScanner): AccessScanner {
  scanner.all().fill(0, places.HEADERS, places.INPUT);
  return scanner;
}
