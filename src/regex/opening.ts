/** The characters that a text can begin with when a pattern that is bound to the text's beginning matches it. */

import type { Node } from './ast.ts';
import { before, NO_CHAR, startsAnchored } from './next.ts';

export interface Opening {
  /** ASCII characters as four words of bits. */
  readonly low: Uint32Array;
  /** Whether it may be a character beyond ASCII. */
  readonly beyond: boolean;
}

/** Null where the pattern is not bound to the beginning, or takes an empty text. */
export function openingOf(root: Node): Opening | null {
  if (!startsAnchored(root)) return null;
  const { set, open } = before(root, { set: NO_CHAR, open: true });
  return open ? null : { low: set.low, beyond: set.high !== 0 };
}

/** Whether a search from there can find anything. */
export function opens({ low, beyond }: Opening, text: string, from: number): boolean {
  if (from > 0) return false;
  // The end of the text is a place, too.
  if (text === '') return true;
  const code = text.charCodeAt(0);
  return code < 128 ? (((low[code >> 5] ?? 0) >>> (code & 31)) & 1) === 1 : beyond;
}
