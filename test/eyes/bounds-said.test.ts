import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Coverage, ProcessSeen, SocketSeen } from '../../src/core/words.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { Spaces } from '../../src/eyes/flow-spaces.ts';
import { coverageOf as flowsCoverage } from '../../src/eyes/flows.ts';
import * as netlink from '../../src/eyes/netlink.ts';
import { packages } from '../../src/eyes/packages.ts';
import * as proc from '../../src/eyes/proc.ts';
import { procSockets } from '../../src/eyes/proc-net.ts';
import { fileWithin } from '../../src/eyes/process-memory.ts';
import { argumentsIn, processes } from '../../src/eyes/processes.ts';
import { sockets, coverageOf as socketsCoverage } from '../../src/eyes/sockets.ts';

vi.mock('../../src/eyes/proc.ts', { spy: true });
vi.mock('../../src/eyes/netlink.ts', { spy: true });
afterEach(() => {
  vi.mocked(proc.procNames).mockReset();
  vi.mocked(netlink.dump).mockReset();
});

describe('what is left out is said', () => {
  it('when a table of sockets is longer than is read', () => {
    const faults: string[] = [];
    procSockets('self', 'tcp', null, (what, table) => faults.push(`${what} ${table}`), 10);
    expect(faults).toEqual(['cut tcp']);
  });

  it('when the process is gone through which another network namespace was looked at', () => {
    const faults: string[] = [];
    expect(procSockets('4194999', 'udp', null, (what, table) => faults.push(`${what} ${table}`))).toEqual([]);
    expect(faults).toEqual(['unreadable udp']);
    expect(socketsCoverage([], true, 1, { cut: 0, unreadable: 1 })).toMatchObject({
      state: 'partial',
      detail: expect.stringContaining('1 table could not be read'),
    });
    expect(socketsCoverage([], true, 1, { cut: 0, unreadable: 0 }).state).toBe('read');
  });

  it('when /proc cannot be listed', () => {
    vi.mocked(proc.procNames).mockReturnValue([]);
    const noted: Coverage[] = [];
    expect(processes({ bootAt: 0, ticksPerSecond: 100, accountOf: () => null }, (entry) => noted.push(entry))).toEqual([]);
    expect(noted).toMatchObject([{ source: 'processes', state: 'unreadable' }]);
  });

  it('when the watch of connections reached a bound', () => {
    expect(flowsCoverage(true, ['more than 5 connections were open'], 1000, true)).toMatchObject({
      state: 'partial',
      detail: 'watched for 1.0 s; more than 5 connections were open',
    });
    expect(flowsCoverage(true, [], 1000, true).state).toBe('read');
  });

  it('when there are more other network namespaces than are watched', () => {
    // Each stands for a container; all are looked at through this very process.
    const many = Array.from({ length: 53 }, (_, at) => ({ pid: process.pid, netns: `net:[${at}]` }));
    // Only these two fields are asked for.
    const spaces = new Spaces(() => many as unknown as ProcessSeen[]);
    spaces.sample(new Map(), new Set());
    expect(spaces.gaps()).toEqual(['3 other network namespaces not watched']);
  });

  it('when packages list more paths than are looked up', () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-bounds-'));
    try {
      fs.mkdirSync(`${root}/var/lib/dpkg/info`, { recursive: true });
      fs.writeFileSync(`${root}/var/lib/dpkg/info/a.list`, '/.\n/a\n/b\n/c\n');
      const noted: Coverage[] = [];
      packages(new Disk(root), (entry) => noted.push(entry), 2).ownerOf('/a');
      expect(noted.at(-1)).toMatchObject({ source: 'packages', state: 'partial', detail: expect.stringContaining('more paths than are looked up') });
    } finally {
      fs.rmSync(root, { recursive: true });
    }
  });
});

describe('floods', () => {
  it('of sockets do not end the look', () => {
    const one: netlink.Diag = { state: 'ESTABLISHED', local: '192.0.2.1', localPort: 1, remote: '192.0.2.2', remotePort: 2, uid: 0, inode: 0 };
    vi.mocked(netlink.dump).mockReturnValue(Array.from({ length: 200_000 }, () => one));
    const seen: readonly SocketSeen[] = sockets([], () => {});
    expect(seen.length).toBeGreaterThanOrEqual(800_000);
  });

  it('of NULs are no arguments, at the end or within', () => {
    expect(argumentsIn('a\0b\0\0\0')).toEqual(['a', 'b']);
    expect(argumentsIn('a\0\0b')).toEqual(['a', '', 'b']);
    expect(argumentsIn(`${'\0'.repeat(4_095)}x`)).toHaveLength(64);
    expect([argumentsIn(''), argumentsIn('\0\0')]).toEqual([[], ['']]);
  });
});

describe('a command line that lies in a mapped file', () => {
  const maps = '00400000-00401000 r-xp 00000000 fe:00 77 /usr/bin/a b\n7ffc0000-7ffe0000 rw-p 00000000 00:00 0 [stack]\n';
  it('is told from one on the stack', () => {
    expect(fileWithin(maps, [[0x7ffd0000, 0x7ffd0100]])).toBe(false);
    expect(
      fileWithin(maps, [
        [0x7ffd0000, 0x7ffd0100],
        [0x400fff, 0x401010],
      ]),
    ).toBe(true);
    expect(fileWithin(maps, [[0x401000, 0x401010]])).toBe(false);
  });
});
