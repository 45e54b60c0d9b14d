/** Sets of characters made ready to be counted in many texts. */

import { type CharSet, lowMembers } from './charset.ts';

/** Half of the ASCII characters: of larger sets those outside are counted. */
const HALF = 64;
export const ASCII = 128;
export const SPACE = 32;
/** Patterns share most of their sets; those of more patterns than anybody has are not shared. */
const SHARED_AT_MOST = 4_000;

export interface Counted {
  readonly members: Uint8Array;
  /** The members are those outside the set. */
  readonly absent: boolean;
  /** How long a run of them can be. */
  readonly runs: 'gap' | 'word' | 'any';
  readonly low: Uint32Array;
  /** What was counted last, and in which text. */
  times: number;
  text: number;
}

const SHARED = new Map<string, Counted>();

export function counted(set: CharSet): Counted {
  const key = set.low.join();
  const known = SHARED.get(key);
  if (known !== undefined) return known;
  const made = ready(set);
  if (SHARED.size < SHARED_AT_MOST) SHARED.set(key, made);
  return made;
}

function ready(set: CharSet): Counted {
  const inside = lowMembers(set);
  const runs = inside.every(isBlank) ? 'gap' : inside.includes(SPACE) ? 'any' : 'word';
  const absent = inside.length > HALF;
  const known = new Set(inside);
  const members = absent ? Array.from({ length: ASCII }, (_, code) => code).filter((code) => !known.has(code)) : inside;
  return { members: Uint8Array.from(members), absent, runs, low: set.low, times: 0, text: -1 };
}

/** As Python's `\s` has it. */
export function isBlank(code: number): boolean {
  return code === SPACE || (code >= 9 && code <= 13) || (code >= 28 && code <= 31);
}
