/** Lines of BIND's query log, as tests need them: who asks when for what. */

import type { Detector } from '../src/core/contracts.ts';
import type { FindingDraft } from '../src/core/words.ts';
import { QuerySieve } from '../src/engine/query-sieve.ts';
import { chunkOf, fakeSurroundings } from './fake-eyes.ts';

export const START = Date.UTC(2026, 2, 2, 10);

export interface Query {
  /** Seconds after START. */
  readonly second: number;
  readonly name: string;
  readonly ip?: string;
  readonly type?: string;
  readonly flags?: string;
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

export function stampOf(second: number): string {
  const day = new Date(START + Math.round(second * 1_000)).toISOString();
  return `${day.slice(8, 10)}-${MONTHS[Number(day.slice(5, 7)) - 1]}-${day.slice(0, 4)} ${day.slice(11, 23)}`;
}

export function queryLine({ second, name, ip = '198.51.100.7', type = 'A', flags = '+E(0)K' }: Query): string {
  return `${stampOf(second)} queries: info: client @0x7f3a2c01 ${ip}#5353 (${name}): query: ${name} IN ${type} ${flags} (192.0.2.53)`;
}

/** Numbers below `below` that are the same in every run (mulberry32). */
export function dice(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * below);
  };
}

/** A resolver of a town: thousands of clients, many names, a few very popular ones, now and then a type that is not common. */
export function ordinary(seconds: number, perSecond: number, seed: number): Query[] {
  const roll = dice(seed);
  const types = ['A', 'A', 'A', 'AAAA', 'AAAA', 'HTTPS', 'PTR', 'MX', 'TXT', 'NS', 'DNSKEY'];
  return Array.from({ length: seconds * perSecond }, (_, index): Query => {
    const popular = roll(3) > 0;
    const site = popular ? `popular${Math.floor(roll(100) ** 2 / 500)}` : `site${roll(20_000)}`;
    const type = roll(200) === 0 ? 'ANY' : (types[roll(types.length)] ?? 'A');
    const ip = `100.${64 + roll(8)}.${roll(250)}.${1 + roll(250)}`;
    return { second: index / perSecond, name: `${['www', 'api', 'cdn', 'mail'][roll(4)]}.${site}.example`, ip, type };
  });
}

/** What a detector says at the end of a query log. */
export function heardBy(detector: Detector, queries: readonly Query[]): FindingDraft[] {
  const sieve = new QuerySieve(null);
  const none = { lines: 0, candidates: 0, cut: 0, headless: 0, backwards: 0, hole: 0, elsewhere: 0, aheadMs: 0, from: null, to: null };
  const text = `${queries.map(queryLine).join('\n')}\n`;
  sieve.sift(chunkOf('/var/log/named/query.log', text, START + 400 * 86_400_000), () => ({ ...none, hosts: new Set() }));
  const ears = detector.start(fakeSurroundings());
  return [...sieve.told()].flatMap((event) => ears['dns.queries']?.(event) ?? []);
}

/** `count` queries from `second` on, evenly over `seconds`. */
export function row(count: number, second: number, seconds: number, of: (index: number) => Omit<Query, 'second'>): Query[] {
  return Array.from({ length: count }, (_, index) => ({ second: second + (index * seconds) / count, ...of(index) }));
}

/** In the order of time, as a server writes them. */
export function together(...rows: readonly (readonly Query[])[]): Query[] {
  return rows.flat().sort((a, b) => a.second - b.second);
}
