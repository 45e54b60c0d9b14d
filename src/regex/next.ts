/** What can come next in a pattern: whether two ways are told apart by their next character hangs on it. */

import { type Node, widthOf } from './ast.ts';
import { ANY_CHAR, type CharSet, makeSet, union } from './charset.ts';

/** A repeat up to this count whose rounds blur is that many choices; a larger one counts as exploding. */
export const FEW_ROUNDS = 8;

/** What can come behind a place; `open` when the pattern may be content there, so that nothing is tried again. */
export interface Next {
  readonly set: CharSet;
  readonly open: boolean;
}

export const NO_CHAR = makeSet([], [], false, false);
const NEWLINE = makeSet([[10, 10]], [], false, false);

export function startsAnchored(node: Node): boolean {
  if (node.kind === 'at') return node.place === 'start';
  if (node.kind === 'cat') return node.items[0] !== undefined && startsAnchored(node.items[0]);
  if (node.kind === 'alt') return node.branches.length > 0 && node.branches.every(startsAnchored);
  return node.kind === 'group' && startsAnchored(node.body);
}

/** What can come first from a node on, given what comes behind it. */
export function before(node: Node, next: Next): Next {
  switch (node.kind) {
    case 'set':
      return { set: node.set, open: false };
    case 'at':
      if (node.place === 'lastLine' || node.place === 'lineEnd') return { set: NEWLINE, open: false };
      if (node.place === 'end') return { set: NO_CHAR, open: false };
      return next.open ? { set: ANY_CHAR, open: false } : next;
    case 'look':
    case 'back':
      return next.open || node.kind === 'back' ? { set: ANY_CHAR, open: false } : next;
    case 'cat':
      return node.items.reduceRight((rest, item) => before(item, rest), next);
    case 'alt':
    case 'cond':
      return (node.kind === 'alt' ? node.branches : [node.yes, node.no])
        .map((branch) => before(branch, next))
        .reduce(either, { set: NO_CHAR, open: false });
    case 'repeat': {
      const round = widthOf(node.body)[0] === 0 ? before(node.body, { set: ANY_CHAR, open: next.open }) : before(node.body, next);
      return node.min === 0 ? either(round, next) : round;
    }
    default:
      return before(node.body, next);
  }
}

function either(a: Next, b: Next): Next {
  return { set: union(a.set, b.set), open: a.open || b.open };
}
