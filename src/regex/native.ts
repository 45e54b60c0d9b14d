/** Runs a pattern on JavaScript's own engine: ASCII texts only, which log lines are but for a few. */

import type { Node } from './ast.ts';
import { FoundMatch, type Match } from './match.ts';
import { type Translated, translate, untranslatable } from './translate.ts';

export type Native = (text: string, from: number) => Match | null;

const BEYOND_ASCII = /[^\x00-\x7f]/;

/** Whether a text may be given to the native form at all. */
export function isAscii(text: string): boolean {
  return !BEYOND_ASCII.test(text);
}

/** Null where JavaScript would answer otherwise than Python. For ASCII texts only. */
export function makeNative(root: Node, names: readonly (string | undefined)[]): Native | null {
  if (untranslatable(root) !== null) return null;
  const translated = translate(root);
  const regex = new RegExp(translated.source, 'g');
  return (text, from) => {
    regex.lastIndex = from;
    const found = regex.exec(text);
    return found === null ? null : matchOf(found, translated, text, names);
  };
}

function matchOf(found: RegExpExecArray, translated: Translated, text: string, names: readonly (string | undefined)[]): Match {
  const numbered: (string | undefined)[] = new Array(names.length).fill(undefined);
  const { groups } = translated;
  for (let i = 0; i < groups.length; i++) if (found[i] !== undefined) numbered[groups[i] ?? 0] = found[i];
  const end = found.index + (found[0]?.length ?? 0);
  return new FoundMatch(found.index, end, numbered, names, () => startsOf(translated, text, found.index));
}

/** Positions of groups cost time, so they are asked for only when needed: the same expression once more, held to the same start. */
function startsOf(translated: Translated, text: string, start: number): readonly number[] {
  const again = new RegExp(translated.source, 'dy');
  again.lastIndex = start;
  const starts: number[] = [];
  const indices = again.exec(text)?.indices ?? [];
  indices.forEach((pair, i) => {
    if (pair !== undefined) starts[translated.groups[i] ?? 0] = pair[0];
  });
  return starts;
}
