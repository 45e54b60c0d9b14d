/**
 * Query logs of name servers: every line is read from its bytes and counted, and none becomes a string but a few examples. What the counts
 * say is told at the end, by domain and by network. Lines of others (sshd's in a common syslog) go the ordinary way.
 */

import { NO_LINE, QUERY_LINE, QUERY_LINE_AT_MOST, QueryReader } from '../core/query-line.ts';
import { NameCut } from '../core/query-name.ts';
import { HOUR_MS } from '../core/spans.ts';
import { Bounded } from '../core/window.ts';
import type { EventOf, Evidence, Millis } from '../core/words.ts';
import type { Chunk, FileClock } from '../core/world.ts';
import { QueryDomains } from './query-domains.ts';
import { QueryNetworks } from './query-networks.ts';
import { OthersOfChunk, type Run } from './query-others.ts';
import { TEN_SECONDS_MS } from './query-peaks.ts';
import type { SiftCounts } from './sift-counts.ts';

const NEWLINE = 10;
/** A year of hours, so that forged stamps cost no memory. */
const HOURS_KEPT = 10_000;
/** The first example is taken then: a million names that come once cost none. A power of two. */
const FIRST_EXAMPLE = 256;
const EXAMPLES_AT_MOST = 8;
const EVIDENCE_LETTERS = 400;
/** What is told at the end, most queries first: a flood that does not stand among these is none. */
const DOMAINS_TOLD = 200;
const NETWORKS_TOLD = 100;

const NOTHING = { lines: 0, candidates: 0, cut: 0, headless: 0, backwards: 0, hole: 0, elsewhere: 0, aheadMs: 0, from: null, to: null };
/** A stamp this much before the one before it means that somebody set the clock, or daylight saving ended (as in sift-counts.ts). */
const BACKWARDS_MS = 60_000;

/** How the lines of others are looked at. */
export type Elsewhere = (part: Chunk) => SiftCounts;

/** Some megabytes: made when the first query log is there. */
interface Tables {
  readonly domains: QueryDomains;
  readonly networks: QueryNetworks;
}

/** One for all query logs of a look. */
export class QuerySieve {
  readonly #examples = new Map<number, Evidence[]>();
  #tables: Tables | null = null;
  readonly #hours = new Bounded<{ queries: number }, number>(HOURS_KEPT, ({ queries }) => queries);
  readonly #cut = new NameCut();
  readonly #since: Millis;
  #clock: FileClock | null = null;
  #reader: QueryReader | null = null;
  /** Of the lines of this chunk. Numbers with a point from the start: for those nothing is made anew at each line. */
  #from: Millis = Number.POSITIVE_INFINITY;
  #to: Millis = Number.NEGATIVE_INFINITY;
  #last: Millis = Number.NEGATIVE_INFINITY;
  #queries = 0;
  #hourNumber = -1;
  #hour: { queries: number } = { queries: 0 };

  constructor(since: Millis | null) {
    this.#since = since ?? Number.NEGATIVE_INFINITY;
  }

