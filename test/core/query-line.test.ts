import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clientText } from '../../src/core/query-client.ts';
import { BY_TCP, NO_LINE, QUERY_LINE, QueryReader, RECURSION, SERVERS_OWN, VALID_COOKIE } from '../../src/core/query-line.ts';
import { QUERY_TYPES } from '../../src/core/query-types.ts';
import type { FileClock } from '../../src/core/world.ts';

const CLOCK: FileClock = { firstYear: 2026, toUtc: (local) => local, latest: Number.POSITIVE_INFINITY };
const bytesOf = (text: string) => new TextEncoder().encode(text);

/** As the log's server, client, name and type; or what kind of line it is. */
function read(text: string, reader = new QueryReader(CLOCK)) {
  const bytes = bytesOf(text);
  const kind = reader.read(bytes, 0, bytes.length);
  const at = Number.isNaN(reader.stamps.at) ? null : new Date(reader.stamps.at).toISOString();
  if (kind !== QUERY_LINE) return { kind, at };
  const { client, nameStart, nameEnd, type, flags } = reader;
  return {
    kind,
    at,
    client: clientText(client.six, client.words),
    name: new TextDecoder().decode(bytes.subarray(nameStart, nameEnd)),
    type: QUERY_TYPES[type],
    flags,
  };
}

const QUERY = { kind: QUERY_LINE };

