/** What a Sigma rule is once it was read: where it stands, which log it is for, and the checks that an event must pass. */

import type { Wildcard } from './wildcard.ts';

/** The log that a rule is written for; null = the rule does not say. */
export interface LogSource {
  readonly category: string | null;
  readonly product: string | null;
  readonly service: string | null;
}

/** The event's names that stand for a rule's field, best first. `every` = all that are there count, as if one field had several values. */
export interface Asked {
  readonly field: string;
  readonly names: readonly string[];
  readonly every: boolean;
}

export type Comparison = 'lt' | 'lte' | 'gt' | 'gte';
export type DatePart = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';
export type Where = 'equals' | 'contains' | 'startswith' | 'endswith';

/** What one value of a field is held against. */
export type Test =
  | { readonly by: 'text'; readonly pattern: Wildcard }
  | { readonly by: 'number'; readonly value: number }
  | { readonly by: 'truth'; readonly value: boolean }
  | { readonly by: 'null' }
  | {
      readonly by: 'regex';
      readonly source: string;
      readonly needles: readonly string[] | null;
      readonly found: (text: string) => boolean | 'over-budget';
    }
  | { readonly by: 'network'; readonly holds: (address: string) => boolean }
  | { readonly by: 'compare'; readonly than: Comparison; readonly value: number; readonly part: DatePart | null }
  | { readonly by: 'part'; readonly value: number; readonly part: DatePart }
  | { readonly by: 'exists'; readonly value: boolean }
  | { readonly by: 'field'; readonly other: Asked; readonly where: Where; readonly cased: boolean };

/** A rule's checks. `field` and `words` hold when one of their tests does. */
export type Check =
  | { readonly is: 'and' | 'or'; readonly of: readonly Check[] }
  | { readonly is: 'not'; readonly of: Check }
  | { readonly is: 'atLeast'; readonly times: number; readonly of: readonly Check[] }
  | { readonly is: 'field'; readonly asked: Asked; readonly tests: readonly Test[] }
  | { readonly is: 'words'; readonly tests: readonly Test[] };

export interface Place {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
}

/** A file, rule or part of a rule that is not used, and why. */
export interface Refusal extends Place {
  readonly id: string | null;
  readonly title: string | null;
  readonly reason: string;
}

export interface Related {
  readonly id: string;
  readonly type: string;
}

/** What rules and correlation rules both say of themselves. */
export interface Head extends Place {
  /** The rule's id, else its name, else its title: what it is called in answers. */
  readonly id: string;
  readonly name: string | null;
  readonly title: string;
  readonly status: string | null;
  readonly level: string | null;
  readonly tags: readonly string[];
  /** ATT&CK ids out of the tags, as `T1110.001`. */
  readonly attack: readonly string[];
  readonly falsePositives: readonly string[];
  readonly related: readonly Related[];
  readonly fields: readonly string[];
  /** What was noticed at load and does not keep the rule from being used. */
  readonly notes: readonly string[];
}

export interface SigmaRule extends Head {
  readonly kind: 'rule';
  readonly logsource: LogSource;
  /** Any of several conditions makes the rule match. */
  readonly check: Check;
  /** Rule fields in the order of their first use. */
  readonly asks: readonly string[];
  /** Fields that no event of ours has. */
  readonly missing: readonly string[];
  /** Why no event of ours can match it; null = it can be used. Events that bring its fields by name are judged all the same. */
  readonly notApplicable: string | null;
  /** Only a part of another rule (legacy aggregation): never told by itself. */
  readonly part: boolean;
}

export type CorrelationType =
  | 'event_count'
  | 'value_count'
  | 'value_sum'
  | 'value_avg'
  | 'value_median'
  | 'value_percentile'
  | 'temporal'
  | 'temporal_ordered';

export interface Bounds {
  readonly gt?: number;
  readonly gte?: number;
  readonly lt?: number;
  readonly lte?: number;
  readonly eq?: number;
  readonly neq?: number;
}

export interface SigmaCorrelation extends Head {
  readonly kind: 'correlation';
  readonly type: CorrelationType;
  /** Ids of the rules and correlations that it counts, in the order of the file. */
  readonly of: readonly string[];
  readonly groupBy: readonly string[];
  /** Alias → id of the rule → the field that the alias stands for in that rule. */
  readonly aliases: ReadonlyMap<string, ReadonlyMap<string, string>>;
  readonly spanMs: number;
  readonly bounds: Bounds;
  /** For value_*: the fields whose values are counted. */
  readonly valueFields: readonly string[];
  /** For value_percentile, 0 to 100. */
  readonly percentile: number;
  /** The rules that it counts are told on their own as well. */
  readonly generate: boolean;
}

/** Everything that was in a folder of rules. */
export interface SigmaSet {
  readonly rules: readonly SigmaRule[];
  readonly correlations: readonly SigmaCorrelation[];
  readonly refused: readonly Refusal[];
  /** Filter documents that were put into rules, and into how many. */
  readonly filters: readonly (Place & { readonly title: string; readonly rules: number })[];
}

/** A reason why something of a rule cannot be used. */
export class Unusable extends Error {
  readonly line: number;
  constructor(reason: string, line: number) {
    super(reason);
    this.line = line;
  }
}
