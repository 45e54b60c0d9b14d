/** One line of squid's own access log: `1772530800.123 200 192.0.2.9 TCP_MISS/200 3974 GET http://example.com/ USER HIER_DIRECT/198.51.100.1 text/html`. */

import { epochTime } from './access-time.ts';
import { addressOf } from './peer.ts';
import type { AccessLine } from './web-request.ts';

const NATIVE =
  /^(\d{9,10}\.\d{3}) {1,10}-?\d{1,10} ([\da-fA-F:.]{2,45}) [A-Z_]{3,40}\/(\d{3}) (\d{1,15}) ([A-Z_-]{3,20}) (\S{1,8000}) (\S{1,256}) [A-Z_]{3,40}\/\S{1,255}/;

export function readSquid(line: string): AccessLine | null {
  if (line.charCodeAt(10) !== 46 && line.charCodeAt(9) !== 46) return null;
  const [, time, ip = '', status, bytes, method, target = '', user] = NATIVE.exec(line) ?? [];
  if (time === undefined || method === undefined) return null;
  const account = user === undefined || user === '-' ? null : user;
  const about = { version: null, referrer: null, agent: null, site: null };
  // 000 = the client went away before there was an answer.
  const answer = { status: status === '000' ? null : Number(status), bytes: Number(bytes) };
  return { stamp: epochTime(Number(time)), request: { ip: addressOf(ip), user: account, method, target, ...answer, ...about } };
}
