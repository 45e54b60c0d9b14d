/**
 * Writes conditions `(?(user)a|b)` as plain alternatives where that is exact: what follows the optional group
 * is put once behind "group taken" and once behind "group left out", in the order in which Python tries them.
 */

import { type Node, partsOf, some } from './ast.ts';

/** Whether a group took part, as far as it is known on this way. */
type Known = ReadonlyMap<number, boolean>;

/** Each split writes the rest twice: more than this many parts and the pattern is left as it is. */
const PARTS_AT_MOST = 4000;

export function hasCondition(node: Node): boolean {
  return some(node, (part) => part.kind === 'cond');
}

function groupsIn(node: Node, into = new Set<number>()): Set<number> {
  if (node.kind === 'group') into.add(node.index);
  for (const part of partsOf(node)) groupsIn(part, into);
  return into;
}

function asked(node: Node, into = new Set<number>()): Set<number> {
  if (node.kind === 'cond') into.add(node.group);
  for (const part of partsOf(node)) asked(part, into);
  return into;
}

function flat(node: Node): readonly Node[] {
  return node.kind === 'cat' ? node.items.flatMap(flat) : [node];
}

/** The ways through one part, in the order tried, each a list of parts; null where the part need not or cannot be taken apart. */
function waysOf(item: Node, wanted: ReadonlySet<number>): readonly (readonly Node[])[] | null {
  if (wanted.size === 0 || ![...groupsIn(item)].some((group) => wanted.has(group))) return null;
  if (item.kind === 'repeat' && item.min === 0 && item.max === 1 && item.greed !== 'possessive') {
    const taken = flat(item.body);
    return item.greed === 'greedy' ? [taken, []] : [[], taken];
  }
  if (item.kind === 'group') return waysOfGroup(item, wanted);
  return item.kind === 'alt' ? item.branches.map(flat) : null;
}

/** `(a|b)` as `(a)` and `(b)`, both of them the same group. */
function waysOfGroup(item: Node & { kind: 'group' }, wanted: ReadonlySet<number>): readonly (readonly Node[])[] | null {
  const [only, ...others] = flat(item.body);
  const ways = only === undefined || others.length > 0 ? null : waysOf(only, wanted);
  return ways?.map((way) => [{ ...item, body: { kind: 'cat', items: way } }]) ?? null;
}

/** The same pattern without conditions, or null where that cannot be said exactly. */
export function withoutConditions(root: Node): Node | null {
  if (!hasCondition(root)) return root;
  const written = expand([root], new Map(), { parts: 0 });
  return written === null || hasCondition(written) ? null : written;
}

interface Budget {
  parts: number;
}

function expand(items: readonly Node[], known: Known, budget: Budget): Node | null {
  const before: Node[] = [];
  const rest = items.flatMap(flat);
  let facts = known;
  for (let i = 0; i < rest.length; i++) {
    const item = rest[i];
    if (item === undefined || ++budget.parts > PARTS_AT_MOST) return null;
    if (item.kind === 'cond') {
      const took = facts.get(item.group);
      if (took === undefined) return null;
      rest.splice(i--, 1, ...flat(took ? item.yes : item.no));
      continue;
    }
    const after = rest.slice(i + 1);
    const wanted = new Set(after.flatMap((part) => [...asked(part)]).filter((group) => !facts.has(group)));
    const ways = waysOf(item, wanted);
    if (ways !== null) return split(before, ways, after, facts, budget, wanted);
    const written = inside(item, facts, budget);
    if (written === null) return null;
    before.push(written);
    facts = learned(item, facts);
  }
  return { kind: 'cat', items: before };
}

/** One way after the other, each with all that follows behind it. */
function split(
  before: readonly Node[],
  ways: readonly (readonly Node[])[],
  after: readonly Node[],
  facts: Known,
  budget: Budget,
  wanted: ReadonlySet<number>,
): Node | null {
  const all = new Set(ways.flatMap((way) => way.flatMap((part) => [...groupsIn(part)])));
  const branches: Node[] = [];
  for (const way of ways) {
    const own = new Set(way.flatMap((part) => [...groupsIn(part)]));
    const left = new Map(facts);
    for (const group of all) if (wanted.has(group) && !own.has(group)) left.set(group, false);
    const branch = expand([...way, ...after], left, budget);
    if (branch === null) return null;
    branches.push(branch);
  }
  return { kind: 'cat', items: [...before, { kind: 'alt', branches }] };
}

/** Conditions deeper inside a part, by what is known before it. */
function inside(item: Node, facts: Known, budget: Budget): Node | null {
  if (!hasCondition(item)) return item;
  if (item.kind === 'alt') {
    const branches = item.branches.map((branch) => expand([branch], facts, budget));
    return branches.every((branch) => branch !== null) ? { kind: 'alt', branches } : null;
  }
  if (item.kind !== 'group' && item.kind !== 'repeat' && item.kind !== 'look' && item.kind !== 'atomic') return null;
  if (item.kind === 'repeat' && item.max > 1) {
    // an earlier round's group would answer for the later round
    const own = groupsIn(item.body);
    if ([...asked(item.body)].some((group) => own.has(group))) return null;
  }
  const body = expand([item.body], facts, budget);
  return body === null ? null : { ...item, body };
}

/** Groups that a part sets on every way through it. */
export function certainGroups(node: Node): ReadonlySet<number> {
  switch (node.kind) {
    case 'cat':
      return new Set(node.items.flatMap((item) => [...certainGroups(item)]));
    case 'group':
      return new Set([node.index, ...certainGroups(node.body)]);
    case 'repeat':
      return node.min > 0 ? certainGroups(node.body) : new Set();
    case 'atomic':
      return certainGroups(node.body);
    case 'look':
      return node.negative ? new Set() : certainGroups(node.body);
    case 'alt': {
      const [first, ...others] = node.branches.map(certainGroups);
      return new Set([...(first ?? [])].filter((group) => others.every((other) => other.has(group))));
    }
    default:
      return new Set();
  }
}

function learned(item: Node, facts: Known): Known {
  const sure = certainGroups(item);
  return sure.size === 0 ? facts : new Map([...facts, ...[...sure].map((group) => [group, true] as const)]);
}
