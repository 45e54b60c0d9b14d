/** Correlation rules: how many of which rules' matches, within which time, for whom; and the counting conditions of old rules made into the same. */

import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../core/spans.ts';
import { type Aggregation, legacyCount } from './condition.ts';
import type { Bounds, CorrelationType, Head, Refusal, SigmaCorrelation, SigmaRule } from './rule.ts';
import { Unusable } from './rule.ts';
import { type Entry, entryOf, type TreeMap, textOf, textsOf } from './tree.ts';

const COUNTING: readonly string[] = ['event_count', 'value_count', 'value_sum', 'value_avg', 'value_median', 'value_percentile'];
const TEMPORAL: readonly string[] = ['temporal', 'temporal_ordered'];
const SIGNS: readonly string[] = ['gt', 'gte', 'lt', 'lte', 'eq', 'neq'];
const KEYS: readonly string[] = ['type', 'rules', 'group-by', 'timespan', 'condition', 'aliases', 'generate'];
/** A month and a year are as long as their average. */
const UNITS: Readonly<Record<string, number>> = {
  s: SECOND_MS,
  m: MINUTE_MS,
  h: HOUR_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
  M: 30.44 * DAY_MS,
  y: 365.25 * DAY_MS,
};
const LEGACY_SIGNS: Readonly<Record<string, keyof Bounds>> = { '>': 'gt', '>=': 'gte', '<': 'lt', '<=': 'lte', '=': 'eq', '==': 'eq' };

export function spanOf(text: string, line: number): number {
  const match = /^(\d{1,9})([smhdwMy])$/.exec(text.trim());
  const unit = UNITS[match?.[2] ?? ''];
  if (match === null || unit === undefined || Number(match[1]) === 0)
    throw new Unusable(`“${text.slice(0, 40)}” is no span of time such as 30s, 5m, 1h`, line);
  return Number(match[1]) * unit;
}

export function correlationOf(map: TreeMap, head: Head): SigmaCorrelation {
  const entry = entryOf(map, 'correlation');
  if (entry?.value.is !== 'map') throw new Unusable('the correlation is no map', entry?.line ?? head.line);
  const body = entry.value;
  const odd = body.entries.find(({ key }) => !KEYS.includes(key));
  if (odd !== undefined) throw new Unusable(`the correlation has “${odd.key}”, which is not known`, odd.line);
  const typeEntry = needed(body, 'type');
  const type = textOf(typeEntry.value) ?? '';
  if (!COUNTING.includes(type) && !TEMPORAL.includes(type))
    throw new Unusable(`the correlation type “${type.slice(0, 40)}” is not known`, typeEntry.line);
  const rules = needed(body, 'rules');
  const of = textsOf(rules.value);
  if (of.length === 0) throw new Unusable('the correlation names no rules', rules.line);
  const span = needed(body, 'timespan');
  const condition = entryOf(body, 'condition');
  if (condition === undefined && COUNTING.includes(type)) throw new Unusable(`a correlation of type ${type} needs a condition`, entry.line);
  const limits = limitsOf(condition, type, of.length);
  const generate = textOf(entryOf(body, 'generate')?.value);
  return {
    ...head,
    kind: 'correlation',
    type: type as CorrelationType, // it is in one of the two lists
    of,
    groupBy: textsOf(entryOf(body, 'group-by')?.value),
    aliases: aliasesOf(entryOf(body, 'aliases')),
    spanMs: spanOf(textOf(span.value) ?? '', span.line),
    ...limits,
    generate: generate === 'true',
  };
}

function needed(map: TreeMap, key: string): Entry {
  const entry = entryOf(map, key);
  if (entry === undefined) throw new Unusable(`the correlation has no “${key}”`, map.line);
  return entry;
}

type Limits = Pick<SigmaCorrelation, 'bounds' | 'valueFields' | 'percentile'>;

/** Temporal correlations without a condition want every one of their rules. */
function limitsOf(condition: Entry | undefined, type: string, rules: number): Limits {
  if (condition === undefined) return { bounds: { gte: rules }, valueFields: [], percentile: 0 };
  const { value, line } = condition;
  if (value.is !== 'map') throw new Unusable('a correlation condition other than gt, gte, lt, lte, eq with a number is not understood', line);
  const bounds: Record<string, number> = {};
  for (const entry of value.entries) {
    if (entry.key === 'field' || entry.key === 'percentile') continue;
    if (!SIGNS.includes(entry.key)) throw new Unusable(`the condition has “${entry.key}”, which is not known`, entry.line);
    const limit = Number(textOf(entry.value) ?? Number.NaN);
    if (!Number.isFinite(limit)) throw new Unusable(`“${entry.key}” wants a number`, entry.line);
    bounds[entry.key] = limit;
  }
  if (Object.keys(bounds).length === 0) throw new Unusable('the condition has no number to compare with', line);
  const valueFields = textsOf(entryOf(value, 'field')?.value);
  if (type.startsWith('value_') && valueFields.length === 0) throw new Unusable(`a correlation of type ${type} needs a field in its condition`, line);
  return { bounds, valueFields, percentile: percentileOf(value, type, line) };
}

