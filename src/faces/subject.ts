/** Turns what a person types into the thing it means: an address, a pid, a path, an account, a site or a domain. */

import { isIP } from 'node:net';
import { processEntity } from '../core/entity.ts';
import { UserError } from '../core/errors.ts';
import type { AccountSeen, Entity, ProcessSeen } from '../core/words.ts';

/** What of the machine is needed to tell names apart. */
export interface Known {
  processes(): readonly ProcessSeen[];
  accounts(): readonly AccountSeen[];
  stat(path: string): { readonly kind: string } | null;
  /** The one form in which an address is compared; null when it is none. */
  canonical(ip: string): string | null;
  readonly host: { readonly live: boolean };
}

/** `pid:4711`, `account:web1`, `site:shop.example`: for what could be read in two ways. */
const PREFIX = /^(address|account|user|pid|path|file|site|domain|unit):(.+)$/;

export function subjectOf(text: string, known: Known): Entity {
  const [, word, rest] = PREFIX.exec(text) ?? [];
  const value = rest ?? text;
  if (word === 'account' || word === 'user') return { is: 'account', name: value };
  if (word === 'site' || word === 'domain' || word === 'unit') return { is: word, name: value };
  if (word === 'pid' || (word === undefined && /^\d{1,7}$/.test(value))) return processOf(value, known);
  const bare = value.replace(/^\[(.*)\]$/, '$1');
  const ip = isIP(bare) === 0 ? null : known.canonical(bare);
  if (ip !== null && (word === undefined || word === 'address')) return { is: 'address', ip };
  if (isNetwork(bare))
    throw new UserError(
      `"${value}" is a network`,
      'Ask about one address of it at a time, or leave it out and look for the network in the whole report.',
    );
  if (word === 'address') throw new UserError(`"${value}" is no address`, 'Give it like 203.0.113.9 or 2001:db8::1.');
  if (word === 'path' || word === 'file' || value.startsWith('/')) return pathOf(value, known);
  if (known.accounts().some((account) => account.name === value)) return { is: 'account', name: value };
  if (/\.(?:service|scope|timer|socket)$/.test(value)) return { is: 'unit', name: value };
  if (value.includes('.') && /^[\w.-]+$/.test(value)) return { is: 'domain', name: value };
  return { is: 'account', name: value };
}

/** `203.0.113.0/24`, `2001:db8::/32`. */
function isNetwork(text: string): boolean {
  const slash = text.indexOf('/');
  return slash > 0 && isIP(text.slice(0, slash)) !== 0 && /^\d{1,3}(?:\.|$)/.test(text.slice(slash + 1));
}

/** Words that are a subject and no file, for people who put it behind `--log`. */
export function mayBeSubject(text: string): boolean {
  const slash = text.indexOf('/');
  return isIP(text) !== 0 || PREFIX.test(text) || isNetwork(text) || (slash < 0 && !/\.(?:log|gz|xz|bz2|zst|txt|json)$/.test(text));
}

function processOf(text: string, known: Known): Entity {
  if (!known.host.live)
    throw new UserError(
      `there is no process ${text} to look at: logs and disks have none that run`,
      'Ask about an address, an account or a path; an account that is all digits is given as account:NAME.',
    );
  const seen = known.processes().find((process) => process.pid === Number(text));
  if (!seen) throw new UserError(`there is no process ${text}`, 'See ps -e for what runs; an account that is all digits is given as account:NAME.');
  return processEntity(seen);
}

function pathOf(text: string, known: Known): Entity {
  const path = text.length > 1 ? text.replace(/\/+$/, '') : text;
  if (!path.startsWith('/')) throw new UserError(`"${text}" is no absolute path`, 'Give the whole path, from / on.');
  return { is: known.stat(path)?.kind === 'directory' ? 'directory' : 'file', path };
}
