/** Which other accounts were logged in to, and only from places that they used before the case began: looked at and cleared, by name. */

import type { Given, Probe, Story } from '../core/contracts.ts';
import { accountsAmong } from '../core/entity.ts';
import { DAY_MS } from '../core/spans.ts';
import { counted, listed, named } from '../core/text.ts';
import type { FactDraft, Millis } from '../core/words.ts';
import type { LoginRun } from '../core/world.ts';

/** Enough for the accounts of a server; the rest is counted. */
const CLEARED_AT_MOST = 30;
/** Fewer are typing errors of the owner. */
const TRIES_THAT_COUNT = 5;
/** What makes a place known: so many log-ins before the case began, or one on an earlier day. */
const SEVERAL = 3;

export const clearedAccounts: Probe = {
  name: 'cleared-accounts',
  about: 'Names the accounts whose every log-in came from networks that they used before, and that neither guessed nor took part in this case.',
  cannotSee: 'a stolen key or password that is used from a usual network.',
  asks: 'account',
  look(entity, given, story) {
    const first = story.entities.find((other) => other.is === 'account');
    if (entity.is !== 'account' || (first?.is === 'account' && first.name !== entity.name)) return [];
    const suspects = new Set(accountsAmong(story.entities));
    const guilty = new Set(story.entities.flatMap((other) => (other.is === 'address' ? [given.networks.networkOf(other.ip)] : [])));
    const began = beganAt(story);
    // Nothing began: there is nothing to clear anybody of.
    if (began === Number.POSITIVE_INFINITY) return [];
    const roots = new Set(given.eyes.accounts().flatMap((account) => (account.uid === 0 && account.name !== 'root' ? [account.name] : [])));
    const byAccount = new Map<string, LoginRun[]>();
    for (const run of given.history.logins()) byAccount.set(run.account, [...(byAccount.get(run.account) ?? []), run]);
    const cleared = [...byAccount].filter(
      ([account, runs]) =>
        !suspects.has(account) &&
        !roots.has(account) &&
        !given.history.changes(account).some((change) => change.at >= began) &&
        runs.every((run) => isQuiet(run, given, guilty)) &&
        isKnown(runs, began),
    );
    return cleared.slice(0, CLEARED_AT_MOST).map(([account, runs]) => told(account, runs));
  },
};

/** When somebody got in, or did what only somebody inside can do; where nobody did, when it began. */
function beganAt({ findings }: Story): Millis {
  const real = findings.filter((finding) => !finding.explained && finding.tells !== 'exposure');
  const inside = real.filter((finding) => finding.tells === 'compromise').map((finding) => finding.at);
  const times = inside.length > 0 ? inside : real.map((finding) => finding.from ?? finding.at);
  return times.reduce((least, at) => Math.min(least, at), Number.POSITIVE_INFINITY);
}

function isQuiet(run: LoginRun, given: Given, guilty: ReadonlySet<string>): boolean {
  if (run.ip === null || run.network === null) return true;
  if (guilty.has(run.network)) return false;
  return given.history.guesses({ ip: run.ip }).reduce((sum, guess) => sum + guess.times, 0) < TRIES_THAT_COUNT;
}

/** Every place that it came from was its place before: a first log-in ever clears nobody. */
function isKnown(runs: readonly LoginRun[], began: Millis): boolean {
  const places = new Map<string, LoginRun[]>();
  for (const run of runs) places.set(run.network ?? '', [...(places.get(run.network ?? '') ?? []), run]);
  return [...places.values()].every((of) => {
    const first = of.reduce((least, run) => Math.min(least, run.first), Number.POSITIVE_INFINITY);
    return Math.floor(first / DAY_MS) < Math.floor(began / DAY_MS) || of.reduce((sum, run) => sum + timesBefore(run, began), 0) >= SEVERAL;
  });
}

/** At least: of many log-ins only the first and the newest are kept one by one. */
function timesBefore(run: LoginRun, began: Millis): number {
  return run.last < began ? run.times : run.recent.filter((login) => login.at < began).length;
}

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
