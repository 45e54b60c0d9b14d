/**
 * What makes queries for one domain a flood. A name server that many use has popular names, thousands of clients and short bursts; so each
 * kind of flood needs a rate, a share of all that was asked in that hour, and a form that ordinary clients do not have. What is asked by UDP
 * has a sender whom nobody checked: those who seem to ask are probably those who are to be hit.
 */

import { counted, grouped, listed, named } from './text.ts';
import type { EventOf, FindingDraft, QueriedDomain, Severity } from './words.ts';

/** Answers that are much larger than the question, and that ordinary clients hardly ever ask for (RFC 8482 gave up ANY). */
const LARGE = ['ANY', 'RRSIG'];
/** Large too, but validators and mail servers ask for them. */
const LARGE_AND_ORDINARY = ['TXT', 'DNSKEY'];

/** Fewer are a person's tests, or an old mail server's habit. */
const LARGE_AT_LEAST = 500;
const LARGE_AN_HOUR = 300;
/** As much as a scanner does not ask: 1,000 an hour or 20 a second. */
const LARGE_MEDIUM = { anHour: 1_000, inTenSeconds: 200 };
/** More than five a second for an hour, or 200 a second: it costs the victim, and this server's line. */
const LARGE_HIGH = { anHour: 20_000, inTenSeconds: 2_000 };
/** Slow misuse shows by its share alone: 5 % of everything asked in a log of some size. */
const SLOW = { queries: 5_000, share: 0.05 };
/** Of an ordinary type: 50 a second, a fifth of the hour, for a handful of names. */
const ORDINARY_LARGE = { inTenSeconds: 500, share: 0.2, names: 20 };

/** Ten a second; block lists and hash look-ups of virus scanners on a busy mail server stay below it, or below the share. */
const RANDOM = { names: 1_000, inTenSeconds: 100, shareOfHour: 0.2 };
const RANDOM_HIGH = { inTenSeconds: 1_000, shareOfHour: 0.5 };
/** Every second name is new, where floods have nearly all of them new and the estimate is within 9 %. */
const NEW_NAMES = 0.5;
const LONG_LABELS = 0.7;
/** So few networks can be one program: a tunnel, or look-ups by hash. */
const FEW_NETWORKS = 2;

/** 100 a second, or ten a second all hour long; half of all that is asked; and each network over and over in spite of its cache. */
const REPEATED = { inTenSeconds: 1_000, anHour: 36_000, shareOfHour: 0.5, perNetwork: 1_000 };
/** So much more than in its other hours, of which there must be some. */
const SPIKE = { times: 10, hours: 4 };

/** From here on the senders are known by a handshake or a cookie. */
const PROVEN_SHARE = 0.5;

export type Flood = 'amplification' | 'random-labels' | 'repeated';

const DETECTORS: ReadonlySet<string> = new Set(['amplification-flood', 'random-label-flood', 'query-flood']);

export function isQueryFlood({ detector }: { readonly detector: string }): boolean {
  return DETECTORS.has(detector);
}

/** Each domain is one kind of flood or none, so that the detectors do not tell of it twice. */
export function floodOf(domain: QueriedDomain): { readonly flood: Flood; readonly severity: Severity } | null {
  const amplifies = amplification(domain);
  if (amplifies) return { flood: 'amplification', severity: amplifies };
  const random = randomLabels(domain);
  if (random) return { flood: 'random-labels', severity: random };
  const repeats = repeated(domain);
  return repeats ? { flood: 'repeated', severity: repeats } : null;
}

export function queriesOf(domain: QueriedDomain, types: readonly string[]): number {
  return domain.types.reduce((sum, { type, queries }) => (types.includes(type) ? sum + queries : sum), 0);
}

function amplification(domain: QueriedDomain): Severity | null {
  const { queries, hour, tenSeconds, of } = domain;
  const large = queriesOf(domain, LARGE);
  if (large * 2 < queries) return ordinaryLarge(domain);
  if (large < LARGE_AT_LEAST) return null;
  if (hour.queries >= LARGE_HIGH.anHour || tenSeconds.queries >= LARGE_HIGH.inTenSeconds) return 'high';
  if (hour.queries >= LARGE_MEDIUM.anHour || tenSeconds.queries >= LARGE_MEDIUM.inTenSeconds) return 'medium';
  return hour.queries >= LARGE_AN_HOUR || (large >= SLOW.queries && large >= SLOW.share * of) ? 'low' : null;
}

/** TXT and DNSKEY by the thousand for the same few names: every resolver keeps the answer and would not come again. */
function ordinaryLarge(domain: QueriedDomain): Severity | null {
  const { queries, names, networks, tenSeconds, hour, ofHour } = domain;
  const large = queriesOf(domain, [...LARGE, ...LARGE_AND_ORDINARY]);
  const few = names <= ORDINARY_LARGE.names && hour.queries >= REPEATED.perNetwork * networks;
  const much = tenSeconds.queries >= ORDINARY_LARGE.inTenSeconds && hour.queries >= ORDINARY_LARGE.share * ofHour;
  return few && much && large >= 0.8 * queries ? 'medium' : null;
}

