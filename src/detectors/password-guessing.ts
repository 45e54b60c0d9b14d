/** One address that tries passwords until one fits: what every host on the internet sees daily, and how DNS1 began. */

import { isNear, offeredKeys, TRIES_OF_NO_PERSON } from '../core/blame.ts';
import {
  asksForEver,
  KEY_OF_A_JOB,
  keepsOldPassword,
  offersOneKey,
  PASSWORD_OF_A_JOB,
  PROGRAM_WITH_OLD_PASSWORD,
  triesLikePerson,
} from '../core/broken-job.ts';
import type { Detector } from '../core/contracts.ts';
import { type Entries, placeKey } from '../core/entries.ts';
import { GUESSING_SPAN_MS, type Guesser, guessesAlone, type NameTried, namesTried, TRIES_OF_A_GUESSER } from '../core/guessing.ts';
import { byServers, kindFigures } from '../core/service-kind.ts';
import { DAY_MS, HOUR_MS } from '../core/spans.ts';
import { counted, lasted, named } from '../core/text.ts';
import { Timeline } from '../core/timeline.ts';
import type { FindingDraft } from '../core/words.ts';
import type { Networks } from '../core/world.ts';

/** Logged in before on so many other days: it is the place where the account's owner works. */
const USUAL_DAYS = 3;
const SHORTEST_SPAN_MS = 60_000;
const VICTIMS = 20;
const NAMES_SAID = 5;

export const passwordGuessing: Detector = {
  name: 'password-guessing',
  about: 'Finds addresses that were refused five times within ten minutes, or twenty times in all.',
  cannotSee: 'tries spread over many addresses (spread-guessing looks at those), and refused keys, which sshd writes down only at LogLevel VERBOSE.',
  attack: ['T1110.001'],
  tells: 'attack',
  role: 'entry',
  start: ({ networks, guesses, entries }) => ({
    'sweep.done': () =>
      guesses
        .guessers()
        .filter(guessesAlone)
        .map((guesser) => told(guesser, innocence(guesser, entries, networks))),
  }),
};

/** What speaks for a person who mistypes, or null. Whoever was let in only after many tries is no such person, whatever he did later. */
function innocence(guesser: Guesser, entries: Entries, networks: Networks): string | null {
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

/** Mail, databases and web sites have accounts of their own, and do not say which exist: then nothing is claimed. */
function existing(names: readonly NameTried[], known: number): string {
  if (known > 0) return `, ${known} of them existing here`;
  return names.every((name) => name.unknown) ? ', none of which exists here' : '';
}

function told(guesser: Guesser, innocent: string | null): FindingDraft {
  const { ip, tries } = guesser;
  const names = namesTried(guesser);
  const known = names.filter((name) => name.known || name.denied).length;
  const spanMs = tries.last - tries.first;
  const most = names.slice(0, NAMES_SAID).map(({ account, tries: on }) => `${named(account)} ${on.total}x`);
  const more = names.length > NAMES_SAID ? ', …' : '';
  return {
    key: `address ${ip}`,
    at: tries.first,
    from: tries.first,
    to: tries.last,
    severity: innocent || triesLikePerson(guesser) ? 'low' : 'medium',
    confidence: 'strong',
    says: `${named(ip)} was refused ${counted(tries.total, 'time')}${byServers(guesser.kinds)} within ${lasted(spanMs)}${names.length > 0 ? ` on ${counted(names.length, 'account name')} (${most.join(', ')}${more})${existing(names, known)}` : ''}`,
    culprit: [{ is: 'address', ip }],
    victim: names.slice(0, VICTIMS).map(({ account }) => ({ is: 'account', name: account })),
    evidence: guesser.evidence.all(),
    seen: tries.total,
    ...(innocent ? { explained: innocent } : {}),
    figures: {
      failures: tries.total,
      accounts: names.length,
      spanMs,
      perHour: Math.round((tries.total * HOUR_MS) / Math.max(spanMs, SHORTEST_SPAN_MS)),
      known,
      ...kindFigures(guesser.kinds),
    },
  };
}
