/**
 * How many steps JavaScript's engine could take on one given text, said too high rather than too low. The length of a text alone says
 * too much: a part that ends before a bracket can end only where the text has brackets, and what begins with `kernel:` is not gone
 * into where there is no k.
 */

import { type Node, some, widthOf } from './ast.ts';
import { type CharSet, lowMembers, mayOverlap, union } from './charset.ts';
import { type Counted, counted } from './counted.ts';
import { before, FEW_ROUNDS, type Next, NO_CHAR, startsAnchored } from './next.ts';
import { roundsOf } from './rounds.ts';
import type { Counts } from './tally.ts';

/** From how many ways arrive at a part to how many leave it; the steps in it are added to the tally. */
type Passage = (tally: Counts, arriving: number) => number;

/** Steps at most on the text that the tally has. */
export type Ways = (tally: Counts) => number;

/** What can come behind a part, and the characters that must all be in the text then. */
interface Ahead extends Next {
  readonly letters: readonly Counted[];
}

/** No pattern of people has so many letters in a row that the rest would tell more. */
const LETTERS_AT_MOST = 24;
const END: Ahead = { set: NO_CHAR, open: true, letters: [] };

class Endless extends Error {}

/** Null where a text of few characters can already take for ever. */
export function waysOf(root: Node): Ways | null {
  try {
    const inside = passage(root, END);
    const starts = startsAnchored(root) ? () => 1 : exits(aheadOf(root, END));
    return (tally) => {
      tally.steps = 0;
      const arriving = starts(tally);
      inside(tally, arriving);
      return tally.steps + tally.length;
    };
  } catch (error) {
    if (error instanceof Endless) return null;
    throw error;
  }
}

/** The places where a part can end with what follows going on; the end of the text is one of them. */
function exits({ set, open, letters }: Ahead): (tally: Counts) => number {
  if (open) return (tally) => tally.length + 1;
  const asked = letters.length > 0 ? letters : [counted(set)];
  return (tally) => {
    let fewest = tally.length;
    for (const one of asked) fewest = Math.min(fewest, tally.of(one));
    return fewest + 1;
  };
}

function aheadOf(node: Node, next: Ahead): Ahead {
  const { set, open } = before(node, next);
  if (node.kind === 'group') return aheadOf(node.body, next);
  if (node.kind === 'set') return { set, open, letters: [counted(set), ...next.letters].slice(0, LETTERS_AT_MOST) };
  if (node.kind === 'cat') return node.items.reduceRight((rest, item) => aheadOf(item, rest), next);
  return { set, open, letters: [] };
}

function passage(node: Node, next: Ahead): Passage {
  switch (node.kind) {
    case 'set':
      return letter(counted(node.set));
    case 'cat':
      return sequence(node.items, next);
    case 'alt':
      return branches(node.branches, next);
    case 'repeat':
      return repeated(node, next);
    case 'look':
      return looked(passage(node.body, END));
    case 'group':
    case 'atomic':
      return passage(node.body, next);
    case 'cond':
      throw new Endless();
    case 'back':
      return (tally, arriving) => {
        tally.steps += arriving * (tally.length + 1);
        return arriving;
      };
    default:
      return (tally, arriving) => {
        tally.steps += arriving;
        return arriving;
      };
  }
}

/** Nobody gets past a character that the text does not have. */
function letter(set: Counted): Passage {
  return (tally, arriving) => {
    tally.steps += arriving;
    return tally.of(set) === 0 ? 0 : arriving;
  };
}

function looked(body: Passage): Passage {
  return (tally, arriving) => {
    body(tally, arriving);
    return arriving;
  };
}

function sequence(items: readonly Node[], next: Ahead): Passage {
  const parts: Passage[] = [];
  let rest = next;
  for (const item of [...items].reverse()) {
    parts.unshift(passage(item, rest));
    rest = aheadOf(item, rest);
  }
  return (tally, arriving) => {
    let ways = arriving;
    for (let i = 0; i < parts.length && ways > 0; i++) ways = parts[i]?.(tally, ways) ?? ways;
    return ways;
  };
}

