/**
 * The access logs of the web servers of a machine, as chunks: the usual directories, one directory a site, and what the servers'
 * own configuration names, with their rotated parts. Bounded by age and size: a look must take seconds, and what was left out is said.
 */

import * as fs from 'node:fs';
import { isAccessText } from '../core/access-text.ts';
import { DAY_MS } from '../core/spans.ts';
import { counted, grouped } from '../core/text.ts';
import type { Coverage, Millis } from '../core/words.ts';
import type { Chunk } from '../core/world.ts';
import { codeOf, type Disk } from './disk.ts';
import { wholeLines } from './log-bytes.ts';
import { LogChunk } from './log-chunk.ts';
import { baseOf, type Generation, generationOf, oldestFirst } from './log-generations.ts';
import { CUT, isRotated, openLog, wasCut, wordsFor } from './log-open.ts';
import { namedAccessLogs } from './web-config.ts';
import type { ToUtc } from './zone.ts';

export interface WebLogQuestion {
  readonly disk: Disk;
  readonly toUtc: ToUtc;
  readonly now: Millis;
  readonly since: Millis | null;
  readonly note: (coverage: Coverage) => void;
}

/** Directories of the servers themselves; below the first level one directory a site may follow. */
const SERVERS = ['apache2', 'httpd', 'nginx', 'lighttpd', 'caddy', 'traefik', 'haproxy', 'squid', 'openresty', 'litespeed'].map(
  (name) => `/var/log/${name}`,
);
/** Panels keep logs beside the sites, in each one's own directory. */
const SITES: readonly (readonly [string, readonly string[]])[] = [
  ['/var/www', ['logs', 'log']],
  ['/var/www/vhosts', ['logs', 'statistics/logs']],
  ['/var/www/clients', ['logs']],
  ['/var/www/virtual', ['logs']],
  ['/srv/www', ['logs', 'log']],
  ['/home', ['logs', 'access-logs']],
];
const SITES_AT_MOST = 500;
const LOGS_AT_MOST = 1_000;
/** Anything that may be an access log by its name; its first lines decide. */
const NAME = /(?:access|ssl_request|other_vhosts|requests?)[\w.-]{0,80}log|access\.json|(?:^|[-_.])access(?:[-_.]|$)/i;
/** A month of a busy site is what an investigation can use; older parts are for --log. */
const AGE_MS = 31 * DAY_MS;
/** Of all logs together, newest first: a few seconds of reading. */
const BYTES_AT_MOST = 2 * 1024 ** 3;
/** Text is about so much larger than what it is packed into. */
const PACKED_TIMES = 12;
const HEAD_BYTES = 65_536;
const SKEW_MS = 60_000;

interface Part extends Generation {
  readonly base: string;
  readonly bytes: number;
  readonly modifiedAt: Millis;
}

export async function* webLogs(question: WebLogQuestion): AsyncGenerator<Chunk> {
  yield* boundedLogs(logsOf(question), ACCESS, question);
}

/** Logs whose lines have a form of their own, told by their first bytes. */
export interface FormOfLogs {
  readonly source: string;
  readonly form: NonNullable<Chunk['form']>;
  /** Said where there is none of them, and of a file whose lines have another form. */
  readonly absent: string;
  readonly strange: string;
  fits(head: Buffer): boolean;
}

const ACCESS: FormOfLogs = {
  source: 'web access logs',
  form: 'access',
  absent: 'no access log of a web server below /var/log, beside a site, or named in a configuration',
  strange: 'its lines have no form of an access log that is known',
  fits: (head) => isAccessText(head.toString('latin1')),
};

/** The parts of these logs, so far as age and size allow. */
export async function* boundedLogs(bases: readonly string[], what: FormOfLogs, question: WebLogQuestion): AsyncGenerator<Chunk> {
  const parts = bases.flatMap((base) => partsOf(base, question));
  if (parts.length === 0) return question.note({ source: what.source, state: 'absent', detail: what.absent });
  for (const part of chosen(parts, what, question)) yield* readPart(part, what, question);
}

