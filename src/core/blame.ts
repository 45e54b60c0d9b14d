/** Whose guessing it was: what tells a person with a key or a slip of the finger from somebody who guesses. */

import { type Entries, placeKey } from './entries.ts';
import { type Guesser, type NameTried, namesTried, TRIES_OF_A_SLOW_GUESSER } from './guessing.ts';
import { cannotBeGuessed } from './tries.ts';
import type { Millis } from './words.ts';
import type { Networks } from './world.ts';

/** From here on nobody believes in a forgotten password. */
export const TRIES_OF_NO_PERSON = 10;
/** Names that an address tried and was never let in under: more than one person mistypes, and as many tries as a guesser makes. */
const OTHER_NAMES = 3;
const TRIES_ON_OTHERS = 5;

/** An address of this host's own surroundings. */
export function isNear(ip: string, networks: Networks): boolean {
  const kind = networks.classOf(ip);
  return kind === 'private' || kind === 'own' || kind === 'loopback' || kind === 'link-local';
}

/** No refused password is told, and each name that was tried got in by a key from the same network: an agent that offers all its keys, or a key that was broken. */
export function offeredKeys(guesser: Guesser, entries: Entries): boolean {
  if (guesser.passwords > 0) return false;
  const names = namesTried(guesser);
  return names.length > 0 && names.every((name) => !name.unknown && byKey(entries, name));
}

function byKey(entries: Entries, { account, guesser }: NameTried): boolean {
  const methods = [...entries.methods(account, guesser.network.name)];
  return methods.length > 0 && methods.every(cannotBeGuessed);
}

/** Names that it tried before a time and was never let in under. */
export function namesOnlyTried(guesser: Guesser, entries: Entries, before: Millis): NameTried[] {
  return namesTried(guesser).filter(({ account, tries }) => tries.first <= before && entries.times(placeKey(account, guesser.ip)) === undefined);
}

/** Who comes from there by key is under suspicion all the same: many names were tried, or many passwords. */
export function guessedBefore(guesser: Guesser, entries: Entries, at: Millis): boolean {
  const others = namesOnlyTried(guesser, entries, at);
  const tries = others.reduce((sum, name) => sum + name.tries.between(Number.NEGATIVE_INFINITY, at), 0);
  if (others.length >= OTHER_NAMES && tries >= TRIES_ON_OTHERS) return true;
  return Math.min(guesser.passwords, guesser.tries.between(Number.NEGATIVE_INFINITY, at)) >= TRIES_OF_A_SLOW_GUESSER;
}
