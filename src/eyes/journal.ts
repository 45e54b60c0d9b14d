/** The systemd journal by way of journalctl, only for the programs that parsers read, and only for the time that no text log covers. */

import * as fs from 'node:fs';
import { listed, shown } from '../core/text.ts';
import type { Coverage, Millis } from '../core/words.ts';
import type { Disk } from './disk.ts';
import { type LogCover, TOPICS, type Topic, topicOf } from './log-cover.ts';
import { type Ending, outputOf } from './outside.ts';

export const JOURNALCTL = '/usr/bin/journalctl';
const FOLDERS = ['/var/log/journal', '/run/log/journal'];
export const FIELDS = 'MESSAGE,_SOURCE_REALTIME_TIMESTAMP,__REALTIME_TIMESTAMP,SYSLOG_IDENTIFIER,_COMM,_PID,SYSLOG_PID,_HOSTNAME';
const ENTRIES_AT_ONCE = 5_000;
/** About a gigabyte of JSON: past it the rest is said to be unread. */
const ENTRIES_AT_MOST = 3_000_000;
/** As for text logs; journald cuts a field at 768 MiB (journald.conf(5), LineMax is 48 KiB). */
export const ENTRY_BYTES_AT_MOST = 1 << 20;
/** A text stamp may leave out the part of a second, and the two daemons write one line within so much of another. */
const SLACK_MS = 2_000;

export interface JournalQuestion {
  readonly disk: Disk;
  readonly programs: readonly string[];
  readonly since: Millis | null;
  readonly cover: LogCover;
  readonly note: (coverage: Coverage) => void;
  readonly program?: string;
  readonly stallMs?: number;
}

/** One run of journalctl. */
interface Gap {
  readonly from: Millis | null;
  readonly until: Millis | null;
  readonly topics: readonly Topic[];
}

interface Tally {
  count: number;
  cut: boolean;
  stalled: boolean;
  status: number;
  readonly complaints: Set<string>;
}

export async function* journal(question: JournalQuestion): AsyncGenerator<{ readonly source: string; readonly entries: readonly string[] }> {
  const { disk, cover, since, note, program = JOURNALCTL } = question;
  const folder = FOLDERS.find((path) => hasFiles(disk, path));
  if (!folder) return note({ source: 'journal', state: 'absent', detail: `no journal in ${FOLDERS.join(' or ')}` });
  if (!fs.existsSync(program))
    return note({ source: 'journal', state: 'unreadable', detail: `${program} is not installed, so that ${folder} cannot be read` });
  const where = disk.live ? [] : ['--directory', String(disk.real(folder))];
  const tally: Tally = { count: 0, cut: false, stalled: false, status: 0, complaints: new Set() };
  const gaps = gapsOf(cover, since);
  for (const gap of gaps) {
    if (tally.cut || tally.stalled) break;
    const argv = argvOf(gap, question.programs);
    if (argv) yield* entriesOf([...where, ...argv], tally, question);
  }
  // No entry that is wanted, or none at all: then a journal that is not empty could not be read.
  const mute = tally.count === 0 && !tally.stalled && !(await hasEntries([...where, '--lines=1'], tally, question));
  note(told(tally, mute, cover));
}

function told(tally: Tally, mute: boolean, cover: LogCover): Coverage {
  const covered = TOPICS.filter((topic) => cover.of(topic) !== null);
  const count = tally.count === 1 ? '1 entry' : `${tally.count} entries`;
  const ends = covered.map((topic) => cover.of(topic)?.to ?? 0);
  const read =
    covered.length === 0
      ? count
      : `${count} that no text log has; of ${listed(covered, covered.length)} only the time outside of the text logs was read, the last of which ends at ${stamp(Math.max(...ends))}`;
  const troubles = [
    tally.cut ? `cut after ${count}; use --since to see the newer ones` : '',
    tally.stalled ? 'journalctl stood still for a minute and was ended' : '',
    tally.status !== 0 && !tally.stalled ? `journalctl ended with status ${tally.status}` : '',
    mute ? 'its files are there, but no entry could be read from them' : '',
    tally.complaints.size > 0 ? `journalctl says: ${shown([...tally.complaints].join('; '), 300)}` : '',
  ].filter(Boolean);
  return {
    source: 'journal',
    state: troubles.length > 0 ? 'partial' : 'read',
    detail: [read, ...troubles].join('; '),
    lines: tally.count,
  };
}