describe('a line of a query log', () => {
  it.each([
    ['9.4', 'client 192.0.2.9#53: query: a.example IN ANY +E', RECURSION],
    ['9.4 with a view', 'client 192.0.2.9#53: view inner: query: a.example IN ANY -', 0],
    ['9.7', 'client 192.0.2.9#5353: query: a.example IN ANY +SETDC (10.0.0.1)', RECURSION | BY_TCP],
    ['9.9 with a key', 'client 192.0.2.9#53/key k.example (a.example): view x: query: a.example IN ANY -T (10.0.0.1)', BY_TCP],
    ['9.11', 'client @0x7f13c4158c00 192.0.2.9#53 (a.example): query: a.example IN ANY +E(0)K (10.0.0.1)', RECURSION],
    ['9.12', 'client @0x7f13 192.0.2.9#53 (a.example): query: a.example IN ANY +E(0)V (10.0.0.1) [ECS 1.2.3.0/24/0]', RECURSION | VALID_COOKIE],
    [
      '9.20',
      'client @0x7f13 192.0.2.9#53 (a.example): view _default: query: a.example IN ANY +E(0)STDCV (10.0.0.1#53)',
      RECURSION | BY_TCP | VALID_COOKIE,
    ],
    ['cut behind the type', 'client @0x7f13 192.0.2.9#53 (a.example): query: a.example IN ANY', 0],
  ])('of BIND %s, with every prefix', (_version, body, flags) => {
    const told = { ...QUERY, client: '192.0.2.9', name: 'a.example', type: 'ANY', flags };
    const at = '2026-11-20T23:18:00.000Z';
    const fraction = '2026-11-20T23:18:00.595Z';
    expect(read(body)).toEqual({ ...told, at: null });
    expect(read(`queries: info: ${body}`)).toEqual({ ...told, at: null });
    expect(read(`20-Nov-2026 23:18:00.595 ${body}`)).toEqual({ ...told, at: fraction });
    expect(read(`20-Nov-2026 23:18:00.595 queries: info: ${body}`)).toEqual({ ...told, at: fraction });
    expect(read(`2026-11-20T23:18:00.595 info: ${body}`)).toEqual({ ...told, at: fraction });
    expect(read(`2026-11-20T23:18:00.595Z queries: ${body}`)).toEqual({ ...told, at: fraction });
    expect(read(`2026-11-21T00:18:00.595+01:00 queries: info: ${body}`)).toEqual({ ...told, at: fraction });
    expect(read(`Nov 20 23:18:00 ns1 named[26093]: ${body}`)).toEqual({ ...told, at });
    expect(read(`Nov 20 23:18:00 client named[26093]: queries: info: ${body}`)).toEqual({ ...told, at });
    expect(read(`Nov 20 23:18:00 ns1 named[26093]: 20-Nov-2026 23:18:00.595 queries: info: ${body}`)).toEqual({ ...told, at });
  });

  it('has IPv6 clients, zones of theirs, and IPv4 ones in their form', () => {
    expect(read('client 2001:DB8::7#53: query: a IN A +')).toMatchObject({ client: '2001:db8::7' });
    expect(read('client fe80::1%eth0#53: query: a IN A +')).toMatchObject({ client: 'fe80::1' });
    expect(read('client ::ffff:192.0.2.7#53: query: a IN A +')).toMatchObject({ client: '192.0.2.7' });
    expect(read('client 1:2:3:4:5:6:7:8#53: query: a IN A +')).toMatchObject({ client: '1:2:3:4:5:6:7:8' });
    for (const wrong of ['1:2:3', '1::2::3', '300.1.1.1', '1.2.3', '1:2:3:4:5:6:7:8:9', '12345::', ':1'])
      expect(read(`client ${wrong}#53: query: a IN A +`)).toMatchObject({ kind: NO_LINE });
  });

  it('has names with everything in them that BIND escapes', () => {
    const name = 'we\\"ird\\032name\\(x\\): query: evil.example IN ANY'.replaceAll(' ', '\\032');
    expect(read(`client @0x1 192.0.2.9#53 (${name}.example): query: ${name}.example IN TYPE65 +`)).toEqual({
      ...QUERY,
      at: null,
      client: '192.0.2.9',
      name: `${name}.example`,
      type: 'other',
      flags: RECURSION,
    });
    expect(read('client @0x1 192.0.2.9#53 (.): query: . IN NS +')).toMatchObject({ name: '.', type: 'NS' });
  });

  it('is read of unbound: queries, or answers where only those are logged', () => {
    const reader = new QueryReader(CLOCK);
    const told = { ...QUERY, at: '2025-11-20T23:18:00.000Z', client: '10.8.1.10', name: 'a.example', type: 'ANY', flags: 0 };
    const answer = '[1763680680] unbound[123:0] info: 10.8.1.10 a.example. ANY IN NOERROR 0.000000 1 33';
    expect(read(answer, reader)).toEqual(told);
    expect(read('[1763680680] unbound[123:1] info: 10.8.1.10 a.example. ANY IN', reader)).toEqual(told);
    expect(read(answer, reader)).toMatchObject({ kind: SERVERS_OWN });
    expect(read('[1763680680] unbound[123:0] query: 10.8.1.10 a.example. ANY IN', reader)).toEqual(told);
    expect(read('[1763680680] unbound[123:0] notice: init module 0: validator', reader)).toMatchObject({ kind: SERVERS_OWN });
    expect(read('Nov 20 23:18:00 ns1 unbound[7:0]: info: 10.8.1.10 a.example. ANY IN')).toMatchObject({ name: 'a.example' });
  });

  it('is read of dnsmasq, with serial numbers and without', () => {
    const told = { ...QUERY, at: '2026-11-20T23:18:00.000Z', client: '10.8.1.10', name: 'a.example', type: 'ANY', flags: 0 };
    expect(read('Nov 20 23:18:00 gate dnsmasq[12]: query[ANY] a.example from 10.8.1.10')).toEqual(told);
    expect(read('Nov 20 23:18:00 dnsmasq[12]: 7 10.8.1.10/5333 query[ANY] a.example from 10.8.1.10')).toEqual(told);
    expect(read('Nov 20 23:18:00 gate dnsmasq[12]: reply a.example is 192.0.2.7')).toMatchObject({ kind: SERVERS_OWN });
  });

  it('is not what other programs quote, and lines of the server that are no queries are known as such', () => {
    for (const other of [
      'Nov 20 23:18:00 h sshd[12]: Invalid user client 192.0.2.4#5 (x): query: x IN A + from 192.0.2.4',
      'Nov 20 23:18:00 h sshd[12]: named[1]: client 192.0.2.4#5 (x): query: x IN A +',
      '192.0.2.4 - - [20/Nov/2026:23:18:00 +0000] "GET /client HTTP/1.1" 200 1 "-" "named[1]: client 192.0.2.4#5: query: x IN A +"',
      'Nov 20 23:18:00 ns1 named[1]: zone a/IN: loaded serial 1',
      // Read by the parser for BIND's refusals.
      "Nov 20 23:18:00 ns1 named[1]: client @0x1 192.0.2.4#5 (a): query (cache) 'a/ANY/IN' denied",
      '',
      ' ',
      'client',
      'client ',
      'client @',
    ])
      expect(read(other)).toMatchObject({ kind: NO_LINE });
    for (const own of [
      '20-Nov-2026 23:18:00.595 general: info: zone a/IN: loaded serial 1',
      "20-Nov-2026 23:18:00.595 security: info: client @0x1 192.0.2.4#5 (a): query (cache) 'a/ANY/IN' denied (allow-query-cache did not match)",
      '20-Nov-2026 23:18:00.595 responses: info: client @0x1 192.0.2.4#5 (a): response: a IN ANY NOERROR 1 0 1 +E(0) (10.0.0.1)',
      '20-Nov-2026 23:18:00.595 rate-limit: info: client @0x1 192.0.2.4#5 (a): rate limit drop response to 192.0.2.0/24 for a IN ANY  (0a1b)',
      '20-Nov-2026 23:18:00.595 query-errors: info: client @0x1 192.0.2.4#5 (a): query failed (REFUSED) for a/IN/ANY at query.c:5708',
    ])
      expect(read(own)).toMatchObject({ kind: SERVERS_OWN });
  });

  it('knows every type by its own number', () => {
    for (const type of QUERY_TYPES.slice(1)) expect(read(`client 192.0.2.9#53: query: a IN ${type} +`)).toMatchObject({ type });
    for (const type of ['AN', 'ANYA', 'TYPE255', 'X', 'ANYANYANY'])
      expect(read(`client 192.0.2.9#53: query: a IN ${type} +`)).toMatchObject({ type: 'other' });
  });

  it('keeps the minute, the zone and the head of the line before only where they are the same', () => {
    const reader = new QueryReader(CLOCK);
    const seen = (text: string) => read(`${text} 192.0.2.9#53: query: a IN A +`, reader).at;
    expect(seen('20-Nov-2026 23:18:59.9 client')).toBe('2026-11-20T23:18:59.900Z');
    expect(seen('20-Nov-2026 23:19:00.123 queries: client')).toBe('2026-11-20T23:19:00.123Z');
    expect(seen('21-Nov-2026 23:19:01.123 queries: client')).toBe('2026-11-21T23:19:01.123Z');
    expect(seen('2026-11-20T23:18:00.5+01:00 client')).toBe('2026-11-20T22:18:00.500Z');
    expect(seen('2026-11-20T23:18:01+02:00 client')).toBe('2026-11-20T21:18:01.000Z');
    expect(seen('2026-11-20T23:18:01 client')).toBe('2026-11-20T23:18:01.000Z');
    expect(seen('Dec 31 23:59:59 ns1 named[1]: client')).toBe('2026-12-31T23:59:59.000Z');
    expect(seen('Jan  1 00:00:01 ns1 named[1]: client')).toBe('2027-01-01T00:00:01.000Z');
    expect(seen('99-Foo-2026 23:18:00.1 client')).toBeNull();
  });
});
const WORDS = [
  'client ',
  '@0x1 ',
  '192.0.2.9',
  '2001:db8::1',
  '#',
  '53',
  ' (',
  'a.b',
  '\\',
  ')',
  ': ',
  'view ',
  'query: ',
  ' IN ',
  'ANY',
  ' +',
  'E(0)T',
  '/key ',
  '[',
  ']',
  ' ',
];
const STARTS = [
  '20-Nov-2026 23:17:20.431 ',
  '2026-11-20T23:18:00.595Z ',
  'Nov 20 23:18:00 ns1 named[1]: ',
  '[1763680680] unbound[1:0] info: ',
  'Nov 20 23:18:00 dnsmasq[1]: query[',
  'queries: info: client ',
  '',
];

