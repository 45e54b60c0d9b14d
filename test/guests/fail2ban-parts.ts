/** What fail2ban and we make of a filter or a jail, brought into one form to compare. */

import type { FilterDefinition, JailDefinition } from '../../src/guests/fail2ban/definition.ts';
import { secondsOf } from '../../src/guests/fail2ban/durations.ts';
import type { Commands } from './fail2ban-oracle.ts';

/** The commands that fail2ban sends to its server, as the part of a filter that they set. */
export function partsOf(stream: Commands): Record<string, unknown> {
  const parts: Record<string, unknown> = {
    failregex: [],
    ignoreregex: [],
    prefregex: null,
    datepattern: null,
    maxlines: 1,
    journalmatch: [],
    usedns: 'warn',
  };
  for (const [kind, , option, ...values] of stream) {
    const name = String(option).replace(/^add(?=fail|ignorer)/, '');
    if (name === 'failregex' || name === 'ignoreregex') parts[name] = [parts[name], kind === 'multi-set' ? values[0] : values].flat();
    else if (name === 'addjournalmatch') parts['journalmatch'] = [parts['journalmatch'], values.join(' ')].flat();
    else if (name in parts) parts[name] = values[0] === '' ? null : values[0];
  }
  return parts;
}

export function ours(filter: FilterDefinition): Record<string, unknown> {
  return {
    failregex: filter.failregex.map((line) => line.source),
    ignoreregex: filter.ignoreregex.map((line) => line.source),
    prefregex: filter.prefregex?.source ?? null,
    datepattern: filter.datepattern?.source ?? null,
    maxlines: filter.maxlines,
    journalmatch: filter.journalmatch?.split('\n').map((line) => line.replace(/["']/g, '').trim().split(/\s+/).join(' ')) ?? [],
    usedns: filter.usedns,
  };
}

/** What fail2ban would do in a jail, beside its filter. */
export function jailParts(stream: Commands): Record<string, unknown> {
  const one = (option: string): unknown => stream.find((command) => command[0] === 'set' && command[2] === option)?.[3] ?? null;
  const all = (option: string) => stream.filter((command) => command[2] === option);
  const actions = all('addaction').map((command) => String(command[4] ?? command[3]).replace(/^.*\/action\.d\//, ''));
  const settings = all('action').map((command) => (command[0] === 'multi-set' ? command[4] : [[command[4], command[5]]]));
  return {
    backend: stream[0]?.[2],
    // An empty line is no file; fail2ban warns of it.
    logpath: all('addlogpath').flatMap((command) => (command[3] === '' ? [] : command[3])),
    maxRetry: one('maxretry'),
    findMs: (secondsOf(String(one('findtime'))) ?? 0) * 1000,
    banMs: (secondsOf(String(one('bantime'))) ?? 0) * 1000,
    increment: one('bantime.increment') === true,
    ignoreip: all('addignoreip').flatMap((command) => command.slice(3)),
    ignoreCommand: one('ignorecommand') || null,
    actions,
    // Python has made truth values of two of them.
    settings: settings.map((pairs) => Object.fromEntries((pairs as unknown as [string, unknown][]).map(([key, value]) => [key, String(value)]))),
  };
}

export function ourParts(jail: JailDefinition, settings: readonly Record<string, string>[]): Record<string, unknown> {
  return {
    backend: jail.backend,
    logpath: jail.logpath,
    maxRetry: jail.maxRetry,
    findMs: jail.findMs,
    banMs: jail.ban.banMs,
    increment: jail.ban.increment,
    ignoreip: jail.ignoreip,
    ignoreCommand: jail.ignoreCommand,
    actions: jail.actions.map((action) => actionName(action.name, action.options['name'], jail.name)),
    // fail2ban adds what the action's own file says: ours must be among it.
    settings: jail.actions.map((action, index) => ({ ...settings[index], ...action.options })),
  };
}

/** fail2ban names an action after the jail's part that is new. */
function actionName(file: string, name: string | undefined, jail: string): string {
  if (name === undefined || name === jail) return file;
  return file + (name.startsWith(jail) ? name.slice(jail.length) : `-${name}`);
}
