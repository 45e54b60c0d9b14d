/** Which characters can come first from a step of a program: choices that cannot succeed are then never tried. */

import type { CharSet } from './charset.ts';
import { OP, type Program } from './steps.ts';

/** Bits for ASCII in four words; word 4 is 1 when a character beyond ASCII may come, word 5 when the end of the text may. */
export const FIRST_WORDS = 6;
const BEYOND = 4;
const END = 5;

export interface Firsts {
  /** FIRST_WORDS words for each step. */
  readonly words: Int32Array;
}

export function mayStart(firsts: Firsts, step: number, code: number): boolean {
  const base = step * FIRST_WORDS;
  if (code < 0) return firsts.words[base + END] !== 0;
  if (code >= 128) return firsts.words[base + BEYOND] !== 0;
  return (((firsts.words[base + (code >> 5)] ?? 0) >>> (code & 31)) & 1) !== 0;
}

/** Steps that follow a step without taking a character; null when anything may come. */
function following(program: Program, step: number): readonly number[] | null {
  const x = program.x[step] ?? 0;
  const y = program.y[step] ?? 0;
  switch (program.op[step]) {
    case OP.SET:
    case OP.CHAR:
    case OP.FAIL:
      return [];
    case OP.SPLIT:
      return [x, y];
    case OP.JUMP:
      return [x];
    case OP.SAVE:
    case OP.AT:
      return [step + 1];
    case OP.RUN:
    case OP.LAZY_RUN:
      return [y];
    case OP.LOOK:
      return [x];
    case OP.ATOMIC:
      return [step + 1];
    case OP.COND:
      return [step + 1, y];
    default:
      return null;
  }
}

export function findFirsts(program: Program): Firsts {
  const steps = program.op.length;
  const words = new Int32Array(steps * FIRST_WORDS);
  for (let step = 0; step < steps; step++) own(program, step, words);
  // sets only grow, so going backwards until nothing changes ends soon: one pass per nesting of loops
  for (let changed = true; changed; ) {
    changed = false;
    for (let step = steps - 1; step >= 0; step--) {
      for (const next of following(program, step) ?? []) if (grow(words, step, next)) changed = true;
    }
  }
  return { words };
}

function own(program: Program, step: number, words: Int32Array): void {
  const base = step * FIRST_WORDS;
  const op = program.op[step];
  const x = program.x[step] ?? 0;
  if (following(program, step) === null) words.fill(-1, base, base + FIRST_WORDS);
  else if (op === OP.CHAR) {
    if (x < 128) words[base + (x >> 5)] = 1 << (x & 31);
    else words[base + BEYOND] = 1;
  } else if (op === OP.SET || op === OP.RUN || op === OP.LAZY_RUN) {
    const set: CharSet | undefined = program.sets[x];
    for (let word = 0; word < 4; word++) words[base + word] = set?.low[word] ?? 0;
    words[base + BEYOND] = (set?.high ?? 0) === 0 ? 0 : 1;
  }
}

function grow(words: Int32Array, into: number, from: number): boolean {
  let grew = false;
  for (let word = 0; word < FIRST_WORDS; word++) {
    const before = words[into * FIRST_WORDS + word] ?? 0;
    const after = before | (words[from * FIRST_WORDS + word] ?? 0);
    if (after !== before) {
      words[into * FIRST_WORDS + word] = after;
      grew = true;
    }
  }
  return grew;
}
