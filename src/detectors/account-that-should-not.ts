/** An account that can do what it should not: a service with a password, a second root, no password at all (DNS1's `service`). */

import type { Detector } from '../core/contracts.ts';
import { named, shown } from '../core/text.ts';
import type { AccountSeen, EventOf, FindingDraft, Severity } from '../core/words.ts';

export const accountThatShouldNot: Detector = {
  name: 'account-that-should-not',
  about: 'Finds service accounts with a shell and a password, second accounts with uid 0, and empty passwords.',
  cannotSee: 'weak passwords, accounts of LDAP or other directories, and services that were given the uid of a person.',
  attack: ['T1078.003'],
  tells: 'exposure',
  role: 'account',
  start() {
    return { 'account.seen': (event) => told(event) };
  },
};

interface Fault {
  readonly severity: Severity;
  readonly says: string;
  readonly remedy: readonly string[];
}

/** Only root itself needs uid 0; a service needs neither password nor shell. */
function faultsOf({ name, uid, system, canLogIn, password, admin, shell }: AccountSeen): Fault[] {
  const faults: Fault[] = [];
  const lock = `lock its password (passwd -l ${named(name)})`;
  if (uid === 0 && name !== 'root')
    faults.push({
      severity: 'high',
      says: 'it has uid 0, so it is root under a second name',
      remedy: [
        `find out who made ${named(name)} and why; if nobody knows, lock it (usermod -L -e 1 ${named(name)}) and look for what else was changed then`,
      ],
    });
  if (password === 'empty' && canLogIn)
    faults.push({ severity: 'high', says: `it has no password and the shell ${named(shell)}`, remedy: [`${lock}, or set one`] });
  if (uid !== 0 && system && canLogIn && password === 'set') {
    const root = admin ? `, and may act as root (${named(admin)})` : '';
    faults.push({
      severity: admin ? 'medium' : 'low',
      says: `its uid ${uid} is one for services, but it has a password and the shell ${named(shell)}${root}`,
      remedy: [
        `if no person logs in to it, ${lock} and take its shell away (usermod -s /usr/sbin/nologin ${named(name)})`,
        ...(admin ? [`take away what makes it root if it does not need that: ${shown(admin, 200)}`] : []),
      ],
    });
  }
  return faults;
}

function told({ at, fields }: EventOf<'account.seen'>): FindingDraft | null {
  const faults = faultsOf(fields);
  const worst = faults[0];
  if (!worst) return null;
  const { name, uid, gid, home, shell } = fields;
  return {
    key: `account ${name}`,
    at: fields.passwordChangedAt ?? at,
    severity: worst.severity,
    confidence: 'strong',
    says: `account ${named(name)} should not be as it is: ${faults.map((fault) => fault.says).join('; ')}`,
    culprit: [{ is: 'account', name, uid }],
    victim: [],
    // The second field is left out: on old systems it is the password's hash.
    evidence: [{ source: 'accounts', path: '/etc/passwd', says: `${name}:…:${uid}:${gid}:…:${home}:${shell}`.slice(0, 400) }],
    seen: 1,
    remedy: faults.flatMap((fault) => fault.remedy),
    figures: { uid, password: fields.password, keys: fields.keys, admin: fields.admin ?? 'no' },
  };
}
