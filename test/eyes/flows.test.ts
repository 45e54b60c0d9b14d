/** What the live eyes say of connections that are refused at once, made by a child of this test. */

import { spawn } from 'node:child_process';
import * as net from 'node:net';
import { describe, expect, it } from 'vitest';
import { watchFlows } from '../../src/eyes/flows.ts';
import { libc } from '../../src/eyes/libc.ts';
import { processes } from '../../src/eyes/processes.ts';
import { protocolOf, socketsOf } from '../../src/eyes/sockets.ts';

const clockwork = { bootAt: 0, ticksPerSecond: 100, accountOf: () => null };
/** Tries the discard port of forty loopback addresses, each a few times, and keeps each refused socket for 4 ms. */
const KNOCK =
  'use Socket; for my $n (1..900) { socket(my $s,PF_INET,SOCK_STREAM,0); connect($s,sockaddr_in(9,inet_aton("127.0.77.".(1+$n%40)))); select(undef,undef,undef,0.004); close $s }';

describe('watched connections', () => {
  it.runIf(libc() !== null && process.getuid?.() === 0)('names the targets of connects that waited and were refused, and who made them', async () => {
    const child = spawn('/usr/bin/perl', ['-e', KNOCK], { stdio: 'ignore' });
    try {
      await new Promise((resolve) => child.once('spawn', resolve));
      const listed = processes(clockwork, () => {});
      const watch = watchFlows(
        800,
        () => listed,
        () => {},
      );
      const watched = await watch.done();
      const mine = new Set((watched?.targets ?? []).filter((target) => target.ip.startsWith('127.0.77.')).map((target) => target.ip));
      expect(mine.size).toBeGreaterThan(30);
      expect(watched?.attemptFails).toBeGreaterThan(30);
      expect(watched?.makers.find((maker) => maker.pid === child.pid)?.made).toBeGreaterThan(0);
    } finally {
      child.kill();
    }
  });

  it.runIf(libc() !== null)('asks the kernel what kind of socket a process holds', async () => {
    const server = net.createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const kinds = socketsOf(process.pid).map((socket) => protocolOf(process.pid, socket.fd));
    expect(kinds).toContain('TCP');
    expect(protocolOf(process.pid, '99999')).toBeNull();
    server.close();
  });
});
