/** What one group of a correlation has seen within its span of time, and the number that comes of it. */

import type { Bounds, CorrelationType, SigmaCorrelation } from './rule.ts';

export interface Seen {
  readonly at: number;
  /** Which event of the input it was. */
  readonly n: number;
  /** Place of the matching rule in the correlation's list. */
  readonly rule: number;
  readonly value: string;
}

const SEEN_AT_MOST = 20_000;
/** Where every judgement looks at all that was seen. */
const SORTED_AT_MOST = 500;

export class Counted {
  readonly #of: SigmaCorrelation;
  readonly #seen: Seen[] = [];
  /** For value_count by value, for temporal by rule. */
  readonly #times = new Map<string, number>();
  #sum = 0;
  #from = 0;
  firing = false;

  constructor(of: SigmaCorrelation) {
    this.#of = of;
  }

  get last(): Seen | undefined {
    return this.#seen.at(-1);
  }

  get first(): Seen | undefined {
    return this.#seen[this.#from];
  }

  get size(): number {
    return this.#seen.length - this.#from;
  }

  /** Kept in the order of time, whatever the order in which the logs told it. */
  add(seen: Seen): void {
    let place = this.#seen.length;
    while (place > this.#from && (this.#seen[place - 1]?.at ?? 0) > seen.at) place--;
    if (place === this.#seen.length) this.#seen.push(seen);
    else this.#seen.splice(place, 0, seen);
    const key = this.#key(seen);
    this.#times.set(key, (this.#times.get(key) ?? 0) + 1);
    this.#sum += Number(seen.value) || 0;
    const atMost = this.#isSimple() ? Math.max(SEEN_AT_MOST, 2 * limitOf(this.#of.bounds)) : SORTED_AT_MOST;
    if (this.size > atMost) this.#dropFirst();
  }

  dropBefore(at: number): void {
    while ((this.first?.at ?? Number.POSITIVE_INFINITY) < at) this.#dropFirst();
  }

  clear(): void {
    this.#seen.length = 0;
    this.#from = 0;
    this.#times.clear();
    this.#sum = 0;
  }

  #dropFirst(): void {
    const gone = this.first;
    if (gone === undefined) return;
    this.#from += 1;
    const key = this.#key(gone);
    const times = (this.#times.get(key) ?? 1) - 1;
    if (times === 0) this.#times.delete(key);
    else this.#times.set(key, times);
    this.#sum -= Number(gone.value) || 0;
    if (this.#from > 1_000 && this.#from * 2 > this.#seen.length) this.#from -= this.#seen.splice(0, this.#from).length;
  }

  #isSimple(): boolean {
    const simple: readonly CorrelationType[] = ['event_count', 'value_count', 'temporal'];
    return simple.includes(this.#of.type);
  }

  #key({ rule, value }: Seen): string {
    if (this.#of.type === 'temporal') return String(rule);
    return this.#of.type === 'value_count' ? value : '';
  }

  /** Does the correlation's condition hold of what is here now? */
  holds(): boolean {
    return this.size > 0 && within(this.#number(), this.#of.bounds);
  }

  #number(): number {
    const { type, percentile } = this.#of;
    if (type === 'event_count') return this.size;
    if (type === 'value_count' || type === 'temporal') return this.#times.size;
    if (type === 'value_sum') return this.#sum;
    if (type === 'value_avg') return this.#sum / this.size;
    return type === 'temporal_ordered' ? this.#inOrder() : this.#rank(percentile);
  }

  /** How many of the rules matched one behind the other, each by another event. */
  #inOrder(): number {
    let reached = 0;
    let by = -1;
    for (const { rule, n } of this.#seen.slice(this.#from)) {
      if (rule !== reached || n === by) continue;
      reached += 1;
      by = n;
    }
    return reached;
  }

  #rank(percentile: number): number {
    const sorted = this.#seen
      .slice(this.#from)
      .map(({ value }) => Number(value) || 0)
      .sort((a, b) => a - b);
    const place = (percentile / 100) * (sorted.length - 1);
    const low = sorted[Math.floor(place)] ?? 0;
    return low + ((sorted[Math.ceil(place)] ?? 0) - low) * (place - Math.floor(place));
  }
}

function limitOf({ gt = 0, gte = 0 }: Bounds): number {
  return Math.min(1_000_000, Math.max(gt, gte));
}

function within(number: number, { gt, gte, lt, lte, eq, neq }: Bounds): boolean {
  if (gt !== undefined && !(number > gt)) return false;
  if (gte !== undefined && !(number >= gte)) return false;
  if (lt !== undefined && !(number < lt)) return false;
  if (lte !== undefined && !(number <= lte)) return false;
  return (eq === undefined || number === eq) && (neq === undefined || number !== neq);
}
