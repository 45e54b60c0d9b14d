/** When the journal is asked, for what, and what is said when journalctl could not read it. A stand-in plays journalctl where no real journal can be made. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/core/words.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { journal } from '../../src/eyes/journal.ts';
import { LogCover } from '../../src/eyes/log-cover.ts';
import { machineLogs } from '../../src/eyes/log-files.ts';

const now = Date.UTC(2026, 2, 10);
/** As of machine-id(5): journalctl passes over folders of other names. */
const ID = '0123456789abcdef0123456789abcdef';
let root: string;
let noted: Coverage[];

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-journal-'));
  fs.mkdirSync(path.join(root, `var/log/journal/${ID}`), { recursive: true });
  noted = [];
});
afterEach(() => fs.rmSync(root, { recursive: true }));

function write(name: string, content: string | Buffer): void {
  fs.writeFileSync(path.join(root, 'var/log', name), content);
  fs.utimesSync(path.join(root, 'var/log', name), now / 1000, now / 1000);
}

/** Says what it was asked as its only entry, and on its stderr and by its status what the test wants. */
function standIn(says: string): string {
  const file = path.join(root, 'journalctl');
  fs.writeFileSync(file, `#!/bin/sh\n${says}\n`, { mode: 0o755 });
  return file;
}

const ECHO = `echo "{\\"argv\\":\\"$*\\"}"`;

async function asked(program?: string, since: number | null = null, stallMs?: number): Promise<string[]> {
  const disk = new Disk(root);
  const cover = new LogCover();
  for await (const _ of machineLogs({ disk, toUtc: (local) => local, now, since, year: null, note: () => {}, cover }));
  const got: string[] = [];
  const question = { disk, programs: ['sshd', 'CRON', 'kernel'], since, cover, note: (entry: Coverage) => void noted.push(entry) };
  for await (const { entries } of journal({ ...question, ...(program ? { program } : {}), ...(stallMs ? { stallMs } : {}) })) got.push(...entries);
  return got.map(
    (entry) => / (--since .*| --until .*|SYSLOG.*|_TRANS.*)"/.exec(entry.replace('--until', ' --until'))?.[1]?.replace(/ +/g, ' ').trim() ?? entry,
  );
}

const seconds = (...when: Parameters<typeof Date.UTC>) => Date.UTC(...when) / 1000;

describe('the journal beside text logs', () => {
  beforeEach(() => write(`journal/${ID}/system.journal`, 'x'));

  it('is read whole, in one go, where there is no text log', async () => {
    expect(await asked(standIn(ECHO))).toEqual(['SYSLOG_IDENTIFIER=sshd + SYSLOG_IDENTIFIER=CRON + SYSLOG_IDENTIFIER=kernel + _TRANSPORT=kernel']);
    expect(noted).toMatchObject([{ source: 'journal', state: 'read', lines: 1 }]);
  });

  it('is read before the first and after the last line of a text log, each program by its own log', async () => {
    write('auth.log', '2020-05-01T10:00:00Z h sshd[1]: a\n2020-05-02T12:00:00+02:00 h sshd[1]: b\n');
    write('syslog', 'Mar  8 10:00:00 h CRON[3]: a\nMar  9 11:00:00 h app: b\n');
    expect(await asked(standIn(ECHO))).toEqual([
      `--until @${seconds(2020, 4, 1, 10) - 2} SYSLOG_IDENTIFIER=sshd`,
      `--until @${seconds(2026, 2, 8, 10) - 2} SYSLOG_IDENTIFIER=CRON`,
      'SYSLOG_IDENTIFIER=kernel + _TRANSPORT=kernel',
      `--since @${seconds(2020, 4, 2, 10) + 2} SYSLOG_IDENTIFIER=sshd`,
      `--since @${seconds(2026, 2, 9, 11) + 2} SYSLOG_IDENTIFIER=CRON`,
    ]);
    expect(noted[0]?.detail).toContain('ends at 2026-03-09 11:00:00 UTC');
  });

  it('is not asked for what lies before the time that was asked for', async () => {
    const since = Date.UTC(2026, 2, 8);
    write('auth.log', 'Mar  7 10:00:00 h sshd[1]: a\nMar  9 10:00:00 h sshd[1]: b\n');
    write('syslog', 'Mar  7 10:00:00 h CRON[3]: a\nMar  7 11:00:00 h kernel: b\n');
    expect(await asked(standIn(ECHO), since)).toEqual([
      `--since @${since / 1000} SYSLOG_IDENTIFIER=CRON + SYSLOG_IDENTIFIER=kernel + _TRANSPORT=kernel`,
      `--since @${seconds(2026, 2, 9, 10) + 2} SYSLOG_IDENTIFIER=sshd`,
    ]);
  });

  it('is not kept away by one line with a stamp of the future', async () => {
    write('auth.log', 'Mar  1 10:00:00 h sshd[1]: a\n2099-01-01T00:00:00Z h sshd[1]: b\n');
    expect(await asked(standIn(ECHO))).toContain(`--since @${seconds(2026, 2, 1, 10) + 2} SYSLOG_IDENTIFIER=sshd`);
  });
});

describe('a journal that cannot be read', () => {
  it('is partial with what journalctl says when its file is junk', async () => {
    const junk = Buffer.from(Array.from({ length: 20_480 }, (_, index) => (index * 7919) % 251));
    write(`journal/${ID}/system.journal`, junk);
    expect(await asked()).toEqual([]);
    expect(noted).toMatchObject([{ source: 'journal', state: 'partial', detail: expect.stringMatching(/system\.journal.*(corrupt|ignoring)/i) }]);
  });

  it('is partial when its files have no entry at all, and read when they only have none that is wanted', async () => {
    write(`journal/${ID}/system.journal`, 'x');
    await asked(standIn('exit 0'));
    await asked(standIn(`case "$*" in *--lines=1*) echo '{}';; esac`));
    expect(noted.map(({ state, lines }) => [state, lines])).toEqual([
      ['partial', 0],
      ['read', 0],
    ]);
  });

  it('is partial when journalctl complains or fails beside what it gives', async () => {
    write(`journal/${ID}/system.journal`, 'x');
    expect(await asked(standIn(`echo 'a.journal is truncated' >&2; echo '{}'`))).toEqual(['{}']);
    expect(await asked(standIn(`echo '{}'; exit 3`))).toEqual(['{}']);
    expect(noted.map(({ state }) => state)).toEqual(['partial', 'partial']);
    expect(noted[0]?.detail).toContain('a.journal is truncated');
    expect(noted[1]?.detail).toContain('status 3');
  });

  it('is partial when journalctl stands still, and what it gave before is kept', async () => {
    write(`journal/${ID}/system.journal`, 'x');
    expect(await asked(standIn(`echo '{}'; exec /bin/sleep 600`), null, 300)).toEqual(['{}']);
    expect(noted).toMatchObject([{ state: 'partial', detail: expect.stringContaining('stood still') }]);
  });

  it('is absent where its folder holds no file', async () => {
    await asked(standIn(ECHO));
    expect(noted).toMatchObject([{ state: 'absent' }]);
  });
});
