import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Parser } from '../../src/core/contracts.ts';
import type { Coverage, Line } from '../../src/core/words.ts';
import type { Chunk } from '../../src/core/world.ts';
import { wantedBy } from '../../src/engine/wanted.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { type LogQuestion, machineLogs, namedLogs } from '../../src/eyes/log-files.ts';
import { siftLines } from '../fake-eyes.ts';

const parser: Parser = { name: 'p', about: '', cannotSee: '', programs: ['sshd', 'kernel', 'cron'], needles: [], parse: () => null };
const now = Date.UTC(2026, 2, 10);
let root: string;
let noted: Coverage[];

beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-logs-'));
  fs.mkdirSync(path.join(root, 'var/log'), { recursive: true });
  noted = [];
});
afterEach(() => fs.rmSync(root, { recursive: true }));

function write(name: string, content: string | Buffer, modifiedAt = now): string {
  const file = path.join(root, 'var/log', name);
  fs.writeFileSync(file, content);
  fs.utimesSync(file, modifiedAt / 1000, modifiedAt / 1000);
  return file;
}

const question = (more: Partial<LogQuestion> = {}): LogQuestion => ({
  disk: new Disk(root),
  toUtc: (local) => local,
  now,
  since: null,
  year: null,
  note: (entry) => void noted.push(entry),
  ...more,
});

async function read(chunks: AsyncIterable<Chunk>): Promise<string[]> {
  const told: string[] = [];
  for await (const chunk of chunks) {
    siftLines(chunk, wantedBy([parser]), (line: Line) =>
      told.push(`${path.basename(line.source)}:${line.line} ${new Date(line.at).toISOString().slice(0, 16)} ${line.message}`),
    );
  }
  return told;
}

