/** Who was refused how often: the words of the book of refused tries (core/guess-book.ts), and what makes a guesser. */

import { Timeline } from './timeline.ts';
import { Sample } from './window.ts';
import type { Evidence } from './words.ts';

/** Four refused tries are a person who mistypes. */
export const TRIES_OF_A_GUESSER = 5;
/** Within this span, which is the usual one of ban tools (fail2ban's findtime). */
export const GUESSING_SPAN_MS = 10 * 60_000;
/** Or this many at whatever pace: slow guessers stay below every window. */
export const TRIES_OF_A_SLOW_GUESSER = 20;

const LINES_OF_NETWORK = 4;

/** Refused tries of one kind, with lines to show for them. */
export interface Trail {
  readonly tries: Timeline;
  readonly evidence: { all(): readonly Evidence[] };
}

/** One address and what it was refused. */
export interface Guesser extends Trail {
  readonly ip: string;
  readonly network: Neighbourhood;
  /** What it tried on an account; the empty name has the tries of which no name was told. */
  name(account: string): NameTried | undefined;
  names(): readonly NameTried[];
  /** Tries on names that no longer fitted. */
  readonly moreNames: number;
  /** Tries of which the log tells that they were passwords. */
  readonly passwords: number;
  /** Tries of which it tells that they were keys. */
  readonly keys: number;
  /** Which kinds of servers refused it, a bit for each (core/service-kind.ts). */
  readonly kinds: number;
}

/** One account tried by one address. Of many names only the first have lines of their own: `linesFor` has others for the rest. */
export interface NameTried extends Trail {
  readonly guesser: Guesser;
  readonly account: string;
  /** The log said that there is no such account. */
  readonly unknown: boolean;
  /** The log said that there is one. */
  readonly known: boolean;
  /** It exists, and sshd refuses it by AllowUsers and the like; it calls such names invalid too. */
  readonly denied: boolean;
  readonly passwords: number;
}

/** One network and the addresses in it that guessed. */
export interface Neighbourhood {
  readonly name: string;
  readonly guessers: readonly Guesser[];
  /** What those did that are no longer in the book. */
  readonly gone: Timeline | null;
}

/** One account and who was refused on it. */
export interface Target extends Trail {
  readonly account: string;
  readonly by: readonly NameTried[];
}

/** All that came from a network, told together: the sum of its addresses. */
export function trailOf({ guessers, gone }: Neighbourhood): Trail {
  const tries = new Timeline();
  if (gone) tries.absorb(gone);
  const lines: Evidence[] = [];
  for (const guesser of guessers) {
    tries.absorb(guesser.tries);
    lines.push(...guesser.evidence.all());
  }
  const evidence = new Sample<Evidence>(LINES_OF_NETWORK);
  for (const line of lines.sort((a, b) => (a.at ?? 0) - (b.at ?? 0))) evidence.add(line);
  return { tries, evidence };
}

/** Lines that show a name being tried, or else what its address did. */
export function linesFor({ evidence, guesser }: NameTried): readonly Evidence[] {
  const own = evidence.all();
  return own.length > 0 ? own : guesser.evidence.all();
}

/** Does this address guess all by itself? */
export function guessesAlone({ tries }: Guesser): boolean {
  return tries.total >= TRIES_OF_A_SLOW_GUESSER || tries.most(GUESSING_SPAN_MS) >= TRIES_OF_A_GUESSER;
}

/** Names with tries left, most tried first. */
export function namesTried(guesser: Guesser): NameTried[] {
  return guesser
    .names()
    .filter((name) => name.account !== '' && name.tries.total > 0)
    .sort((a, b) => b.tries.total - a.tries.total);
}
