/** Which account may give orders besides root: a number, or a name that /etc/passwd knows, so that a unit file need not know the number. */

import * as fs from 'node:fs';
import { UserError } from '../core/errors.ts';

/** 0xffffffff means "nobody" to chown(2). */
const UID_AT_MOST = 0xffff_fffe;
const NAME = /^[a-z_][a-z0-9_-]{0,31}$/;

export function ownerOf(word: string | undefined, passwd: () => string = () => fs.readFileSync('/etc/passwd', 'latin1')): number {
  if (word === undefined) return 0;
  if (/^\d{1,10}$/.test(word) && Number(word) <= UID_AT_MOST) return Number(word);
  if (!NAME.test(word)) throw new UserError(`--owner ${word} is neither a number nor the name of an account`, 'Run tocsin-hand --help.');
  const line = passwd()
    .split('\n')
    .find((one) => one.startsWith(`${word}:`));
  const uid = line?.split(':')[2] ?? '';
  if (/^\d{1,10}$/.test(uid) && Number(uid) <= UID_AT_MOST) return Number(uid);
  throw new UserError(`--owner ${word}: /etc/passwd has no such account`, 'Make it (`tocsin setup` does), or give another one.');
}