describe('machine logs', () => {
  it('reads rotated and packed parts oldest first, over New Year, each with its own year', async () => {
    write('auth.log.2.gz', gzipSync('Dec 20 10:00:00 h sshd[1]: a\n'), Date.UTC(2025, 11, 21));
    write('auth.log.1', 'Dec 30 10:00:00 h sshd[1]: b\nJan  2 10:00:00 h sshd[1]: c\n', Date.UTC(2026, 0, 3));
    write('auth.log', 'Feb  1 10:00:00 h sshd[1]: d\n');
    expect(await read(machineLogs(question()))).toEqual([
      'auth.log.2.gz:1 2025-12-20T10:00 a',
      'auth.log.1:1 2025-12-30T10:00 b',
      'auth.log.1:2 2026-01-02T10:00 c',
      'auth.log:1 2026-02-01T10:00 d',
    ]);
  });

  it('finds the years also when a copy has made all files new', async () => {
    write('auth.log.2.gz', gzipSync('Nov 20 10:00:00 h sshd[1]: a\n'));
    write('auth.log.1', 'Jan  5 10:00:00 h sshd[1]: b\n');
    write('auth.log', 'Mar  1 10:00:00 h sshd[1]: c\n');
    expect((await read(machineLogs(question()))).map((line) => line.split(' ')[1]?.slice(0, 7))).toEqual(['2025-11', '2026-01', '2026-03']);
  });

  it('reads each line once where two files have it, and all of it where only one has', async () => {
    write('kern.log', 'Mar  1 10:00:00 h kernel: table\n');
    write('syslog', 'Mar  1 10:00:00 h kernel: table\nMar  1 10:00:01 h cron[3]: job\n');
    expect(await read(machineLogs(question()))).toEqual(['kern.log:1 2026-03-01T10:00 table', 'syslog:2 2026-03-01T10:00 job']);
    fs.rmSync(path.join(root, 'var/log/kern.log'));
    expect(await read(machineLogs(question()))).toHaveLength(2);
  });

  it('says which rotated parts are missing and which logs are not there', async () => {
    write('auth.log', 'Mar  1 10:00:00 h sshd[1]: d\n');
    write('auth.log.1', 'Feb  1 10:00:00 h sshd[1]: d\n');
    write('auth.log.3', 'Jan  1 10:00:00 h sshd[1]: d\n');
    await read(machineLogs(question()));
    expect(noted).toContainEqual({ source: '/var/log/auth.log', state: 'partial', detail: 'rotated parts are missing: /var/log/auth.log.2' });
    expect(noted.map((entry) => `${entry.source} ${entry.state}`)).toContain('kernel log absent');
  });

  it.each([
    ['xz', '/usr/bin/xz'],
    ['bz2', '/bin/bzip2'],
  ] as const)('unpacks %s where its program is installed, and says so where not', async (ending, program) => {
    const there = fs.existsSync(program);
    const text = 'Mar  1 10:00:00 h sshd[1]: packed\n';
    write(`auth.log.1.${ending}`, there ? execFileSync(program, ['-c'], { input: text }) : 'not really packed');
    const told = await read(machineLogs(question()));
    if (there) expect(told).toEqual([`auth.log.1.${ending}:1 2026-03-01T10:00 packed`]);
    else expect(noted.find((entry) => entry.source.endsWith(ending))?.detail).toContain('not installed');
  });

  it('reads what it can of a damaged part and says that it is damaged', async () => {
    const lines = Array.from({ length: 20_000 }, (_, index) => `Mar  1 10:00:00 h sshd[${index}]: ${(index * 2_654_435_761) % 4_294_967_296}`).join(
      '\n',
    );
    const whole = gzipSync(`${lines}\n`);
    write('auth.log.1.gz', whole.subarray(0, whole.length - 2_000));
    await read(machineLogs(question()));
    expect(noted.find((entry) => entry.source.endsWith('.gz'))?.state).not.toBe('read');
  });

  it('follows a link inside a mounted disk and never out of it', async () => {
    const outside = path.join(os.tmpdir(), `tocsin-outside-${process.pid}`);
    fs.writeFileSync(outside, 'Mar  1 10:00:00 h sshd[1]: ours\n');
    fs.symlinkSync(outside, path.join(root, 'var/log/auth.log'));
    expect(await read(machineLogs(question()))).toEqual([]);
    fs.rmSync(outside);
  });

  it('does not hang on a pipe that calls itself a log', async () => {
    execFileSync('/usr/bin/mkfifo', [path.join(root, 'var/log/auth.log')]);
    expect(await read(machineLogs(question()))).toEqual([]);
    expect(noted.find((entry) => entry.source === '/var/log/auth.log' && entry.state === 'unreadable')?.detail).toContain('no regular file');
  });

  it('leaves out parts that end before the time that was asked for', async () => {
    write('auth.log.1', 'Jan  1 10:00:00 h sshd[1]: old\n', Date.UTC(2026, 0, 2));
    write('auth.log', 'Mar  1 10:00:00 h sshd[1]: new\n');
    expect(await read(machineLogs(question({ since: Date.UTC(2026, 1, 1) })))).toEqual(['auth.log:1 2026-03-01T10:00 new']);
    expect(noted).toContainEqual({
      source: '/var/log/auth.log.1',
      state: 'read',
      detail: 'not needed: it ends before the time that was asked for',
      lines: 0,
      to: Date.UTC(2026, 0, 2),
    });
  });
});

describe('named logs', () => {
  it('are read oldest first, in whatever order they were named', async () => {
    const newer = write('x.log', 'Mar  1 10:00:00 h sshd[1]: b\n');
    const older = write('y.log.gz', gzipSync('Feb  1 10:00:00 h sshd[1]: a\n'));
    expect((await read(namedLogs([newer, older], question({ disk: new Disk('') })))).map((line) => line.slice(-1))).toEqual(['a', 'b']);
  });

  it('take the year that a person gives', async () => {
    const file = write('x.log', 'Nov  1 10:00:00 h sshd[1]: b\nJan  2 10:00:00 h sshd[1]: c\n');
    expect(await read(namedLogs([file], question({ disk: new Disk(''), year: 2016 })))).toEqual([
      'x.log:1 2015-11-01T10:00 b',
      'x.log:2 2016-01-02T10:00 c',
    ]);
  });

  it('survive a line of ten megabytes, and count what was skipped', async () => {
    const file = write('x.log', `Mar  1 10:00:00 h sshd[1]: ${'z'.repeat(10_000_000)}\nMar  1 10:00:01 h sshd[1]: after\n`);
    const told = await read(namedLogs([file], question({ disk: new Disk('') })));
    expect(told[told.length - 1]).toMatch(/after$/);
    expect(noted.some((entry) => entry.state === 'partial' && /skipped/.test(entry.detail))).toBe(true);
  });
});

