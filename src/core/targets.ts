/** Who was refused on which account: the same tries as in core/guessing.ts, added up by account. */

import { FEW_EVIDENCES, type Guess, WELL_SHOWN } from './guessing.ts';
import { Timeline } from './timeline.ts';
import { Bounded, Sample } from './window.ts';
import type { Evidence } from './words.ts';

const ACCOUNTS_AT_MOST = 20_000;
const ADDRESSES_PER_ACCOUNT = 2_000;
/** Over all accounts. */
const PAIRS_AT_MOST = 300_000;

/** One account and who was refused on it. */
export interface Target {
  readonly account: string;
  readonly byAddress: Map<string, number>;
  readonly tries: Timeline;
  readonly evidence: Sample<Evidence>;
  /** The log said that there is no such account. */
  unknown: boolean;
}

export class TargetBook {
  readonly #targets = new Bounded<Target>(
    ACCOUNTS_AT_MOST,
    (target) => target.tries.total,
    (target) => {
      this.#pairs -= target.byAddress.size;
    },
  );
  readonly #evidences: number;
  #pairs = 0;

  constructor(evidencesPerAccount: number) {
    this.#evidences = evidencesPerAccount;
  }

  targets(): Target[] {
    return this.#targets.values();
  }

  add(guess: Guess): void {
    if (guess.account === '') return;
    const target = this.#targets.open(guess.account, () => this.#target(guess.account));
    const old = target.byAddress.get(guess.ip);
    if (old === undefined && (target.byAddress.size >= ADDRESSES_PER_ACCOUNT || this.#pairs >= PAIRS_AT_MOST)) return;
    if (old === undefined) this.#pairs += 1;
    target.byAddress.set(guess.ip, (old ?? 0) + guess.fresh);
    target.tries.add(guess.at, guess.fresh);
    target.unknown ||= guess.unknown;
    if (guess.fresh > 0) target.evidence.add(guess.evidence);
  }

  #target(account: string): Target {
    const evidence = new Sample<Evidence>(this.#targets.size < WELL_SHOWN ? this.#evidences : Math.min(this.#evidences, FEW_EVIDENCES));
    return { account, byAddress: new Map(), tries: new Timeline(), evidence, unknown: false };
  }
}
