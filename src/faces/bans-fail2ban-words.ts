/** Answers in the shapes of fail2ban-client 1.0, as scripts cut them up: trees with a tab before the value, Python's lists, bare numbers. */

import type { BanTold } from '../core/orders.ts';
import { shown } from '../core/text.ts';
import { clock } from './when.ts';

/** All bans belong here that no jail has decided. */
export const OWN_JAIL = 'tocsin';
/** How the decisions of an imported jail begin; a name that Python would have to escape is no jail's. */
const JAIL = /^JAIL\/([^/'"\\\p{C}]{1,80})\//u;
/** fail2ban's word for a ban without an end (bantime -1), and what it shows as its end. */
const NEVER = '9999-12-31 23:59:59';

export function jailOf({ decision }: Pick<BanTold, 'decision'>): string {
  return JAIL.exec(decision)?.[1] ?? OWN_JAIL;
}

/** As if the jail had decided it. */
export function decisionOf(jail: string, by: string): string {
  return jail === OWN_JAIL ? by : `JAIL/${jail}/${by}`;
}

/** Every jail with its bans, the own one always, in the order of their names. */
export function byJail(bans: readonly BanTold[]): Map<string, BanTold[]> {
  const jails = new Map<string, BanTold[]>([[OWN_JAIL, []]]);
  for (const one of bans) {
    const jail = jailOf(one);
    const its = jails.get(jail);
    if (its) its.push(one);
    else jails.set(jail, [one]);
  }
  return new Map([...jails].sort(([a], [b]) => (a < b ? -1 : 1)));
}

export function statusText(jails: Iterable<string>): string {
  const names = [...jails];
  return `Status\n|- Number of jail:\t${names.length}\n\`- Jail list:\t${names.join(', ')}`;
}

/** What failed is not counted by jail here, and no sum is kept of bans that are over: both are told as what is known. `short` leaves out the list. */
export function jailText(jail: string, bans: readonly BanTold[], short: boolean): string {
  const list = bans.map(({ net }) => shown(net)).join(' ');
  return [
    `Status for the jail: ${jail}`,
    '|- Filter',
    '|  |- Currently failed:\t0',
    '|  |- Total failed:\t0',
    '|  `- File list:\t',
    '`- Actions',
    `   |- Currently banned:\t${bans.length}`,
    `   ${short ? '`' : '|'}- Total banned:\t${bans.length}`,
    ...(short ? [] : [`   \`- Banned IP list:\t${list}`]),
  ].join('\n');
}

/** Python's repr of a list of such texts: they hold no quotes. */
export function pythonList(words: readonly string[]): string {
  return `[${words.map((word) => `'${shown(word)}'`).join(', ')}]`;
}

/** `[{'sshd': ['203.0.113.9']}, {'tocsin': []}]`. */
export function bannedText(jails: ReadonlyMap<string, readonly BanTold[]>): string {
  return `[${[...jails].map(([jail, bans]) => `{'${jail}': ${pythonList(bans.map(({ net }) => net))}}`).join(', ')}]`;
}

/** `203.0.113.9 \t2026-11-21 15:37:58 + 600 = 2026-11-21 15:47:58`, a line each; fail2ban writes local time, this is UTC. */
export function withTimes(bans: readonly BanTold[]): string {
  return bans
    .map(({ net, since, untilMs }) => {
      const span = untilMs === null ? -1 : Math.round((untilMs - since) / 1000);
      return `${shown(net)} \t${clock(since)} + ${span} = ${untilMs === null ? NEVER : clock(untilMs)}`;
    })
    .join('\n');
}

export function ignoredText(nets: readonly string[]): string {
  if (nets.length === 0) return 'No IP address/network is ignored';
  const last = nets.length - 1;
  return ['These IP addresses/networks are ignored:', ...nets.map((net, at) => `${at === last ? '`' : '|'}- ${shown(net)}`)].join('\n');
}

export const NO_JAIL = (jail: string) => `Sorry but the jail '${shown(jail, 80)}' does not exist`;

/** A line of fail2ban's log, as its client writes complaints to standard error. */
export function complaint(says: string, at: Date, pid: number): string {
  const stamp = at.toISOString().replace('T', ' ').replace('.', ',').slice(0, -1);
  return `${stamp} fail2ban                [${pid}]: ERROR   ${shown(says, 1000)}\n`;
}
