import { describe, expect, it } from 'vitest';
import type { QueriedDomain, QueryingNetwork } from '../../src/core/words.ts';
import type { Chunk } from '../../src/core/world.ts';
import { QuerySieve } from '../../src/engine/query-sieve.ts';
import type { SiftCounts } from '../../src/engine/sift-counts.ts';
import { chunkOf } from '../fake-eyes.ts';
import { type Query, queryLine, START } from '../query-visitors.ts';

const LATER = START + 40 * 86_400_000;
/** What chunkOf allows clocks to differ. */
const SKEW_MS = 60_000;
const NOTHING = { candidates: 0, cut: 0, headless: 0, backwards: 0, hole: 0, elsewhere: 0, aheadMs: 0, from: null, to: null };

function sifted(text: string, sieve = new QuerySieve(null)) {
  const others: [number, string][] = [];
  const elsewhere = (part: Chunk): SiftCounts => {
    others.push([part.firstLine, part.text]);
    expect(part.text).toBe(new TextDecoder('latin1').decode(part.bytes));
    // Each line as its own string is the one that stands there.
    for (let start = 0; start < part.bytes.length; ) {
      const end = part.text.indexOf('\n', start);
      if (end > start) expect([part.line(start, end), part.latin1(start, end)]).toEqual([part.text.slice(start, end), part.text.slice(start, end)]);
      start = end + 1;
    }
    return { ...NOTHING, lines: part.text.split('\n').length - 1, hosts: new Set() };
  };
  const counts = sieve.sift(chunkOf('/query.log', text, LATER), elsewhere);
  return { counts, others, ...told(sieve) };
}

function told(sieve: QuerySieve) {
  const events = [...sieve.told()].map(({ fields }) => fields);
  const domains = new Map<string, QueriedDomain>(events.flatMap((fields) => (fields.by === 'domain' ? [[fields.name, fields]] : [])));
  const networks = new Map<string, QueryingNetwork>(events.flatMap((fields) => (fields.by === 'network' ? [[fields.name, fields]] : [])));
  return { domains, networks };
}

const text = (queries: readonly Query[]) => `${queries.map(queryLine).join('\n')}\n`;
const many = (count: number, of: (index: number) => Query) => Array.from({ length: count }, (_, index) => of(index));