/** Branches that may begin alike can all be gone; of others one at most. */
function branches(nodes: readonly Node[], next: Ahead): Passage {
  const firsts = nodes.map((branch) => before(branch, next).set);
  const alike = firsts.some((a, i) => firsts.slice(i + 1).some((b) => mayOverlap(a, b)));
  const parts = nodes.map((branch) => passage(branch, next));
  return (tally, arriving) => {
    tally.steps += arriving * parts.length;
    let ways = 0;
    for (const part of parts) ways = alike ? ways + part(tally, arriving) : Math.max(ways, part(tally, arriving));
    return ways;
  };
}

function repeated(node: Node & { kind: 'repeat' }, next: Ahead): Passage {
  const { body, min, max } = node;
  if (max <= 1) return min === 1 ? passage(body, next) : optional(body, next);
  if (some(body, (part) => part.kind === 'look' && some(part, (inner) => inner.kind === 'repeat'))) throw new Endless();
  const [low, high] = widthOf(body);
  const rounds = roundsOf(body);
  const blurs = rounds.goesOn.some((set) => mayOverlap(set, next.set));
  if (!rounds.clear && body.kind !== 'set') return unclear(node, rounds.ways, blurs && high > FEW_ROUNDS ? exits(next) : () => 1);
  const blurred = blurs && !(min === max && low === high);
  const ends = blurred ? exits(next) : () => 1;
  const needed = body.kind === 'set' ? body.set : neededBy(body);
  const asked = needed === null ? null : counted(needed);
  return (tally, arriving) => {
    const most = asked === null ? tally.length : body.kind === 'set' ? tally.runOf(asked) : tally.of(asked);
    tally.steps += arriving * (body.kind === 'set' ? Math.min(max, most) + 1 : tally.length + 1);
    if (most === 0 && min > 0) return 0;
    return arriving * Math.min(max + 1, most + 1, ends(tally));
  };
}

/** Taken or left out: two ways where the next character does not tell. */
function optional(body: Node, next: Ahead): Passage {
  const part = passage(body, next);
  const blurred = mayOverlap(before(body, next).set, next.set);
  return (tally, arriving) => {
    const taken = part(tally, arriving);
    return blurred ? arriving + taken : Math.max(arriving, taken);
  };
}

/** Rounds that can be gone in several ways each. */
function unclear({ body, min, max }: Node & { kind: 'repeat' }, ways: number, ends: (tally: Counts) => number): Passage {
  if (ways === Number.POSITIVE_INFINITY || widthOf(body)[0] === 0) throw new Endless();
  const needed = neededBy(body);
  const asked = needed === null ? null : counted(needed);
  return (tally, arriving) => {
    const most = Math.min(max, asked === null ? tally.length : tally.of(asked));
    // A round that was begun and not ended is one more.
    tally.steps += arriving * ways ** Math.min(max, most + 1) * (most + 1) * (tally.length + 1);
    if (most === 0) return min > 0 ? 0 : arriving;
    return arriving * ways ** most * (most + 1) * ends(tally);
  };
}

/** Characters of which every round takes at least one: the fewest that are known. */
function neededBy(node: Node): CharSet | null {
  switch (node.kind) {
    case 'set':
      return node.set;
    case 'cat': {
      const found = node.items.flatMap((item) => neededBy(item) ?? []);
      return found.sort((a, b) => lowMembers(a).length - lowMembers(b).length)[0] ?? null;
    }
    case 'alt': {
      const found = node.branches.map(neededBy);
      const [first, ...others] = found.flatMap((set) => set ?? []);
      return first === undefined || found.includes(null) ? null : others.reduce(union, first);
    }
    case 'repeat':
      return node.min > 0 ? neededBy(node.body) : null;
    case 'group':
    case 'atomic':
      return neededBy(node.body);
    default:
      return null;
  }
}
