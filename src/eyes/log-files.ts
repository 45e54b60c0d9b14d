/**
 * The text logs of a machine as chunks: every family with its rotated and compressed parts, oldest first, and each line once
 * (rsyslog writes kernel and cron lines into two files). Says which parts are missing, unreadable or empty.
 */

import * as fs from 'node:fs';
import { isAccessText } from '../core/access-text.ts';
import { isQueryText } from '../core/query-text.ts';
import { DAY_MS } from '../core/spans.ts';
import type { Coverage, Millis } from '../core/words.ts';
import type { Chunk, FileSeen } from '../core/world.ts';
import { codeOf, type Disk } from './disk.ts';
import { wholeLines } from './log-bytes.ts';
import { LogChunk } from './log-chunk.ts';
import { clockOf, HEAD_BYTES, peek, SLACK_MS } from './log-clock.ts';
import type { LogCover, Topic } from './log-cover.ts';
import { baseOf, type Generation, generationOf, generations, missing, oldestFirst } from './log-generations.ts';
import { CUT, isRotated, openLog, wasCut, wordsFor } from './log-open.ts';
import type { ToUtc } from './zone.ts';

/** One log under the names that distributions give it, and the programs whose lines it has in full. */
interface Family {
  readonly name: string;
  readonly bases: readonly string[];
  readonly owns: readonly string[];
  /** Null = of everything that has no log of its own. */
  readonly topic: Topic | null;
}

const AUTH =
  'sshd sshd-session sshd-auth dropbear sudo su login systemd-logind useradd usermod userdel groupadd groupmod groupdel gpasswd passwd chpasswd chage chsh chfn adduser addgroup newusers'.split(
    ' ',
  );

const FAMILIES: readonly Family[] = [
  { name: 'authentication log', bases: ['/var/log/auth.log', '/var/log/secure'], owns: AUTH, topic: 'log-ins' },
  { name: 'kernel log', bases: ['/var/log/kern.log'], owns: ['kernel'], topic: 'kernel' },
  {
    name: 'cron log',
    bases: ['/var/log/cron.log', '/var/log/cron'],
    owns: ['cron', 'crond', 'anacron', '/usr/sbin/cron', '/usr/sbin/crond'],
    topic: 'cron',
  },
  { name: 'general log', bases: ['/var/log/syslog', '/var/log/messages'], owns: [], topic: null },
];

export interface LogQuestion {
  readonly disk: Disk;
  readonly toUtc: ToUtc;
  readonly now: Millis;
  readonly since: Millis | null;
  /** Year of the newest line, for logs whose stamps have none and whose files were copied. */
  readonly year: number | null;
  readonly note: (coverage: Coverage) => void;
  /** Told when a stamp without a zone was read with `toUtc`. */
  readonly zoneUsed?: () => void;
  /** Told what time the logs of the machine cover. */
  readonly cover?: LogCover;
}

/** One file to read, with the latest moment that its last line can have. */
interface Planned extends Generation {
  readonly bound: Millis;
  readonly firstAt: Millis | null;
  readonly skip: ReadonlySet<string>;
  /** A person asked for this very file: it may be a pipe, and its stamps stand as they are, even in the future. */
  readonly asked: boolean;
  readonly base: string;
  readonly topic: Topic | null;
  /** As it was listed; null for standard input and what was not there. */
  readonly listed: FileSeen | null;
}

/** What all parts of one log have in common. */
type Log = Pick<Planned, 'skip' | 'asked' | 'base' | 'topic'>;

export async function* machineLogs(question: LogQuestion): AsyncGenerator<Chunk> {
  const owned = new Set<string>();
  for (const family of FAMILIES) {
    const bases = family.bases.map((base) => ({ base, parts: generations(question.disk, base) })).filter(({ parts }) => parts.length > 0);
    if (bases.length === 0) question.note({ source: family.name, state: 'absent', detail: `no ${family.bases.join(' or ')}` });
    const skip = new Set(owned);
    let bytes = 0;
    for (const { base, parts } of bases) {
      noteMissing(base, parts, question);
      for (const part of plan(parts, { skip, asked: false, base, topic: family.topic }, question)) {
        bytes += question.disk.stat(part.path)?.sizeBytes ?? 0;
        yield* readLog(part, question);
      }
    }
    if (bytes > 0) for (const program of family.owns) owned.add(program);
  }
}

/** Exactly the files that were asked for, each once, oldest first; `-` is standard input. Parts of one log are known by their names. */
export async function* namedLogs(files: readonly string[], question: LogQuestion): AsyncGenerator<Chunk> {
  const families = new Map<string, Generation[]>();
  for (const path of new Set(files)) {
    const base = baseOf(path);
    const part = generationOf(path, base) ?? { path, number: null, date: null, packed: false };
    families.set(base, [...(families.get(base) ?? []), part]);
  }
  const planned = [...families].flatMap(([base, parts]) => {
    noteGaps(base, parts, question);
    return plan(oldestFirst(parts), { skip: new Set(), asked: true, base, topic: null }, question);
  });
  const order = (part: Planned) => part.firstAt ?? Number.MAX_SAFE_INTEGER;
  for (const part of planned.sort((a, b) => order(a) - order(b))) yield* readLog(part, question);
}

