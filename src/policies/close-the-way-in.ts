/** Shut the door that was used: the account that was taken over, its sessions, the addresses that came in; never the admin's own. */

import { mayBeBanned } from '../core/bans.ts';
import type { Given, Policy } from '../core/contracts.ts';
import { accountsAmong, addressesAmong } from '../core/entity.ts';
import { cameBySsh, kindsGuessed, kindsOfFigures, kindsOfLogins, provesSender } from '../core/service-kind.ts';
import { counted, named } from '../core/text.ts';
import { LOGIN_METHODS_OF_KEYS } from '../core/tries.ts';
import type { Case, Finding, Proposal } from '../core/words.ts';

const ADDRESSES_AT_MOST = 20;
/** Of one IPv6 network more single bans help nobody. */
const ADDRESSES_OF_A_CUSTOMER = 3;
const NETWORKS_NAMED = 3;
/** A live session of root or of an admin: ports where sshd was reached. */
const ALIVE = 'ESTABLISHED';

export const closeTheWayIn: Policy = {
  name: 'close-the-way-in',
  about: 'Proposes to lock the account that was entered, end its sessions, and ban the addresses that guessed and came in.',
  cannotSee: 'an intruder who has another way in; audit all accounts and keys.',
  decide(story, given) {
    const entries = story.findings.filter(
      (finding) =>
        finding.role === 'entry' && finding.tells === 'compromise' && !finding.explained && finding.severity !== 'low' && !isByKey(finding),
    );
    const banned = bans(story, entries, given);
    const accounts = [...new Set(entries.flatMap((finding) => accountsAmong(finding.culprit)))];
    return {
      proposes: [
        ...accounts.filter((name) => name !== 'root').flatMap((name) => lock(name, entries)),
        ...banned.proposals,
        ...sshd(entries, given),
        ...conntrack(story),
      ],
      recommends: [...(accounts.includes('root') ? [OF_ROOT] : []), ...banned.recommends],
    };
  },
};

/** No order may end all sessions of root or lock it: that would shut out whoever repairs. */
const OF_ROOT =
  'Give root another password that is used nowhere else, and end the other sessions of root one by one: loginctl list-sessions names them, loginctl terminate-session ends one; keep your own.';

/** Nobody guesses a key: who came by one may be its owner, from an address that he shares. */
function isByKey(finding: Finding): boolean {
  return LOGIN_METHODS_OF_KEYS.has(String(finding.figures?.['method'] ?? ''));
}

function byPassword(finding: Finding): boolean {
  return /^(?:password|keyboard-interactive)$/.test(String(finding.figures?.['method'] ?? ''));
}

function lock(name: string, entries: readonly Finding[]): Proposal[] {
  const guessed = entries.filter((finding) => byPassword(finding) && accountsAmong(finding.culprit).includes(name));
  const sure = guessed.some((finding) => finding.severity === 'high' || finding.severity === 'critical');
  const known = guessed.length === 0 ? '' : `: its password ${sure ? 'is' : 'may be'} known to others`;
  return [
    {
      order: { verb: 'end-sessions', name },
      because: `somebody else seems to use the account ${named(name)}; open sessions outlive a changed password`,
      risk: 'the honest owner is logged out too',
      undo: 'none needed: log in again',
    },
    {
      order: { verb: 'lock-account', name },
      because: `${named(name)} was entered after guessing${known}; locking closes passwords and keys`,
      risk: 'jobs that run under this account may fail',
      undo: 'the lines of /etc/passwd and /etc/shadow are kept and put back',
    },
  ];
}

function bans(story: Case, entries: readonly Finding[], given: Given): Bans {
  const cameIn = entries.flatMap((finding) => addressesAmong(finding.culprit));
  const guessed = story.findings
    .filter(
      (finding) => finding.tells === 'attack' && finding.role === 'entry' && !finding.explained && !mayBePerson(finding) && provesSender(finding),
    )
    .flatMap((finding) => addressesAmong(finding.culprit));
  const honest = new Set(
    story.findings
      .filter((finding) => finding.role === 'entry' && finding.tells === 'compromise' && finding.explained)
      .flatMap((finding) => addressesAmong(finding.culprit)),
  );
  const admins = liveAdmins(story, given);
  const may = [...new Set([...cameIn, ...guessed])].filter(
    (ip) => mayBeBanned(ip, given) && !admins.has(ip) && (cameIn.includes(ip) || !honest.has(ip)),
  );
  const { kept, crowded } = fewOfEach(may, given);
  return {
    proposals: kept
      .slice(0, ADDRESSES_AT_MOST)
      .map((ip) => ban(ip, cameIn.includes(ip) ? `${named(ip)} logged in after guessing` : deedsOf(ip, story), given)),
    recommends: crowded.map(
      (network) =>
        `Shut out the whole network ${named(network)} in your firewall: one customer has all its addresses, and single bans do not stop him.`,
    ),
  };
}

