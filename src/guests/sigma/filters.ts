/** Filter documents: what an admin takes out of rules of others without changing their files. */

import { detectionOf } from './detection.ts';
import { headOf, logSourceOf } from './head.ts';
import type { RuleLog } from './logsource.ts';
import type { LogSource, Place, Refusal, SigmaRule, SigmaSet } from './rule.ts';
import { Unusable } from './rule.ts';
import { entryOf, type TreeMap, textsOf } from './tree.ts';

export interface FilterDocument extends Place {
  readonly id: string;
  readonly title: string;
  readonly logsource: LogSource;
  /** Ids or names of rules; null = every rule of the log source. */
  readonly rules: readonly string[] | null;
  readonly detection: TreeMap;
}

export function filterOf(map: TreeMap, place: Place): FilterDocument {
  const { id, title } = headOf(map, place);
  const entry = entryOf(map, 'filter');
  if (entry?.value.is !== 'map') throw new Unusable('the filter is no map', entry?.line ?? place.line);
  const named = entryOf(entry.value, 'rules');
  const rules = textsOf(named?.value);
  if (rules.length === 0) throw new Unusable('the filter names no rules', entry.line);
  const every = rules.length === 1 && rules[0] === 'any';
  const detection = { ...entry.value, entries: entry.value.entries.filter((one) => one !== named) };
  return { ...place, id, title, logsource: logSourceOf(map), rules: every ? null : rules, detection };
}

type Applied = Pick<SigmaSet, 'rules' | 'filters' | 'refused'>;

/** A filter is for a rule whose log source says at least what the filter's says. Its condition must hold besides the rule's own. */
export function appliedFilters(
  rules: readonly SigmaRule[],
  filters: readonly FilterDocument[],
  placeholders: ReadonlyMap<string, readonly string[]>,
  logOf: (rule: SigmaRule) => RuleLog,
): Applied {
  const ready = [...rules];
  const refused: Refusal[] = [];
  const applied = filters.flatMap((filter) => {
    try {
      const times = put(filter, ready, placeholders, logOf);
      return [{ file: filter.file, line: filter.line, title: filter.title, rules: times }];
    } catch (error) {
      if (!(error instanceof Unusable)) throw error;
      refused.push({ file: filter.file, line: error.line, id: filter.id, title: filter.title, reason: error.message });
      return [];
    }
  });
  return { rules: ready, filters: applied, refused };
}

function put(
  filter: FilterDocument,
  rules: SigmaRule[],
  placeholders: ReadonlyMap<string, readonly string[]>,
  logOf: (rule: SigmaRule) => RuleLog,
): number {
  const wanted = (rule: SigmaRule) =>
    filter.rules === null || filter.rules.includes(rule.id) || (rule.name !== null && filter.rules.includes(rule.name));
  const unknown = filter.rules?.find((name) => !rules.some((rule) => rule.id === name || rule.name === name));
  if (unknown !== undefined) throw new Unusable(`the filter names “${unknown}”, and no such rule was loaded`, filter.line);
  const places = rules.flatMap((rule, at) => (wanted(rule) && covers(filter.logsource, rule.logsource) ? [at] : []));
  if (places.length === 0) throw new Unusable('no rule has the log source of this filter', filter.line);
  const changed = places.map((at) => {
    const rule = rules[at] as SigmaRule; // `places` are places of this list
    const { check, aggregation } = detectionOf(filter.detection, { placeholders, ask: (field) => logOf(rule).ask(field) });
    if (aggregation !== null) throw new Unusable('a filter cannot count', filter.line);
    const notes = [...rule.notes, `filtered by “${filter.title}” (${filter.file}, line ${filter.line})`];
    return { at, rule: { ...rule, check: { is: 'and' as const, of: [rule.check, check] }, notes } };
  });
  for (const { at, rule } of changed) rules[at] = rule;
  return places.length;
}

function covers(wide: LogSource, narrow: LogSource): boolean {
  return (['category', 'product', 'service'] as const).every((key) => wide[key] === null || wide[key] === narrow[key]);
}