function noteMissing(base: string, parts: readonly Generation[], question: LogQuestion): void {
  noteGaps(base, parts, question);
  if (!parts.some((part) => part.path === base))
    question.note({ source: base, state: 'absent', detail: `${base} is not there, though rotated parts of it are` });
}

function noteGaps(base: string, parts: readonly Generation[], { note }: LogQuestion): void {
  const gone = missing(parts).map((number) => `${base}.${number}`);
  if (gone.length > 0) note({ source: base, state: 'partial', detail: `rotated parts are missing: ${gone.slice(0, 10).join(', ')}` });
}

/** From the newest part backwards: no part can end after the next one begins, whatever its file's own time says. */
function plan(parts: readonly Generation[], log: Log, question: LogQuestion): Planned[] {
  const { disk, now, since, year, note } = question;
  // A year that was given is meant exactly: without the day of slack that stamps have before a bound, 1 January would be of the next one.
  let bound = year === null ? now : Math.min(now, question.toUtc(Date.UTC(year + 1, 0, 1)) - 1 - SLACK_MS);
  const planned: Planned[] = [];
  for (const part of [...parts].reverse()) {
    const file = part.path === '-' ? null : disk.stat(part.path);
    const written = file && year === null ? Math.min(bound, file.modifiedAt) : bound;
    if (file && since !== null && file.modifiedAt < since) {
      const detail = 'not needed: it ends before the time that was asked for';
      note({ source: part.path, state: 'read', detail, lines: 0, to: file.modifiedAt });
      continue;
    }
    const first = part.path === '-' ? null : peek(disk, part, written, question.toUtc);
    planned.unshift({ ...part, ...log, bound: written, firstAt: first, listed: file });
    bound = Math.min(written, first ?? written) + DAY_MS;
  }
  return planned;
}

/** Parts may overlap a little: logrotate and the daemon do not stop for each other. */
/** Receive time plus this: no stamp may be later (clocks of two hosts differ by less). */
const SKEW_MS = 60_000;

async function* readLog(part: Planned, question: LogQuestion): AsyncGenerator<Chunk> {
  const { disk, note } = question;
  let fd = -1;
  try {
    const opened = part.path === '-' ? { fd: 0 } : openLog(disk, part);
    fd = opened.fd;
    let firstLine = 1;
    let clock: Chunk['clock'] | null = null;
    let form: Chunk['form'];
    for await (const { bytes, skipped } of wholeLines(fd)) {
      if (skipped > 0)
        note({
          source: part.path,
          state: 'partial',
          detail: `a line longer than 1 MiB before line ${firstLine}: ${skipped} bytes of it were skipped`,
        });
      const first = clock === null;
      clock ??= clockFor(headOf(bytes), part, question);
      // Logs of web and name servers are told by their lines, not by their names.
      if (first && part.asked) form = isAccessText(headOf(bytes)) ? 'access' : isQueryText(bytes.subarray(0, HEAD_BYTES)) ? 'queries' : undefined;
      const { topic, bound } = part;
      question.cover?.hear({ topic, bytes, first, firstYear: clock.firstYear, bound, received: question.now + SKEW_MS, toUtc: question.toUtc });
      const chunk = new LogChunk(part.path, firstLine, bytes, clock, part.skip, form);
      yield chunk;
      firstLine += chunk.lines;
      // The watch over connections needs its turn while gigabytes are read.
      await new Promise((resolve) => setImmediate(resolve));
    }
    if (part.path !== '-' && wasCut(fd, part)) note({ source: part.path, state: 'partial', detail: CUT });
    else if (firstLine === 1 && clock === null) note({ source: part.path, state: 'read', detail: 'empty', lines: 0 });
  } catch (error) {
    const known = error instanceof Error && 'code' in error;
    note({
      source: part.path,
      state: known && codeOf(error) !== 'Z_BUF_ERROR' && !isRotated(codeOf(error)) ? 'unreadable' : 'partial',
      detail: known ? wordsFor(codeOf(error)) : String(error).slice(0, 200),
    });
  } finally {
    if (fd > 0) fs.closeSync(fd);
  }
}

/** Behind the hole that a crash may have left. */
function headOf(bytes: Buffer): string {
  const text = Math.max(
    0,
    bytes.findIndex((byte) => byte !== 0),
  );
  return bytes.toString('latin1', text, text + HEAD_BYTES);
}

/** On a machine a forged future stamp must not empty the windows of the detectors. Of copied files it is rather our clock that differs. */
function clockFor(text: string, part: Planned, question: LogQuestion): Chunk['clock'] {
  const received = question.now + SKEW_MS;
  const clock = clockOf(text, part, question.toUtc, { latest: part.asked ? Number.POSITIVE_INFINITY : received, received }, question.disk);
  const toUtc = (local: Millis) => {
    question.zoneUsed?.();
    return clock.toUtc(local);
  };
  return { ...clock, toUtc };
}
