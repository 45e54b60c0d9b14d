/**
 * What pam_unix writes of each job of cron: on a host where nothing else happens most lines of its authentication log. Read to the very end, as
 * the forms of sshd are (src/scan/sshd.ts).
 */

import { BLANK, begins, endOfDigits, NAME_AT_MOST } from './cursor.ts';
import { byteAt } from './memory.ts';
import * as kind from './record.ts';

/** What `kindOfCron` read last: the account, and whether the service is called crond. */
export let nameStart: i32 = -1;
export let nameEnd: i32 = -1;
export let isCrond: boolean = false;

const SERVICE = 'pam_unix(cron';
const SESSION = ':session): session ';
const OPEN: i32 = 40;
const CLOSE: i32 = 41;
const LETTER_D: i32 = 100;

export function kindOfCron(start: i32, end: i32): i32 {
  if (!begins(start, end, SERVICE)) return kind.UNSURE;
  let at: i32 = start + SERVICE.length;
  isCrond = at < end && byteAt(at) === LETTER_D;
  if (isCrond) at++;
  if (!begins(at, end, SESSION)) return kind.UNSURE;
  at += SESSION.length;
  const opened: boolean = begins(at, end, 'opened for user ');
  if (!opened && !begins(at, end, 'closed for user ')) return kind.UNSURE;
  const after: i32 = behindName(at + 16, end);
  if (after < 0) return kind.UNSURE;
  if (!opened) return after === end ? kind.CRON_CLOSED : kind.UNSURE;
  return begins(after, end, ' by (uid=') && endOfUid(after + 4, end) === end ? kind.CRON_OPENED : kind.UNSURE;
}

/** `NAME` or `NAME(uid=N)`; where it ends. */
function behindName(start: i32, end: i32): i32 {
  let at: i32 = start;
  while (at < end && at - start <= NAME_AT_MOST) {
    const code: i32 = byteAt(at);
    if (code <= BLANK || code > 126 || code === OPEN || code === CLOSE) break;
    at++;
  }
  nameStart = start;
  nameEnd = at;
  if (at === start || at - start > NAME_AT_MOST) return -1;
  return at < end && byteAt(at) === OPEN ? endOfUid(at, end) : at;
}

/** `(uid=N)`. */
function endOfUid(start: i32, end: i32): i32 {
  if (!begins(start, end, '(uid=')) return -1;
  const at: i32 = endOfDigits(start + 5, end, 10);
  return at > 0 && at < end && byteAt(at) === CLOSE ? at + 1 : -1;
}
