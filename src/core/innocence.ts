/** What speaks for a person, a key or a job where an address was refused again and again: whoever bans or accuses asks here first. */

import { isNear, offeredKeys, TRIES_OF_NO_PERSON } from './blame.ts';
import { asksForEver, KEY_OF_A_JOB, keepsOldPassword, offersOneKey, PASSWORD_OF_A_JOB, PROGRAM_WITH_OLD_PASSWORD } from './broken-job.ts';
import { type Entries, placeKey } from './entries.ts';
import { GUESSING_SPAN_MS, type Guesser, type NameTried, namesTried, TRIES_OF_A_GUESSER } from './guessing.ts';
import { DAY_MS } from './spans.ts';
import { counted } from './text.ts';
import { Timeline } from './timeline.ts';
import type { Networks } from './world.ts';

/** Logged in before on so many other days: it is the place where the account's owner works. */
const USUAL_DAYS = 3;

/** What speaks for a person who mistypes, or null. Whoever was let in only after many tries is no such person, whatever he did later. */
export function innocence(guesser: Guesser, entries: Entries, networks: Networks): string | null {
  const { tries, ip } = guesser;
  if (offeredKeys(guesser, entries))
    return 'no password was refused there, and each of these accounts came in by a key from the same network: keys were offered that did not fit';
  if (offersOneKey(guesser)) return KEY_OF_A_JOB;
  if (keepsOldPassword(guesser, entries, networks)) return PASSWORD_OF_A_JOB;
  if (asksForEver(guesser)) return PROGRAM_WITH_OLD_PASSWORD;
  const logins = namesTried(guesser).map(({ account }) => entries.times(placeKey(account, ip)) ?? new Timeline());
  const total = logins.reduce((sum, times) => sum + times.total, 0);
  if (total === 0) return null;
  if (neverFiveInARow(guesser, entries)) return `it logged in to the same accounts ${counted(total, 'time')} and never failed five times in a row`;
  if (tries.total >= TRIES_OF_NO_PERSON) return null;
  if (isNear(ip, networks) && logins.some((times) => times.between(tries.first - 1, tries.last + GUESSING_SPAN_MS) > 0)) {
    return 'an address near by that got in to the same account within ten minutes: somebody mistyped';
  }
  const usual = logins.some((times) => times.between(Number.NEGATIVE_INFINITY, tries.first - DAY_MS) >= USUAL_DAYS);
  return usual ? 'this account was used from there on earlier days: somebody mistyped' : null;
}

/** On no account that it got in to, nor on all the others together. */
function neverFiveInARow(guesser: Guesser, entries: Entries): boolean {
  let others = guesser.tries.total;
  for (const name of namesTried(guesser)) {
    const logins = entries.times(placeKey(name.account, guesser.ip));
    if (!logins) continue;
    others -= name.tries.total;
    if (longestRun(name, logins) >= TRIES_OF_A_GUESSER) return false;
  }
  return others < TRIES_OF_A_GUESSER;
}

/** The most refused tries between one login and the next. */
function longestRun({ tries }: NameTried, logins: Timeline): number {
  let most = 0;
  let from = Number.NEGATIVE_INFINITY;
  for (let next = logins.firstAfter(from); next !== null; next = logins.firstAfter(from)) {
    most = Math.max(most, tries.between(from, next));
    from = next;
  }
  return Math.max(most, tries.between(from, Number.POSITIVE_INFINITY));
}
