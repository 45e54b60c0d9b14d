/** The hand's own nouns: what it holds, what it changes, and the clocks that it goes by. */

import type { Net } from '../core/nets.ts';
import type { Millis } from '../core/words.ts';

export type Kind = 'ban' | 'allow';

/** What the ledger keeps of a ban or an allowed network. */
export interface Entry {
  readonly since: Millis;
  readonly untilMs: Millis | null;
  readonly because: string;
  readonly decision: string;
}

/** One change, with what takes it back: `was` is what stood there before. Null = nothing stands there. */
export interface Act {
  readonly kind: Kind;
  readonly net: string;
  readonly now: Entry | null;
  readonly was: Entry | null;
}

/** An entry while the hand runs. `endsAt` is on the steady clock, so that a clock that is set neither shortens nor lengthens it. */
export interface Held extends Entry {
  readonly kind: Kind;
  readonly net: Net;
  readonly text: string;
  readonly endsAt: number | null;
}

export interface Clock {
  /** UTC, as the machine believes it. */
  wall(): Millis;
  /** Milliseconds that only ever go forward. */
  steady(): number;
}

export function keyOf(kind: Kind, net: string): string {
  return `${kind} ${net}`;
}