describe('a hostile line', () => {
  it('is no trouble, wherever it is cut and whatever is in it', () => {
    const part = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 12 }));
    fc.assert(
      fc.property(fc.constantFrom(...STARTS), fc.array(part, { maxLength: 30 }), fc.array(fc.nat(600), { maxLength: 4 }), (start, parts, cuts) => {
        const reader = new QueryReader(CLOCK);
        const bytes = bytesOf(`${start}${parts.join('')}`);
        for (const end of [bytes.length, ...cuts.map((cut) => Math.min(cut, bytes.length))]) {
          const kind = reader.read(bytes, 0, end);
          expect([NO_LINE, QUERY_LINE, SERVERS_OWN]).toContain(kind);
          if (kind !== QUERY_LINE) continue;
          expect(reader.nameStart).toBeLessThan(reader.nameEnd);
          expect(reader.nameEnd).toBeLessThanOrEqual(end);
          expect(QUERY_TYPES[reader.type]).toBeDefined();
        }
      }),
    );
  });

  it('is read to its own end, whatever line follows', () => {
    const part = fc.oneof(fc.constantFrom(...WORDS), fc.string({ unit: 'binary', maxLength: 12 }));
    const line = fc
      .tuple(fc.constantFrom(...STARTS), fc.array(part, { maxLength: 30 }))
      .map(([start, parts]) => `${start}${parts.join('')}`.replaceAll('\n', ' '));
    fc.assert(
      fc.property(line, line, fc.nat(200), (one, next, cut) => {
        const whole = bytesOf(one.slice(0, cut));
        const [alone, among] = [new QueryReader(CLOCK), new QueryReader(CLOCK)];
        const kind = alone.read(whole, 0, whole.length);
        const both = new Uint8Array([...whole, 10, ...bytesOf(next)]);
        expect(among.read(both, 0, both.length)).toBe(kind);
        expect(among.behind).toBeLessThanOrEqual(whole.length);
        if (kind === QUERY_LINE)
          expect([among.nameStart, among.nameEnd, among.type, among.flags, among.stamps.at]).toEqual([
            alone.nameStart,
            alone.nameEnd,
            alone.type,
            alone.flags,
            alone.stamps.at,
          ]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is read as it stands, whatever bytes come before and behind it', () => {
    const line = '20-Nov-2026 23:18:00.595 queries: info: client @0x7f13 192.0.2.9#53 (a.example): query: a.example IN ANY +E(0)V (10.0.0.1)';
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.uint8Array({ maxLength: 40 }), (before, behind) => {
        const bytes = new Uint8Array([...before, ...bytesOf(line), ...behind]);
        const reader = new QueryReader(CLOCK);
        for (let round = 0; round < 2; round += 1) {
          expect(reader.read(bytes, before.length, before.length + line.length)).toBe(QUERY_LINE);
          expect([reader.stamps.at, reader.nameEnd - reader.nameStart, QUERY_TYPES[reader.type], reader.flags]).toEqual([
            Date.UTC(2026, 10, 20, 23, 18, 0, 595),
            9,
            'ANY',
            RECURSION | VALID_COOKIE,
          ]);
        }
      }),
    );
  });
});