  sift(chunk: Chunk, elsewhere: Elsewhere): SiftCounts {
    const counts: SiftCounts = { ...NOTHING, hosts: new Set() };
    const { bytes } = chunk;
    const reader = this.#readerOf(chunk.clock);
    this.#from = Number.POSITIVE_INFINITY;
    this.#to = Number.NEGATIVE_INFINITY;
    const others: Run[] = [];
    let foreign = -1;
    let first = 0;
    for (let start = 0; start < bytes.length; ) {
      const kind = reader.read(bytes, start, Math.min(bytes.length, start + QUERY_LINE_AT_MOST));
      const newline = lineEnd(bytes, reader.behind);
      if (kind === NO_LINE) {
        if (foreign < 0) {
          foreign = start;
          first = counts.lines;
        }
      } else {
        if (foreign >= 0) others.push({ start: foreign, end: start, first, lines: counts.lines - first });
        foreign = -1;
        counts.candidates += 1;
        if (newline - start > QUERY_LINE_AT_MOST) counts.cut += 1;
        if (kind === QUERY_LINE) this.#asked(chunk, start, newline, counts);
      }
      counts.lines += 1;
      start = newline + 1;
    }
    if (foreign >= 0) others.push({ start: foreign, end: bytes.length, first, lines: counts.lines - first });
    if (others.length > 0) added(counts, elsewhere(new OthersOfChunk(chunk, others)));
    if (this.#from <= this.#to) covers(counts, this.#from, this.#to);
    return counts;
  }

  /** What was counted, for the detectors; `at` of each is that of its last query. */
  *told(): Generator<EventOf<'dns.queries'>> {
    if (this.#tables === null) return;
    const { domains, networks } = this.#tables;
    const of = this.#queries;
    const source = 'query logs';
    for (const record of most(domains.table.records(), (one) => domains.queries(one), DOMAINS_TOLD)) {
      const domain = domains.told(record);
      const ofHour = this.#hours.get(Math.floor(domain.hour.at / HOUR_MS))?.queries ?? domain.hour.queries;
      const fields = { by: 'domain', ...domain, of, ofHour, hours: this.#hours.size, examples: this.#examples.get(record) ?? [] } as const;
      yield { kind: 'dns.queries', at: domain.last, source, fields };
    }
    for (const record of most(networks.table.records(), (one) => networks.queries(one), NETWORKS_TOLD)) {
      const network = networks.told(record);
      yield { kind: 'dns.queries', at: network.hour.at, source, fields: { by: 'network', ...network, of } };
    }
  }

  #asked(chunk: Chunk, start: number, end: number, counts: SiftCounts): void {
    const reader = this.#reader;
    if (reader === null) return;
    const { at } = reader.stamps;
    const ten = Number.isNaN(at) ? 0 : this.#dated(reader, chunk.clock, counts);
    if (at < this.#since) return;
    this.#queries += 1;
    if (ten > 0) this.#hour.queries += 1;
    this.#cut.cut(chunk.bytes, reader.nameStart, reader.nameEnd);
    this.#tables ??= { domains: new QueryDomains((record) => void this.#examples.delete(record)), networks: new QueryNetworks() };
    const { domains, networks } = this.#tables;
    const network = networks.hear(reader, this.#cut.nameHash, ten);
    const record = domains.hear(chunk.bytes, reader, this.#cut, network, ten);
    const queries = domains.queries(record);
    if (queries >= FIRST_EXAMPLE && (queries & (queries - 1)) === 0) this.#keep(record, chunk, start, end, counts.lines);
  }

  /** The ten seconds of a query, counted from 1970. */
  #dated({ stamps }: QueryReader, { latest, received = latest }: FileClock, counts: SiftCounts): number {
    const told = stamps.at;
    if (told > received) counts.aheadMs = Math.max(counts.aheadMs, told - received);
    const at = Math.min(told, latest);
    stamps.at = at;
    if (at < this.#last - BACKWARDS_MS) counts.backwards += 1;
    this.#last = at;
    if (at < this.#from) this.#from = at;
    if (at > this.#to) this.#to = at;
    const hour = Math.floor(at / HOUR_MS);
    if (hour !== this.#hourNumber) {
      this.#hourNumber = hour;
      this.#hour = this.#hours.open(hour, () => ({ queries: 0 }));
    }
    return Math.floor(at / TEN_SECONDS_MS);
  }

  #keep(record: number, chunk: Chunk, start: number, end: number, line: number): void {
    const examples = this.#examples.get(record) ?? [];
    const at = this.#reader?.stamps.at ?? Number.NaN;
    const says = chunk.line(start, Math.min(end, start + EVIDENCE_LETTERS));
    examples.push({ source: chunk.source, line: chunk.firstLine + line, ...(Number.isNaN(at) ? {} : { at }), says });
    if (examples.length > EXAMPLES_AT_MOST) examples.splice(1, 1);
    this.#examples.set(record, examples);
  }

  /** Stamps of one file are read in order over all of its chunks; its clock is the file's own object. */
  #readerOf(clock: FileClock): QueryReader {
    if (this.#reader === null || this.#clock !== clock) {
      this.#reader = new QueryReader(clock);
      this.#clock = clock;
      this.#last = Number.NEGATIVE_INFINITY;
    }
    return this.#reader;
  }
}

function lineEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== NEWLINE) at += 1;
  return at;
}

function most(records: readonly number[], queries: (record: number) => number, atMost: number): readonly number[] {
  return [...records].sort((a, b) => queries(b) - queries(a)).slice(0, atMost);
}

/** What was seen of the lines of others counts for the same file. */
function added(counts: SiftCounts, other: SiftCounts): void {
  counts.candidates += other.candidates;
  counts.cut += other.cut;
  counts.headless += other.headless;
  // The same clock.
  counts.backwards = Math.max(counts.backwards, other.backwards);
  counts.hole += other.hole;
  counts.elsewhere += other.elsewhere;
  counts.aheadMs = Math.max(counts.aheadMs, other.aheadMs);
  for (const host of other.hosts) counts.hosts.add(host);
  if (other.from !== null && other.to !== null) covers(counts, other.from, other.to);
}

function covers(counts: SiftCounts, from: Millis, to: Millis): void {
  counts.from = Math.min(counts.from ?? from, from);
  counts.to = Math.max(counts.to ?? to, to);
}
