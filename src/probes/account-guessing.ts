/** The guessing at an account before it was entered: how many tries, from where, on which other names, for how long. */

import type { Given, Probe } from '../core/contracts.ts';
import { counted, joined, lasted, listed, named } from '../core/text.ts';
import type { Entity, FactDraft } from '../core/words.ts';
import type { GuessRun } from '../core/world.ts';

/** Four refused tries are a person who mistypes. */
const TRIES_THAT_COUNT = 5;
const ADDRESSES_LED_TO = 40;
const NAMED_AT_MOST = 6;

export const accountGuessing: Probe = {
  name: 'account-guessing',
  about: 'Adds up the refused tries on an account by address.',
  cannotSee: 'guessing before the oldest log, and against services that do not log to the auth log.',
  asks: 'account',
  look(entity, given) {
    if (entity.is !== 'account') return [];
    const runs = [...given.history.guesses({ account: entity.name })].sort((a, b) => b.times - a.times);
    const tries = runs.reduce((sum, run) => sum + run.times, 0);
    return tries < TRIES_THAT_COUNT ? [] : [told(entity.name, runs, tries, given)];
  },
};

function told(account: string, runs: readonly GuessRun[], tries: number, given: Given): FactDraft {
  const from = Math.min(...runs.map((run) => run.first));
  const to = Math.max(...runs.map((run) => run.last));
  const names = new Set(runs.slice(0, ADDRESSES_LED_TO).flatMap((run) => given.history.guesses({ ip: run.ip }).map((other) => other.account)));
  const others = [...names].filter((name) => name !== account);
  return {
    says: `${counted(tries, 'refused try', 'refused tries')} on ${named(account)} from ${counted(runs.length, 'address', 'addresses')} (${joined(
      runs.slice(0, NAMED_AT_MOST).map((run) => `${run.ip} ${run.times}x`),
      runs.length - NAMED_AT_MOST,
    )}) within ${lasted(to - from)}${others.length > 0 ? `; the same addresses tried ${counted(others.length, 'other name')} too: ${listed(others, 6)}` : ''}`,
    at: from,
    role: 'entry',
    entity: { is: 'account', name: account },
    leadsTo: runs
      .filter((run) => triesOf(run.ip, given) >= TRIES_THAT_COUNT)
      .slice(0, ADDRESSES_LED_TO)
      .map((run): Entity => ({ is: 'address', ip: run.ip })),
    evidence: runs.slice(0, 10).flatMap((run) => [...run.evidence.slice(0, 1), ...run.evidence.slice(-1)]),
    confidence: 'strong',
    figures: { failures: tries, addresses: runs.length, accounts: names.size, spanMs: to - from },
  };
}

/** On all names: whoever guesses many accounts tries each of them only a few times. */
function triesOf(ip: string, given: Given): number {
  return given.history.guesses({ ip }).reduce((sum, run) => sum + run.times, 0);
}