/** Every log once, by the name of its newest part. */
function logsOf({ disk, note }: WebLogQuestion): string[] {
  const bases = new Set<string>();
  for (const directory of directories(disk)) {
    const names = disk.names(directory);
    if (!Array.isArray(names)) {
      if (names.error !== 'ENOENT' && names.error !== 'ENOTDIR') note({ source: directory, state: 'unreadable', detail: wordsFor(names.error) });
      continue;
    }
    for (const name of names) if (NAME.test(name) && !/error|\.(?:sock|pid|offset)$/.test(name)) bases.add(baseOf(`${directory}/${name}`));
  }
  for (const path of namedAccessLogs(disk)) bases.add(path);
  if (bases.size > LOGS_AT_MOST)
    note({
      source: 'web access logs',
      state: 'partial',
      detail: `of ${grouped(bases.size)} access logs the first ${grouped(LOGS_AT_MOST)} were looked at`,
    });
  return [...bases].slice(0, LOGS_AT_MOST);
}

function directories(disk: Disk): string[] {
  const servers = SERVERS.flatMap((server) => [server, ...below(disk, server)]);
  const sites = SITES.flatMap(([parent, logs]) => below(disk, parent).flatMap((site) => logs.map((log) => `${site}/${log}`)));
  return ['/var/log', ...servers, ...sites];
}

function below(disk: Disk, parent: string): string[] {
  return [...disk.directories(parent)]
    .sort()
    .slice(0, SITES_AT_MOST)
    .map((name) => `${parent}/${name}`);
}

function partsOf(base: string, { disk }: WebLogQuestion): Part[] {
  const directory = base.slice(0, base.lastIndexOf('/')) || '/';
  const names = disk.names(directory);
  if (!Array.isArray(names)) return [];
  const found = names.flatMap((name) => generationOf(`${directory}/${name}`, base) ?? []);
  return oldestFirst(found).flatMap((one): Part[] => {
    const file = disk.stat(one.path);
    if (!file || (file.kind !== 'file' && file.kind !== 'symlink') || file.sizeBytes === 0) return [];
    return [{ ...one, base, bytes: file.sizeBytes * (one.packed ? PACKED_TIMES : 1), modifiedAt: file.modifiedAt }];
  });
}

/** The newest parts that fit into the bound, oldest first; what is left out is said. */
function chosen(parts: readonly Part[], { source }: FormOfLogs, { now, since, note }: WebLogQuestion): Part[] {
  const oldest = since ?? now - AGE_MS;
  const young = parts.filter((part) => part.modifiedAt >= oldest);
  const taken: Part[] = [];
  let bytes = 0;
  for (const part of [...young].sort((a, b) => b.modifiedAt - a.modifiedAt)) {
    if (bytes > 0 && bytes + part.bytes > BYTES_AT_MOST) continue;
    bytes += part.bytes;
    taken.push(part);
  }
  const old = parts.length - young.length;
  if (old > 0 && since === null)
    note({
      source,
      state: 'partial',
      detail: `${counted(old, 'part')} older than 31 days ${old === 1 ? 'was' : 'were'} not read; --since DATE or --log FILE reads them`,
    });
  const large = young.length - taken.length;
  if (large > 0)
    note({
      source,
      state: 'partial',
      detail: `${counted(large, 'part')} beyond 2 GiB in all ${large === 1 ? 'was' : 'were'} not read, the oldest first; --log FILE reads them`,
    });
  return taken.sort((a, b) => a.modifiedAt - b.modifiedAt);
}

async function* readPart(part: Part, what: FormOfLogs, { disk, note, toUtc, now }: WebLogQuestion): AsyncGenerator<Chunk> {
  const clock = { firstYear: 1970, toUtc, latest: now + SKEW_MS };
  let fd = -1;
  try {
    const listed = disk.stat(part.path);
    const opened = openLog(disk, { path: part.path, base: part.base, asked: false, listed });
    fd = opened.fd;
    let firstLine = 1;
    for await (const { bytes } of wholeLines(fd)) {
      if (firstLine === 1 && !what.fits(bytes.subarray(0, HEAD_BYTES))) {
        note({ source: part.path, state: 'unreadable', detail: what.strange });
        return;
      }
      const chunk = new LogChunk(part.path, firstLine, bytes, clock, new Set(), what.form);
      yield chunk;
      firstLine += chunk.lines;
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (wasCut(fd, { path: part.path, base: part.base, asked: false, listed })) note({ source: part.path, state: 'partial', detail: CUT });
  } catch (error) {
    const known = error instanceof Error && 'code' in error;
    const partial = !known || codeOf(error) === 'Z_BUF_ERROR' || isRotated(codeOf(error));
    note({ source: part.path, state: partial ? 'partial' : 'unreadable', detail: known ? wordsFor(codeOf(error)) : String(error).slice(0, 200) });
  } finally {
    if (fd > 0) fs.closeSync(fd);
  }
}
