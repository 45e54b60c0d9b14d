/**
 * The filters of fail2ban that a person asks for: by name, with options, by the file that they stand in, by a jail that uses them, or a
 * single expression as it would stand in one. Without any, those of all jails that are switched on.
 */

import { UserError } from '../core/errors.ts';
import { named } from '../core/text.ts';
import { callOf } from '../guests/fail2ban/calls.ts';
import type { FilterDefinition, Trouble } from '../guests/fail2ban/definition.ts';
import type { GuestFiles } from '../guests/fail2ban/files.ts';
import { partsOf } from '../guests/fail2ban/filter-parts.ts';
import { BARE, readFilter } from '../guests/fail2ban/filter-reader.ts';
import { readJails } from '../guests/fail2ban/jail-reader.ts';

export interface AskedFilters {
  /** `NAME`, `NAME[option=value]`, `/PATH/filter.d/NAME.conf`, a jail's name, or an expression; empty = those of all enabled jails, or all of a directory that was named. */
  readonly names: readonly string[];
  /** Where fail2ban's files lie. */
  readonly directory: string;
  /** The directory was named, so all that lies in it is meant. */
  readonly whole: boolean;
}

export interface Filters {
  readonly definitions: readonly FilterDefinition[];
  readonly troubles: readonly string[];
}

/** A whole directory has a hundred. */
const FILTERS_AT_MOST = 500;
const NAMES_SHOWN = 5;
const ENDING = /\.(?:conf|local)$/;
/** Tags that only expressions have. */
const EXPRESSION = /<(?:HOST|ADDR|IP4|IP6|DNS|SUBNET|F-[A-Z0-9_-]+\/?)>/;

export function filtersOf(files: GuestFiles, { names, directory, whole }: AskedFilters): Filters {
  const asked =
    names.length > 0
      ? names.map((text) => asNamed(files, directory, text))
      : whole
        ? filesIn(files, directory).map((name) => readFilter(files, directory, name, {}))
        : ofJails(files, directory);
  const usable = asked.filter((definition) => definition.failregex.length > 0);
  const told = names.length > 0 ? asked : usable;
  return { definitions: usable, troubles: told.flatMap(troublesOf) };
}

function asNamed(files: GuestFiles, directory: string, text: string): FilterDefinition {
  if (EXPRESSION.test(text)) return ofExpression(text);
  const call = callOf(text);
  if ('says' in call)
    throw new UserError(`the filter ${named(text)} cannot be read: ${call.says}`, "Write it as in a jail: --filter 'sshd[mode=aggressive]'");
  const path = placeOf(directory, call.name);
  const definition = readFilter(files, path.directory, path.name, call.options);
  if (isThere(files, path)) return definition;
  const jail = readJails(files, path.directory).jails.find((one) => one.name === call.name);
  if (jail?.filter) return jail.filter;
  throw new UserError(`there is no filter ${named(path.name)} in ${path.directory}/filter.d, and no jail of that name`, nearest(files, path));
}

interface FilterPlace {
  readonly directory: string;
  readonly name: string;
}

/** `/etc/fail2ban/filter.d/sshd.conf`, as fail2ban-regex takes it, stands for `sshd` there. */
function placeOf(directory: string, name: string): FilterPlace {
  const found = /^(.*?)\/?filter\.d\/([^/]+)$/.exec(name);
  if (found === null) return { directory, name: name.replace(ENDING, '') };
  return { directory: found[1] || (name.startsWith('/') ? '/' : directory), name: (found[2] ?? '').replace(ENDING, '') };
}

function isThere(files: GuestFiles, { directory, name }: FilterPlace): boolean {
  return files.list(`${directory}/filter.d`).some((file) => ENDING.test(file) && file.replace(ENDING, '') === name);
}

function nearest(files: GuestFiles, { directory, name }: FilterPlace): string {
  const names = filesIn(files, directory);
  if (names.length === 0) return 'Name the directory that holds filter.d with --filters DIR.';
  const like = names.filter((one) => alike(one, name)).slice(0, NAMES_SHOWN);
  return like.length > 0
    ? `Did you mean ${like.join(' or ')}?`
    : `ls ${directory}/filter.d shows the ${names.length} that are there; --filters DIR names another directory.`;
}

/** One holds the other, or they have the same letters but for one or two. */
function alike(a: string, b: string): boolean {
  if (b.length > 2 && (a.includes(b) || b.includes(a))) return true;
  const rest = [...a].reduce((left, letter) => left.replace(letter, ''), b);
  return Math.abs(a.length - b.length) <= 1 && rest.length <= 1 && a[0] === b[0];
}

/** As `fail2ban-regex LOG 'EXPRESSION'` takes it. */
function ofExpression(source: string): FilterDefinition {
  const definition: FilterDefinition = {
    ...BARE,
    name: 'expression',
    options: {},
    file: '--filter',
    failregex: [{ source, place: { file: '--filter', line: 1 } }],
  };
  const [trouble] = partsOf(definition, { zone: (localMs) => localMs, now: () => 0 }, () => {}).troubles;
  if (trouble !== undefined)
    throw new UserError(
      `the expression ${named(source)} cannot be used: ${trouble.says}`,
      "It is Python's syntax with fail2ban's tags: --filter '^refused <HOST>$'",
    );
  return definition;
}

/** Each filter with the same options once, however many jails use it. */
function ofJails(files: GuestFiles, directory: string): FilterDefinition[] {
  const filters = readJails(files, directory).jails.flatMap((jail) => (jail.enabled && jail.filter ? [jail.filter] : []));
  return [...new Map(filters.map((filter) => [`${filter.name} ${JSON.stringify(filter.options)}`, filter])).values()];
}

function filesIn(files: GuestFiles, directory: string): string[] {
  const names = files.list(`${directory}/filter.d`).filter((name) => ENDING.test(name) && !/(?:^|-)common\.(?:conf|local)$/.test(name));
  return [...new Set(names.map((name) => name.replace(ENDING, '')))].slice(0, FILTERS_AT_MOST);
}

function troublesOf({ name, troubles }: FilterDefinition): string[] {
  return troubles.map(({ place, option, says }: Trouble) => `filter ${named(name)}, ${option}: ${says} (${place.file}, line ${place.line})`);
}
