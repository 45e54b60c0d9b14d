/** The log-in that a guilty process came from is a way in too, though nobody guessed: a stolen key, a password that was known, an account made for it. */

import { mayBeBanned } from '../core/bans.ts';
import type { Given, Policy } from '../core/contracts.ts';
import { keyOf } from '../core/entity.ts';
import { named } from '../core/text.ts';
import type { Case, Fact, Finding, Proposal } from '../core/words.ts';

const WITNESS = 'process-login';

interface WayIn {
  readonly account: string;
  readonly ip: string;
  /** Why the account itself is the stranger's, or used by one; null where its owner may have done it. */
  readonly foreign: string | null;
}

export const endGuiltySessions: Policy = {
  name: 'end-guilty-sessions',
  about: 'Proposes to end the sessions that guilty processes came from, and to lock the account where it is a stranger who uses it.',
  cannotSee: 'whether the owner of the account did it, or somebody who has his key or password: ask the owner.',
  decide(story, given) {
    const ways = waysIn(story, given).filter(({ account }) => account !== 'root');
    const asked = ways.filter(({ account, foreign }) => foreign === null && !entered(account, story)).map(({ account }) => account);
    const roots = ways.map(({ account }) => account).filter((account) => isRoot(account, given));
    return {
      proposes: [...ways.flatMap((way) => orders(way, given)), ...madeByThem(story)],
      recommends: [
        ...[...new Set(asked)].map(
          (name) =>
            `Ask the owner of ${named(name)} whether the log-in before the accused process was his own; if not, lock the account and change its keys and password`,
        ),
        ...[...new Set(roots)].map(
          (name) => `${named(name)} has uid 0 like root: end its sessions one by one (loginctl list-sessions), or root is logged out with it`,
        ),
      ],
    };
  },
};

/** One way for each account and address, of processes that are accused by themselves and strongly. */
function waysIn(story: Case, given: Given): WayIn[] {
  const accused = new Set(story.findings.filter(accuses).flatMap((finding) => finding.culprit.map(keyOf)));
  const facts = story.facts.filter((fact) => fact.probe === WITNESS && fact.confidence !== 'weak' && accused.has(keyOf(fact.about)));
  const ways = facts.map((fact) => wayOf(fact, story, given));
  return [...new Map(ways.map((way) => [`${way.account} ${way.ip}`, way])).values()].filter(({ account }) => account !== '');
}

function accuses({ tells, severity, confidence, explained, role }: Finding): boolean {
  return tells === 'compromise' && role !== 'entry' && !explained && confidence === 'strong' && severity !== 'info' && severity !== 'low';
}

function wayOf({ figures }: Fact, story: Case, given: Given): WayIn {
  const account = String(figures?.['account'] ?? '');
  const ip = String(figures?.['ip'] ?? '');
  const about = story.findings.filter((finding) => finding.culprit[0]?.is === 'account' && finding.culprit[0].name === account && !finding.explained);
  const made = about.some((finding) => finding.tells === 'compromise' || finding.severity === 'high');
  const near = ip === '' || given.networks.classOf(ip) === 'private' || given.networks.classOf(ip) === 'own';
  const elsewhere = figures?.['newPlace'] === 'yes' && !near;
  const foreign = made ? 'the account itself is part of the break-in' : elsewhere ? `it never came from the network of ${named(ip)} before` : null;
  return { account, ip, foreign };
}

/** Somebody else got into this account: its owner has nothing to say about that log-in. */
function entered(account: string, { findings }: Case): boolean {
  return findings.some(
    ({ tells, role, explained, culprit }) =>
      tells === 'compromise' && role === 'entry' && !explained && culprit.some((one) => one.is === 'account' && one.name === account),
  );
}

/** Accounts that an intruder made or gave powers to, whoever logged in by them. */
function madeByThem({ findings }: Case): Proposal[] {
  const made = findings.filter(({ detector, tells, explained }) => detector === 'account-changed' && tells === 'compromise' && !explained);
  return made.flatMap(({ culprit: [account] }) =>
    account?.is === 'account' && account.name !== 'root'
      ? [lock(account.name, `${named(account.name)} was made or given powers in this break-in; locking closes passwords and keys`)]
      : [],
  );
}

function lock(name: string, because: string): Proposal {
  return {
    order: { verb: 'lock-account', name },
    because,
    risk: 'jobs that run under this account may fail',
    undo: 'the lines of /etc/passwd and /etc/shadow are kept and put back',
  };
}

function isRoot(name: string, given: Given): boolean {
  return given.eyes.accounts().some((account) => account.name === name && account.uid === 0);
}

function orders({ account, ip, foreign }: WayIn, given: Given): Proposal[] {
  const proposals: Proposal[] = [];
  if (!isRoot(account, given))
    proposals.push({
      order: { verb: 'end-sessions', name: account },
      because: `an accused process came from a session of ${named(account)}${ip ? ` from ${named(ip)}` : ''}; while the session is open it can start others`,
      risk: 'the honest owner is logged out too',
      undo: 'none needed: log in again',
    });
  if (foreign === null) return proposals;
  proposals.push(lock(account, `an accused process came from a log-in of ${named(account)}, and ${foreign}; locking closes passwords and keys`));
  const shared = given.history.logins().some((run) => run.ip === ip && run.account !== account);
  if (ip !== '' && mayBeBanned(ip, given) && !shared)
    proposals.push({
      order: { verb: 'ban-address', ip },
      because: `the session that the accused process came from began there`,
      risk:
        given.networks.classOf(ip) === 'private'
          ? 'it is an address of a private network: whoever shares it is shut out'
          : 'whoever shares the address is shut out',
      undo: 'the ban is lifted; it also ends by itself',
    });
  return proposals;
}
