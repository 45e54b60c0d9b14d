/** Jobs that are refused because nobody told them of a new key or password: they come back at their own pace, always as the same account. */

import { isNear, TRIES_OF_NO_PERSON } from './blame.ts';
import { type Entries, placeKey } from './entries.ts';
import { GUESSING_SPAN_MS, type Guesser, type NameTried, namesTried, TRIES_OF_A_GUESSER } from './guessing.ts';
import { SSH_ALONE } from './service-kind.ts';
import { HOUR_MS } from './spans.ts';
import type { Millis } from './words.ts';
import type { Networks } from './world.ts';

/** It did its work there so often before that its place is known. */
const LOGINS_OF_A_JOB = 10;
/** Parts of the time in which it was refused: a clock has about as many tries in each, a person or a list has not. */
const PARTS = 4;
/** An agent may hold several. */
const KEYS_OF_A_JOB = 6;
const FINGERPRINT = /(?:SHA256|MD5):[\w+/=:]{16,64}$/;
const UNEVEN = 1.5;

/** A probe that asks each minute is the quickest of these; without a name in the log only the pace speaks for it, and a probe asks every five minutes. */
const PACE = { spanMs: 10 * 60_000, named: 10, nameless: 2 } as const;
/** A telephone sleeps at night, and its tries come in heaps of one for each folder; a list is through in one heap. */
const STRETCHES = 16;
const HEAP = 4;
const UNEVEN_HEAPS = 3;

export const PROGRAM_WITH_OLD_PASSWORD =
  'it kept asking at a slow pace, for no more than one account: a mail program, a telephone or a probe with an old password';
const FEW_ON_ONE_ACCOUNT = 'a few tries on this one account by a service of which nobody tells here who was let in: somebody with an old password';
export const KEY_OF_A_JOB = 'only keys of this one account were refused, and nobody guesses keys: a job whose key is not accepted here';
export const PASSWORD_OF_A_JOB =
  'this one account logged in from there often before and was then refused at a steady pace: a job with an old password';

/** No try of anything but keys, all on one account that is there. */
export function offersOneKey(guesser: Guesser): boolean {
  const [name, ...more] = namesTried(guesser);
  if (!name || more.length > 0 || name.unknown || name.denied) return false;
  return guesser.passwords === 0 && guesser.moreNames === 0 && guesser.keys === guesser.tries.total && keysShown(guesser) <= KEYS_OF_A_JOB;
}

/** Different keys in the lines that are kept: the weak keys of Debian 4 (CVE-2008-0166) can be tried one after the other. */
function keysShown({ evidence }: Guesser): number {
  return new Set(evidence.all().flatMap(({ says }) => FINGERPRINT.exec(says ?? '')?.[0] ?? [])).size;
}

/** Near by, one account, many earlier logins of it from that very address, then a few refusals at a time like a clock. */
export function keepsOldPassword(guesser: Guesser, entries: Entries, networks: Networks): boolean {
  const [name, ...more] = namesTried(guesser);
  if (!name || more.length > 0 || name.unknown || guesser.moreNames > 0 || !isNear(guesser.ip, networks)) return false;
  const before = entries.times(placeKey(name.account, guesser.ip))?.between(Number.NEGATIVE_INFINITY, name.tries.first) ?? 0;
  return before >= LOGINS_OF_A_JOB && isSteady(name);
}

/** Mail and other services keep programs that ask for ever. Who was let in there is not read, so that earlier log-ins cannot speak for them. */
export function asksForEver(guesser: Guesser): boolean {
  if (!onOneAccount(guesser)) return false;
  const { tries } = guesser;
  const spanMs = tries.last - tries.first;
  if (spanMs < HOUR_MS || (tries.total / spanMs) * PACE.spanMs > (namesTried(guesser).length > 0 ? PACE.named : PACE.nameless)) return false;
  const stretchMs: Millis = (spanMs + 1) / STRETCHES;
  const most = (tries.total / STRETCHES) * UNEVEN_HEAPS + HEAP;
  return Array.from({ length: STRETCHES }, (_, part) => {
    const from = tries.first - 1 + part * stretchMs;
    return tries.between(from, from + stretchMs);
  }).every((count) => count <= most);
}

/** A person who sets up a mail program: one name, and no more tries than one has. */
export function triesLikePerson(guesser: Guesser): boolean {
  return onOneAccount(guesser) && namesTried(guesser).length === 1 && guesser.tries.total < TRIES_OF_NO_PERSON;
}

/** Why such refusals accuse no log-in that comes after them, by another service; null where they may. */
export function withOldPassword(guesser: Guesser): string | null {
  return asksForEver(guesser) ? PROGRAM_WITH_OLD_PASSWORD : triesLikePerson(guesser) ? FEW_ON_ONE_ACCOUNT : null;
}

function onOneAccount(guesser: Guesser): boolean {
  return (guesser.kinds & SSH_ALONE) === 0 && guesser.kinds !== 0 && guesser.moreNames === 0 && namesTried(guesser).length <= 1;
}

function isSteady({ tries }: NameTried): boolean {
  if (tries.most(GUESSING_SPAN_MS) >= TRIES_OF_A_GUESSER) return false;
  const partMs: Millis = (tries.last - tries.first + 1) / PARTS;
  const most = (tries.total / PARTS) * UNEVEN + 1;
  const least = tries.total / PARTS / UNEVEN - 1;
  return Array.from({ length: PARTS }, (_, part) => {
    const from = tries.first - 1 + part * partMs;
    return tries.between(from, from + partMs);
  }).every((count) => count <= most && count >= least);
}
