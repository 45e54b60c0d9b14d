/** What is wrong with a filter that could be read: expressions that cannot run, and those that no needle speeds up. */

import type { FilterDefinition, Trouble } from './definition.ts';
import { partsOf } from './filter-parts.ts';
import { needlesOf } from './needles.ts';

export interface Examined {
  readonly troubles: readonly Trouble[];
  /** Things that work, and that a person may want to know. */
  readonly notes: readonly Trouble[];
}

const SLOW = 'slow: runs only on its own log';
const NONE = { zone: (localMs: number) => localMs };
/** A filter of hundreds of slow expressions is told by the first of them. */
const NOTES_AT_MOST = 5;

/** `now` decides which years a date pattern takes. */
export function examined(filter: FilterDefinition, now: number): Examined {
  if (filter.failregex.length === 0) return { troubles: [], notes: [] };
  const parts = partsOf(filter, { ...NONE, now: () => now }, () => {});
  if (parts.fail.length === 0 || needlesOf(parts, filter).needles !== null) return { troubles: parts.troubles, notes: [] };
  const note = (place: Trouble['place'], option: string, says: string): Trouble => ({ place, option, says, weight: 'partly' });
  if (parts.lines > 1) {
    const place = filter.failregex[0]?.place ?? { file: filter.file, line: 1 };
    return { troubles: parts.troubles, notes: [note(place, 'maxlines', `${SLOW}, because it looks at ${parts.lines} lines at once`)] };
  }
  const bare = parts.fail.filter(({ regex }) => regex.needles === null);
  const found = (bare.length > 0 ? bare : parts.fail.slice(0, 1)).slice(0, NOTES_AT_MOST);
  const why =
    bare.length > 0 ? 'no text of three letters stands in every line that it takes' : 'a date may stand in the middle of every text that it asks for';
  return { troubles: parts.troubles, notes: found.map(({ pattern }) => note(pattern.place, 'failregex', `${SLOW}, because ${why}`)) };
}
