/** Gives what the bounded engine found the same shape as what JavaScript's engine finds. */

import type { Node } from './ast.ts';
import { Machine } from './bounded.ts';
import { type Found, FoundMatch } from './match.ts';
import { makeProgram } from './program.ts';

export type Bounded = (text: string, from: number) => Found;

/** Null when the pattern is too large for it. */
export function makeBounded(root: Node, names: readonly (string | undefined)[]): Bounded | null {
  const program = makeProgram(root, names.length);
  if (program === null) return null;
  const machine = new Machine(program);
  return (text, from) => {
    const outcome = machine.search(text, from);
    if (outcome === null || outcome === 'over-budget') return outcome;
    const places = outcome.slice();
    const numbered = names.map((_, group) => {
      const start = places[group * 2] ?? -1;
      const end = places[group * 2 + 1] ?? -1;
      return start < 0 || end < start ? undefined : text.slice(start, end);
    });
    return new FoundMatch(places[0] ?? 0, places[1] ?? 0, numbered, names, () => names.map((_, group) => places[group * 2] ?? -1));
  };
}
