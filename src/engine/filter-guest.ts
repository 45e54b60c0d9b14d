/**
 * Asks fail2ban's filters about single lines, for `explain`: which take the line, by which expressions, with which groups, and how far the
 * others came. Every expression is asked, as fail2ban-regex does. Cannot see: that earlier lines belong to a match of several lines.
 */

import type { Millis } from '../core/words.ts';
import type { FilterDefinition } from '../guests/fail2ban/definition.ts';
import type { FilterHit, PatternAt, RunningFilter, Tried } from '../guests/fail2ban/hit.ts';
import { openFilter } from '../guests/fail2ban/running-filter.ts';
import type { By, Guest, GuestSays, Near } from './explain.ts';
import type { Headed } from './line-form.ts';

/** Of expressions that nearly fit, those that came furthest. */
const NEAR_AT_MOST = 3;
const FITTED_CHARACTERS = 120;

export function filterGuest(definitions: readonly FilterDefinition[], toUtc: (localMs: Millis) => Millis, now: Millis): Guest {
  const running = definitions.map((definition) => openFilter(definition, { zone: toUtc, now: () => now, all: true }));
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
  const counted = hits.filter((hit) => !hit.ignored && !isNoFailure(hit));
  const hit = counted[0];
  if (hit === undefined) return { by: [], near: () => nearOf(filter, line.raw), ignored: hits.length > 0 };
  const by = counted.map(
    ({ filter: name, pattern, captures }): By => ({ kind: 'filter', name, pattern: pattern.source, captures, where: whereOf(pattern) }),
  );
  return { by, near: () => [], ignored: false, at: at === null ? null : hit.at, address: hit.ip ?? hit.host, user: hit.user };
}

function whereOf({ index, place }: PatternAt): string {
  return `failregex ${index + 1} (${place.file}, line ${place.line})`;
}

/** As fail2ban-regex counts: a line that alone is no failure (`<F-NOFAIL>`) is passed over; one that names nobody yet is not. */
function isNoFailure({ captures }: FilterHit): boolean {
  return (captures['nofail'] ?? '') !== '';
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
