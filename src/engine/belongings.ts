/**
 * Ties what is accused by itself to the entry of the account that it belongs to: a kit, a job or a process of an account that a
 * stranger had entered before. Never by root, nor by an account that merely exists: both sides must be accused, the entry first.
 */

import type { Given } from '../core/contracts.ts';
import type { Entity, Finding, Millis } from '../core/words.ts';

/** Clocks of files and logs agree to the second; a session writes its first file at once. */
const SLACK_MS = 60_000;

type Accuses = (finding: Finding) => boolean;
type Join = (one: Finding, other: Finding) => void;

export function joinBelongings(findings: readonly Finding[], given: Given, accuses: Accuses, join: Join): void {
  const accused = findings.filter((finding) => finding.tells === 'compromise' && accuses(finding) && finding.severity !== 'low');
  const entered = entriesByUid(accused, given);
  if (entered.size === 0) return;
  const owners = ownersOf(given);
  for (const finding of accused) {
    if (finding.role === 'entry') continue;
    for (const uid of new Set(finding.culprit.flatMap(owners))) {
      const entry = entered.get(uid);
      if (entry && entry.since <= (finding.to ?? finding.at) + SLACK_MS) join(entry.finding, finding);
    }
  }
}

interface Entered {
  readonly finding: Finding;
  readonly since: Millis;
}

/** The first accused entry of each account but root's. */
function entriesByUid(accused: readonly Finding[], given: Given): Map<number, Entered> {
  const uids = new Map(given.eyes.accounts().map((account) => [account.name, account.uid]));
  const entered = new Map<number, Entered>();
  for (const finding of accused.filter((one) => one.role === 'entry')) {
    for (const entity of finding.culprit) {
      const uid = entity.is === 'account' ? uids.get(entity.name) : undefined;
      if (uid === undefined || uid === 0) continue;
      const old = entered.get(uid);
      if (!old || finding.at < old.since) entered.set(uid, { finding, since: finding.at });
    }
  }
  return entered;
}

/** Whose a thing is: a process runs as somebody, a file has an owner, a job belongs to an account. */
function ownersOf(given: Given): (entity: Entity) => number[] {
  const byPid = new Map(given.eyes.processes().map((process) => [`${process.pid} ${process.startTicks}`, process]));
  const uids = new Map(given.eyes.accounts().map((account) => [account.name, account.uid]));
  const jobs = new Map(given.eyes.persistence().map((entry) => [entry.path, entry.account]));
  return (entity) => {
    if (entity.is === 'process') {
      const process = byPid.get(`${entity.pid} ${entity.startTicks}`);
      return process ? [process.uid, ...(process.loginUid === null ? [] : [process.loginUid])] : [];
    }
    if (entity.is !== 'file' && entity.is !== 'directory') return [];
    const account = jobs.get(entity.path);
    const ofJob = account ? uids.get(account) : undefined;
    const owner = given.eyes.stat(entity.path)?.uid;
    return [...(ofJob === undefined ? [] : [ofJob]), ...(owner === undefined ? [] : [owner])];
  };
}
