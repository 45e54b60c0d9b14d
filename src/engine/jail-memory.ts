/** What all jails know together: who is shut out until when and was so how often, and who was told of as left alone. */

import { DAY_MS } from '../core/spans.ts';
import { Bounded } from '../core/window.ts';
import type { Millis } from '../core/words.ts';
import type { BansBefore } from '../guests/fail2ban/jail-count.ts';
import type { Spared } from './decisions.ts';

const KNOWN_AT_MOST = 100_000;
const NEVER = Number.NEGATIVE_INFINITY;

interface Known {
  count: number;
  at: Millis;
  untilMs: Millis;
}

export class JailMemory {
  /** From before this start: they are every jail's, as nobody wrote down which it was. */
  readonly #earlier = new Bounded<Known>(KNOWN_AT_MOST, ({ untilMs }) => untilMs);
  readonly #known = new Bounded<Known>(KNOWN_AT_MOST, ({ untilMs }) => untilMs);
  readonly #told = new Bounded<Millis>(KNOWN_AT_MOST, (at) => at);

  remember(net: string, count: number, at: Millis, untilMs: Millis): void {
    this.#earlier.open(net, () => ({ count, at, untilMs }));
    this.#known.open(net, () => ({ count, at, untilMs }));
  }

  /** For bans that grow. */
  before(id: string, overAllJails: boolean): BansBefore | null {
    const known = (overAllJails ? this.#known : this.#earlier).get(id);
    return known ? { count: known.count, lastAt: known.at } : null;
  }

  /** Until when somebody is shut out who was so before this start. */
  outBeforeStart(id: string): Millis {
    return this.#earlier.get(id)?.untilMs ?? NEVER;
  }

  /** How often it was shut out before; null where it is shut out for as long already. */
  banned(net: string, at: Millis, untilMs: Millis): number | null {
    const known = this.#known.open(net, () => ({ count: 0, at: NEVER, untilMs: NEVER }));
    if (known.untilMs >= untilMs) return null;
    const before = known.count;
    known.count += 1;
    known.at = at;
    known.untilMs = untilMs;
    return before;
  }

  /** Told once a day, and not with each further line. */
  spared(ip: string, at: Millis, because: string): Spared | null {
    const told = this.#told.get(ip);
    if (told !== undefined && at - told < DAY_MS) return null;
    this.#told.remove(ip);
    this.#told.open(ip, () => at);
    return { at, ip, because };
  }
}
