/** The journal is followed from its cursor, through ends of journalctl and restarts of the reader. A stand-in plays journalctl where no journald runs. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lineOfJournal } from '../../src/engine/journal-entry.ts';
import { FollowJournal, type JournalItem, type JournalState } from '../../src/eyes/follow-journal.ts';

let root: string;
const open: FollowJournal[] = [];
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-follow-journal-'));
});
afterEach(() => {
  for (const journal of open.splice(0)) journal.close();
  fs.rmSync(root, { recursive: true });
});

/** A journal of ten entries: gives those behind the cursor that it is asked for, then does what the test wants. */
function standIn(then: string): string {
  const file = path.join(root, 'journalctl');
  const script = `#!/bin/sh
echo "$@" >> ${root}/asked
from=0
for word; do case "$word" in --after-cursor=s=*) from=\${word#--after-cursor=s=};; --lines=0) from=7;; esac; done
while [ "$from" -lt 10 ]; do
  from=$((from + 1))
  echo "{\\"__CURSOR\\":\\"s=$from\\",\\"__REALTIME_TIMESTAMP\\":\\"177253080000000$from\\",\\"SYSLOG_IDENTIFIER\\":\\"sshd\\",\\"MESSAGE\\":\\"entry $from\\"}"
done
${then}
`;
  fs.writeFileSync(file, script, { mode: 0o755 });
  return file;
}

const asked = () => fs.readFileSync(path.join(root, 'asked'), 'utf8').trim().split('\n');

function follow(program: string, state: JournalState | null): FollowJournal {
  const journal = new FollowJournal({ matches: ['SYSLOG_IDENTIFIER=sshd', '_TRANSPORT=kernel'], program, firstWaitMs: 5 }, state);
  open.push(journal);
  return journal;
}

function messages(items: readonly JournalItem[]): string[] {
  return items.flatMap((item) =>
    'blind' in item ? [`blind: ${item.blind.why}`] : item.entries.map((one) => lineOfJournal(one, 'journal', 1)?.message ?? ''),
  );
}

async function until(journal: FollowJournal, count: number): Promise<string[]> {
  const got: string[] = [];
  while (got.length < count) got.push(...messages(await journal.next()));
  return got;
}

describe('the journal', () => {
  it('is followed from now on where no state is, by one program for all that is wanted', async () => {
    const journal = follow(standIn('exec sleep 60'), null);
    expect(await until(journal, 3)).toEqual(['entry 8', 'entry 9', 'entry 10']);
    expect(asked()).toEqual([expect.stringMatching(/--follow --lines=0 SYSLOG_IDENTIFIER=sshd \+ _TRANSPORT=kernel$/)]);
    expect(journal.coverage()).toMatchObject({ source: 'journal', state: 'read', lines: 3 });
  });

  it('goes on behind the last entry that was judged, not the last that was given', async () => {
    const program = standIn('exec sleep 60');
    const first = follow(program, { cursor: 's=2' });
    expect(await until(first, 8)).toHaveLength(8);
    expect(first.state()).toEqual({ cursor: 's=2' });
    first.took();
    expect(first.state()).toEqual({ cursor: 's=10' });
    const second = follow(program, { cursor: 's=2' });
    expect((await until(second, 8))[0]).toBe('entry 3');
    expect(asked()[1]).toContain('--after-cursor=s=2 --no-tail');
  });

  it('is asked again behind the last entry when journalctl ends, and that is told', async () => {
    const journal = follow(standIn('exit 3'), { cursor: 's=6' });
    expect(await until(journal, 5)).toEqual([
      'entry 7',
      'entry 8',
      'entry 9',
      'entry 10',
      'blind: journalctl ended with status 3; it is started again',
    ]);
    const next = journal.next();
    while (asked().length < 3) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(asked()[2]).toContain('--after-cursor=s=10');
    expect(journal.coverage().state).toBe('partial');
    journal.close();
    expect(await next).toEqual([]);
  });

  it('that has thrown away the place is followed from now on, and that is told', async () => {
    const lost = `[ "$from" = 10 ] && case "$*" in *after-cursor*) echo 'Failed to seek to cursor: Invalid argument' >&2; exit 1;; esac; exec sleep 60`;
    const journal = follow(standIn(lost), { cursor: 's=10' });
    const got = await until(journal, 4);
    expect(got).toEqual([expect.stringContaining('the place where the journal was left is no more'), 'entry 8', 'entry 9', 'entry 10']);
  });

  it('with an entry without end costs no memory, and what comes behind it is read', async () => {
    const long = `head -c 3000000 /dev/zero | tr '\\0' x; echo; echo '{"__CURSOR":"s=11","__REALTIME_TIMESTAMP":"1","MESSAGE":"after"}'; exec sleep 60`;
    const journal = follow(standIn(long), { cursor: 's=10' });
    expect(await until(journal, 2)).toEqual(['blind: an entry longer than 1 MiB was left out', 'after']);
  });

  it('ends at once while nothing comes, with its program', async () => {
    const journal = follow(standIn(`echo $$ > ${root}/pid; exec sleep 60`), { cursor: 's=9' });
    await until(journal, 1);
    const next = journal.next();
    while (!fs.existsSync(path.join(root, 'pid'))) await new Promise((resolve) => setTimeout(resolve, 5));
    journal.close();
    expect(await next).toEqual([]);
    const pid = Number(fs.readFileSync(path.join(root, 'pid'), 'utf8'));
    for (let alive = true; alive; await new Promise((resolve) => setTimeout(resolve, 5))) alive = fs.existsSync(`/proc/${pid}/exe`);
  });

  it('is absent where journalctl is not installed', async () => {
    const journal = follow(path.join(root, 'none'), null);
    const next = journal.next();
    await new Promise((resolve) => setImmediate(resolve));
    expect(journal.coverage()).toMatchObject({ source: 'journal', state: 'absent' });
    journal.close();
    expect(await next).toEqual([]);
  });
});
