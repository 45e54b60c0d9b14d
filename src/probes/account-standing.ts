/** What an account may do and why somebody could get in by it: groups, shell, password, keys, and what sshd allows. */

import type { Given, Probe, Story } from '../core/contracts.ts';
import { addressesAmong } from '../core/entity.ts';
import { type Allowed, allowedBy } from '../core/sshd-match.ts';
import { counted, listed, named } from '../core/text.ts';
import type { AccountSeen, FactDraft, SshdSeen } from '../core/words.ts';

export const accountStanding: Probe = {
  name: 'account-standing',
  about: 'Tells what an account is: its groups, shell, password state and keys, and whether sshd lets it in.',
  cannotSee: 'accounts of LDAP or NIS, and what sshd decides in Match blocks by host name or by its own address and port.',
  asks: 'account',
  look(entity, given, story) {
    if (entity.is !== 'account') return [];
    const account = given.eyes.accounts().find((seen) => seen.name === entity.name);
    if (!account) return unknownAccount(entity.name, given);
    return [standing(account), ...sshWords(account, given, story)];
  },
};

function standing(account: AccountSeen): FactDraft {
  const parts = [
    `account ${named(account.name)} (uid ${account.uid}${account.system ? ', a system account' : ''})`,
    `groups ${listed(account.groups, 12)}`,
    rootWords(account),
    `shell ${named(account.shell)}${account.canLogIn ? '' : ' (no log-in)'}`,
    `password ${account.password}`,
    account.keys > 0 ? counted(account.keys, 'authorized key') : 'no authorized keys',
  ];
  return {
    says: parts.join(', '),
    at: null,
    role: 'explanation',
    leadsTo: [],
    evidence: [
      { source: 'accounts', path: '/etc/passwd' },
      { source: 'accounts', path: '/etc/group' },
    ],
    confidence: 'strong',
  };
}

function rootWords(account: AccountSeen): string {
  if (account.uid === 0) return account.name === 'root' ? 'is root' : `is as good as root: ${account.admin ?? 'uid 0'}`;
  return account.admin ? `may become root: ${account.admin}` : 'has no way to root in groups or sudoers';
}

function sshWords(account: AccountSeen, given: Given, story: Story): FactDraft[] {
  const sshd = given.eyes.sshd();
  if (!sshd) return [];
  const listens = given.eyes
    .sockets()
    .filter((socket) => socket.state === 'LISTEN' && socket.proto === 'tcp' && sshd.ports.includes(socket.localPort));
  const world = listens.filter((socket) => given.networks.classOf(socket.local) !== 'loopback');
  const door =
    world.length > 0
      ? `sshd listens on ${listed([...new Set(world.map((socket) => `${socket.local}:${socket.localPort}`))])}`
      : `sshd is set to port ${sshd.ports.join(', ')}`;
  const refusal = refusedBy(sshd, account);
  const allowed = allowedBy(sshd, { user: account.name, groups: account.groups, ip: cameFrom(account.name, given, story) });
  const limit = allowed.undecided.length > 0 ? `; whether these say otherwise was not decided: ${listed(allowed.undecided, 3)}` : '';
  return [
    {
      says: `${door}, ${passwordWords(allowed, sshd, account)} and ${refusal ? `refuses ${named(account.name)}: ${refusal}` : `does not exclude ${named(account.name)}`} (by ${sshd.by})${limit}`,
      at: null,
      role: 'explanation',
      leadsTo: [],
      evidence: [{ source: 'sshd', path: sshd.path }],
      confidence: sshd.by === 'sshd -T' ? 'strong' : 'medium',
    },
  ];
}

/** The address that the case says the account was entered from, so that Match blocks can be evaluated; null where none is known. */
function cameFrom(account: string, given: Given, story: Story): string | null {
  const accused = new Set(addressesAmong(story.entities));
  const runs = given.history.logins(account).filter((run) => run.ip !== null);
  return (runs.find((run) => run.ip !== null && accused.has(run.ip)) ?? runs[0])?.ip ?? null;
}

function passwordWords(allowed: Allowed, sshd: SshdSeen, account: AccountSeen): string {
  const words = allowed.passwordAuthentication
    ? 'takes passwords'
    : allowed.keyboardInteractive && sshd.usePam
      ? 'takes passwords by keyboard-interactive'
      : 'takes no passwords';
  const root = account.name === 'root' && words !== 'takes no passwords' && allowed.permitRootLogin !== 'yes' ? ', but none of root' : '';
  return `${words}${allowed.by ? ` of ${named(account.name)} by ${named(allowed.by)}` : ''}${root}`;
}

/** Plain names only: patterns count as a possible yes. */
function refusedBy(sshd: SshdSeen, account: AccountSeen): string | null {
  if (sshd.denyUsers.includes(account.name)) return 'DenyUsers';
  if (sshd.denyGroups.some((group) => account.groups.includes(group))) return 'DenyGroups';
  const fits = (pattern: string) => pattern.includes('*') || pattern.includes('?') || pattern.split('@')[0] === account.name;
  if (sshd.allowUsers.length > 0 && !sshd.allowUsers.some(fits)) return 'not in AllowUsers';
  if (sshd.allowGroups.length > 0 && !sshd.allowGroups.some((group) => group.includes('*') || account.groups.includes(group)))
    return 'not in AllowGroups';
  return null;
}

function unknownAccount(name: string, given: Given): FactDraft[] {
  const read = given.eyes.accounts().length > 0;
  const known = read ? 'is not among the local accounts that were read' : 'was not looked up: no list of accounts was read';
  const gap = read
    ? `account ${named(name)} is not in /etc/passwd: it was deleted, or comes from LDAP or NIS; look there`
    : `what account ${named(name)} may do is not known: the account files were not looked at`;
  return [
    {
      says: `account ${named(name)} ${known}`,
      at: null,
      leadsTo: [],
      evidence: [{ source: 'accounts' }],
      confidence: 'medium',
      gap,
    },
  ];
}