describe('the sieve of query logs', () => {
  it('counts by domain, type, client and time', () => {
    const queries = many(600, (index) => ({
      second: index < 500 ? index / 100 : 3_600 + index,
      name: index % 2 === 0 ? 'isc.example' : 'WWW.Isc.Example',
      ip: `203.0.113.${index % 10}`,
      type: index % 4 === 0 ? 'TXT' : 'ANY',
      flags: index % 6 === 0 ? '-E(0)T' : '+E(0)',
    }));
    const { counts, domains, networks, others } = sifted(text(queries));
    expect(counts).toMatchObject({ lines: 600, candidates: 600, headless: 0, from: START, to: START + 3_600_000 + 599_000 });
    expect(others).toEqual([]);
    const domain = domains.get('isc.example');
    expect(domain).toMatchObject({ queries: 600, short: 0, of: 600, ofHour: 500, hours: 2, recursive: 500, proven: 100, longLabels: 0 });
    expect(domain?.types).toEqual([
      { type: 'ANY', queries: 450 },
      { type: 'TXT', queries: 150 },
    ]);
    expect(domain?.hour).toEqual({ at: START, queries: 500 });
    expect(domain?.tenSeconds).toEqual({ at: START, queries: 500 });
    expect([domain?.names, domain?.networks]).toEqual([2, 1]);
    // An estimate: of ten, one may fall into the place of another.
    expect(Math.abs((domain?.clients ?? 0) - 10)).toBeLessThanOrEqual(2);
    expect(domain?.askers).toEqual([{ ip: '203.0.113.0', network: '203.0.113.0/24', queries: 600 }]);
    expect(domain?.examples).toEqual([
      { source: '/query.log', line: 256, at: START + 2_550, says: queryLine(queries[255] ?? { second: 0, name: '' }) },
      { source: '/query.log', line: 512, at: START + 4_111_000, says: queryLine(queries[511] ?? { second: 0, name: '' }) },
    ]);
    expect(networks.get('203.0.113.0/24')).toMatchObject({ queries: 600, of: 600, proven: 100, names: 2 });
  });

  it('keeps domains of registries, IPv6 networks and the root apart', () => {
    const names = ['www.shop.co.uk', 'a.b.shop.co.uk', 'co.uk', 'x.y.example.org', '4.3.2.1.in-addr.arpa', '.', 'localhost', 'a\\.b.example'];
    const { domains, networks } = sifted(text(names.map((name, second) => ({ second, name, ip: `2001:db8:0:${second % 2}::1` }))));
    expect(Object.fromEntries([...domains].map(([name, { queries }]) => [name, queries]))).toEqual({
      'shop.co.uk': 2,
      'co.uk': 1,
      'example.org': 1,
      'in-addr.arpa': 1,
      '.': 1,
      localhost: 1,
      'a\\.b.example': 1,
    });
    expect([...networks.keys()].sort()).toEqual(['2001:db8:0:1::/64', '2001:db8::/64']);
  });

  it('leaves out what is older than was asked for, and trusts no stamp from the future', () => {
    const queries = many(10, (second) => ({ second, name: 'a.example' }));
    expect(sifted(text(queries), new QuerySieve(START + 4_000)).domains.get('a.example')?.queries).toBe(6);
    expect(sifted(text([{ second: 80 * 86_400, name: 'a.example' }])).counts).toMatchObject({
      aheadMs: 40 * 86_400_000 - SKEW_MS,
      to: LATER + SKEW_MS,
    });
  });

  it('passes on the lines of others, with their numbers, and cuts what is too long', () => {
    const syslog = (rest: string) => `Mar  2 10:00:00 ns1 ${rest}`;
    const query = syslog('named[7]: client 192.0.2.9#53: query: a.example IN A +');
    const lines = [query, syslog('sshd[1]: one'), syslog('sshd[1]: two'), query, syslog('cron[1]: three')];
    const { counts, others } = sifted(`${lines.join('\n')}\n`);
    expect(counts).toMatchObject({ lines: 5, candidates: 2 });
    // An empty line for the query between them keeps the numbers right.
    expect(others).toEqual([[2, `${lines[1]}\n${lines[2]}\n\n${lines[4]}\n`]]);
    expect(sifted(`${query}${' x'.repeat(4_000)}\n${query}\n`).counts).toMatchObject({ lines: 2, candidates: 2, cut: 1 });
    expect(sifted(`${query}\r\n${query}`).domains.get('a.example')).toMatchObject({ queries: 2, types: [{ type: 'A', queries: 2 }] });
  });

  it('counts without times where there are none', () => {
    const { counts, domains } = sifted('client 192.0.2.9#53: query: a.example IN ANY +\n'.repeat(3));
    expect(counts).toMatchObject({ candidates: 3, from: null, to: null });
    expect(domains.get('a.example')).toMatchObject({ queries: 3, tenSeconds: { at: 0, queries: 0 } });
  });

  it('stays small and finds the frequent ones in a flood of domains that come once', () => {
    const sieve = new QuerySieve(null);
    const lines = 300_000;
    for (let from = 0; from < lines; from += 10_000) {
      const queries = many(10_000, (index) => {
        const number = from + index;
        const second = number / 1_000;
        if (number % 10 === 0) return { second, name: 'loud.example', ip: '192.0.2.1', type: 'ANY' };
        return { second, name: `x${number}.test`, ip: `${1 + (number % 200)}.${number % 251}.${number % 241}.1` };
      });
      sieve.sift(chunkOf('/query.log', text(queries), LATER), () => ({ ...NOTHING, lines: 0, hosts: new Set() }));
    }
    const { domains, networks } = told(sieve);
    const loud = domains.get('loud.example');
    expect([...domains.keys()][0]).toBe('loud.example');
    expect(loud?.queries).toBe(lines / 10);
    // At most two in as many as the table has places.
    expect(loud?.short).toBeLessThanOrEqual((2 * lines) / 8_192);
    expect(loud?.of).toBe(lines);
    expect(networks.get('192.0.2.0/24')?.queries).toBeGreaterThanOrEqual(lines / 10);
    expect(domains.size).toBeLessThanOrEqual(200);
  });

  it('estimates how many names there were', () => {
    for (const count of [10, 1_000, 40_000]) {
      const { domains } = sifted(
        text(many(count, (index) => ({ second: index / 100, name: `${(index * 7919).toString(36)}abcde.random.example`, type: 'A' }))),
      );
      const domain = domains.get('random.example');
      expect(domain?.longLabels).toBe(count);
      // Three standard errors.
      expect(Math.abs((domain?.names ?? 0) - count)).toBeLessThanOrEqual(0.28 * count);
    }
  });
});
