/** The `detection` of a rule: its named parts with their maps, lists and values, made into checks and joined by the condition. */

import { type Aggregation, type Condition, conditionOf } from './condition.ts';
import { type Around, testsOf, wordTests } from './modifiers.ts';
import type { Check, Test } from './rule.ts';
import { Unusable } from './rule.ts';
import { type Entry, entryOf, type Tree, type TreeMap, type TreeScalar, textOf, textsOf } from './tree.ts';

export interface Detection {
  readonly check: Check;
  readonly aggregation: Aggregation | null;
  /** Of old rules that count: `timeframe: 5m`. */
  readonly timeframe: string | null;
  readonly notes: readonly string[];
}

/** Keys of a detection that name no part. */
const OWN_KEYS: readonly string[] = ['condition', 'timeframe'];

export function detectionOf(map: TreeMap, around: Omit<Around, 'line'>): Detection {
  const parts = new Map<string, Check>();
  for (const { key, value, line } of map.entries) {
    if (!OWN_KEYS.includes(key)) parts.set(key, partOf(value, { ...around, line }));
  }
  const condition = entryOf(map, 'condition');
  const texts = textsOf(condition?.value);
  if (condition === undefined || texts.length === 0) throw new Unusable('the detection has no condition', map.line);
  if (parts.size === 0) throw new Unusable('the detection has no parts', map.line);
  const conditions = texts.map((text) => conditionOf(text, parts, condition.value.line));
  const idle = [...parts.keys()].filter((name) => !conditions.some(({ used }) => used.has(name)));
  const timeframe = textOf(entryOf(map, 'timeframe')?.value);
  const aggregation = onlyAggregation(conditions, condition.value.line);
  return {
    ...joined(conditions),
    aggregation,
    timeframe,
    notes: [
      ...idle.map((name) => `the condition does not use “${name}”`),
      ...(timeframe !== null && aggregation === null ? ['the timeframe has nothing to count and is not used'] : []),
    ],
  };
}

function joined(conditions: readonly Condition[]): { readonly check: Check } {
  const [only] = conditions;
  return { check: conditions.length === 1 && only !== undefined ? only.check : { is: 'or', of: conditions.map(({ check }) => check) } };
}

function onlyAggregation(conditions: readonly Condition[], line: number): Aggregation | null {
  const found = conditions.flatMap(({ aggregation }) => aggregation ?? []);
  if (found.length > 0 && conditions.length > 1) throw new Unusable('several conditions of which one counts', line);
  return found[0] ?? null;
}

/** A map: all of it. A list of maps: one of them. A list of values: one of these words somewhere in the log line. */
function partOf(tree: Tree, around: Around): Check {
  if (tree.is === 'map') return mapOf(tree, { ...around, line: tree.line });
  if (tree.is === 'scalar') return words([tree], [], around);
  const scalars = tree.items.filter((item) => item.is === 'scalar');
  const others = tree.items.filter((item) => item.is !== 'scalar').map((item) => partOf(item, { ...around, line: item.line }));
  if (tree.items.length === 0) throw new Unusable('a part of the detection is an empty list', around.line);
  if (others.length === 0) return words(scalars, [], around);
  return anyOf([...others, ...(scalars.length > 0 ? [words(scalars, [], around)] : [])]);
}

function mapOf(map: TreeMap, around: Around): Check {
  if (map.entries.length === 0) throw new Unusable('a part of the detection is an empty map', around.line);
  return allOf(map.entries.map((entry) => entryCheck(entry, { ...around, line: entry.line })));
}

function entryCheck({ key, value }: Entry, around: Around): Check {
  const [field = '', ...modifiers] = key.split('|');
  if (modifiers.includes('')) throw new Unusable(`the modifiers of “${key}” cannot be read`, around.line);
  if (field.trim() !== field) throw new Unusable(`the field “${field}” has spaces around it`, around.line);
  const values = valuesOf(value, key, around.line);
  if (field === '') return words(values, modifiers, around);
  const asked = around.ask(field);
  const { groups, all, negated } = testsOf(values, modifiers, around);
  const check = grouped(groups, all, (tests) => ({ is: 'field', asked, tests }));
  return negated ? { is: 'not', of: check } : check;
}

function valuesOf(tree: Tree, key: string, line: number): TreeScalar[] {
  if (tree.is === 'scalar') return [tree];
  if (tree.is === 'map') throw new Unusable(`“${key}” has a map where values are wanted`, line);
  return tree.items.map((item) => {
    if (item.is !== 'scalar') throw new Unusable(`“${key}” has more than plain values in its list`, item.line);
    return item;
  });
}

function words(values: readonly TreeScalar[], modifiers: readonly string[], around: Around): Check {
  const { groups, all, negated } = wordTests(values, modifiers, around);
  const check = grouped(groups, all, (tests) => ({ is: 'words', tests }));
  return negated ? { is: 'not', of: check } : check;
}

function grouped(groups: readonly (readonly Test[])[], all: boolean, make: (tests: readonly Test[]) => Check): Check {
  return all ? allOf(groups.map(make)) : make(groups.flat());
}

export function allOf(of: readonly Check[]): Check {
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { is: 'and', of };
}

export function anyOf(of: readonly Check[]): Check {
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { is: 'or', of };
}
