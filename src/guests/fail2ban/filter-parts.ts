/** A filter's expressions made ready to run, with what of it cannot run and why. */

import { Merging } from './captures.ts';
import { templatesOf } from './date-defaults.ts';
import { type DateFinder, finderOf } from './date-finder.ts';
import type { FilterDefinition, RegexLine, Trouble } from './definition.ts';
import { Expression } from './expression.ts';
import { type FilterSettings, type PatternAt, patternAt } from './hit.ts';
import { expandTags, WHO } from './tags.ts';

export interface Part {
  readonly option: 'prefregex' | 'failregex' | 'ignoreregex';
  readonly pattern: PatternAt;
  readonly regex: Expression;
  readonly merging: Merging;
}

export interface Parts {
  readonly pref: Part | null;
  readonly fail: readonly Part[];
  readonly ignore: readonly Part[];
  readonly finders: readonly DateFinder[];
  readonly lines: number;
  readonly troubles: readonly Trouble[];
}

/** More lines than any filter looks at at once; each costs memory and time for each new line. */
const LINES_AT_MOST = 100;
/** More expressions than the largest filter has by far. */
const EXPRESSIONS_AT_MOST = 2000;

/** `dateGivenUp` is told when a line was too costly for a date pattern. */
export function partsOf(definition: FilterDefinition, settings: FilterSettings, dateGivenUp: () => void): Parts {
  const troubles: Trouble[] = [];
  const lines = Math.min(LINES_AT_MOST, definition.maxlines);
  if (lines < definition.maxlines)
    tell(
      troubles,
      definition.failregex[0],
      'maxlines',
      `${definition.maxlines} lines at once are too many: ${LINES_AT_MOST} are looked at`,
      'partly',
    );
  const make = (option: Part['option'], line: RegexLine, index: number, multiline: boolean): Part | null => {
    const made = Expression.read(expandTags(line.source, definition.usedns), multiline);
    if (typeof made !== 'string') return { option, pattern: patternAt(index, line), regex: made, merging: new Merging(made.names) };
    tell(troubles, line, option, made, option === 'failregex' ? 'partly' : 'refused');
    return null;
  };
  const pref = definition.prefregex && make('prefregex', definition.prefregex, 0, false);
  const ignore = definition.ignoreregex.flatMap((line, index) => make('ignoreregex', line, index, false) ?? []);
  const fail = definition.failregex.slice(0, EXPRESSIONS_AT_MOST).flatMap((line, index) => {
    const part = make('failregex', line, index, lines > 1);
    if (part === null || namesSomeone(part) || (pref !== null && namesSomeone(pref))) return part ?? [];
    tell(troubles, line, 'failregex', 'it names nobody: it needs <HOST>, <ADDR>, <F-ID> or <F-MLFID>', 'partly');
    return [];
  });
  const finders = findersOf(definition, settings, troubles, dateGivenUp);
  if (definition.failregex.length > 0 && fail.length === 0)
    tell(troubles, definition.failregex[0], 'failregex', 'none of its expressions can be used', 'refused');
  const usable = troubles.every((trouble) => trouble.weight !== 'refused');
  return { pref, fail: usable ? fail : [], ignore, finders, lines, troubles };
}

function findersOf(definition: FilterDefinition, settings: FilterSettings, troubles: Trouble[], gaveUp: () => void): DateFinder[] {
  const { templates, broken } = templatesOf(definition.datepattern?.source ?? '{DEFAULT}', settings.now());
  const line = definition.datepattern ?? undefined;
  for (const written of broken)
    tell(troubles, line, 'datepattern', `"${written.slice(0, 80)}" has a % that begins no field`, templates.length > 0 ? 'partly' : 'refused');
  return templates.flatMap((template) => {
    const finder = finderOf(template, settings, gaveUp);
    if (typeof finder !== 'string') return finder;
    tell(troubles, line, 'datepattern', finder, templates.length > 1 ? 'partly' : 'refused');
    return [];
  });
}

function namesSomeone(part: Part): boolean {
  return part.regex.names.some((name) => WHO.includes(name));
}

function tell(troubles: Trouble[], line: RegexLine | undefined, option: string, says: string, weight: Trouble['weight']): void {
  troubles.push({ place: line?.place ?? { file: '', line: 0 }, option, says, weight });
}