function randomLabels({ queries, names, networks, longLabels, tenSeconds, hour, ofHour }: QueriedDomain): Severity | null {
  if (names < RANDOM.names || names < NEW_NAMES * queries || longLabels < LONG_LABELS * queries) return null;
  if (tenSeconds.queries < RANDOM.inTenSeconds) return null;
  const share = hour.queries / Math.max(1, ofHour);
  if (tenSeconds.queries >= RANDOM_HIGH.inTenSeconds && share >= RANDOM_HIGH.shareOfHour) return 'high';
  return share >= RANDOM.shareOfHour && networks > FEW_NETWORKS ? 'medium' : 'low';
}

function repeated({ queries, names, networks, tenSeconds, hour, ofHour, hours }: QueriedDomain): Severity | null {
  const much = tenSeconds.queries >= REPEATED.inTenSeconds || hour.queries >= REPEATED.anHour;
  if (!much || hour.queries < REPEATED.shareOfHour * ofHour || hour.queries < REPEATED.perNetwork * networks || names * 10 > queries) return null;
  const otherwise = (queries - hour.queries) / Math.max(1, hours - 1);
  return hours >= SPIKE.hours && hour.queries >= SPIKE.times * otherwise ? 'medium' : 'low';
}

const SAYS: Readonly<Record<Flood, string>> = {
  amplification: 'answers much larger than the question are asked for over and over',
  'random-labels': 'names that nobody used before are asked for, so that no cache helps and each goes upstream',
  repeated: 'the same few names are asked for over and over, in spite of every cache',
};

/** The finding about one domain: it is the culprit, because the senders may be forged. */
export function toldFlood({ fields }: EventOf<'dns.queries'>, wanted: Flood): FindingDraft | null {
  if (fields.by !== 'domain') return null;
  const judged = floodOf(fields);
  if (judged?.flood !== wanted) return null;
  const { name, queries, askers, networks, proven, first, last, examples } = fields;
  const real = proven >= PROVEN_SHARE * queries;
  return {
    key: `domain ${name}`,
    at: first,
    from: first,
    to: last,
    severity: judged.severity,
    confidence: wanted === 'random-labels' && networks <= FEW_NETWORKS ? 'weak' : 'medium',
    says: `${sentence(fields)}: ${SAYS[wanted]}; ${sources(fields, real)}`,
    culprit: [{ is: 'domain', name }],
    victim: real ? [] : askers.map(({ ip }) => ({ is: 'address', ip })),
    evidence: examples,
    seen: queries,
    figures: figuresOf(fields),
  };
}

function sentence({ name, queries, short, of, hour, types }: QueriedDomain): string {
  const [top] = types;
  const type = top === undefined || top.type === 'other' ? '' : `, ${percent(top.queries, queries)} of them of type ${top.type}`;
  return `${named(name)} was asked for ${short > 0 ? 'at least ' : ''}${counted(queries, 'time')}${type}: ${percent(queries, of)} of all queries, ${grouped(hour.queries)} in the busiest hour`;
}

/** Who asked, without calling anybody guilty whom nobody could check. */
function sources({ clients, networks, askers }: QueriedDomain, real: boolean): string {
  const which = askers.map(({ network }) => network);
  const whence = `about ${counted(clients, 'address', 'addresses')} in ${counted(networks, 'network')}${which.length > 0 ? ` (${listed(which, 3)})` : ''}`;
  return real ? `it comes from ${whence}, by TCP or with a cookie` : `the senders, ${whence}, may be forged and are then the victims`;
}

function figuresOf(domain: QueriedDomain): Record<string, number | string> {
  const { queries, of, hour, ofHour, tenSeconds, types } = domain;
  return {
    queries,
    queriesShortBy: domain.short,
    sharePercent: share(queries, of),
    queriesInBusiestHour: hour.queries,
    shareOfBusiestHourPercent: share(hour.queries, ofHour),
    queriesInBusiestTenSeconds: tenSeconds.queries,
    distinctNames: domain.names,
    clients: domain.clients,
    clientNetworks: domain.networks,
    distinctTargets: domain.clients,
    topType: types[0]?.type ?? 'other',
    provenPercent: share(domain.proven, queries),
    recursionAskedPercent: share(domain.recursive, queries),
  };
}

/** One decimal. */
function share(part: number, whole: number): number {
  return Math.round((part / Math.max(1, whole)) * 1_000) / 10;
}

function percent(part: number, whole: number): string {
  return `${share(part, whole)} %`;
}
