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
  return {
    name,
    begins,
    read(message: string, at: number, { pid }: Line) {
      const groups: Found | undefined = regex.exec(message.slice(at, at + READ_CHARACTERS))?.groups;
      if (!groups) return null;
      return how === null ? refused(service, groups, pid) : visited(service, how, groups, pid);
    },
  };
}

/** `HOST[192.0.2.9]` and `HOST[192.0.2.9]:4711` as postfix writes them; the name is from DNS and has no brackets. */
export const BRACKETED = '[^\\s\\[\\]]{0,255}\\[(?:IPv6:)?(?<ip>[^\\s\\]]{2,64})\\](?::(?<port>\\d{1,5}))?';
/** `HOST (HELO) [192.0.2.9]:4711` as exim writes them: the HELO is what the client said, in brackets that it cannot hold. */
export const EXIM_HOST = '(?:[^\\s\\[\\](){}]{1,255} )?(?:\\([^()]{0,255}\\) )?\\[(?<ip>[^\\s\\]]{2,64})\\](?::(?<port>\\d{1,5}))?';
