/** What `tocsin guests` tells of fail2ban: which jails and filters are taken over as they are, which partly, which not, and where to mend it. */

import { counted, joined, named } from '../../core/text.ts';
import type { FilterDefinition, JailDefinition, Place, Trouble } from './definition.ts';
import type { Examined } from './examine.ts';
import type { GuestFiles } from './files.ts';
import { readFilter } from './filter-reader.ts';
import { IniShelf } from './includes.ts';
import { readJails } from './jail-reader.ts';
import { logsMissing } from './log-there.ts';

export type Standing = 'whole' | 'partly' | 'refused';

export interface Told {
  readonly name: string;
  readonly standing: Standing;
  readonly place: Place;
  readonly troubles: readonly Trouble[];
  /** What works and is worth knowing: filters that are slow, logs that are not there. */
  readonly notes: readonly Trouble[];
}

export interface JailTold extends Told {
  readonly enabled: boolean;
  /** With its options, as `sshd[mode=aggressive]`; '' without a filter. */
  readonly filter: string;
  readonly logpath: readonly string[];
  readonly actions: JailDefinition['actions'];
}

export interface FilterTold extends Told {
  readonly failregexes: number;
}

export interface Fail2banReport {
  readonly directory: string;
  /** False when there is nothing to read there. */
  readonly found: boolean;
  readonly summary: string;
  readonly jails: readonly JailTold[];
  readonly filters: readonly FilterTold[];
  readonly troubles: readonly Trouble[];
  /** True when all that is switched on is taken over as it is. */
  readonly whole: boolean;
}

const REASONS_SHOWN = 3;
const FILTERS_AT_MOST = 2_000;

/** What else is wrong with a filter that could be read, as expressions that do not compile. */
export type Examine = (filter: FilterDefinition) => Examined;

const UNEXAMINED: Examined = { troubles: [], notes: [] };

export function fail2banReport(files: GuestFiles, directory: string, examine: Examine = () => UNEXAMINED): Fail2banReport {
  const shelf = new IniShelf(files);
  const read = readJails(files, directory, shelf);
  const jails = read.jails.map((jail) => jailTold(jail, examine, logsMissing(files, jail)));
  const ending = /\.(?:conf|local)$/;
  const names = [...new Set(files.list(`${directory}/filter.d`).flatMap((name) => (ending.test(name) ? name.replace(ending, '') : [])))].sort();
  const filters = names
    .slice(0, FILTERS_AT_MOST)
    .map((name) => readFilter(files, directory, name, {}, { shelf }))
    .filter(isFilter)
    .map((filter) => filterTold(filter, examine));
  const troubles = [...read.troubles, ...tooMany(directory, names.length)];
  const enabled = jails.filter((jail) => jail.enabled);
  return {
    directory,
    found: read.files.length > 0,
    summary: read.files.length > 0 ? summaryOf(jails, filters, troubles) : `no jail.conf and no jail.local could be read in ${directory}`,
    jails,
    filters,
    troubles,
    whole: read.files.length > 0 && troubles.length === 0 && enabled.every((jail) => jail.standing === 'whole'),
  };
}

/** Files such as common.conf hold parts for filters and have no expression themselves. */
function isFilter(filter: FilterDefinition): boolean {
  return filter.failregex.length > 0 || filter.prefregex !== null || !/(?:^|-)common$/.test(filter.name);
}

function tooMany(directory: string, count: number): Trouble[] {
  if (count <= FILTERS_AT_MOST) return [];
  const place = { file: `${directory}/filter.d`, line: 0 };
  return [{ place, option: 'filter', says: `only the first ${FILTERS_AT_MOST} of ${count} filters were looked at`, weight: 'partly' }];
}

export function standingOf(troubles: readonly Trouble[]): Standing {
  if (troubles.some((trouble) => trouble.weight === 'refused')) return 'refused';
  return troubles.length > 0 ? 'partly' : 'whole';
}

function jailTold(jail: JailDefinition, examine: Examine, missing: readonly Trouble[]): JailTold {
  const { troubles: ofFilter, notes } = jail.filter ? examine(jail.filter) : UNEXAMINED;
  const troubles = [...jail.troubles, ...(jail.filter?.troubles ?? []), ...ofFilter];
  const { name, enabled, place, logpath, actions } = jail;
  const filter = jail.filter ? calledBy(jail.filter) : '';
  return { name, enabled, standing: standingOf(troubles), place, filter, logpath, actions, troubles, notes: [...missing, ...notes] };
}

function filterTold(filter: FilterDefinition, examine: Examine): FilterTold {
  const { name, file } = filter;
  const found = examine(filter);
  const troubles = [...filter.troubles, ...found.troubles];
  return { name, standing: standingOf(troubles), place: { file, line: 1 }, failregexes: filter.failregex.length, troubles, notes: found.notes };
}

function calledBy(filter: FilterDefinition): string {
  const options = Object.entries(filter.options).map(([option, value]) => `${option}=${value}`);
  return options.length === 0 ? filter.name : `${filter.name}[${options.join(', ')}]`;
}

/** "31 jails, 29 as they are, 2 need you, because …". */
function summaryOf(jails: readonly JailTold[], filters: readonly FilterTold[], troubles: readonly Trouble[]): string {
  const enabled = jails.filter((jail) => jail.enabled);
  const off = jails.length - enabled.length;
  const blind = enabled.filter((jail) => jail.notes.some((note) => note.option === 'logpath')).length;
  const others = `${blind > 0 ? `; ${counted(blind, 'jail has', 'jails have')} no log to watch` : ''}${off > 0 ? `; ${counted(off, 'more jail is', 'more jails are')} switched off` : ''}${filtersSaid(filters)}`;
  if (enabled.length === 0) return `no jail is switched on${off > 0 ? `, ${off} are there` : ''}${filtersSaid(filters)}`;
  const needy = enabled.filter((jail) => jail.standing !== 'whole');
  const whole = enabled.length - needy.length;
  const damaged = troubles.length > 0 ? `; ${counted(troubles.length, 'place')} in the files could not be read` : '';
  if (needy.length === 0) return `${counted(enabled.length, 'jail')}, ${enabled.length === 1 ? 'as it is' : 'all as they are'}${damaged}${others}`;
  const reasons = joined(needy.slice(0, REASONS_SHOWN).map(reasonOf), Math.max(0, needy.length - REASONS_SHOWN));
  return `${counted(enabled.length, 'jail')}, ${whole} as they are, ${needy.length} ${needy.length === 1 ? 'needs' : 'need'} you, because ${reasons}${damaged}${others}`;
}

function reasonOf(jail: JailTold): string {
  const worst = jail.troubles.find((trouble) => trouble.weight === 'refused') ?? jail.troubles[0];
  return `in ${named(jail.name)} ${worst?.says ?? ''}`;
}

function filtersSaid(filters: readonly FilterTold[]): string {
  const needy = filters.filter((filter) => filter.standing !== 'whole').length;
  const slow = filters.filter((filter) => filter.notes.length > 0).length;
  return `; ${counted(filters.length, 'filter')}${needy > 0 ? `, ${needy} not as they are` : ''}${slow > 0 ? `, ${slow} slow` : ''}`;
}
