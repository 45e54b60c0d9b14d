/**
 * How long JavaScript's engine could take for a pattern on the worst text: the power of the text's length,
 * said too high rather than too low. Short texts may then go to it even where long ones may not.
 */

import { type Node, some, widthOf } from './ast.ts';
import { mayOverlap } from './charset.ts';
import { before, FEW_ROUNDS, type Next, NO_CHAR, startsAnchored } from './next.ts';
import { roundsOf } from './rounds.ts';

/** Ways that the engine may try at most on one text; about ten milliseconds. */
const WAYS_AT_MOST = 4_000_000;
/** Syslog lines are seldom longer; a pattern that is safe up to here counts as native. */
export const USUAL_LENGTH = 200;

/** What the time grows with: `power` of the text's length, times `factor`. */
export interface Cost {
  readonly power: number;
  readonly factor: number;
}

const FREE: Cost = { power: 0, factor: 1 };
/** Exponential, or not told apart from it. */
const EXPLODING: Cost = { power: Number.POSITIVE_INFINITY, factor: 1 };

/** Whether a text of this length costs at most WAYS_AT_MOST: n cuts can be laid in about length^n / n! ways. */
export function nativeIsSafe(cost: Cost, length: number): boolean {
  if (cost.power === Number.POSITIVE_INFINITY) return false;
  let ways = cost.factor;
  for (let i = 1; i <= cost.power; i++) ways *= Math.max(1, length / i);
  return ways <= WAYS_AT_MOST;
}

export function costOf(root: Node): Cost {
  const cost = costBefore(root, { set: NO_CHAR, open: true });
  const scans = some(root, (part) => part.kind === 'repeat' && part.max > FEW_ROUNDS) ? 1 : 0;
  return { power: Math.max(1, cost.power + scans + (startsAnchored(root) ? 0 : 1)), factor: cost.factor };
}

function both(a: Cost, b: Cost): Cost {
  return { power: a.power + b.power, factor: a.factor * b.factor };
}

function costBefore(node: Node, next: Next): Cost {
  switch (node.kind) {
    case 'cat': {
      let rest = next;
      let cost = FREE;
      for (const item of [...node.items].reverse()) {
        cost = both(cost, costBefore(item, rest));
        rest = before(item, rest);
      }
      return cost;
    }
    case 'alt':
      return alternativesCost(node.branches, next);
    case 'repeat':
      return repeatCost(node, next);
    case 'look':
      return costBefore(node.body, { set: NO_CHAR, open: true });
    case 'group':
    case 'atomic':
      return costBefore(node.body, next);
    case 'cond':
      return EXPLODING;
    default:
      return FREE;
  }
}

/** Branches that may begin alike can all be gone; of others one at most. */
function alternativesCost(branches: readonly Node[], next: Next): Cost {
  const firsts = branches.map((branch) => before(branch, next).set);
  const alike = firsts.some((a, i) => firsts.slice(i + 1).some((b) => mayOverlap(a, b)));
  const costs = branches.map((branch) => costBefore(branch, next));
  return costs.reduce(
    (sum, one) => ({ power: Math.max(sum.power, one.power), factor: alike ? sum.factor + one.factor : Math.max(sum.factor, one.factor) }),
    FREE,
  );
}

/** Taken or left out: two ways where the next character does not tell. */
function optionalCost(body: Node, next: Next): Cost {
  const cost = costBefore(body, next);
  return mayOverlap(before(body, next).set, next.set) ? { power: cost.power, factor: cost.factor * 2 } : cost;
}

function repeatCost(node: Node & { kind: 'repeat' }, next: Next): Cost {
  if (node.max <= 1) return node.min === 1 ? costBefore(node.body, next) : optionalCost(node.body, next);
  const [low, high] = widthOf(node.body);
  const rounds = roundsOf(node.body);
  // a lone character class tells its rounds apart by length alone
  if (rounds.clear || node.body.kind === 'set') {
    const fixed = node.min === node.max && low === high;
    const blurred = !fixed && rounds.goesOn.some((set) => mayOverlap(set, next.set));
    if (!blurred) return FREE;
    return node.max <= FEW_ROUNDS && high !== Number.POSITIVE_INFINITY ? { power: 0, factor: node.max } : { power: 1, factor: 1 };
  }
  if (node.max > FEW_ROUNDS) return EXPLODING;
  // every choice is counted in the ways of a round, but for where the last open run ends
  const factor = rounds.ways ** node.max * (node.max + 1);
  if (factor === Number.POSITIVE_INFINITY) return EXPLODING;
  const blurred = high > FEW_ROUNDS && rounds.goesOn.some((set) => mayOverlap(set, next.set));
  return { power: blurred ? 1 : 0, factor };
}
