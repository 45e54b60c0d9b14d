/** Reads what Samba writes about log-ins to shares that it refused (`log level = … auth_audit:2`). */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { form, refused } from '../core/refused.ts';
import type { EventDraft } from '../core/words.ts';

const STATUS = /\] user \[[^\]]{0,100}\]\\\[([^\]]{0,256})\] at \[[^\]]{1,60}\] with \[[^\]]{0,60}\] status \[NT_STATUS_(?!OK\])\w{1,60}\]/;
const REMOTE = /remote host \[ipv[46]:([\da-fA-F:.]{2,45}):\d{1,5}\]/g;

/** Domain and name are the client's words and stand in the line twice: who writes an address into them makes a second `remote host`. */
function audited(message: string, pid: number | null): EventDraft | null {
  const account = STATUS.exec(message)?.[1];
  const [remote, second] = [...message.matchAll(REMOTE)];
  return account === undefined || second !== undefined ? null : refused('samba', { ip: remote?.[1], account }, pid);
}

export const patterns: readonly Pattern[] = [
  { name: 'auth-audit', begins: ['Auth: ['], read: (message, _at, { pid }) => audited(message, pid) },
  form('denied-connection', 'samba', ['Denied connection from '], '[^\\s()]{1,255} \\((?<ip>[\\da-fA-F:.]{2,45})\\)', 'refused'),
];

export const samba: Parser = {
  name: 'samba',
  about: "Reads lines of Samba's audit of log-ins about names and passwords that it refused.",
  cannotSee: 'Refusals where auth_audit is not logged, which is so unless the administrator sets it.',
  programs: ['smbd', 'samba', 'nmbd', 'smbd_audit'],
  needles: ['Auth: [', 'Denied connection from '],
  parse: firstOf(patterns),
};
