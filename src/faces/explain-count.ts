/** What a whole file comes to under `explain`: how many lines which rule took, and the shapes of those that nobody took. */

import { Bounded } from '../core/window.ts';
import type { Explained } from '../engine/explain.ts';

/** Rarer shapes than these many kinds are forgotten first: lines with free text have as many shapes as lines. */
const SHAPES_AT_MOST = 5_000;
const SHAPES_TOLD = 10;
const EXAMPLE_CHARACTERS = 200;

export interface Missed {
  readonly shape: string;
  readonly program: string;
  readonly example: string;
  readonly line: number;
  times: number;
}

export interface Counts {
  readonly lines: number;
  readonly matched: number;
  readonly attacks: number;
  readonly ignored: number;
  readonly missed: number;
  readonly untimed: number;
  /** Rules by how many lines they took, most first. */
  readonly rules: readonly { readonly name: string; readonly times: number }[];
  readonly shapes: readonly Missed[];
}

export class ExplainCount {
  #lines = 0;
  #matched = 0;
  #attacks = 0;
  #ignored = 0;
  #untimed = 0;
  readonly #rules = new Map<string, number>();
  readonly #shapes = new Bounded<Missed>(SHAPES_AT_MOST, (missed) => missed.times);

  hear(told: Explained, raw: string): void {
    this.#lines += 1;
    if (told.attack) this.#attacks += 1;
    if (told.at === null) this.#untimed += 1;
    const rules = told.by.filter((by) => by.kind !== 'detector');
    for (const { kind, name, pattern, where } of rules) {
      const which = where ?? (pattern === undefined || pattern.length > 60 ? '' : pattern);
      const rule = `${kind} ${name}${which === '' ? '' : `: ${which}`}`;
      this.#rules.set(rule, (this.#rules.get(rule) ?? 0) + 1);
    }
    if (rules.length > 0) this.#matched += 1;
    else if (told.ignored) this.#ignored += 1;
    else this.#miss(told, raw);
  }

  #miss({ program, shape, n }: Explained, raw: string): void {
    const key = `${program}: ${shape}`;
    const missed = this.#shapes.open(key, () => ({ shape, program, example: raw.slice(0, EXAMPLE_CHARACTERS), line: n, times: 0 }));
    missed.times += 1;
  }

  counts(): Counts {
    const most = (a: { times: number }, b: { times: number }) => b.times - a.times;
    return {
      lines: this.#lines,
      matched: this.#matched,
      attacks: this.#attacks,
      ignored: this.#ignored,
      missed: this.#lines - this.#matched - this.#ignored,
      untimed: this.#untimed,
      rules: [...this.#rules].map(([name, times]) => ({ name, times })).sort(most),
      shapes: this.#shapes.values().sort(most).slice(0, SHAPES_TOLD),
    };
  }
}
