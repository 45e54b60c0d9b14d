/** A real log of an attacked host, beside what fail2ban counts in it. The log is test data that lies outside the repository. */

import * as fs from 'node:fs';
import { expect, it } from 'vitest';
import { Tries } from '../../src/core/tries.ts';
import type { EventDraft } from '../../src/core/words.ts';
import { sshd } from '../../src/parsers/sshd.ts';
import { sshdVisits } from '../../src/parsers/sshd-visits.ts';
import { lineOf } from './harness.ts';

const folder = process.env['TOCSIN_DATA'] ?? new URL('../../../shared/data', import.meta.url).pathname;
const log = `${folder}/real-logs/secrepo-auth-2015.log`;

function eventsOf(path: string): EventDraft[] {
  const lines = fs.readFileSync(path, 'utf8').split('\n');
  const messages = lines.map((line) => /^.{15} \S+ (sshd\[\d+\]: .*)$/.exec(line)?.[1]).filter((text) => text !== undefined);
  return messages.flatMap((text) => sshd.parse(lineOf(text)) ?? sshdVisits.parse(lineOf(text)) ?? []);
}

it.skipIf(!fs.existsSync(log))('secrepo-auth-2015.log: tries per address are those that fail2ban counts, and nobody got in', () => {
  const truth: { 'oracle_fail2ban_1.0.2_normal': { failures_per_address: Record<string, number> } } = JSON.parse(
    fs.readFileSync(log.replace(/\.log$/, '.truth.json'), 'utf8'),
  );
  const connections = new Map<string, { readonly ip: string; readonly tries: Tries }>();
  const events = eventsOf(log);
  for (const event of events) {
    if (event.kind !== 'login.failed' && event.kind !== 'login.probed') continue;
    const ip = event.fields.ip ?? '';
    const key = `${event.fields.pid} ${ip}`;
    const connection = connections.get(key) ?? { ip, tries: new Tries() };
    connection.tries.hear(event);
    connections.set(key, connection);
  }
  const counted: Record<string, number> = {};
  for (const { ip, tries } of connections.values()) if (tries.count() > 0) counted[ip] = (counted[ip] ?? 0) + tries.count();
  expect(counted).toEqual(truth['oracle_fail2ban_1.0.2_normal'].failures_per_address);
  expect(events.filter((event) => event.kind === 'login.accepted')).toEqual([]);
});
