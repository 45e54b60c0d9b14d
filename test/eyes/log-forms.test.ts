/** Logs in other wrappings than plain text in a file: packed under any name, piped, in UTF-16, torn by a crash. */

import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Parser } from '../../src/core/contracts.ts';
import type { Coverage } from '../../src/core/words.ts';
import { wantedBy } from '../../src/engine/wanted.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { LogCover } from '../../src/eyes/log-cover.ts';
import { type LogQuestion, machineLogs, namedLogs } from '../../src/eyes/log-files.ts';
import { siftLines } from '../fake-eyes.ts';

const parser: Parser = { name: 'p', about: '', cannotSee: '', programs: ['sshd'], needles: [], parse: () => null };
const now = Date.UTC(2026, 2, 10);
const LINE = 'Mar  1 10:00:00 h sshd[1]: one\n';
let folder: string;
let noted: Coverage[];

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-forms-'));
  noted = [];
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

function write(name: string, content: string | Buffer): string {
  const file = path.join(folder, name);
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, content);
  fs.utimesSync(file, now / 1000, now / 1000);
  return file;
}

async function read(files: readonly string[], more: Partial<LogQuestion> = {}, from = namedLogs): Promise<string[]> {
  const question: LogQuestion = {
    disk: new Disk(''),
    toUtc: (local) => local,
    now,
    since: null,
    year: null,
    note: (one) => void noted.push(one),
    ...more,
  };
  const told: string[] = [];
  for await (const chunk of from(files, question))
    siftLines(chunk, wantedBy([parser]), (line) => told.push(`${line.line} ${new Date(line.at).toISOString().slice(0, 16)} ${line.message}`));
  return told;
}

describe('a named log', () => {
  it.each([
    ['gzip under the name of a text', 'auth.log', gzipSync(LINE)],
    ['text under the name of gzip', 'auth.log.1.gz', Buffer.from(LINE)],
    ['UTF-16', 'auth.log', Buffer.from(`\ufeff${LINE}`, 'utf16le')],
    ['UTF-16, big end first', 'auth.log', Buffer.from(`\ufeff${LINE}`, 'utf16le').swap16()],
    ['UTF-8 with a byte order mark', 'auth.log', Buffer.from(`\ufeff${LINE}`)],
    ['text behind a hole of NULs', 'auth.log', Buffer.concat([Buffer.alloc(4096), Buffer.from(LINE)])],
    ['text behind a hole larger than the longest line', 'auth.log', Buffer.concat([Buffer.alloc(3 << 20), Buffer.from(LINE)])],
  ])('is read when it is %s', async (_what, name, content) => {
    expect(await read([write(name, content)])).toEqual(['1 2026-03-01T10:00 one']);
  });

  it.each(['xz', 'bzip2', 'zstd'])('is unpacked by %s whatever its name, where that is installed', async (program) => {
    const found = [`/usr/bin/${program}`, `/bin/${program}`].find((file) => fs.existsSync(file));
    const packed = found && execFileSync(found, ['-c'], { input: LINE });
    if (packed) expect(await read([write('auth.log', packed)])).toEqual(['1 2026-03-01T10:00 one']);
    else expect(await read([write('auth.log', LINE)])).toHaveLength(1);
  });

  it('may be a pipe, packed too', async () => {
    const pipe = path.join(folder, 'pipe');
    execFileSync('/usr/bin/mkfifo', [pipe]);
    const file = write('packed', gzipSync(LINE));
    const child = spawn('/bin/dd', [`if=${file}`, `of=${pipe}`], { stdio: 'ignore' });
    expect(await read([pipe])).toEqual(['1 2026-03-01T10:00 one']);
    await new Promise((resolve) => (child.exitCode === null ? child.once('close', resolve) : resolve(null)));
  });

  it('that cannot be unpacked here is unread, with a word on what to do', async () => {
    expect(await read([write('system.journal', Buffer.from('LPKSHHRH\u0000\u0000\n'))])).toEqual([]);
    expect(noted.map((entry) => entry.detail).join()).toContain('journalctl --file');
  });

  it('keeps stamps of the future apart from each other', async () => {
    const file = write('x', '2026-04-01T10:00:00Z h sshd[1]: a\n2026-04-01T10:05:00Z h sshd[1]: b\n');
    expect(await read([file])).toEqual(['1 2026-04-01T10:00 a', '2 2026-04-01T10:05 b']);
  });

  it('says when a stamp needed a zone that it does not name, and only then', async () => {
    let asked = 0;
    const zoneUsed = () => {
      asked += 1;
    };
    await read([write('iso', '2026-03-01T10:00:00Z h sshd[1]: a\n')], { zoneUsed });
    expect(asked).toBe(0);
    await read([write('old', LINE)], { zoneUsed });
    expect(asked).toBeGreaterThan(0);
  });
});

describe('the logs of a machine', () => {
  it('have no stamp later than their reading', async () => {
    write('var/log/auth.log', '2026-04-01T10:00:00Z h sshd[1]: a\n');
    expect(await read([], { disk: new Disk(folder) }, (_files, question) => machineLogs(question))).toEqual(['1 2026-03-10T00:01 a']);
  });

  it('cover the time of the parts that can be read', async () => {
    write('var/log/auth.log.1', '2026-03-01T10:00:00Z h sshd[1]: a\n2026-03-02T10:00:00.250+01:00 h sshd[1]: b\n');
    // A directory under the name of a log stands for one that cannot be opened: root may read every file.
    fs.mkdirSync(path.join(folder, 'var/log/auth.log'));
    write('var/log/syslog', 'Mar  3 10:00:00 h kernel: a\nMar  4 10:00:00 h app: b\n');
    const cover = new LogCover();
    await read([], { disk: new Disk(folder), cover }, (_files, question) => machineLogs(question));
    expect(cover.of('log-ins')).toEqual({ from: Date.UTC(2026, 2, 1, 10), to: Date.UTC(2026, 2, 2, 9, 0, 0, 250) });
    expect(cover.of('kernel')).toEqual({ from: Date.UTC(2026, 2, 3, 10), to: Date.UTC(2026, 2, 4, 10) });
    expect(cover.of('cron')).toBeNull();
  });
});