function stamp(at: Millis): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** What the text logs do not cover, oldest first; topics with the same gap are asked for at once. */
function gapsOf(cover: LogCover, since: Millis | null): Gap[] {
  const gaps = new Map<string, Gap>();
  const add = (topic: Topic, from: Millis | null, until: Millis | null) => {
    const key = `${from} ${until}`;
    gaps.set(key, { from, until, topics: [...(gaps.get(key)?.topics ?? []), topic] });
  };
  for (const topic of TOPICS) {
    const span = cover.of(topic);
    const until = span && span.from - SLACK_MS;
    if (span === null || until === null) add(topic, since, null);
    else {
      if (since === null || since < until) add(topic, since, until);
      add(topic, Math.max(since ?? 0, span.to + SLACK_MS), null);
    }
  }
  return [...gaps.values()].sort((a, b) => (a.from ?? 0) - (b.from ?? 0));
}

/** Null where nobody wants these topics: without any match journalctl would give all that there is. */
function argvOf({ from, until, topics }: Gap, programs: readonly string[]): string[] | null {
  const wanted = programs.filter((program) => topics.includes(topicOf(program))).map((program) => `SYSLOG_IDENTIFIER=${program}`);
  if (topics.includes('kernel')) wanted.push('_TRANSPORT=kernel');
  if (wanted.length === 0) return null;
  return [
    ...(from === null ? [] : ['--since', `@${from / 1000}`]),
    ...(until === null ? [] : ['--until', `@${until / 1000}`]),
    ...wanted.flatMap((match, index) => (index > 0 ? ['+', match] : [match])),
  ];
}

async function* entriesOf(argv: readonly string[], tally: Tally, question: JournalQuestion): AsyncGenerator<{ source: string; entries: string[] }> {
  let entries: string[] = [];
  for await (const line of linesOf(argv, tally, question)) {
    entries.push(line);
    tally.count += 1;
    tally.cut = tally.count >= ENTRIES_AT_MOST;
    if (entries.length >= ENTRIES_AT_ONCE) {
      yield { source: 'journal', entries };
      entries = [];
    }
    if (tally.cut) break;
  }
  if (entries.length > 0) yield { source: 'journal', entries };
}

async function hasEntries(argv: readonly string[], tally: Tally, question: JournalQuestion): Promise<boolean> {
  for await (const _ of linesOf(argv, tally, question)) return true;
  return false;
}

/** Lines of journalctl's JSON; one that is over-long is left out and told of. */
async function* linesOf(argv: readonly string[], tally: Tally, { program = JOURNALCTL, stallMs }: JournalQuestion): AsyncGenerator<string> {
  const output = outputOf({
    program,
    argv: ['--no-pager', '--output=json', `--output-fields=${FIELDS}`, ...argv],
    ...(stallMs === undefined ? {} : { stallMs }),
  });
  let rest = Buffer.alloc(0);
  try {
    for (let step = await output.next(); ; step = await output.next()) {
      if (step.done) return ended(step.value, tally);
      const all = Buffer.concat([rest, step.value]);
      const last = all.lastIndexOf(10);
      if (last >= 0)
        yield* all
          .toString('utf8', 0, last)
          .split('\n')
          .filter((line) => line.startsWith('{'));
      rest = Buffer.from(all.subarray(last + 1));
      if (rest.length <= ENTRY_BYTES_AT_MOST) continue;
      tally.complaints.add('an entry longer than 1 MiB was left out');
      // Its end is no JSON that begins with a brace.
      rest = Buffer.from(' ');
    }
  } finally {
    // Ends the program where the reader has enough.
    await output.return({ status: 0, stalled: false, complaints: [] });
  }
}

function ended(ending: Ending, tally: Tally): void {
  if (ending.status !== 0) tally.status = ending.status;
  tally.stalled ||= ending.stalled;
  for (const complaint of ending.complaints) if (complaint !== '-- No entries --') tally.complaints.add(complaint);
}

/** Files of journald that hold anything: `system.journal`, `user-1000@….journal~`, in folders named by the machine. */
function hasFiles(disk: Disk, folder: string): boolean {
  const holds = (directory: string) =>
    disk.list(directory, 10_000)?.entries.some((entry) => /\.journal~?$/.test(entry.path) && entry.sizeBytes > 0) ?? false;
  return holds(folder) || [...disk.directories(folder)].some((name) => holds(`${folder}/${name}`));
}
