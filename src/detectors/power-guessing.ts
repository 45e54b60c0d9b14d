/** Somebody who is here already tries passwords of su or sudo to become another account, and whether that worked. */

import type { Detector } from '../core/contracts.ts';
import type { Entries } from '../core/entries.ts';
import { GUESSING_SPAN_MS, TRIES_OF_A_GUESSER } from '../core/guessing.ts';
import { evidenceOfLine } from '../core/quotes.ts';
import { counted, lasted, listed, named, shown } from '../core/text.ts';
import { Timeline } from '../core/timeline.ts';
import { Bounded, Sample } from '../core/window.ts';
import type { AccountSeen, EventOf, Evidence, FindingDraft, Millis } from '../core/words.ts';

/** sudo itself asks three times: a person who mistypes twice makes six. */
const TRIES_OF_NO_PERSON = 10;
/** A service has no password to type and none to mistype. */
const TRIES_OF_A_SERVICE = 3;
/** Whoever found the password uses it at once. */
const SUCCESS_MS = 60 * 60_000;
const PAIRS_AT_MOST = 5_000;
const ACCOUNTS_AT_MOST = 20_000;
const LINES = 15;
const USES_AT_MOST = 200;

interface Pair {
  readonly account: string;
  readonly target: string;
  readonly tries: Timeline;
  readonly lines: Sample<Evidence>;
  readonly services: Set<string>;
  readonly commands: Set<string>;
  readonly used: { readonly at: Millis; readonly service: string; readonly evidence: Evidence }[];
}

/** null where no list of accounts was read: then nothing tells. */
type IsService = boolean | null;

export const powerGuessing: Detector = {
  name: 'power-guessing',
  about: 'Finds accounts that were refused by su or sudo again and again, above all services, and then became the other account.',
  cannotSee: 'passwords tried against other programs on this host, and a password that was right at once.',
  attack: ['T1110.001', 'T1548'],
  tells: 'compromise',
  role: 'account',
  start({ entries }) {
    const pairs = new Bounded<Pair>(PAIRS_AT_MOST, (pair) => pair.tries.total);
    const accounts = new Bounded<AccountSeen>(ACCOUNTS_AT_MOST, null);
    const isService = (name: string): IsService => accounts.get(name)?.system ?? (accounts.size > 0 ? false : logsIn(name, entries) ? false : null);
    return {
      'account.seen': ({ fields }) => {
        accounts.open(fields.name, () => fields);
        return null;
      },
      'privilege.refused': (event) => {
        hear(pairs, event);
        return null;
      },
      'privilege.used': (event) => {
        const { account, target, service } = event.fields;
        const pair = pairs.get(`${account}\n${target}`);
        if (pair && pair.used.length < USES_AT_MOST) pair.used.push({ at: event.at, service, evidence: evidenceOfLine(event) });
        return null;
      },
      'sweep.done': () => pairs.values().flatMap((pair) => judged(pair, isService(pair.account))),
    };
  },
};

function logsIn(name: string, entries: Entries): boolean {
  return entries.inOrder().some((entry) => entry.account === name);
}

function hear(pairs: Bounded<Pair>, event: EventOf<'privilege.refused'>): void {
  const { account, target, service, command, times } = event.fields;
  if (account === '' || account === 'root') return;
  const pair = pairs.open(`${account}\n${target}`, () => ({
    account,
    target,
    tries: new Timeline(),
    lines: new Sample<Evidence>(LINES),
    services: new Set<string>(),
    commands: new Set<string>(),
    used: [],
  }));
  pair.tries.add(event.at, Math.min(times, 100));
  pair.lines.add(evidenceOfLine(event));
  pair.services.add(service);
  if (pair.commands.size < 10) pair.commands.add(shown(command, 80));
}

/** A use after as many refusals as no honest owner makes, shortly before. */
function judged(pair: Pair, service: IsService): FindingDraft[] {
  const enough = service === null ? TRIES_OF_A_GUESSER : service ? TRIES_OF_A_SERVICE : TRIES_OF_NO_PERSON;
  const success = pair.used.find(({ at }) => pair.tries.between(at - SUCCESS_MS, at) >= enough);
  const most = pair.tries.most(GUESSING_SPAN_MS);
  if (!success && most < enough) return [];
  return [success ? broken(pair, success, service) : refused(pair, service)];
}

function broken(pair: Pair, success: Pair['used'][number], service: IsService): FindingDraft {
  const tries = pair.tries.between(success.at - SUCCESS_MS, success.at);
  const sure = tries >= TRIES_OF_NO_PERSON;
  const from = pair.tries.firstAfter(success.at - SUCCESS_MS) ?? success.at;
  return {
    ...base(pair),
    at: success.at,
    from,
    to: success.at,
    severity: service || (sure && pair.target === 'root') ? 'high' : sure ? 'medium' : 'low',
    confidence: service ? 'strong' : 'medium',
    says: `${who(pair, service)} became ${named(pair.target)} by ${named(success.service)} after ${counted(tries, 'refused try', 'refused tries')} of ${listed([...pair.services])} within ${lasted(success.at - from)}`,
    evidence: [...pair.lines.all(), success.evidence],
    seen: tries + 1,
    figures: { failures: tries, target: pair.target },
  };
}

/** A service that may not do what it is set to do is refused too, again and again: only su, which always asks for a password, tells of guessing. */
function refused(pair: Pair, service: IsService): FindingDraft {
  const guesses = pair.services.has('su');
  return {
    ...base(pair),
    at: pair.tries.first,
    from: pair.tries.first,
    to: pair.tries.last,
    severity: guesses && service ? 'medium' : guesses ? 'low' : 'info',
    confidence: 'medium',
    tells: guesses ? 'attack' : 'oddity',
    says: `${who(pair, service)} was refused ${counted(pair.tries.total, 'time')} by ${listed([...pair.services])} when it wanted to become ${named(pair.target)}`,
    evidence: [...pair.lines.all()],
    seen: pair.tries.total,
    figures: { failures: pair.tries.total, target: pair.target, commands: [...pair.commands].join('; ').slice(0, 300) },
  };
}

function who({ account }: Pair, service: IsService): string {
  return `${service ? 'service account' : 'account'} ${named(account)}`;
}

function base({ account, target }: Pair) {
  return { key: `${account} ${target}`, culprit: [{ is: 'account', name: account }], victim: [{ is: 'account', name: target }] } as const;
}
