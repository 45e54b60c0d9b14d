/**
 * From where an account was entered, and which of these log-ins are foreign: from a network that guessed, or that came new
 * with the guessing. The account's usual places are named as usual, so that a person can correct the judgement.
 */

import { isNear, TRIES_OF_NO_PERSON } from '../core/blame.ts';
import type { Given, Probe } from '../core/contracts.ts';
import { counted, listed, named } from '../core/text.ts';
import { cannotBeGuessed } from '../core/tries.ts';
import type { FactDraft } from '../core/words.ts';
import type { GuessRun, LoginRun } from '../core/world.ts';

/** Fewer refused tries from a network are typing errors. */
const GUESSES_THAT_COUNT = 5;

export const accountLogins: Probe = {
  name: 'account-logins',
  about: 'Parts the accepted log-ins of an account into usual and foreign ones.',
  cannotSee: 'log-ins older than the logs, and an intruder who comes from a usual network.',
  asks: 'account',
  look(entity, given) {
    if (entity.is !== 'account') return [];
    const runs = given.history.logins(entity.name);
    if (runs.length === 0) return [];
    const foreign = runs.filter((run) => isForeign(run, given));
    const usual = runs.filter((run) => !foreign.includes(run));
    return [...foreign.map((run) => foreignFact(run, usual)), ...usualFact(entity.name, usual, foreign.length > 0)];
  },
};

/** Did its network guess (any account) before it was let in? */
export function isForeign(run: LoginRun, given: Given): boolean {
  if (run.ip === null || run.network === null) return false;
  const guesses = guessesFromNetwork(run, given).filter((guess) => guess.first <= run.last);
  const tries = guesses.reduce((sum, guess) => sum + guess.times, 0);
  if (tries < GUESSES_THAT_COUNT || isSlip(run, tries, guesses, given)) return false;
  // Keys that did not fit are no guesses at the one that did.
  const passwords = guesses.reduce((sum, guess) => sum + (guess.passwords ?? guess.times), 0);
  return !cannotBeGuessed(run.method) || passwords >= GUESSES_THAT_COUNT;
}

/** A person near by, who mistyped the one password that he has. */
function isSlip(run: LoginRun, tries: number, guesses: readonly GuessRun[], given: Given): boolean {
  if (run.ip === null || tries >= TRIES_OF_NO_PERSON || !isNear(run.ip, given.networks)) return false;
  return guesses.every((guess) => guess.account === run.account);
}

function guessesFromNetwork(run: LoginRun, given: Given): readonly GuessRun[] {
  if (run.ip === null) return [];
  const mine = given.history.guesses({ ip: run.ip });
  const onAccount = given.history
    .guesses({ account: run.account })
    .filter((guess) => guess.ip !== run.ip && given.networks.networkOf(guess.ip) === run.network);
  return [...mine, ...onAccount];
}

function foreignFact(run: LoginRun, usual: readonly LoginRun[]): FactDraft {
  const first = run.recent[0];
  const places = usual.flatMap((other) => (other.network ? [other.network] : []));
  return {
    says: `${named(run.account)} was entered from ${named(run.ip ?? 'the console')} by ${run.method}, ${counted(run.times, 'time')}: foreign, since that network guessed passwords before${places.length > 0 ? `; its usual log-ins come from ${listed([...new Set(places)], 4)}` : ''}`,
    at: run.first,
    role: 'entry',
    entity: run.ip === null ? { is: 'account', name: run.account } : { is: 'address', ip: run.ip },
    leadsTo: run.ip === null ? [] : [{ is: 'address', ip: run.ip }],
    evidence: run.recent.slice(0, 5).map((login) => login.evidence),
    confidence: first ? 'strong' : 'medium',
    figures: { logins: run.times },
  };
}

function usualFact(account: string, usual: readonly LoginRun[], beside: boolean): FactDraft[] {
  if (usual.length === 0) return [];
  const times = usual.reduce((sum, run) => sum + run.times, 0);
  const places = [...new Set(usual.map((run) => run.network ?? 'the console'))];
  return [
    {
      says: `${counted(times, 'other log-in')} of ${named(account)} from ${listed(places, 5)}${beside ? ': places that did not guess' : ': no guessing came from there'}`,
      at: Math.min(...usual.map((run) => run.first)),
      leadsTo: [],
      evidence: usual.flatMap((run) => run.recent.slice(0, 1).map((login) => login.evidence)).slice(0, 10),
      confidence: 'medium',
    },
  ];
}
