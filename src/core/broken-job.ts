/** Jobs that are refused because nobody told them of a new key or password: they come back at their own pace, always as the same account. */

import { isNear } from './blame.ts';
import { type Entries, placeKey } from './entries.ts';
import { GUESSING_SPAN_MS, type Guesser, type NameTried, namesTried, TRIES_OF_A_GUESSER } from './guessing.ts';
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
