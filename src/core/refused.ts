/** Refusals as servers other than ssh write them: an address, perhaps a name, and the words around them. */

import type { Pattern } from './patterns.ts';
import { addressOf } from './peer.ts';
import type { EventDraft, Line } from './words.ts';

/** What a form found: absent groups are undefined. */
export interface Found {
  readonly ip?: string | undefined;
  readonly port?: string | undefined;
  readonly account?: string | undefined;
  readonly times?: string | undefined;
}

/** Enough for the longest honest message of these servers; patterns are never fed more. */
const READ_CHARACTERS = 1_200;
/** RFC 5321 section 4.5.3.1: a mailbox has at most 64 + 1 + 255 characters. */
const NAME_CHARACTERS = 320;

/**
 * Somebody was refused. These servers do not say whether the name exists here (mail has its own accounts, a database too), and a failed log-in would
 * claim it: so it is a visit that was refused, with the name that was tried. Null without a literal address.
 */
export function refused(service: string, found: Found, pid: number | null): EventDraft | null {
  const { ip } = peerOf(found);
  if (ip === null) return null;
  const account = (found.account ?? '').slice(0, NAME_CHARACTERS) || null;
  return { kind: 'login.probed', fields: { ip, account, how: 'auth-fail', service, times: Math.max(1, Number(found.times ?? 1)), pid } };
}

/** A visit that tells of no try, as `how` says. */
export function visited(service: string, how: string, found: Found, pid: number | null): EventDraft | null {
  const { ip } = peerOf(found);
  return ip === null ? null : { kind: 'login.probed', fields: { ip, account: found.account || null, how, service, times: 1, pid } };
}

/** Behind an IPv6 address without brackets nobody can see whether the last group is a port: where the rest is no address, it is none. */
function peerOf({ ip = '', port }: Found): { readonly ip: string | null } {
  const alone = addressOf(bareHost(ip));
  return { ip: alone !== null || port === undefined ? alone : addressOf(`${ip}:${port}`) };
}

/** `[2001:db8::1]`, `IPv6:2001:db8::1`, `::ffff:192.0.2.9`. */
function bareHost(host: string): string {
  const open = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  return open.startsWith('IPv6:') ? open.slice(5) : open;
}

/** A form by a regular expression with groups `ip`, `port`, `account`, `times`; anchored at the place behind the begin. */
export function form(name: string, service: string, begins: readonly string[], after: string, how: string | null = null): Pattern {
  const regex = new RegExp(`^${after}`, 's');
  const anchored = after.endsWith('$');
  const placed = mayBeForged(after) ? new RegExp(`^${after}`, 'sd') : null;
  return {
    name,
    begins,
    read(message: string, at: number, { pid }: Line) {
      const groups: Found | undefined = regex.exec(message.slice(at, at + READ_CHARACTERS))?.groups;
      // Cut off, the end of the form is no end.
      if (!groups || (anchored && message.length - at > READ_CHARACTERS) || (placed && isForged(placed, message, at))) return null;
      return how === null ? refused(service, groups, pid) : visited(service, how, groups, pid);
    },
  };
}

/** What a client chooses may stand before the address: its name, or many characters of anything. */
const FREE_TEXT = /\(\?<account>|\{\d{0,4},\d{3,4}\}/;
/** Of a form that reaches to the end of the line, with nothing free behind the address, the last address is the server's own. */
const LAST = /^[^.]{0,400}\$$/s;

function mayBeForged(after: string): boolean {
  const place = after.indexOf('(?<ip>');
  if (place < 0 || !FREE_TEXT.test(after.slice(0, place))) return false;
  const tail = after.slice(place).replaceAll(/\\\.|\[[^\]]{1,60}\]/g, '');
  return !LAST.test(tail) || /\\S\{/.test(tail);
}

/** No honest message is longer; in what comes behind, the server's own word for the address may be hidden. */
const FORGED_CHARACTERS = 8_192;

/**
 * A client who puts into its name what the server writes before an address makes a line with two of them, of which nobody can say which is true:
 * then nobody is blamed. `placed` is the form with indices.
 */
function isForged(placed: RegExp, message: string, at: number): boolean {
  const groups = placed.exec(message.slice(at, at + READ_CHARACTERS))?.indices?.groups;
  const place = groups?.['ip'];
  if (!place || message.length > FORGED_CHARACTERS) return true;
  const start = at + place[0];
  const ip = message.slice(start, at + place[1]);
  const account = groups?.['account'];
  const named = account ? at + account[1] : 0;
  const mark = markBefore(message, start, named <= start ? named : 0);
  // It opens the message, before anything that a client chose.
  if (mark === '') return false;
  const strict = /^[^A-Za-z\s]{3}$|[=@]/.test(mark) && !mark.includes(' ');
  for (let other = message.indexOf(mark); other >= 0; other = message.indexOf(mark, other + 1)) {
    const then = other + mark.length;
    if (then === start || (isLetter(message, other - 1) && isLetter(message, other)) || message.startsWith(ip, then)) continue;
    if (message.startsWith(OWN_END, other - OWN_END.length)) continue;
    if (strict || ADDRESS.test(message.slice(then, then + 64))) return true;
  }
  return false;
}

/** samba names both ends in the same words, and no name of a client reaches so close. */
const OWN_END = 'local host [';
const ADDRESS = /^\[?(?:IPv6:)?(?:\d{1,3}\.){3}\d|^\[?(?:IPv6:)?[\da-fA-F]{0,4}:[\da-fA-F]{0,4}:/;

/** The three characters in front of the address, and the rest of the word that they cut. */
function markBefore(message: string, start: number, least: number): string {
  let from = Math.max(least, start - 3);
  while (from > least && isLetter(message, from) && isLetter(message, from - 1)) from -= 1;
  return message.slice(from, start);
}

function isLetter(text: string, at: number): boolean {
  return /^[A-Za-z]$/.test(text.charAt(at));
}

/** `HOST[192.0.2.9]` and `HOST[192.0.2.9]:4711` as postfix writes them; the name is from DNS and has no brackets. */
export const BRACKETED = '[^\\s\\[\\]]{0,255}\\[(?:IPv6:)?(?<ip>[^\\s\\]]{2,64})\\](?::(?<port>\\d{1,5}))?';
/** `HOST (HELO) [192.0.2.9]:4711` as exim writes them: the HELO is what the client said, in brackets that it cannot hold. */
export const EXIM_HOST = '(?:[^\\s\\[\\](){}]{1,255} )?(?:\\([^()]{0,255}\\) )?\\[(?<ip>[^\\s\\]]{2,64})\\](?::(?<port>\\d{1,5}))?';
