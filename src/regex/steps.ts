/** The steps that the bounded engine's programs are made of. */

import type { CharSet } from './charset.ts';

/** What a step does; `x` and `y` are its numbers. */
export const OP = {
  /** One character of set x. */
  SET: 0,
  /** The one UTF-16 unit x. */
  CHAR: 1,
  /** Go on at x, and if that fails at y; its memory slot is in `slot`. */
  SPLIT: 2,
  JUMP: 3,
  /** Note the position in register x. */
  SAVE: 4,
  /** Stand at place x; y is 1 for ASCII words. */
  AT: 5,
  /** Greedy run of set x, then on at y. */
  RUN: 6,
  /** Lazy run of set x, then on at y. */
  LAZY_RUN: 7,
  /** The side program that starts at the next step; on at x; y says how (see LOOK_FLAGS). */
  LOOK: 8,
  ATOMIC: 9,
  /** The text of group x again; y is 1 when case is ignored. */
  BACK: 10,
  /** On at the next step when group x took part, else at y. */
  COND: 11,
  /** End of a round that may be empty: register x has its start; an empty round leaves to y. */
  ROUND: 12,
  /** End of the program or of a side program. */
  END: 13,
  FAIL: 14,
} as const;

export const LOOK_NEGATIVE = 1;
export const LOOK_BEHIND = 2;
/** Groups inside: the answer may not be remembered without them. */
export const LOOK_GROUPS = 4;
/** A lookbehind's width stands above these bits. */
export const LOOK_WIDTH_SHIFT = 3;

export interface Program {
  readonly op: Int32Array;
  readonly x: Int32Array;
  readonly y: Int32Array;
  readonly slot: Int32Array;
  readonly slots: number;
  /** For each step the registers of the rounds around it that may be empty: what a choice leads to depends on whether they are so far. */
  readonly rounds: readonly (readonly number[] | undefined)[];
  /** Groups that conditions ask for: a choice leads elsewhere when one of them is set, so each has its own memory then. */
  readonly conditions: readonly number[];
  readonly sets: readonly CharSet[];
  /** Registers: two per group, then one per round that may be empty. */
  readonly registers: number;
  /** Whether a way that failed once from a step and position always fails from there. */
  readonly remembers: boolean;
}

export const PLACES = ['start', 'end', 'lastLine', 'lineStart', 'lineEnd', 'word', 'notWord'] as const;

/** Whether the first thing asked for is the start of the text. */
export function startsAnchored(program: Program): boolean {
  let step = 0;
  while (program.op[step] === OP.SAVE) step++;
  return program.op[step] === OP.AT && PLACES[program.x[step] ?? 0] === 'start';
}
