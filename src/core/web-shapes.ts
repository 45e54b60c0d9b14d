/** The form of the tables of attacks: one shape a row, each with the texts of a request that it is looked for in. */

import type { Spoken } from './web-decode.ts';

export interface Shape {
  /** Small letters joined by `-`; what `explain` names. */
  readonly name: string;
  readonly at: RegExp;
  /** In which texts: all when it is not given. */
  readonly where?: readonly Spoken['where'][];
  /** In which form: `text` when it is not given. */
  readonly form?: 'bare' | 'shell';
  /** Fits texts too that are made of letters, digits and `_ . / -` alone; all others are spared such texts. */
  readonly simple?: true;
  /** Counts only where the server refused: who has the application visits it, and gets it. */
  readonly refused?: true;
  /** Innocent links and people have this shape too: alone it is a reason to look, not to accuse. */
  readonly weak?: true;
}

export const IN_VALUES: readonly Spoken['where'][] = ['value', 'agent'];
export const IN_TARGET: readonly Spoken['where'][] = ['path', 'name', 'value'];
/** Texts in which anything is odd that is not an address or a name. */
export const IN_HEADERS: readonly Spoken['where'][] = ['agent', 'referrer'];

export function fits(shape: Shape, spoken: Spoken): boolean {
  if (spoken.simple && !shape.simple) return false;
  if (shape.where && !shape.where.includes(spoken.where)) return false;
  const text = shape.form === undefined ? spoken.text : spoken[shape.form];
  return shape.at.test(text);
}
