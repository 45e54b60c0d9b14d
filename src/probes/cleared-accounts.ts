/** Which other accounts were logged in to, and only from places that did not guess: looked at and cleared, by name. */

import type { Probe } from '../core/contracts.ts';
import { counted, listed, named } from '../core/text.ts';
import type { FactDraft } from '../core/words.ts';
import type { LoginRun } from '../core/world.ts';

/** Enough for the accounts of a server; the rest is counted. */
const CLEARED_AT_MOST = 30;

export const clearedAccounts: Probe = {
  name: 'cleared-accounts',
  about: 'Names the accounts whose every log-in came from networks that neither guessed nor took part in this case.',
  cannotSee: 'a stolen key or password that is used from a usual network.',
  asks: 'account',
  look(entity, given, story) {
    const first = story.entities.find((other) => other.is === 'account');
    if (entity.is !== 'account' || (first?.is === 'account' && first.name !== entity.name)) return [];
    const suspects = new Set(story.entities.flatMap((other) => (other.is === 'account' ? [other.name] : [])));
    const guilty = new Set(story.entities.flatMap((other) => (other.is === 'address' ? [given.networks.networkOf(other.ip)] : [])));
    const byAccount = new Map<string, LoginRun[]>();
    for (const run of given.history.logins()) byAccount.set(run.account, [...(byAccount.get(run.account) ?? []), run]);
    const cleared = [...byAccount].filter(([account, runs]) => !suspects.has(account) && runs.every((run) => isClean(run)));
    return cleared.slice(0, CLEARED_AT_MOST).map(([account, runs]) => told(account, runs));

    function isClean(run: LoginRun): boolean {
      if (run.ip === null || run.network === null) return true;
      if (guilty.has(run.network)) return false;
      return given.history.guesses({ ip: run.ip }).reduce((sum, guess) => sum + guess.times, 0) < TRIES_THAT_COUNT;
    }
  },
};

/** Fewer are typing errors of the owner. */
const TRIES_THAT_COUNT = 5;

function told(account: string, runs: readonly LoginRun[]): FactDraft {
  const times = runs.reduce((sum, run) => sum + run.times, 0);
  const places = [...new Set(runs.map((run) => run.network ?? 'the console'))];
  return {
    says: `cleared: ${named(account)} had ${counted(times, 'log-in')}, all from known places (${listed(places, 5)}), from where nobody guessed`,
    at: Math.max(...runs.map((run) => run.last)),
    role: 'explanation',
    entity: { is: 'account', name: account },
    leadsTo: [],
    evidence: runs.flatMap((run) => run.recent.slice(-1).map((login) => login.evidence)).slice(0, 10),
    confidence: 'medium',
  };
}
