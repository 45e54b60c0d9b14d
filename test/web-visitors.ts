/** Lines of an access log as one writes them for a story: who asked for what at which second, and what was answered. */

import { readAccess } from '../src/core/access-line.ts';
import type { Plugins } from '../src/core/contracts.ts';
import type { EventOf, Report } from '../src/core/words.ts';
import type { AccessScanner } from '../src/core/world.ts';
import { investigation } from '../src/engine/investigation.ts';
import { plainAccessScanner } from '../src/eyes/access-scanner.ts';
import * as plugins from '../src/registry.ts';
import { chunkOf, fakeEyes, fakeNetworks } from './fake-eyes.ts';

export const START = Date.UTC(2026, 2, 2, 10);
export const BROWSER = 'Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0';

export interface Asked {
  readonly second: number;
  readonly ip?: string;
  readonly user?: string;
  readonly ask?: string;
  readonly status?: number;
  readonly bytes?: number;
  readonly referrer?: string;
  readonly agent?: string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

export function lineOf({
  second,
  ip = '203.0.113.9',
  user = '-',
  ask = 'GET /',
  status = 200,
  bytes = 5_000,
  referrer = '-',
  agent = BROWSER,
}: Asked): string {
  const at = new Date(START + second * 1_000);
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${two(at.getUTCDate())}/${MONTHS[at.getUTCMonth()]}/${at.getUTCFullYear()}`;
  const stamp = `${day}:${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())} +0000`;
  return `${ip} - ${user} [${stamp}] "${ask} HTTP/1.1" ${status} ${bytes} "${referrer}" "${agent}"`;
}

let lines = 0;

export function requested(asked: Asked): EventOf<'web.request'> {
  const raw = lineOf(asked);
  const read = readAccess(raw);
  if (!read) throw new Error(`no line of an access log: ${raw}`);
  lines += 1;
  return { kind: 'web.request', at: START + asked.second * 1_000, source: '/var/log/nginx/access.log', line: lines, raw, fields: read.request };
}

/** What is said of a log of these requests, in the order of time. */
export function judged(asked: readonly Asked[], accessScanner: AccessScanner = plainAccessScanner()): Promise<Report> {
  const text = [...asked]
    .sort((a, b) => a.second - b.second)
    .map(lineOf)
    .join('\n');
  const now = START + 30 * 86_400_000;
  const chunk = Object.assign(chunkOf('/var/log/nginx/access.log', `${text}\n`, now), { form: 'access' as const });
  const eyes = { ...fakeEyes({ now, chunks: [chunk] }), accessScanner };
  const all: Plugins = plugins;
  return investigation(eyes, all, fakeNetworks(), { version: '0', subject: null, since: null, onlyLogs: true }, () => {});
}
