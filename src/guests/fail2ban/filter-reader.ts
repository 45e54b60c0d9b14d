/** Reads one filter of fail2ban with one set of options, everything in its expressions filled in, so that only capturing tags are left. */

import type { FilterDefinition, Place, RegexLine, Trouble } from './definition.ts';
import { ConfigFault, type GuestFiles } from './files.ts';
import { FilterReading } from './filter-reading.ts';
import { IniShelf } from './includes.ts';
import { type Given, optionOf } from './interpolate.ts';
import { linesAt, linesOf } from './regex-lines.ts';

export interface FilterExtras {
  /** `systemd…` makes the filter read journal lines; leave it out to take the filter as its file says. */
  readonly backend?: string;
  readonly shelf?: IniShelf;
}

/** `directory` is fail2ban's, as `/etc/fail2ban`. A filter that cannot be used has no failregex and a trouble that is `refused`. */
export function readFilter(files: GuestFiles, directory: string, name: string, options: Given = {}, extras: FilterExtras = {}): FilterDefinition {
  const reading = new FilterReading(extras.shelf ?? new IniShelf(files), directory, name, options);
  if (!reading.there) return refusedFilter(name, options, missing(directory, name));
  try {
    if (extras.backend !== undefined) reading.chooseLogtype(extras.backend);
    return definitionOf(reading, options, reading.ask({}, false), {});
  } catch (error) {
    if (!(error instanceof ConfigFault)) throw error;
    return refusedFilter(name, options, troubleOf(error, reading.place));
  }
}

export function missing(directory: string, name: string): Trouble {
  return { place: { file: `${directory}/filter.d/${name}.conf`, line: 0 }, option: 'filter', says: `there is no filter ${name}`, weight: 'refused' };
}

export function troubleOf(fault: ConfigFault, otherwise: Place): Trouble {
  const place = fault.place.file === '' ? otherwise : fault.place;
  return { place, option: fault.option, says: fault.message, weight: 'refused' };
}

export function refusedFilter(name: string, options: Given, trouble: Trouble): FilterDefinition {
  return { ...BARE, name, options, file: trouble.place.file, troubles: [trouble] };
}

/** What a filter has that says nothing, as fail2ban has it then. */
export const BARE: Omit<FilterDefinition, 'name' | 'options' | 'file'> = {
  prefregex: null,
  failregex: [],
  ignoreregex: [],
  datepattern: null,
  maxlines: 1,
  journalmatch: null,
  logtype: 'file',
  usedns: 'warn',
  troubles: [],
};

/** `combined` is what the filter says, `jail` what its jail says about the same options. */
export function definitionOf(
  reading: FilterReading,
  options: Given,
  combined: ReadonlyMap<string, string>,
  jail: Given,
  placeInJail: (option: string) => Place = (option) => reading.placeOf(option),
): FilterDefinition {
  const troubles = [...reading.all.troubles];
  const regexes = (option: string): RegexLine[] => [...linesOf(reading, option, combined), ...linesAt(jail[option] ?? '', placeInJail(option))];
  const failregex = regexes('failregex');
  // fail2ban sets the filter's after the jail's for these, and the jail's after the filter's for the rest.
  const first = (option: string): string | null => combined.get(option) ?? jail[option] ?? null;
  const single = (option: string, source: string | null | undefined): RegexLine | null =>
    source ? { source, place: source === combined.get(option) ? reading.placeOf(option) : placeInJail(option) } : null;
  const journal = [combined.get('journalmatch'), jail['journalmatch']].filter(Boolean).join('\n');
  if (!reading.all.sections.has('Definition')) troubles.push(lacks(reading, 'has no [Definition]'));
  else if (failregex.length === 0) troubles.push(lacks(reading, 'has no failregex'));
  return {
    name: reading.name,
    options,
    file: reading.place.file,
    prefregex: single('prefregex', first('prefregex')),
    failregex,
    ignoreregex: regexes('ignoreregex'),
    datepattern: single('datepattern', jail['datepattern'] ?? combined.get('datepattern')),
    maxlines: linesAtOnce(first('maxlines'), reading, troubles),
    journalmatch: journal === '' ? null : journal,
    logtype: combined.get('logtype') ?? optionOf(reading.all, 'Definition', 'logtype', {})?.value ?? 'file',
    usedns: nameUse(first('usedns'), reading, troubles),
    troubles,
  };
}

function lacks(reading: FilterReading, says: string): Trouble {
  return { place: reading.place, option: 'failregex', says: `the filter ${says}`, weight: 'refused' };
}

function linesAtOnce(text: string | null, reading: FilterReading, troubles: Trouble[]): number {
  if (text === null || text === '') return 1;
  const lines = /^\s*\d{1,6}\s*$/.test(text) ? Number(text) : 0;
  if (lines > 0) return lines;
  troubles.push({
    place: reading.placeOf('maxlines'),
    option: 'maxlines',
    says: `"${text.slice(0, 40)}" is no number of lines: 1 is taken`,
    weight: 'partly',
  });
  return 1;
}

const YES = ['yes', 'true', 'on', '1'];
const NO = ['no', 'false', 'off', '0'];

function nameUse(text: string | null, reading: FilterReading, troubles: Trouble[]): FilterDefinition['usedns'] {
  const word = (text ?? 'warn').trim().toLowerCase();
  if (word === 'warn' || word === 'raw') return word;
  if (YES.includes(word)) return 'yes';
  if (!NO.includes(word))
    troubles.push({
      place: reading.placeOf('usedns'),
      option: 'usedns',
      says: `"${word.slice(0, 40)}" is not known: "no" is taken`,
      weight: 'partly',
    });
  return 'no';
}
