/** Which of our logs a rule is for, what its fields are called there, and whether an event can be of that log at all. */

import type { SigmaEvent } from './event.ts';
import { LOGS, type LogKind, SCHEMA } from './fields.ts';
import type { Asked, LogSource } from './rule.ts';
import { CHANNELS, SYSMON } from './windows-logs.ts';

export function sourceKey({ category, product, service }: LogSource): string {
  return [category ?? '', product ?? '', service ?? ''].join('/');
}

/** `product linux, service sshd` */
export function sourceName({ category, product, service }: LogSource): string {
  const parts = [product && `product ${product}`, category && `category ${category}`, service && `service ${service}`].filter(Boolean);
  return parts.length === 0 ? 'any log' : parts.join(', ');
}

/** One rule's log: the row of the table, or why there is none; then its fields go by their own names alone. */
export class RuleLog {
  readonly source: LogSource;
  readonly kind: LogKind | null;
  readonly #asked = new Map<string, Asked>();

  constructor(source: LogSource) {
    this.source = source;
    const same = (row: LogKind) => (row.category ?? null) === source.category && (row.service ?? null) === source.service;
    const linux = source.product ?? 'linux';
    this.kind =
      LOGS.find((row) => same(row) && (row.product ?? null) === source.product) ?? LOGS.find((row) => same(row) && row.product === linux) ?? null;
  }

  /** Why no event of ours is of this log; null where there are such events. */
  reason(): string | null {
    return this.kind === null ? `no log that Tocsin reads is of ${sourceName(this.source)}` : null;
  }

  /** True for a field that the events of this log never have. */
  lacks(field: string): boolean {
    return this.kind !== null && this.kind.under === undefined && !Object.hasOwn(this.kind.fields, field) && !SCHEMA.test(field);
  }

  /** The same field gives the same answer, object for object. */
  ask(field: string): Asked {
    const known = this.#asked.get(field);
    if (known !== undefined) return known;
    const row = this.kind?.fields;
    const told = row !== undefined && Object.hasOwn(row, field) ? (row[field] ?? '') : '';
    const names = told
      .replace(/^\+/, '')
      .split(' ')
      .filter((name) => name !== '');
    const under = (this.kind?.under ?? []).map((prefix) => `${prefix}.${field}`);
    const asked: Asked = { field, names: [...new Set([field, ...names, ...under])], every: told.startsWith('+') };
    this.#asked.set(field, asked);
    return asked;
  }
}

/** Everything that `isElsewhere` asks of an event. */
const SELF = [
  'logsource.category',
  'logsource.product',
  'logsource.service',
  'Channel',
  'EventID',
  'host.os.type',
  'host.os.platform',
  'event.dataset',
  'event.module',
  'event.category',
  'process.name',
] as const;

/** Two events with the same description are of the same logs. */
export function selfDescription(event: SigmaEvent): string {
  return SELF.map((name) => event.named(name)?.join('\u0001') ?? '\u0002').join('\u0000');
}

/** True when the event says that it is of another log. An event that says nothing of itself can be of any. */
export function isElsewhere(event: SigmaEvent, source: LogSource, kind: LogKind | null): boolean {
  for (const key of ['category', 'product', 'service'] as const) {
    const told = event.lower(`logsource.${key}`)[0];
    if (told !== undefined && source[key] !== null && told !== source[key]) return true;
  }
  if (event.named('logsource.category') ?? event.named('logsource.product') ?? event.named('logsource.service')) return false;
  const channel = event.lower('Channel')[0];
  if (channel !== undefined) return windowsElsewhere(event, source, kind, channel);
  return foreignProduct(event, source, kind) || (kind !== null && signsAgainst(event, kind));
}

function windowsElsewhere(event: SigmaEvent, { category, product, service }: LogSource, kind: LogKind | null, channel: string): boolean {
  if (product !== null && product !== 'windows') return true;
  if (product === null && kind !== null) return true;
  const numbers = category === null ? undefined : SYSMON[category];
  const number = Number(event.named('EventID')?.[0] ?? Number.NaN);
  if (numbers !== undefined && !numbers.includes(number)) return true;
  const channels = service === null ? undefined : CHANNELS[service];
  return channels !== undefined && !channels.includes(channel);
}

/** Rules of products that we have no row for: our events name another system or another data set. */
function foreignProduct(event: SigmaEvent, { product }: LogSource, kind: LogKind | null): boolean {
  if (kind !== null || product === null) return false;
  const system = event.lower('host.os.type')[0] ?? event.lower('host.os.platform')[0];
  if (system !== undefined && ['windows', 'macos', 'linux'].includes(product) && system !== product) return true;
  const sets = partsOf(event);
  return sets.length > 0 && !sets.includes(product);
}

/** `nginx.access` and `network_traffic.dns` say what they are of in one of their parts. */
function partsOf(event: SigmaEvent): string[] {
  return [...event.lower('event.dataset'), ...event.lower('event.module')].flatMap((name) => name.split(/[._-]/));
}

function signsAgainst(event: SigmaEvent, { signs, product }: LogKind): boolean {
  const system = event.lower('host.os.type')[0];
  if (product === 'linux' && system !== undefined && system !== 'linux') return true;
  const programs = signs.programs ?? [];
  const logged = event.lower('process.name');
  if (programs.length > 0 && logged.length > 0 && !logged.some((name) => programs.includes(name))) return true;
  const categories = event.lower('event.category');
  const sets = partsOf(event);
  const saysCategory = signs.categories !== undefined && categories.length > 0;
  const saysSet = signs.datasets !== undefined && sets.length > 0;
  if (!saysCategory && !saysSet) return false;
  const fits =
    (saysCategory && categories.some((name) => signs.categories?.includes(name))) || (saysSet && sets.some((name) => signs.datasets?.includes(name)));
  return !fits;
}
