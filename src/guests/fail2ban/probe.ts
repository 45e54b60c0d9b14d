/** For `tocsin explain`: what each expression of a filter made of a line, and where those that nearly fitted failed. */

import { DateDetector } from './date-detector.ts';
import type { FilterDefinition } from './definition.ts';
import { Expression } from './expression.ts';
import type { Part, Parts } from './filter-parts.ts';
import { type FilterSettings, type Probed, shownCaptures, type Tried } from './hit.ts';
import { beginnings } from './pieces.ts';
import { expandTags } from './tags.ts';

export function probed(written: string, parts: Parts, definition: FilterDefinition, settings: FilterSettings): Probed {
  const found = new DateDetector(parts.finders, () => settings.now()).find(written);
  const date = found === null || found.cutEnd === found.cutStart ? null : { text: written.slice(found.cutStart, found.cutEnd), at: found.at() };
  let text = found === null ? written : written.slice(0, found.cutStart) + written.slice(found.cutEnd);
  const tried: Tried[] = [];
  if (parts.pref !== null) {
    const pref = triedOn(parts.pref, text, definition);
    tried.push(pref);
    if (pref.result !== 'matched') return { date, text, tried };
    text = pref.captures['content'] ?? text;
  }
  const rest = [...parts.fail, ...parts.ignore].map((part) => triedOn(part, text, definition));
  return { date, text, tried: [...tried, ...rest] };
}

function triedOn(part: Part, text: string, { usedns }: FilterDefinition): Tried {
  const { option, pattern } = part;
  const found = part.regex.find(`${text}\n`);
  if (found === 'over-budget') return { option, pattern, result: found, reached: null, fitted: null, captures: {} };
  if (found === null) return { option, pattern, result: 'missed', captures: {}, ...furthest(expandTags(pattern.source, usedns), text) };
  const captures = found.captures();
  part.merging.merge(captures);
  return { option, pattern, result: 'matched', reached: null, fitted: null, captures: shownCaptures(captures) };
}

/** The longest beginning of the expression that fits alone, by halving: what follows it is where the line differs. */
function furthest(source: string, text: string): { readonly reached: number | null; readonly fitted: string | null } {
  const pieces = beginnings(source);
  let fits = { reached: null as number | null, fitted: null as string | null, count: 0 };
  let low = 1;
  let high = pieces.length;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const fitted = pieces[middle - 1] ?? '';
    const regex = Expression.read(fitted, false);
    const found = typeof regex === 'string' ? null : regex.find(`${text}\n`);
    if (found === null || found === 'over-budget') high = middle - 1;
    else {
      fits = { reached: Math.min(found.end, text.length), fitted, count: middle };
      low = middle + 1;
    }
  }
  return { reached: fits.reached, fitted: fits.fitted };
}
