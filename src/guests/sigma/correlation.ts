/** Correlation rules over a row of events: tells when enough of their rules' matches came together for the same group. Cannot see: what came before the first event. */

import { Bounded } from '../../core/window.ts';
import { Counted } from './counted.ts';
import type { SigmaEvent } from './event.ts';
import { numberIn } from './holds.ts';
import { RuleLog, sourceKey } from './logsource.ts';
import type { SigmaCorrelation, SigmaRule, SigmaSet } from './rule.ts';

/** A correlation that came true with event `n`. */
export interface Fired {
  readonly id: string;
  readonly n: number;
  readonly group: Readonly<Record<string, string>>;
}

interface Group {
  readonly values: Readonly<Record<string, string>>;
  readonly counted: Counted;
}

/** What matched: a rule, whose fields are in the event, or a correlation, whose fields are its groups. */
interface Match {
  readonly id: string;
  readonly n: number;
  readonly at: number;
  readonly field: (name: string) => string | null;
}

const GROUPS_AT_MOST = 20_000;

export class SigmaCorrelator {
  readonly #counting = new Map<string, SigmaCorrelation[]>();
  readonly #groups = new Map<SigmaCorrelation, Bounded<Group>>();
  readonly #logs = new Map<string, RuleLog>();
  readonly #inOrder: readonly SigmaCorrelation[];
  /** Rules that are only counted: by themselves they are no alert (`generate: false`). */
  readonly quiet: ReadonlySet<string>;

  constructor({ correlations }: Pick<SigmaSet, 'correlations'>) {
    this.#inOrder = [...correlations].sort((a, b) => depthOf(a, correlations, 0) - depthOf(b, correlations, 0));
    for (const one of correlations) {
      this.#groups.set(one, new Bounded(GROUPS_AT_MOST, ({ counted }) => counted.last?.at ?? 0));
      for (const id of new Set(one.of)) this.#counting.set(id, [...(this.#counting.get(id) ?? []), one]);
    }
    const loud = new Set(correlations.filter(({ generate }) => generate).flatMap(({ of }) => of));
    this.quiet = new Set([...this.#counting.keys()].filter((id) => !loud.has(id)));
  }

  /** Groups that were forgotten because there were too many. */
  get forgotten(): number {
    return [...this.#groups.values()].reduce((sum, { forgotten }) => sum + forgotten, 0);
  }

  /** Some condition can only be judged when its span is over, so answers come late. */
  get late(): boolean {
    return this.#inOrder.some(isLate);
  }

  hear(matched: readonly SigmaRule[], event: SigmaEvent, at: number, n: number): Fired[] {
    return matched.flatMap((rule) => (this.#counting.has(rule.id) ? this.#count({ id: rule.id, n, at, field: this.#fieldOf(rule, event) }) : []));
  }

  #fieldOf({ logsource }: SigmaRule, event: SigmaEvent): (name: string) => string | null {
    const key = sourceKey(logsource);
    const log = this.#logs.get(key) ?? new RuleLog(logsource);
    this.#logs.set(key, log);
    return (name) => {
      const value = event.values(log.ask(name))?.find((one) => one !== null);
      return value === undefined || value === null ? null : String(value);
    };
  }

  #count(match: Match): Fired[] {
    return (this.#counting.get(match.id) ?? []).flatMap((correlation) => {
      const field = (name: string) => match.field(correlation.aliases.get(name)?.get(match.id) ?? name);
      const values: Record<string, string> = {};
      for (const name of correlation.groupBy) {
        const value = field(name);
        if (value === null) return [];
        values[name] = value;
      }
      const value = countedValue(correlation, field);
      if (value === null) return [];
      const key = JSON.stringify(Object.values(values));
      const group = this.#groups.get(correlation)?.open(key, () => ({ values, counted: new Counted(correlation) }));
      return group === undefined ? [] : this.#seen(correlation, group, match, value);
    });
  }

  #seen(correlation: SigmaCorrelation, { values, counted }: Group, match: Match, value: string): Fired[] {
    const { spanMs, of } = correlation;
    const fired: Fired[] = [];
    const latest = Math.max(match.at, counted.last?.at ?? match.at);
    if (isLate(correlation)) {
      if (match.at - (counted.first?.at ?? match.at) > spanMs) {
        fired.push(...this.#judge(correlation, { values, counted }));
        counted.clear();
      }
    } else {
      counted.dropBefore(latest - spanMs);
      if (!counted.holds()) counted.firing = false;
      if (match.at < latest - spanMs) return fired;
    }
    for (const [rule, id] of of.entries()) if (id === match.id) counted.add({ at: match.at, n: match.n, rule, value });
    if (isLate(correlation) || counted.firing || !counted.holds()) return fired;
    counted.firing = true;
    return [...fired, ...this.#fire(correlation, values, match.at, match.n)];
  }

  #fire({ id }: SigmaCorrelation, group: Readonly<Record<string, string>>, at: number, n: number): Fired[] {
    return [{ id, n, group }, ...this.#count({ id, n, at, field: (name) => group[name] ?? null })];
  }

  #judge(correlation: SigmaCorrelation, { values, counted }: Group): Fired[] {
    const { last } = counted;
    return last !== undefined && counted.holds() ? this.#fire(correlation, values, last.at, last.n) : [];
  }

  /** No more events come: spans that are still open are judged as they are. */
  finish(): Fired[] {
    return this.#inOrder.filter(isLate).flatMap((correlation) => {
      const groups = this.#groups.get(correlation)?.values() ?? [];
      const fired = groups.flatMap((group) => this.#judge(correlation, group));
      for (const { counted } of groups) counted.clear();
      return fired;
    });
  }
}

/** “Fewer than” and “exactly” can become untrue with the next event. */
function isLate({ bounds }: SigmaCorrelation): boolean {
  return bounds.lt !== undefined || bounds.lte !== undefined || bounds.eq !== undefined || bounds.neq !== undefined;
}

/** What a value correlation counts; null where the event lacks it. */
function countedValue({ type, valueFields }: SigmaCorrelation, field: (name: string) => string | null): string | null {
  if (!type.startsWith('value_')) return '';
  const values = valueFields.map(field);
  if (values.includes(null)) return null;
  if (type === 'value_count') return values.length === 1 ? (values[0] ?? '').toLowerCase() : JSON.stringify(values).toLowerCase();
  const number = numberIn(values[0] ?? null);
  return number === null ? null : String(number);
}

/** Correlations of rules come before correlations of correlations; there are no circles. */
function depthOf(one: SigmaCorrelation, all: readonly SigmaCorrelation[], depth: number): number {
  const under = all.filter(({ id }) => one.of.includes(id));
  return depth > all.length ? depth : Math.max(0, ...under.map((other) => 1 + depthOf(other, all, depth + 1)));
}
