/** What the logs told of log-ins, guessing and powers used, added up as it goes by, so that probes can ask about any account or address later. */

import { FEWEST_EVIDENCES, type Guess, type GuessBook, type TryEvent, WELL_SHOWN } from '../core/guessing.ts';
import { named, shown } from '../core/text.ts';
import { Bounded } from '../core/window.ts';
import type { AccountChange, Event, EventOf, Evidence, Millis } from '../core/words.ts';
import type { GuessRun, History, LoginRun, Networks } from '../core/world.ts';

/** An attacker chooses names and addresses: past these bounds runs are counted as forgotten and not kept. */
const RUNS_AT_MOST = 100_000;
const DEEDS_AT_MOST = 20_000;
const RECENT_LOGINS = 64;
const EVIDENCE_KEPT = 12;
const QUOTED_CHARACTERS = 300;

type Open<T> = { -readonly [K in keyof T]: T[K] };
type OpenLogin = Omit<Open<LoginRun>, 'recent'> & { recent: LoginRun['recent'][number][] };
type OpenGuess = Omit<Open<GuessRun>, 'evidence'> & { evidence: Evidence[]; readonly shown: number };
type Deed = ReturnType<History['privileges']>[number];
type Change = ReturnType<History['changes']>[number];

export function evidenceOf(event: Event): Evidence {
  return {
    source: event.source,
    ...(event.line === undefined ? {} : { line: event.line }),
    at: event.at,
    ...(event.raw === undefined ? {} : { says: event.raw.slice(0, QUOTED_CHARACTERS) }),
  };
}

export function history(networks: Networks, book: GuessBook): History & { hear(event: Event): void } {
  const logins = new Map<string, OpenLogin>();
  const guessesOfIp = new Map<string, Set<OpenGuess>>();
  const guessesOfAccount = new Map<string, Set<OpenGuess>>();
  /** A flood of names or addresses must not keep out those that come later: the least guessed are forgotten. */
  const guesses = new Bounded<OpenGuess>(
    RUNS_AT_MOST,
    (run) => run.times,
    (run) => {
      take(guessesOfIp, run.ip, run);
      take(guessesOfAccount, run.account, run);
    },
  );
  const deeds = new Map<string, Deed[]>();
  const changed = new Map<string, Change[]>();
  let kept = 0;
  let forgotten = 0;
  let from: Millis | null = null;
  let to: Millis | null = null;

  function login(event: EventOf<'login.accepted'>): void {
    const { account, ip, method, service, port, pid } = event.fields;
    const key = `${account}\n${ip}\n${method}\n${service}`;
    let run = logins.get(key);
    if (!run) {
      if (logins.size >= RUNS_AT_MOST) {
        forgotten += 1;
        return;
      }
      run = {
        account,
        ip,
        network: ip === null ? null : networks.networkOf(ip),
        method,
        service,
        first: event.at,
        last: event.at,
        times: 0,
        recent: [],
      };
      logins.set(key, run);
    }
    run.times += 1;
    run.first = Math.min(run.first, event.at);
    run.last = Math.max(run.last, event.at);
    run.recent.push({ at: event.at, port, pid, evidence: evidenceOf(event) });
    // The first one stays: it says how it began.
    if (run.recent.length > RECENT_LOGINS) run.recent.splice(1, 1);
  }

  function attempt(event: TryEvent): void {
    const guess = book.hear(event);
    if (guess) add(guess);
    const { ip, account } = event.fields;
    const run = event.kind === 'login.failed' && event.fields.known ? guesses.get(`${ip}\n${account}`) : undefined;
    if (run) run.known = true;
  }

  function add({ ip, account, fresh, at, evidence }: Guess): void {
    const key = `${ip}\n${account}`;
    const run = fresh > 0 ? guesses.open(key, () => begun(ip, account, at)) : guesses.get(key);
    if (!run) return;
    run.times = Math.max(0, run.times + fresh);
    run.first = Math.min(run.first, at);
    run.last = Math.max(run.last, at);
    if (fresh > 0) run.evidence.push(evidence);
    if (run.evidence.length > run.shown) run.evidence.splice(run.shown >> 1, 1);
  }

  function begun(ip: string, account: string, at: Millis): OpenGuess {
    const shown = guesses.size < WELL_SHOWN ? EVIDENCE_KEPT : FEWEST_EVIDENCES;
    const run: OpenGuess = { shown, ip, account, known: false, first: at, last: at, times: 0, evidence: [] };
    open(guessesOfIp, ip).add(run);
    open(guessesOfAccount, account).add(run);
    return run;
  }

  function deed<T>(map: Map<string, T[]>, account: string, what: T): void {
    if (kept >= DEEDS_AT_MOST) {
      forgotten += 1;
      return;
    }
    kept += 1;
    put(map, account, what);
  }

  return {
    get from() {
      return from;
    },
    get to() {
      return to;
    },
    get forgotten() {
      return forgotten + guesses.forgotten;
    },
    hear(event) {
      if (event.raw !== undefined || event.kind === 'record.login') {
        from = from === null ? event.at : Math.min(from, event.at);
        to = to === null ? event.at : Math.max(to, event.at);
      }
      if (event.kind === 'login.accepted') {
        const offered = book.accepted(event);
        if (offered) add(offered);
        login(event);
      } else if (event.kind === 'login.failed' || event.kind === 'login.probed') attempt(event);
      else if (event.kind === 'privilege.used') {
        const { account, target, command } = event.fields;
        deed(deeds, account, { at: event.at, account, target, command, evidence: evidenceOf(event) });
      } else if (event.kind === 'account.changed') {
        const { account, by } = event.fields;
        if (account !== '') deed(changed, account, { at: event.at, says: changeWords(event.fields), by, evidence: evidenceOf(event) });
      }
    },
    logins: (account) => [...logins.values()].filter((run) => account === undefined || run.account === account),
    guesses: ({ ip, account }) => {
      const runs = ip !== undefined ? guessesOfIp.get(ip) : account !== undefined ? guessesOfAccount.get(account) : guesses.values();
      return [...(runs ?? [])].filter((run) => run.times > 0 && (account === undefined || run.account === account));
    },
    privileges: (account) => deeds.get(account) ?? [],
    changes: (account) => changed.get(account) ?? [],
  };
}

const CHANGES: Readonly<Record<AccountChange, string>> = {
  created: 'was created',
  deleted: 'was deleted',
  'group-created': 'got a group of its own',
  'group-deleted': 'lost a group of its own',
  'group-added': 'was put into a group',
  'group-removed': 'was taken out of a group',
  'password-changed': 'got a new password',
  'shell-changed': 'got another shell',
  'home-changed': 'got another home directory',
  'uid-changed': 'got another uid',
  renamed: 'was renamed',
  locked: 'was locked',
  unlocked: 'was unlocked',
  'expiry-changed': 'got another expiry date',
  changed: 'was changed',
};

function changeWords({ change, account, group, by, detail }: EventOf<'account.changed'>['fields']): string {
  const which = group === null ? '' : ` (group ${named(group)})`;
  return `account ${named(account)} ${CHANGES[change]}${which}${by === null || by === '' ? '' : ` by ${named(by)}`}${detail === '' ? '' : `: ${shown(detail, 200)}`}`;
}

function open(map: Map<string, Set<OpenGuess>>, key: string): Set<OpenGuess> {
  const set = map.get(key) ?? new Set();
  map.set(key, set);
  return set;
}

function take(map: Map<string, Set<OpenGuess>>, key: string, run: OpenGuess): void {
  const set = map.get(key);
  set?.delete(run);
  if (set?.size === 0) map.delete(key);
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
