/** Reads logs of applications in JSON or key=value form about log-ins that they refused. */

import type { Parser } from '../core/contracts.ts';
import { keyedRefusal } from '../core/keyed-log.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { refused } from '../core/refused.ts';
import type { EventDraft, Line } from '../core/words.ts';

function read(message: string, _at: number, { pid }: Line): EventDraft | null {
  const found = keyedRefusal(message);
  return found && refused('web', { ip: found.ip, account: found.account ?? undefined }, pid);
}

export const patterns: readonly Pattern[] = [
  { name: 'json', begins: ['{'], read },
  { name: 'logfmt', begins: ['time=', 'logger=', 'level=', 't=', 'ts=', 'date=', 'lvl='], read },
];

export const keyed: Parser = {
  name: 'keyed',
  about: 'Reads logs of applications in JSON or key=value form (Grafana, Authelia, SFTPGo and more) about refused log-ins.',
  cannotSee: 'Refusals in other words than the usual English ones, and keys of unusual names.',
  programs: ['keyed', 'grafana', 'grafana-server', 'authelia', 'sftpgo'],
  needles: ['"level"', 'level=', '"lvl"', 'lvl='],
  parse: firstOf(patterns),
};
