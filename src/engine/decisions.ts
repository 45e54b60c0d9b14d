/** What the sentry (engine/sentry.ts) says of the lines that it has seen. */

import type { Evidence, Millis } from '../core/words.ts';

/** Who is to be shut out. `net` is an address, the /64 of an IPv6 address, or a network of which many took part. */
export interface Decision {
  readonly id: string;
  readonly at: Millis;
  readonly net: string;
  readonly untilMs: Millis;
  readonly because: string;
  /** How often it was shut out before. */
  readonly before: number;
  readonly failures: number;
  readonly accounts: readonly string[];
  readonly evidence: readonly Evidence[];
}

/** Somebody who tried as often, and why he is left alone. */
export interface Spared {
  readonly at: Millis;
  readonly ip: string;
  readonly because: string;
}

export interface Judged {
  readonly decisions: readonly Decision[];
  readonly spared: readonly Spared[];
}