interface Bans {
  readonly proposals: readonly Proposal[];
  readonly recommends: readonly string[];
}

/** An IPv6 customer has a /64 (RFC 6177): he changes his address with every try. */
function fewOfEach(ips: readonly string[], { networks }: Given): { readonly kept: readonly string[]; readonly crowded: readonly string[] } {
  const times = new Map<string, number>();
  const kept = ips.filter((ip) => {
    if (!ip.includes(':')) return true;
    const network = networks.networkOf(ip);
    const count = (times.get(network) ?? 0) + 1;
    times.set(network, count);
    return count <= ADDRESSES_OF_A_CUSTOMER;
  });
  const crowded = [...times].flatMap(([network, count]) => (count > ADDRESSES_OF_A_CUSTOMER ? [network] : []));
  return { kept, crowded: crowded.slice(0, NETWORKS_NAMED) };
}

/** Few tries on one account of a mail server: who was let in there is not read. */
function mayBePerson({ detector, severity, figures }: Finding): boolean {
  return detector === 'password-guessing' && severity === 'low' && !kindsOfFigures(figures).includes('ssh');
}

/** In the words of what was found, so that nobody reads of sshd whose mail server was tried. */
function deedsOf(ip: string, { findings }: Case): string {
  const his = findings.filter((finding) => addressesAmong(finding.culprit).includes(ip));
  const kinds = kindsGuessed(his);
  if (kinds.length === 0 && his.some((finding) => finding.detector.startsWith('web-'))) return `${named(ip)} looks for holes in web sites`;
  const which = kindsOfLogins(kinds);
  return `${named(ip)} guesses ${which === '' ? '' : `${which} `}passwords`;
}

function ban(ip: string, because: string, given: Given): Proposal {
  return {
    order: { verb: 'ban-address', ip },
    because,
    risk:
      given.networks.classOf(ip) === 'private'
        ? 'it is an address of a private network: whoever shares it is shut out'
        : 'whoever shares the address is shut out',
    undo: 'the ban is lifted; it also ends by itself',
  };
}

/** Addresses from which somebody who is not accused is logged in now. */
function liveAdmins(story: Case, given: Given): ReadonlySet<string> {
  const accused = new Set(story.findings.flatMap((finding) => accountsAmong(finding.culprit)));
  const ports = new Set(given.eyes.sshd()?.ports ?? [22]);
  const connected = new Set(
    given.eyes
      .sockets()
      .filter((socket) => socket.state === ALIVE && ports.has(socket.localPort))
      .map((socket) => socket.remote),
  );
  const honest = given.history.logins().filter((run) => run.ip !== null && connected.has(run.ip) && !accused.has(run.account));
  return new Set(honest.flatMap((run) => run.ip ?? []));
}

function sshd(entries: readonly Finding[], given: Given): Proposal[] {
  const settings = given.eyes.sshd();
  const guessed = entries.filter((finding) => byPassword(finding) && cameBySsh(finding));
  if (!settings || guessed.length === 0 || !settings.passwordAuthentication) return [];
  return [
    {
      order: { verb: 'harden-sshd', setting: 'PasswordAuthentication', value: 'no' },
      because: `a guessed password was enough to come in (${counted(guessed.length, 'entry', 'entries')})`,
      risk: 'whoever has no key can no longer log in: check that you have one first',
      undo: 'the old configuration file is kept and put back, and sshd reloaded',
    },
  ];
}

function conntrack(story: Case): Proposal[] {
  const filling = story.findings.find((finding) => finding.detector === 'conntrack-filling');
  const max = Number(filling?.figures?.['max'] ?? 0);
  if (!filling || max <= 0) return [];
  return [
    {
      order: { verb: 'raise-conntrack-limit', to: max * 2 },
      because: 'the connection table fills; a higher limit wins time and does not stop the cause, which can fill it again in seconds',
      risk: 'each entry takes about 320 bytes of kernel memory',
      undo: `set nf_conntrack_max back to ${max}`,
    },
  ];
}
