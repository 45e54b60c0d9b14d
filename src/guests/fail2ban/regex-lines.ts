/** The single expressions of an option, each with the file and line where it is written, also when another option brought it in. */

import type { Place, RegexLine } from './definition.ts';
import { ConfigFault } from './files.ts';
import type { FilterReading } from './filter-reading.ts';

/** A line that is nothing but the name of another option, once or nested: `%(x)s`, `<x>`, `<x-<y>>`. */
const ONLY_REFERENCE = /^(?:%\(([^()]{1,200})\)s|<((?:[^<> ]|<[^<> ]{1,200}>){1,200})>)$/;
/** sshd's own filter is three deep. */
const DEPTH_AT_MOST = 6;
/** Beyond this the lines are not traced back one by one; sshd's own expressions have 5,000 characters. */
const TRACED_CHARACTERS_AT_MOST = 1 << 16;

/** Empty lines are no expressions. */
export function linesAt(value: string, place: Place): RegexLine[] {
  return value.split('\n').flatMap((source) => (source === '' ? [] : { source, place }));
}

export function linesOf(reading: FilterReading, option: string, combined: ReadonlyMap<string, string>): RegexLine[] {
  const value = combined.get(option) ?? '';
  const sources = value.split('\n');
  const places = value.length > TRACED_CHARACTERS_AT_MOST ? null : placesOf(reading, option, combined, DEPTH_AT_MOST);
  // Where it does not come out even, a line end came from within a line: then the option's own place is all that is known.
  if (places === null || places.length !== sources.length) return linesAt(value, reading.placeOf(option));
  return sources.flatMap((source, index) => (source === '' ? [] : { source, place: places[index] ?? reading.placeOf(option) }));
}

/** A place for each line of the option's value as it is when filled in. */
function placesOf(reading: FilterReading, option: string, combined: ReadonlyMap<string, string>, depth: number): Place[] | null {
  const raw = reading.rawOf(option);
  if (raw === null || depth === 0) return null;
  const { file } = raw.place;
  try {
    return raw.value.split('\n').flatMap((line, index) => {
      const place = { file, line: raw.lines[index] ?? raw.place.line };
      const count = reading.filled(option, line, combined).split('\n').length;
      const inner = count > 1 || ONLY_REFERENCE.test(line) ? placesBehind(reading, line, combined, depth) : null;
      return inner !== null && inner.length === count ? inner : new Array<Place>(count).fill(place);
    });
  } catch (error) {
    if (error instanceof ConfigFault) return null;
    throw error;
  }
}

function placesBehind(reading: FilterReading, line: string, combined: ReadonlyMap<string, string>, depth: number): Place[] | null {
  const found = ONLY_REFERENCE.exec(line);
  if (found === null) return null;
  const name = found[1] ?? reading.filled('', found[2] ?? '', combined);
  return placesOf(reading, name, combined, depth - 1);
}
