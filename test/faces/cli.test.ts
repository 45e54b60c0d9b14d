/** The command line from its words to the exit status, with a machine that answers what a test says. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Report } from '../../src/core/words.ts';
import { type Asked, commandLine } from '../../src/faces/cli.ts';
import { aCase, aReport } from './a-report.ts';

const sink = vi.hoisted(() => ({ out: '', fail: null as string | null }));
vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>();
  const writeSync = (fd: number, bytes: Uint8Array, at: number) => {
    if (fd !== 1) return real.writeSync(fd, bytes, at);
    if (sink.fail) throw Object.assign(new Error(`${sink.fail}: no space`), { code: sink.fail });
    sink.out += Buffer.from(bytes).toString('utf8', at);
    return bytes.length - at;
  };
  return { ...real, writeSync };
});

let folder: string;
let errors: string;

beforeEach(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-cli-')));
  errors = '';
  sink.out = '';
  sink.fail = null;
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

function file(name: string, text = 'x\n'): string {
  fs.writeFileSync(path.join(folder, name), text);
  return path.join(folder, name);
}

async function run(words: readonly string[], report: Report = aReport({ verdict: 'clean' })): Promise<{ status: number; asked: Asked | null }> {
  let asked: Asked | null = null;
  const known = { processes: () => [], accounts: () => [], stat: () => null, canonical: (ip: string) => ip, host: { live: false } };
  const open = (asking: Asked) => {
    asked = asking;
    return { known, investigate: async () => report };
  };
  const status = await commandLine({ version: '1', open }, ['investigate', '-q', ...words]);
  return { status, asked };
}

describe('the exit status', () => {
  it.each([
    ['clean, and no case', aReport({ verdict: 'clean' }), 0],
    ['clean, and a case of little weight', aReport({ verdict: 'clean', cases: [aCase({ severity: 'low' })] }), 0],
    ['clean, and a case to act on', aReport({ verdict: 'clean', cases: [aCase({ severity: 'medium' })] }), 1],
    ['attacked', aReport({ verdict: 'attacked', cases: [aCase({ severity: 'low' })] }), 1],
    ['compromised', aReport({ verdict: 'compromised', cases: [aCase()] }), 1],
    ['unknown', aReport({ verdict: 'unknown' }), 2],
  ])('for %s', async (_what, report, status) => {
    expect((await run([], report)).status).toBe(status);
    expect((await run(['--json'], report)).status).toBe(status);
  });

  it('is 2, with a sentence and no stack, when standard output is full', async () => {
    for (const words of [[], ['--json'], ['--html']]) {
      sink.fail = 'ENOSPC';
      errors = '';
      expect((await run(words)).status).toBe(2);
      expect(errors).toContain('standard output cannot be written: ENOSPC');
      expect(errors).not.toContain('fault of tocsin');
    }
  });

  it('is that of the report when the reader went away', async () => {
    sink.fail = 'EPIPE';
    expect((await run([], aReport({ verdict: 'attacked' }))).status).toBe(1);
  });
});

describe('what could not be judged', () => {
  it('is told on standard error too when the report goes to a program or a file', async () => {
    await run(['--json'], aReport({ verdict: 'unknown' }));
    expect(errors).toContain('nothing could be judged');
  });

  it.each([
    [[{ source: 'x', state: 'partial', detail: 'd', lines: 12 }], null, '12 lines were read and none understood'],
    [[{ source: 'x', state: 'unreadable', detail: 'd' }], null, 'nothing could be read'],
    [[{ source: 'x', state: 'read', detail: 'd', lines: 12, to: Date.UTC(2015, 0, 2) }], null, 'the logs end at 2015-01-02 00:00:00 UTC'],
  ] as const)('says why: %j', async (coverage, from, says) => {
    await run([], aReport({ verdict: 'unknown', looked: 'logs', from, coverage }));
    expect(sink.out.replace(/\s+/g, ' ')).toContain(says);
    expect(sink.out).not.toContain('CLEAN');
    expect(sink.out).not.toContain('the machine as it was');
  });

  it('says plainly that nothing was seen of the one who was asked about', async () => {
    const read = [{ source: 'x', state: 'read', detail: 'd' }] as const;
    await run([], aReport({ verdict: 'clean', subject: { is: 'address', ip: '198.51.100.9' }, coverage: read }));
    expect(sink.out).toContain('nothing was seen of 198.51.100.9');
  });
});

describe('files that are named', () => {
  it('says of a directory that its files must be named', async () => {
    expect((await run(['--log', folder])).status).toBe(2);
    expect(errors).toContain(`${folder} is a directory`);
  });

  it('hints at the order of words when a subject stands behind --log', async () => {
    const log = file('a.log');
    expect((await run(['--log', log, '203.0.113.9'])).status).toBe(2);
    expect(errors).toContain('put it first: tocsin investigate 203.0.113.9 --log FILE');
    errors = '';
    await run(['--log', path.join(folder, 'b.log')]);
    expect(errors).not.toContain('put it first');
  });

  it('takes a pipe by the name that it was given', async () => {
    const { execFileSync } = await import('node:child_process');
    const pipe = path.join(folder, 'pipe');
    execFileSync('/usr/bin/mkfifo', [pipe]);
    expect((await run(['--log', pipe])).asked?.logs).toEqual([pipe]);
  });

  it('refuses a report in the place of a log before the look', async () => {
    const log = file('a.log');
    expect(await run(['--html', log, '--log', log])).toEqual({ status: 2, asked: null });
    expect(fs.readFileSync(log, 'utf8')).toBe('x\n');
  });

  it('passes zone and host on, and refuses a zone that nobody knows', async () => {
    const { asked } = await run(['--zone', 'Europe/Berlin', '--host', 'web1', '--log', file('a.log')]);
    expect(asked).toMatchObject({ zone: 'Europe/Berlin', host: 'web1' });
    expect((await run(['--zone', 'Nowhere/Land'])).status).toBe(2);
  });
});
