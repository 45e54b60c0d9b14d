/** Turns what a person types into the thing it means: an address, a pid, a path, an account, a site or a domain. */

import { isIP } from 'node:net';
import { UserError } from '../core/errors.ts';
import type { AccountSeen, Entity, ProcessSeen } from '../core/words.ts';

/** What of the machine is needed to tell names apart. */
export interface Known {
  processes(): readonly ProcessSeen[];
  accounts(): readonly AccountSeen[];
  stat(path: string): { readonly kind: string } | null;
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
  if (isIP(bare) !== 0) return { is: 'address', ip: bare.toLowerCase() };
  if (word === 'address') throw new UserError(`"${value}" is no address`, 'Give it like 203.0.113.9 or 2001:db8::1.');
  if (word === 'path' || word === 'file' || value.startsWith('/')) return pathOf(value, known);
  if (known.accounts().some((account) => account.name === value)) return { is: 'account', name: value };
  if (/\.(?:service|scope|timer|socket)$/.test(value)) return { is: 'unit', name: value };
  if (value.includes('.') && /^[\w.-]+$/.test(value)) return { is: 'domain', name: value };
  return { is: 'account', name: value };
}

function processOf(text: string, known: Known): Entity {
  const seen = known.processes().find((process) => process.pid === Number(text));
  if (!seen) throw new UserError(`there is no process ${text}`, 'See ps -e for what runs; an account that is all digits is given as account:NAME.');
  return { is: 'process', pid: seen.pid, startTicks: seen.startTicks, name: seen.name };
}

function pathOf(text: string, known: Known): Entity {
  const path = text.length > 1 ? text.replace(/\/+$/, '') : text;
  if (!path.startsWith('/')) throw new UserError(`"${text}" is no absolute path`, 'Give the whole path, from / on.');
  return { is: known.stat(path)?.kind === 'directory' ? 'directory' : 'file', path };
}
