/** The live eyes on this very machine: what they say of this test is known. */

import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/core/words.ts';
import { watchFlows } from '../../src/eyes/flows.ts';
import { dump } from '../../src/eyes/netlink.ts';
import { procSockets } from '../../src/eyes/proc-net.ts';
import { environmentOf, openFilesOf } from '../../src/eyes/process-details.ts';
import { processes } from '../../src/eyes/processes.ts';
import { sockets } from '../../src/eyes/sockets.ts';

const clockwork = { bootAt: 0, ticksPerSecond: 100, accountOf: (uid: number) => `uid-${uid}` };
const quiet = (_: Coverage) => {};

describe('processes', () => {
  it('sees this test with program, arguments, parent and namespaces', () => {
    const me = processes(clockwork, quiet).find((seen) => seen.pid === process.pid);
    expect(me).toMatchObject({
      ppid: process.ppid,
      exe: process.execPath,
      exeState: 'present',
      uid: process.getuid?.(),
      kernelThread: false,
      cwd: process.cwd(),
    });
    expect(me?.netns).toMatch(/^net:\[\d+\]$/);
    expect(me?.account).toBe(`uid-${process.getuid?.()}`);
  });

  it('tells a deleted program from a replaced one and from one that is really called "(deleted)"', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-exe-'));
    const started = ['gone', 'new', 'x (deleted)'].map((name) => {
      fs.copyFileSync('/bin/sleep', path.join(folder, name));
      return spawn(path.join(folder, name), ['60'], { stdio: 'ignore' });
    });
    try {
      execFileSync('/bin/sleep', ['0.2']);
      fs.rmSync(path.join(folder, 'gone'));
      fs.rmSync(path.join(folder, 'new'));
      fs.copyFileSync('/bin/sleep', path.join(folder, 'new'));
      const seen = processes(clockwork, quiet);
      const states = started.map((child) => seen.find((one) => one.pid === child.pid)).map((one) => [path.basename(one?.exe ?? ''), one?.exeState]);
      expect(states).toEqual([
        ['gone', 'deleted'],
        ['new', 'replaced'],
        ['x (deleted)', 'present'],
      ]);
    } finally {
      for (const child of started) child.kill();
      fs.rmSync(folder, { recursive: true });
    }
  });

  it('reads what scripts say, also where the file is gone, and takes "(deleted)" off a directory', () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-script-'));
    const work = path.join(folder, 'work');
    fs.mkdirSync(work);
    fs.writeFileSync(path.join(work, 'go'), 'while :; do /bin/sleep 9; ls /dev/shm/.k; done\n');
    fs.writeFileSync(path.join(work, 'once'), '/bin/sleep 9\ntrue\n');
    const started = ['go', 'once'].map((name) => spawn('/bin/bash', [name], { cwd: work, stdio: 'ignore', detached: true }));
    const look = () => {
      const seen = processes(clockwork, quiet);
      return started.map((child) => seen.find((one) => one.pid === child.pid)).map((one) => [one?.script, one?.scriptSays]);
    };
    try {
      execFileSync('/bin/sleep', ['0.2']);
      const names = ['/dev/shm/.k'];
      expect(look()).toEqual([
        [path.join(work, 'go'), { loops: true, names, gone: false }],
        [path.join(work, 'once'), { loops: false, names: [], gone: false }],
      ]);
      fs.rmSync(work, { recursive: true });
      expect(look()).toEqual([
        [path.join(work, 'go'), { loops: true, names, gone: true }],
        [path.join(work, 'once'), { loops: false, names: [], gone: true }],
      ]);
    } finally {
      for (const child of started) if (child.pid) process.kill(-child.pid);
      fs.rmSync(folder, { recursive: true });
    }
  });

  it('reads open files, and only the variables that were asked for', () => {
    const child = spawn('/bin/sleep', ['60'], {
      env: { WANTED: 'yes', SECRET: 'no' },
      stdio: ['ignore', fs.openSync('/etc/hostname', 'r'), 'ignore'],
    });
    try {
      execFileSync('/bin/sleep', ['0.2']);
      expect(environmentOf(child.pid ?? 0, ['WANTED'])).toEqual({ WANTED: 'yes' });
      expect(openFilesOf(child.pid ?? 0)).toContainEqual({ fd: 1, path: fs.realpathSync('/etc/hostname'), deleted: false, kind: 'file' });
    } finally {
      child.kill();
    }
  });
});

describe('sockets', () => {
  it('finds a listening socket and its owner, by sock_diag and by /proc alike', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const seen = sockets(processes(clockwork, quiet), quiet).find((socket) => socket.localPort === port && socket.state === 'LISTEN');
    expect(seen).toMatchObject({ proto: 'tcp', local: '127.0.0.1', pid: process.pid, remotePort: 0 });
    const slow = procSockets('self', 'tcp', null, () => {}).find((socket) => socket.localPort === port);
    expect({ ...slow, netns: seen?.netns }).toEqual({
      proto: slow?.proto,
      local: seen?.local,
      localPort: port,
      remote: seen?.remote,
      remotePort: 0,
      state: 'LISTEN',
      uid: seen?.uid,
      inode: seen?.inode,
      netns: seen?.netns,
    });
    expect(dump(2, 6)?.some((diag) => diag.localPort === port)).toBe(true);
    server.close();
  });
});

describe('the watch over outgoing connections', () => {
  it('counts connections that are refused at once and leave no socket behind', async () => {
    const watch = watchFlows(600, () => processes(clockwork, quiet), quiet);
    let refused = 0;
    for (let index = 1; index <= 60; index += 1) {
      await new Promise<void>((resolve) => {
        const socket = net.connect(9, `127.0.0.${index}`);
        socket.once('error', () => {
          refused += 1;
          resolve();
        });
      });
    }
    const told = await watch.done();
    expect(refused).toBe(60);
    expect(told?.activeOpens).toBeGreaterThanOrEqual(60);
    // Without root the kernel does not tell of sockets that end, and the watch says so itself.
    if (told?.by === 'socket-destroy') expect(told.targets.filter((target) => target.port === 9).length).toBe(60);
    else expect(process.getuid?.()).not.toBe(0);
  });
});

describe('programs in memory', () => {
  it('tells a sealed copy from one that anybody could still change', () => {
    // memfd_create(2) is 319 on x86-64, 279 on arm64; fcntl F_ADD_SEALS is 1033.
    const call = process.arch === 'arm64' ? 279 : 319;
    const script = `my $fd = syscall(${call}, my $n = "t", 2); open(my $in, "<", "/bin/sleep"); binmode $in; local $/; my $all = <$in>; open(my $out, ">&=", $fd); binmode $out; print $out $all; $out->flush; fcntl($out, 1033, $ARGV[0] + 0) if $ARGV[0]; exec "/proc/$$/fd/$fd", "60"`;
    const started = ['0', '15'].map((seals) => spawn('/usr/bin/perl', ['-MIO::Handle', '-e', script, seals], { stdio: 'ignore' }));
    try {
      const states = () => started.map((child) => processes(clockwork, quiet).find((one) => one.pid === child.pid)?.exeState);
      for (let tries = 0; tries < 40 && states().includes('present'); tries += 1) execFileSync('/bin/sleep', ['0.1']);
      expect(states()).toEqual(['memfd', 'sealed']);
    } finally {
      for (const child of started) child.kill();
    }
  });
});
