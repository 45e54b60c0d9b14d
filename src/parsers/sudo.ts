/** Reads sudo's lines: who ran what as whom, and who was refused. */

import type { Parser } from '../core/contracts.ts';
import { PAM_SESSION } from '../core/pam.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';

/** sudo's own words for a refusal (sudoers(5), logging.c); other remarks, as `unable to resolve host`, refuse nobody. */
const REFUSED = new RegExp(
  [
    'NOT in sudoers',
    'NOT authorized on host',
    'command not allowed',
    'a password is required',
    'incorrect password attempts?',
    'must have a tty to run sudo',
    'no tty present and no askpass program specified',
    'sorry, you are not allowed to',
    'account validation failure, is your account locked\\?',
    'account expired',
    'password expired',
    'timed out reading password',
    'auth(entication)? server error',
  ].join('|'),
);

interface Asked {
  readonly account: string;
  readonly remark: string;
  readonly tty: string | null;
  readonly cwd: string | null;
  readonly target: string;
  readonly command: string;
}

/**
 * `ACCOUNT : [REMARK ; ][HOST=… ; ]TTY=… ; PWD=… ; USER=… ; [GROUP=… ; TSID=… ; ENV=… ; ]COMMAND=…`. PWD, ENV and COMMAND are free text, so the
 * fields are taken in their order from the left: all that comes after the first COMMAND= is shown as the command.
 */
function asked(message: string): Asked | null {
  const colon = message.indexOf(' : ');
  const command = message.indexOf(' ; COMMAND=', colon);
  if (colon < 1 || command < 0) return null;
  const head = message.slice(colon + 3, command);
  const first = /^(?:HOST|TTY|CHROOT|PWD|USER)=/.test(head) ? 0 : head.search(/ ; (?:HOST|TTY|CHROOT|PWD|USER)=/) + 3;
  const fields = head.slice(first);
  const target = fieldOf(fields, 'USER');
  if (first === 2 || target === null) return null;
  return {
    account: message.slice(0, colon),
    remark: head.slice(0, Math.max(0, first - 3)),
    tty: known(fieldOf(fields, 'TTY')),
    cwd: known(fieldOf(fields, 'PWD')),
    target,
    command: message.slice(command + ' ; COMMAND='.length),
  };
}

function fieldOf(fields: string, name: string): string | null {
  const word = `${name}=`;
  const at = fields.startsWith(word) ? 0 : fields.indexOf(` ; ${word}`) + 3;
  if (at === 2) return null;
  const end = fields.indexOf(' ; ', at);
  return fields.slice(at + word.length, end < 0 ? undefined : end);
}

/** sudo writes `unknown` where there is no terminal or directory. */
function known(text: string | null): string | null {
  return text === 'unknown' ? null : text;
}

export const patterns: readonly Pattern[] = [
  PAM_SESSION,
  {
    name: 'refused',
    begins: [''],
    read(message) {
      const said = asked(message);
      if (!said || !REFUSED.test(said.remark)) return null;
      const times = Number(/^(\d{1,4}) incorrect password/.exec(said.remark)?.[1] ?? 1);
      return { kind: 'privilege.refused', fields: { account: said.account, target: said.target, command: said.command, service: 'sudo', times } };
    },
  },
  {
    name: 'used',
    begins: [''],
    read(message) {
      const said = asked(message);
      if (said?.remark !== '') return null;
      const { account, target, command, cwd, tty } = said;
      return { kind: 'privilege.used', fields: { account, target, command, cwd, tty, service: 'sudo' } };
    },
  },
];

export const sudo: Parser = {
  name: 'sudo',
  about: "Reads sudo's lines about commands run as another account, and about refusals.",
  cannotSee: 'What a shell started by sudo did next, and where PWD ends if the directory name itself looks like a field of the line.',
  programs: ['sudo'],
  needles: [' ; COMMAND=', 'session opened for user ', 'session closed for user '],
  parse: firstOf(patterns),
};
