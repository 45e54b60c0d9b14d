/** Asks fail2ban's filters about single lines, for `explain`: which take the line, by which expression, with which groups, and how far the others came. */

import { named } from '../core/text.ts';
import type { Millis } from '../core/words.ts';
import { callOf } from '../guests/fail2ban/calls.ts';
import type { FilterDefinition, Trouble } from '../guests/fail2ban/definition.ts';
import type { GuestFiles } from '../guests/fail2ban/files.ts';
import { readFilter } from '../guests/fail2ban/filter-reader.ts';
import type { RunningFilter, Tried } from '../guests/fail2ban/hit.ts';
import { readJails } from '../guests/fail2ban/jail-reader.ts';
import { openFilter } from '../guests/fail2ban/running-filter.ts';
import type { By, Guest, GuestSays, Near } from './explain.ts';
import type { Headed } from './line-form.ts';

export interface AskedFilters {
  /** `NAME` or `NAME[option=value]`; empty = those of all enabled jails, or all of a directory that was named. */
  readonly names: readonly string[];
  /** Where fail2ban's files lie. */
  readonly directory: string;
  /** The directory was named, so all that lies in it is meant. */
  readonly whole: boolean;
}

/** A whole directory has a hundred. */
const FILTERS_AT_MOST = 500;
/** Of expressions that nearly fit, those that came furthest. */
const NEAR_AT_MOST = 3;
const FITTED_CHARACTERS = 120;

export interface Filters {
  readonly definitions: readonly FilterDefinition[];
  readonly troubles: readonly string[];
}

export function filtersOf(files: GuestFiles, { names, directory, whole }: AskedFilters): Filters {
  if (names.length === 0 && !whole) return ofJails(files, directory);
  const wanted = names.length > 0 ? names : filesIn(files, directory);
  const troubles: string[] = [];
  const definitions = wanted.flatMap((text) => {
    const call = callOf(text);
    if ('says' in call) {
      troubles.push(`filter ${named(text)} was not asked: ${call.says}`);
      return [];
    }
    return [readFilter(files, directory, call.name, call.options)];
  });
  const usable = definitions.filter((definition) => definition.failregex.length > 0);
  const told = definitions.filter((definition) => names.length > 0 || definition.failregex.length > 0).flatMap(troublesOf);
  return { definitions: usable, troubles: [...troubles, ...told] };
}

/** Each filter with the same options once, however many jails use it. */
function ofJails(files: GuestFiles, directory: string): Filters {
  const filters = readJails(files, directory).jails.flatMap((jail) => (jail.enabled && jail.filter ? [jail.filter] : []));
  const once = new Map(filters.map((filter) => [`${filter.name} ${JSON.stringify(filter.options)}`, filter]));
  const definitions = [...once.values()].filter((definition) => definition.failregex.length > 0);
  return { definitions, troubles: definitions.flatMap(troublesOf) };
}

function filesIn(files: GuestFiles, directory: string): string[] {
  const names = files.list(`${directory}/filter.d`).filter((name) => name.endsWith('.conf') && !/(?:^|-)common\.conf$/.test(name));
  return names.slice(0, FILTERS_AT_MOST).map((name) => name.slice(0, -'.conf'.length));
}

function troublesOf({ name, troubles }: FilterDefinition): string[] {
  return troubles.map(({ place, option, says }: Trouble) => `filter ${named(name)}, ${option}: ${says} (${place.file}, line ${place.line})`);
}

export function filterGuest(definitions: readonly FilterDefinition[], toUtc: (localMs: Millis) => Millis, now: Millis): Guest {
  const running = definitions.map((definition) => openFilter(definition, { zone: toUtc, now: () => now }));
  return {
    look(headed) {
      const said = running.map((filter) => sayOf(filter, headed));
      const first = said.find((one) => one.by.length > 0);
      return {
        by: said.flatMap((one) => one.by),
        near: () => said.flatMap((one) => one.near()),
        ignored: said.some((one) => one.ignored),
        ...(first === undefined ? {} : { at: first.at ?? null, address: first.address ?? null, user: first.user ?? null }),
      };
    },
  };
}

function sayOf(filter: RunningFilter, { line, at }: Headed): GuestSays {
  // A line that was typed without a stamp has no date to find, and is asked about all the same.
  const hits = at === null ? filter.feed(line.raw, 0) : filter.feed(line.raw);
  const counted = hits.filter((hit) => !hit.ignored && !hit.waits);
  const hit = counted[0];
  if (hit === undefined) return { by: [], near: () => nearOf(filter, line.raw), ignored: hits.some((one) => one.ignored) };
  const by = counted.map((one): By => ({ kind: 'filter', name: one.filter, pattern: one.pattern.source, captures: one.captures }));
  return { by, near: () => [], ignored: false, at: at === null ? null : hit.at, address: hit.ip ?? hit.host, user: hit.user };
}

function nearOf(filter: RunningFilter, raw: string): Near[] {
  const { tried } = filter.probe(raw);
  const prefix = tried[0];
  if (prefix?.option === 'prefregex' && prefix.result !== 'matched') return [nearTold(filter.name, prefix, 'its prefregex')];
  const missed = tried.filter((one) => one.option === 'failregex' && one.result !== 'matched' && (one.reached ?? 0) > 0);
  return missed
    .sort((a, b) => (b.fitted?.length ?? 0) - (a.fitted?.length ?? 0))
    .slice(0, NEAR_AT_MOST)
    .map((one) => nearTold(filter.name, one, `its failregex ${one.pattern.index + 1}`));
}

function nearTold(name: string, { result, reached, fitted, pattern }: Tried, which: string): Near {
  const where = `${pattern.place.file}, line ${pattern.place.line}`;
  if (result === 'over-budget') return { kind: 'filter', name, says: `${which} (${where}) was given up: it takes too long for this line` };
  const part = fitted === null ? '' : `; this much of it fits: ${fitted.slice(-FITTED_CHARACTERS)}`;
  return { kind: 'filter', name, says: `${which} (${where}) fits up to character ${reached ?? 0}${part}` };
}
