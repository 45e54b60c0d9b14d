/** What the logs told of log-ins, guessing, powers used and crashes, added up as it goes by, so that probes can ask about any account or address later. */

import type { Surroundings } from '../core/contracts.ts';
import { linesFor, type NameTried } from '../core/guessing.ts';
import { evidenceOfLine, isOfLine } from '../core/quotes.ts';
import { named, shown } from '../core/text.ts';
import type { AccountChange, Event, EventOf, Millis } from '../core/words.ts';
import type { GuessRun, History, LoginRun } from '../core/world.ts';

/** An attacker chooses names and addresses: past these bounds runs are counted as forgotten and not kept. */
const RUNS_AT_MOST = 100_000;
const DEEDS_AT_MOST = 20_000;
const RECENT_LOGINS = 64;

type Open<T> = { -readonly [K in keyof T]: T[K] };
type OpenLogin = Omit<Open<LoginRun>, 'recent'> & { recent: LoginRun['recent'][number][] };
type Deed = ReturnType<History['privileges']>[number];
type Change = ReturnType<History['changes']>[number];
type Refusal = ReturnType<History['refusals']>[number];
type Crash = ReturnType<History['crashes']>[number];

/** Keeps the books of its surroundings too. */
export function history({ networks, guesses, entries }: Surroundings): History & { hear(event: Event): void } {
  const logins = new Map<string, OpenLogin>();
  const deeds = new Map<string, Deed[]>();
  const changed = new Map<string, Change[]>();
  const refused = new Map<string, Refusal[]>();
  const crashed = new Map<string, Crash[]>();
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
    run.recent.push({ at: event.at, port, pid, evidence: evidenceOfLine(event) });
    // The first one stays: it says how it began.
    if (run.recent.length > RECENT_LOGINS) run.recent.splice(1, 1);
  }

  function letIn(event: EventOf<'login.accepted'>): void {
    guesses.accepted(event);
    entries.hear(event);
    login(event);
  }

  function deed<T>(map: Map<string, T[]>, account: string, what: T): void {
    if (kept >= DEEDS_AT_MOST) {
      forgotten += 1;
      return;
    }
    kept += 1;
    put(map, account, what);
  }

  function everyName(): NameTried[] {
    return guesses.guessers().flatMap((guesser) => [...guesser.names()]);
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
      if (isOfLine(event) || event.kind === 'record.login') {
        if (from === null || event.at < from) from = event.at;
        if (to === null || event.at > to) to = event.at;
      }
      if (event.kind === 'login.accepted') letIn(event);
      else if (event.kind === 'session.opened') {
        const entry = guesses.letIn(event);
        if (entry) letIn(entry);
      } else if (event.kind === 'login.failed' || event.kind === 'login.probed') guesses.refused(event);
      else if (event.kind === 'privilege.used') {
        const { account, target, command } = event.fields;
        deed(deeds, account, { at: event.at, account, target, command, evidence: evidenceOfLine(event) });
      } else if (event.kind === 'privilege.refused') {
        const { account, target, command, service, times } = event.fields;
        deed(refused, account, { at: event.at, target, command, service, times, evidence: evidenceOfLine(event) });
      } else if (event.kind === 'account.changed') {
        const { account, by } = event.fields;
        if (account !== '') deed(changed, account, { at: event.at, says: changeWords(event.fields), by, evidence: evidenceOfLine(event) });
      } else if (event.kind === 'kernel.segfault' || event.kind === 'kernel.oom') {
        const uid = event.kind === 'kernel.oom' ? event.fields.uid : null;
        const how = event.kind === 'kernel.oom' ? 'killed for want of memory' : 'crashed';
        deed(crashed, event.fields.program, { at: event.at, how, uid, evidence: evidenceOfLine(event) });
      }
    },
    logins: (account) => [...logins.values()].filter((run) => account === undefined || run.account === account),
    guesses: ({ ip, account }) => {
      const names = ip !== undefined ? guesses.get(ip)?.names() : account !== undefined ? guesses.target(account)?.by : everyName();
      return [...(names ?? [])].filter((name) => name.tries.total > 0 && (account === undefined || name.account === account)).map(runOf);
    },
    privileges: (account) => deeds.get(account) ?? [],
    refusals: (account) => refused.get(account) ?? [],
    crashes: (program) => crashed.get(program) ?? [],
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

function runOf(name: NameTried): GuessRun {
  const { guesser, account, known, tries, passwords } = name;
  const { first, last, total: times } = tries;
  // Lines are made when they are looked at: there may be a hundred thousand of these.
  return {
    ip: guesser.ip,
    account,
    known,
    first,
    last,
    times,
    passwords,
    get evidence() {
      return linesFor(name);
    },
  };
}

function put<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
