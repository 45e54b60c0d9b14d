/** The systemd journal by way of journalctl, only for the programs that parsers read, and only where no text log has the same lines. */

import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { createInterface } from 'node:readline';
import type { Coverage, Millis } from '../core/words.ts';
import type { Disk } from './disk.ts';

const JOURNALCTL = '/usr/bin/journalctl';
const FOLDERS = ['/var/log/journal', '/run/log/journal'];
const FIELDS = 'MESSAGE,_SOURCE_REALTIME_TIMESTAMP,__REALTIME_TIMESTAMP,SYSLOG_IDENTIFIER,_COMM,_PID,SYSLOG_PID,_HOSTNAME';
const ENTRIES_AT_ONCE = 5_000;
/** About a gigabyte of JSON: past it the rest is said to be unread. */
const ENTRIES_AT_MOST = 3_000_000;

export async function* journal(
  disk: Disk,
  programs: readonly string[],
  since: Millis | null,
  note: (coverage: Coverage) => void,
): AsyncGenerator<{ readonly source: string; readonly entries: readonly string[] }> {
  const folder = FOLDERS.find((path) => disk.exists(path));
  if (!folder) return note({ source: 'journal', state: 'absent', detail: 'no journal in /var/log/journal or /run/log/journal' });
  if (!fs.existsSync(JOURNALCTL))
    return note({ source: 'journal', state: 'unreadable', detail: `${JOURNALCTL} is not installed, so that ${folder} cannot be read` });
  const where = disk.live ? [] : ['--directory', String(disk.real(folder))];
  const from = since === null ? [] : ['--since', `@${Math.floor(since / 1000)}`];
  const which = programs.flatMap((program, index) => [...(index > 0 ? ['+'] : []), `SYSLOG_IDENTIFIER=${program}`]);
  const child = spawn(
    JOURNALCTL,
    ['--no-pager', '--quiet', '--output=json', `--output-fields=${FIELDS}`, ...where, ...from, ...which, '+', '_TRANSPORT=kernel'],
    {
      stdio: ['ignore', 'pipe', 'ignore'],
      env: {},
    },
  );
  const ended = new Promise<number>((resolve) => {
    child.once('error', () => resolve(-1));
    child.once('close', (status) => resolve(status ?? -1));
  });
  let count = 0;
  let entries: string[] = [];
  for await (const line of createInterface({ input: child.stdout, crlfDelay: Number.POSITIVE_INFINITY })) {
    entries.push(line);
    count += 1;
    if (entries.length >= ENTRIES_AT_ONCE) {
      yield { source: 'journal', entries };
      entries = [];
    }
    if (count >= ENTRIES_AT_MOST) break;
  }
  if (entries.length > 0) yield { source: 'journal', entries };
  if (count >= ENTRIES_AT_MOST) child.kill();
  const status = await ended;
  const cut = count >= ENTRIES_AT_MOST;
  const detail = cut
    ? `cut after ${count} entries; use --since to see the newer ones`
    : status === 0
      ? `${count} entries`
      : `journalctl ended with status ${status} after ${count} entries`;
  note({ source: 'journal', state: cut || status !== 0 ? 'partial' : 'read', detail, lines: count });
}
