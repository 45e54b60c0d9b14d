/** The parts a regular expression is made of, once read: all flags are already settled into the leaves, so no later step asks for them. */

import type { CharSet } from './charset.ts';

export interface Leaf {
  readonly kind: 'set';
  readonly set: CharSet;
}
export interface Cat {
  readonly kind: 'cat';
  readonly items: readonly Node[];
}
export interface Alt {
  readonly kind: 'alt';
  readonly branches: readonly Node[];
}
export interface Group {
  readonly kind: 'group';
  readonly index: number;
  readonly body: Node;
}
export type Greed = 'greedy' | 'lazy' | 'possessive';
export interface Repeat {
  readonly kind: 'repeat';
  readonly min: number;
  /** Infinity when open. */
  readonly max: number;
  readonly greed: Greed;
  readonly body: Node;
}
/** Lookahead and lookbehind; `width` (in characters) is what a lookbehind steps back. */
export interface Look {
  readonly kind: 'look';
  readonly ahead: boolean;
  readonly negative: boolean;
  readonly width: number;
  readonly body: Node;
}
export interface Atomic {
  readonly kind: 'atomic';
  readonly body: Node;
}
export interface Back {
  readonly kind: 'back';
  readonly group: number;
  readonly fold: boolean;
}
export interface Condition {
  readonly kind: 'cond';
  readonly group: number;
  readonly yes: Node;
  readonly no: Node;
}
/** `start` \A, `end` \z (the very end), `lastLine` $ without (?m), `lineStart`/`lineEnd` ^ and $ under (?m). */
export type Place = 'start' | 'end' | 'lastLine' | 'lineStart' | 'lineEnd' | 'word' | 'notWord';
export interface Assert {
  readonly kind: 'at';
  readonly place: Place;
  /** Word characters are ASCII only. */
  readonly ascii: boolean;
}

export type Node = Leaf | Cat | Alt | Group | Repeat | Look | Atomic | Back | Condition | Assert;

export const EMPTY: Cat = { kind: 'cat', items: [] };
/** An alternation without branches never matches: `(?!)`. */
export const NEVER: Alt = { kind: 'alt', branches: [] };

export interface Expression {
  readonly root: Node;
  /** Names by group number; undefined where a group has none; entry 0 stands for the whole match. */
  readonly names: readonly (string | undefined)[];
}

/** The direct parts of a node, for walks that treat all kinds alike. */
export function partsOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'cat':
      return node.items;
    case 'alt':
      return node.branches;
    case 'cond':
      return [node.yes, node.no];
    case 'group':
    case 'repeat':
    case 'look':
    case 'atomic':
      return [node.body];
    default:
      return [];
  }
}

export function some(node: Node, holds: (part: Node) => boolean): boolean {
  return holds(node) || partsOf(node).some((part) => some(part, holds));
}

/** Shortest and longest text in characters that a node may take; a back reference may take anything. */
export function widthOf(node: Node): readonly [number, number] {
  switch (node.kind) {
    case 'set':
      return [1, 1];
    case 'at':
    case 'look':
      return [0, 0];
    case 'back':
      return [0, Number.POSITIVE_INFINITY];
    case 'cat':
      return node.items.map(widthOf).reduce((sum, w) => [sum[0] + w[0], sum[1] + w[1]], [0, 0]);
    case 'alt':
      return widest(node.branches);
    case 'cond':
      return widest([node.yes, node.no]);
    case 'repeat': {
      const [low, high] = widthOf(node.body);
      return [low * node.min, high === 0 ? 0 : node.max === 0 ? 0 : high * node.max];
    }
    default:
      return widthOf(node.body);
  }
}

function widest(branches: readonly Node[]): readonly [number, number] {
  const widths = branches.map(widthOf);
  return [Math.min(...widths.map((w) => w[0])), Math.max(0, ...widths.map((w) => w[1]))];
}
