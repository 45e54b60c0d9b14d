/**
 * Which log-in a process comes from: the address in its environment (SSH_CONNECTION, set by sshd), the sshd process above it,
 * the audit login uid, or, weakest, the account's last log-in before it started.
 * Cannot see: a session whose environment was wiped and whose sshd is gone; then time is the only witness.
 */

import type { Given, Probe } from '../core/contracts.ts';
import { serviceOf } from '../core/service-of.ts';
import { SECOND_MS } from '../core/spans.ts';
import { processOf, speaksForItsKind } from '../core/story.ts';
import { lasted, listed, named } from '../core/text.ts';
import type { Confidence, Entity, Evidence, FactDraft, Millis, ProcessSeen } from '../core/words.ts';
import type { LoginRun } from '../core/world.ts';

interface Login {
  readonly account: string;
  readonly ip: string | null;
  readonly at: Millis | null;
  readonly method: string;
  readonly evidence: Evidence;
  readonly witness: string;
  readonly confidence: Confidence;
}

export const processLogin: Probe = {
  name: 'process-login',
  about: 'Ties a process to the log-in that started it.',
  cannotSee: 'a session whose environment was wiped and whose sshd has ended: then only the time speaks.',
  asks: 'process',
  look(entity, given, story) {
    const process = processOf(entity, given.eyes);
    if (!process || !speaksForItsKind(process, story, given.eyes, alike)) return [];
    const login = fromEnvironment(process, given) ?? fromParents(process, given) ?? fromTime(process, given);
    return login ? [told(process, login, given)] : unknown(process, given);
  },
};

function alike(process: ProcessSeen): string {
  return `${process.uid} ${process.sessionId} ${process.ppid === 1}`;
}

function told(process: ProcessSeen, login: Login, given: Given): FactDraft {
  const led: Entity[] = [];
  if (login.ip !== null && login.confidence !== 'weak') led.push({ is: 'address', ip: login.ip });
  if (login.account !== 'root' && login.confidence !== 'weak') led.push({ is: 'account', name: login.account });
  const other = otherPlaces(login, given);
  const when = login.at === null ? 'at a time that no log tells' : `${lasted(Math.max(0, process.startedAt - login.at))} before it started`;
  return {
    says: `process ${process.pid} (${named(process.name)}) comes from a log-in of ${named(login.account)}${login.ip ? ` from ${named(login.ip)}` : ''} by ${login.method}, ${when} (${login.witness})${other.length > 0 ? `; no log-in of ${named(login.account)} came from there before, its others come from ${listed(other, 4)}` : ''}`,
    at: login.at,
    role: 'entry',
    entity: login.ip ? { is: 'address', ip: login.ip } : { is: 'account', name: login.account },
    leadsTo: led,
    evidence: [login.evidence],
    confidence: login.confidence,
    figures: { account: login.account, ip: login.ip ?? '', newPlace: other.length > 0 ? 'yes' : 'no' },
  };
}

/** The networks that an account came from before, when this log-in's is none of them; empty when it is, or nothing is known. */
function otherPlaces({ account, ip, at }: Login, given: Given): string[] {
  if (ip === null) return [];
  const place = given.networks.networkOf(ip);
  const before = given.history.logins(account).filter((run) => run.network !== null && (at === null || run.first < at));
  const networks = new Set(before.flatMap((run) => run.network ?? []));
  return networks.has(place) ? [] : [...networks];
}

/** `SSH_CONNECTION=client clientport server serverport` (ssh(1)). */
function fromEnvironment(process: ProcessSeen, given: Given): Login | null {
  const words = (given.eyes.environment(process.pid, ['SSH_CONNECTION'])['SSH_CONNECTION'] ?? '').split(' ');
  const ip = given.networks.canonical(words[0] ?? '');
  const port = Number(words[1]);
  if (ip === null || !Number.isInteger(port)) return null;
  const evidence = { source: `/proc/${process.pid}/environ`, says: `SSH_CONNECTION=${words.slice(0, 4).join(' ').slice(0, 120)}` };
  const found = newest(given.history.logins(), (run, login) => run.ip === ip && login.port === port && login.at <= process.startedAt + SECOND_MS);
  const account = found?.run.account ?? loginAccount(process, given) ?? process.account ?? `uid ${process.uid}`;
  return {
    account,
    ip,
    at: found?.login.at ?? null,
    method: found?.run.method ?? 'an unknown method',
    confidence: 'strong',
    evidence: found?.login.evidence ?? evidence,
    witness: found ? 'address and port of its session are those of the log line' : 'its session says so; the log has no such line',
  };
}

