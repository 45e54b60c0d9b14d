/** Many rules against one event: by log first, by needles next, and only what is left is held against the event in full. */

import type { SigmaEvent } from './event.ts';
import { holds } from './holds.ts';
import { isElsewhere, RuleLog, selfDescription, sourceKey } from './logsource.ts';
import { NeedleIndex, needlesOf } from './needles.ts';
import type { SigmaRule } from './rule.ts';

interface Bucket {
  readonly log: RuleLog;
  readonly numbers: number[];
}

/** Names of programs are in it, and anybody can call a program as he likes. */
const DESCRIPTIONS_AT_MOST = 1_000;

/** Rules of one folder, ready to be asked. */
export class SigmaMatcher {
  readonly #rules: readonly SigmaRule[];
  readonly #buckets: readonly Bucket[];
  readonly #open = new Map<string, Uint8Array>();
  readonly #index: NeedleIndex;

  constructor(rules: readonly SigmaRule[]) {
    this.#rules = rules;
    const buckets = new Map<string, Bucket>();
    for (const [number, { logsource }] of rules.entries()) {
      const key = sourceKey(logsource);
      const bucket = buckets.get(key) ?? { log: new RuleLog(logsource), numbers: [] };
      buckets.set(key, bucket);
      bucket.numbers.push(number);
    }
    this.#buckets = [...buckets.values()];
    this.#index = new NeedleIndex(rules.map(({ check }) => needlesOf(check)));
  }

  /** Rules without needles, which every event of their log is held against. */
  get slow(): number {
    return this.#index.always;
  }

  /** Matching rules, in the order in which they were loaded. */
  match(event: SigmaEvent): SigmaRule[] {
    const open = this.#openFor(event);
    return this.#index.candidates(event.text(), open).flatMap((number) => {
      const rule = this.#rules[number];
      return rule !== undefined && concerns(rule, event) && holds(rule.check, event) ? [rule] : [];
    });
  }

  /** By rule number: 1 where the event can be of the rule's log. Events that say the same of themselves get the same answer. */
  #openFor(event: SigmaEvent): Uint8Array {
    const mark = selfDescription(event);
    const known = this.#open.get(mark);
    if (known !== undefined) return known;
    if (this.#open.size >= DESCRIPTIONS_AT_MOST) this.#open.clear();
    const open = new Uint8Array(this.#rules.length);
    for (const { log, numbers } of this.#buckets) if (!isElsewhere(event, log.source, log.kind)) for (const number of numbers) open[number] = 1;
    this.#open.set(mark, open);
    return open;
  }

  /** Whatever log the event is of. */
  matchAnywhere(event: SigmaEvent): SigmaRule[] {
    return this.#index.candidates(event.text(), null).flatMap((number) => {
      const rule = this.#rules[number];
      return rule !== undefined && holds(rule.check, event) ? [rule] : [];
    });
  }
}

/** A rule for a log that we do not have is held only against events that bring one of its fields: “not a private address” is true of every event that has no address. */
function concerns({ asks, notApplicable }: SigmaRule, event: SigmaEvent): boolean {
  return notApplicable === null || asks.length === 0 || asks.some((field) => event.named(field) !== null);
}
