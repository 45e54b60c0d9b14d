/** An expression cut into its beginnings, each of which is an expression: for finding where a line stops fitting. */

/** Longer ones cost more to explain than they are worth. */
const PIECES_AT_MOST = 2000;
const QUANTIFIER = /^(?:[*+?]|\{\d*,?\d*\})[?+]?/;

/** Shortest first; only whole parts outside all groups. An alternation at the top has no beginnings. */
export function beginnings(source: string): string[] {
  const ends: number[] = [];
  let at = /^\(\?[a-z]+\)/.exec(source)?.[0].length ?? 0;
  while (at < source.length && ends.length < PIECES_AT_MOST) {
    if (source[at] === '|') return [];
    const end = partEnd(source, at);
    at = end + (QUANTIFIER.exec(source.slice(end, end + 20))?.[0].length ?? 0);
    ends.push(at);
  }
  return ends.map((end) => source.slice(0, end));
}

/** Where one character, class or group ends. */
function partEnd(source: string, from: number): number {
  if (source[from] === '\\') return from + 2;
  if (source[from] === '[') return classEnd(source, from);
  if (source[from] !== '(') return from + 1;
  let at = from + 1;
  while (at < source.length && source[at] !== ')') at = partEnd(source, at);
  return at + 1;
}

function classEnd(source: string, from: number): number {
  let at = from + 1;
  if (source[at] === '^') at += 1;
  if (source[at] === ']') at += 1;
  while (at < source.length && source[at] !== ']') at += source[at] === '\\' ? 2 : 1;
  return at + 1;
}
