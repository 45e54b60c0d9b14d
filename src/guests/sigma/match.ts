/** Many rules against one event: by log first, by needles next, and only what is left is held against the event in full. */

import type { SigmaEvent } from './event.ts';
import { holds } from './holds.ts';
import { isElsewhere, RuleLog, sourceKey } from './logsource.ts';
import { NeedleIndex, needlesOf } from './needles.ts';
import type { SigmaRule } from './rule.ts';

interface Bucket {
  readonly log: RuleLog;
  readonly numbers: Set<number>;
}

/** Rules of one folder, ready to be asked. */
export class SigmaMatcher {
  readonly #rules: readonly SigmaRule[];
  readonly #buckets: readonly Bucket[];
  readonly #bucketOf: readonly Bucket[];
  readonly #index: NeedleIndex;

  constructor(rules: readonly SigmaRule[]) {
    this.#rules = rules;
    const buckets = new Map<string, Bucket>();
    this.#bucketOf = rules.map(({ logsource }, number) => {
      const key = sourceKey(logsource);
      const bucket = buckets.get(key) ?? { log: new RuleLog(logsource), numbers: new Set() };
      buckets.set(key, bucket);
      bucket.numbers.add(number);
      return bucket;
    });
    this.#buckets = [...buckets.values()];
    this.#index = new NeedleIndex(rules.map(({ check }) => needlesOf(check)));
  }

  /** Rules without needles, which every event of their log is held against. */
  get slow(): number {
    return this.#index.always;
  }

  /** Matching rules, in the order in which they were loaded. */
  match(event: SigmaEvent): SigmaRule[] {
    const open = new Set(this.#buckets.filter(({ log }) => !isElsewhere(event, log.source, log.kind)));
    return this.#index.candidates(event.text()).flatMap((number) => {
      const rule = this.#rules[number];
      const bucket = this.#bucketOf[number];
      return rule !== undefined && bucket !== undefined && open.has(bucket) && holds(rule.check, event) ? [rule] : [];
    });
  }

  /** Whatever log the event is of. */
  matchAnywhere(event: SigmaEvent): SigmaRule[] {
    return this.#index.candidates(event.text()).flatMap((number) => {
      const rule = this.#rules[number];
      return rule !== undefined && holds(rule.check, event) ? [rule] : [];
    });
  }
}
