/**
 * The query logs of the name servers of a machine, as chunks: the usual names, and what the servers' own configuration names, with their
 * rotated parts. Bounded by age and size like the access logs. Common logs (syslog, auth.log) are not looked at here: they go their own way.
 */

import { isQueryText } from '../core/query-text.ts';
import type { Chunk } from '../core/world.ts';
import type { Disk } from './disk.ts';
import { baseOf } from './log-generations.ts';
import { namedQueryLogs } from './named-config.ts';
import { boundedLogs, type FormOfLogs, type WebLogQuestion } from './web-logs.ts';

const DIRECTORIES = [
  '/var/log/named',
  '/var/log/bind',
  '/var/log/bind9',
  '/var/log/unbound',
  '/var/log/dnsmasq',
  '/var/cache/bind',
  '/var/lib/bind',
  '/var/named/data',
  '/var/named/log',
  '/var/named/chroot/var/log/named',
];
/** Names of query logs; `named.run` is where BIND's default channel writes when it is debugged. Their first lines decide. */
const NAME = /quer(?:y|ies)[\w.-]{0,80}$|^(?:named|unbound|dnsmasq)\.(?:log|run)(?:[-.]|$)/i;
const BESIDE = ['/var/log/unbound.log', '/var/log/dnsmasq.log', '/var/log/named.log', '/var/log/query.log', '/var/log/queries.log'];
const LOGS_AT_MOST = 100;
/** Logs of everything: their lines are read where all programs' are. */
const COMMON = /^\/var\/log\/(?:syslog|messages|daemon\.log|auth\.log|secure|kern\.log)$/;

const QUERIES: FormOfLogs = {
  source: 'query logs',
  form: 'queries',
  absent: 'no query log of a name server in the usual directories or named in its configuration',
  strange: 'its first lines are not those of a query log',
  fits: isQueryText,
};

export async function* queryLogs(question: WebLogQuestion): AsyncGenerator<Chunk> {
  yield* boundedLogs(logsOf(question.disk), QUERIES, question);
}

/** Every log once, by the name of its newest part. */
function logsOf(disk: Disk): string[] {
  const bases = new Set(BESIDE.filter((path) => disk.exists(path)));
  for (const directory of DIRECTORIES) {
    const names = disk.names(directory);
    if (!Array.isArray(names)) continue;
    for (const name of names) if (NAME.test(name)) bases.add(baseOf(`${directory}/${name}`));
  }
  for (const path of namedQueryLogs(disk)) if (!COMMON.test(path) && disk.stat(path)?.kind === 'file') bases.add(path);
  return [...bases].slice(0, LOGS_AT_MOST);
}