function percentileOf(value: TreeMap, type: string, line: number): number {
  if (type !== 'value_percentile') return type === 'value_median' ? 50 : 0;
  const percentile = Number(textOf(entryOf(value, 'percentile')?.value) ?? Number.NaN);
  if (!(percentile >= 0 && percentile <= 100)) throw new Unusable('value_percentile needs a percentile from 0 to 100', line);
  return percentile;
}

function aliasesOf(entry: Entry | undefined): Map<string, Map<string, string>> {
  if (entry === undefined) return new Map();
  if (entry.value.is !== 'map') throw new Unusable('the aliases are no map', entry.line);
  const aliases = entry.value.entries.map(({ key, value, line }): [string, Map<string, string>] => {
    if (value.is !== 'map') throw new Unusable(`the alias “${key}” is no map of rules and fields`, line);
    return [key, new Map(value.entries.map((one): [string, string] => [one.key, textOf(one.value) ?? '']))];
  });
  return new Map(aliases);
}

/** `selection | count() by x > 5` with `timeframe: 5m`, as old rules have it. */
export function legacyCorrelation(rule: SigmaRule, aggregation: Aggregation, timeframe: string | null, line: number): SigmaCorrelation {
  const count = legacyCount(aggregation);
  const sign = LEGACY_SIGNS[count?.sign ?? ''];
  if (count === null || sign === undefined)
    throw new Unusable(`the aggregation “${aggregation.text.slice(0, 80)}” is not supported: only count() and count(field) are`, line);
  if (timeframe === null) throw new Unusable('the condition counts without a timeframe', line);
  const { kind: _, logsource: __, check: ___, asks: ____, missing: _____, notApplicable: ______, part: _______, ...head } = rule;
  return {
    ...head,
    kind: 'correlation',
    type: count.field === null ? 'event_count' : 'value_count',
    of: [`${rule.id} (counted)`],
    groupBy: count.by,
    aliases: new Map(),
    spanMs: spanOf(timeframe, line),
    bounds: { [sign]: count.limit },
    valueFields: count.field === null ? [] : [count.field],
    percentile: 0,
    generate: false,
  };
}

/** Names made into ids; correlations that lead to nothing, or to themselves, are refused. */
export function linked(
  correlations: readonly SigmaCorrelation[],
  rules: readonly SigmaRule[],
): { correlations: SigmaCorrelation[]; refused: Refusal[] } {
  const refused: Refusal[] = [];
  let left = [...correlations];
  for (;;) {
    const ids = new Map<string, string>();
    for (const { id, name } of [...rules, ...left]) for (const called of name === null ? [id] : [id, name]) if (!ids.has(called)) ids.set(called, id);
    const lost = new Map(
      left.flatMap((one) => {
        const unknown = one.of.find((called) => !ids.has(called));
        return unknown === undefined ? [] : [[one, `it counts “${unknown}”, and no such rule was loaded`] as const];
      }),
    );
    if (lost.size === 0) {
      const ready = left.map((one) => ({ ...one, of: one.of.map((called) => ids.get(called) ?? called), aliases: renamed(one.aliases, ids) }));
      const round = ready.filter((one) => leadsTo(one.id, one.of, ready, new Set()));
      refused.push(...round.map((one) => refusal(one, 'it counts itself, by way of others')));
      return { correlations: ready.filter((one) => !round.includes(one)), refused };
    }
    refused.push(...[...lost].map(([one, reason]) => refusal(one, reason)));
    left = left.filter((one) => !lost.has(one));
  }
}

function renamed(aliases: SigmaCorrelation['aliases'], ids: ReadonlyMap<string, string>): Map<string, Map<string, string>> {
  return new Map([...aliases].map(([alias, fields]) => [alias, new Map([...fields].map(([rule, field]) => [ids.get(rule) ?? rule, field]))]));
}

function leadsTo(id: string, of: readonly string[], all: readonly SigmaCorrelation[], seen: Set<string>): boolean {
  return of.some((next) => {
    if (next === id) return true;
    if (seen.has(next)) return false;
    seen.add(next);
    return all.some((one) => one.id === next && leadsTo(id, one.of, all, seen));
  });
}

function refusal({ file, line, id, title }: SigmaCorrelation, reason: string): Refusal {
  return { file, line, id, title, reason };
}