describe('the parts of one log by name', () => {
  it('gives each part its own year under --year, in whatever order they are named', async () => {
    const files = [
      write('auth.log', 'Feb  1 10:00:00 h sshd[1]: d\n'),
      write('auth.log.2.gz', gzipSync('Dec 20 10:00:00 h sshd[1]: a\n')),
      write('auth.log.1', 'Dec 30 10:00:00 h sshd[1]: b\nJan  2 10:00:00 h sshd[1]: c\n'),
    ];
    expect(await read(namedLogs(files, question({ disk: new Disk('/'), year: 2020 })))).toEqual([
      'auth.log.2.gz:1 2019-12-20T10:00 a',
      'auth.log.1:1 2019-12-30T10:00 b',
      'auth.log.1:2 2020-01-02T10:00 c',
      'auth.log:1 2020-02-01T10:00 d',
    ]);
  });

  it('says that a part between them is missing, and reads a file that was named twice once', async () => {
    const line = 'Mar  1 10:00:00 h sshd[1]: d\n';
    const files = [write('auth.log', line), write('auth.log.2', 'Jan  1 10:00:00 h sshd[1]: a\n')];
    expect(await read(namedLogs([...files, ...files], question({ disk: new Disk('/') })))).toHaveLength(2);
    expect(noted).toEqual([{ source: files[0], state: 'partial', detail: `rotated parts are missing: ${files[0]}.1` }]);
  });

  it('finds the first year of a log with a quiet summer', async () => {
    const lines = ['Feb  1', 'Oct  3', 'Nov  5', 'Jan  7'].map((day) => `${day} 10:00:00 h sshd[1]: x\n`);
    const file = write('auth.log', lines.join(''), Date.UTC(2026, 0, 8));
    expect((await read(namedLogs([file], question({ disk: new Disk('/') })))).map((line) => line.split(' ')[1]?.slice(0, 7))).toEqual([
      '2025-02',
      '2025-10',
      '2025-11',
      '2026-01',
    ]);
  });

  it.each([
    ['Dec 31', '2020-12-31'],
    ['Jan  1', '2020-01-01'],
  ])('takes --year for the year of a last line of %s', async (day, expected) => {
    const file = write('auth.log', `${day} 10:00:00 h sshd[1]: x\n`);
    expect(await read(namedLogs([file], question({ disk: new Disk('/'), year: 2020 })))).toEqual([`auth.log:1 ${expected}T10:00 x`]);
  });
});

describe('logs that are rotated while they are read', () => {
  /** What happens after the first file was read and before the next is opened. */
  async function meanwhile(rotate: () => void): Promise<string[]> {
    const told: string[] = [];
    for await (const chunk of machineLogs(question())) {
      if (told.length === 0) rotate();
      told.push(chunk.text.trim().slice(-1));
    }
    return told;
  }
  const at = (name: string) => path.join(root, 'var/log', name);
  beforeEach(() => {
    write('auth.log.2', 'Feb  1 10:00:00 h sshd[1]: a\n');
    write('auth.log.1', 'Feb  2 10:00:00 h sshd[1]: b\n');
    write('auth.log', 'Feb  3 10:00:00 h sshd[1]: c\n');
  });

  it('are followed to their new names, each read once', async () => {
    const rotate = () => {
      for (const [from, to] of [
        ['auth.log.2', 'auth.log.3'],
        ['auth.log.1', 'auth.log.2'],
        ['auth.log', 'auth.log.1'],
      ] as const)
        fs.renameSync(at(from), at(to));
      write('auth.log', 'Mar  9 10:00:00 h sshd[1]: d\n');
    };
    expect(await meanwhile(rotate)).toEqual(['a', 'b', 'c']);
  });

  it('are told of when they are gone, and what stands in their place is not read for them', async () => {
    const rotate = () => {
      fs.rmSync(at('auth.log.1'));
      fs.renameSync(at('auth.log'), at('auth.log.1'));
    };
    expect(await meanwhile(rotate)).toEqual(['a', 'c']);
    expect(noted).toContainEqual({ source: '/var/log/auth.log.1', state: 'partial', detail: expect.stringContaining('rotated while it was read') });
  });

  it('are told of when they were emptied', async () => {
    expect(await meanwhile(() => fs.truncateSync(at('auth.log')))).toEqual(['a', 'b']);
    expect(noted).toContainEqual({ source: '/var/log/auth.log', state: 'partial', detail: expect.stringContaining('emptied or cut') });
  });
});