/** Log stamps have whole seconds. */

function fromParents(process: ProcessSeen, given: Given): Login | null {
  const byPid = new Map(given.eyes.processes().map((seen) => [seen.pid, seen]));
  const above = new Set<number>();
  for (let next = byPid.get(process.ppid); next && next.pid > 1 && !above.has(next.pid); next = byPid.get(next.ppid)) above.add(next.pid);
  const found = newest(
    given.history.logins(),
    (_run, login) => login.pid !== null && above.has(login.pid) && login.at <= process.startedAt + SECOND_MS,
  );
  return found && { ...loginOf(found), confidence: 'strong', witness: `its parent sshd[${found.login.pid}] accepted it` };
}

/** The last log-in of the account before the process began: only a hint, strong enough when the account hardly ever logs in. */
function fromTime(process: ProcessSeen, given: Given): Login | null {
  const names = namesOf(process, given);
  const found = newest(
    names.flatMap((name) => given.history.logins(name)),
    (_run, login) => login.at <= process.startedAt + SECOND_MS,
  );
  if (!found) return null;
  const near = process.startedAt - found.login.at < NEAR_MS && found.run.account !== 'root';
  return { ...loginOf(found), confidence: near ? 'medium' : 'weak', witness: 'the last log-in of that account before it started' };
}

/** An hour: a person who comes to start something does it soon. */
const NEAR_MS = 3_600_000;

/** All names of the uid that logged in: a second name of root has a log-in of its own. */
function namesOf(process: ProcessSeen, given: Given): string[] {
  const uid = process.loginUid ?? process.uid;
  const names = given.eyes.accounts().flatMap((account) => (account.uid === uid ? [account.name] : []));
  return names.length > 0 ? names : [process.account ?? []].flat();
}

function loginAccount(process: ProcessSeen, given: Given): string | null {
  if (process.loginUid === null) return null;
  return given.eyes.accounts().find((account) => account.uid === process.loginUid)?.name ?? null;
}

type Found = { readonly run: LoginRun; readonly login: LoginRun['recent'][number] };

function newest(runs: readonly LoginRun[], fits: (run: LoginRun, login: Found['login']) => boolean): Found | null {
  let best: Found | null = null;
  for (const run of runs) {
    for (const login of run.recent) {
      if (fits(run, login) && (best === null || login.at > best.login.at)) best = { run, login };
    }
  }
  return best;
}

function loginOf({ run, login }: Found): Omit<Login, 'confidence' | 'witness'> {
  return { account: run.account, ip: run.ip, at: login.at, method: run.method, evidence: login.evidence };
}

function unknown(process: ProcessSeen, given: Given): FactDraft[] {
  // A process that a service started comes from no log-in: process-service tells of it.
  if ((process.uid === 0 && process.loginUid === null) || serviceOf(process, given.eyes)) return [];
  const account = loginAccount(process, given) ?? process.account ?? `uid ${process.uid}`;
  const loggedIn = given.history.from !== null;
  return [
    {
      says: `no log-in was found that process ${process.pid} (${named(process.name)}) of ${named(account)} comes from`,
      at: null,
      leadsTo: [],
      evidence: [{ source: `/proc/${process.pid}/environ` }],
      confidence: 'weak',
      gap: loggedIn
        ? `which log-in or service started the processes of ${named(account)} is not known: its session left no trace in the logs that are here; look at cron, at, web and mail logs of that time`
        : `which log-in started the processes of ${named(account)} is not known: no log of log-ins could be read`,
    },
  ];
}
