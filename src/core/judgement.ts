/** How a login after refused tries is judged: what it follows, how grave that is, and what explains it. */

import { TRIES_OF_NO_PERSON } from './blame.ts';
import type { Entry } from './entries.ts';
import { TRIES_OF_A_GUESSER, type Trail } from './guessing.ts';
import { cannotBeGuessed } from './tries.ts';
import type { Confidence, Evidence, Millis, Severity } from './words.ts';

/** Logins on earlier days that make a network usual for an account. */
export const USUAL_LOGINS = 3;
const GUESSES_SHOWN = 12;

export interface Judgement {
  /** `clock` = the guessing stands before the login in the log, and after it by the stamps. */
  readonly how: 'address' | 'network' | 'spread' | 'clock';
  readonly failures: number;
  readonly since: Millis;
  readonly trails: readonly (Trail | undefined)[];
  readonly explained: string | null;
  /** Nobody guesses a key: what else is known of the address speaks against it. */
  readonly byKey: boolean;
}

/** What is known of an account in a network before a login. */
export interface Habit {
  day: number;
  today: number;
  earlier: number;
  foreign: boolean;
}

export const A_KEY = 'a key cannot be guessed; what was refused before were other tries';
export const BY_TURNS = 'the account came in from there and from other places in turn, and nothing was ever refused to any of them';
export const CLOCK_WENT_BACK = ', which stand before it in the log though their stamps are later: the clock was set back';
/** What accuses outweighs what is explained, a guessed password outweighs a key and what is less sure. */
export const WORST = 2;

export function weight({ explained, byKey, how }: Judgement): number {
  if (explained !== null) return 0;
  return byKey || GRAVITY[how].severity !== 'high' ? 1 : WORST;
}

export const WHENCE = { address: 'the same address', network: 'the same network', spread: 'other addresses', clock: 'the same address' } as const;
export const GRAVITY: Readonly<Record<Judgement['how'], { readonly severity: Severity; readonly confidence: Confidence }>> = {
  address: { severity: 'high', confidence: 'strong' },
  network: { severity: 'high', confidence: 'medium' },
  spread: { severity: 'medium', confidence: 'medium' },
  clock: { severity: 'medium', confidence: 'medium' },
};

export function explanation({ method }: Entry, habit: Habit, tries: number): string | null {
  if (habit.foreign) return null;
  if (cannotBeGuessed(method) && habit.earlier > 0)
    return 'a key, from a network where this account logged in before; what was refused were other tries';
  if (habit.earlier < USUAL_LOGINS || tries >= TRIES_OF_NO_PERSON) return null;
  return tries < TRIES_OF_A_GUESSER
    ? 'a usual network of this account; other names were refused there'
    : 'a usual network of this account; somebody mistyped';
}

export function triedBetween(trails: readonly Trail[], from: Millis, to: Millis): number {
  return trails.reduce((sum, { tries }) => sum + tries.between(from, to), 0);
}

/** The last ones before the login, each line once. */
export function guessesBefore({ trails, how }: Judgement, at: Millis): Evidence[] {
  const lines = trails.flatMap((trail) => trail?.evidence.all() ?? []).filter((line) => how === 'clock' || (line.at ?? at) <= at);
  const distinct = new Map(lines.map((line) => [`${line.source} ${line.line ?? line.at}`, line]));
  return [...distinct.values()].sort((a, b) => (a.at ?? 0) - (b.at ?? 0)).slice(-GUESSES_SHOWN);
}
