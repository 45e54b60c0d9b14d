import { describe, expect, it } from 'vitest';
import type { FlowsWatched, ProcessSeen } from '../../src/core/words.ts';
import { outboundFlood } from '../../src/detectors/outbound-flood.ts';
import { processSeen } from '../fake-eyes.ts';
import { event } from './event.ts';
import { hear } from './hearing.ts';

const watched = (fields: Partial<FlowsWatched>) =>
  event('flows.watched', {
    spanMs: 1000,
    at: 5,
    netns: null,
    by: 'socket-destroy',
    activeOpens: 0,
    attemptFails: 0,
    outResets: 0,
    udpOut: 0,
    bytesOut: 0,
    packetsOut: 0,
    loopbackBytesOut: 0,
    loopbackPacketsOut: 0,
    targets: [],
    targetsLost: 0,
    makers: [{ pid: 70, startTicks: 10, sockets: 1, made: 0, datagramSockets: 0, samples: 9, targets: [], cpuMs: 800 }],
    spaces: [],
    ...fields,
  });
const run = (process: Partial<ProcessSeen>) => event('process.seen', processSeen({ pid: 70, startTicks: 10, ...process }));
const udp = event('socket.seen', {
  proto: 'udp',
  local: '0.0.0.0',
  localPort: 4000,
  remote: '0.0.0.0',
  remotePort: 0,
  state: 'CLOSE',
  uid: 33,
  inode: 1,
  pid: 70,
  startTicks: 10,
  netns: 'n',
});

describe('outbound-flood', () => {
  it('accuses the busy script behind a flood of datagrams, also against loopback', () => {
    const [found] = hear(outboundFlood, [
      run({ exe: '/usr/bin/php', script: '/srv/shop/images/x.php' }),
      udp,
      watched({ udpOut: 40_000, loopbackPacketsOut: 40_000 }),
    ]);
    expect(found).toMatchObject({ severity: 'high', figures: { perSecond: 40_000 } });
    expect(found?.culprit).toContainEqual({ is: 'file', path: '/srv/shop/images/x.php' });
    expect(found?.says).toContain('loopback');
  });
  it('tells a flood of half-open connections to few targets', () => {
    expect(
      hear(outboundFlood, [
        run({ exe: '/tmp/.a/b' }),
        watched({ activeOpens: 2000, attemptFails: 1900, targets: [{ ip: '198.51.100.1', port: 80, times: 2000 }] }),
      ]),
    ).toHaveLength(1);
  });
  it('explains a name server', () => {
    expect(hear(outboundFlood, [run({ exe: '/usr/sbin/named' }), udp, watched({ udpOut: 9000 })])[0]).toMatchObject({
      severity: 'info',
      explained: expect.any(String),
    });
  });
  it('tells the flood when its maker was not seen', () => {
    expect(hear(outboundFlood, [watched({ udpOut: 9000, makers: [] })])[0]).toMatchObject({ culprit: [], confidence: 'weak' });
  });
  const sender = (pid: number, cpuMs: number) => ({ pid, startTicks: 10, sockets: 1, made: 0, datagramSockets: 1, samples: 9, targets: [], cpuMs });
  it('finds a sender that hardly uses the processor, and not those who could not have sent so much', () => {
    const clock = run({ pid: 71, exe: '/usr/sbin/chronyd' });
    const flood = watched({ udpOut: 13_000, makers: [sender(70, 40), sender(71, 2)] });
    const [found] = hear(outboundFlood, [run({ exe: '/usr/bin/perl', script: '/tmp/.a/f.pl' }), clock, flood]);
    expect(found?.culprit).toContainEqual({ is: 'file', path: '/tmp/.a/f.pl' });
  });
  it('takes the program out of place before a busy server', () => {
    const flood = watched({ udpOut: 13_000, makers: [sender(70, 40), sender(71, 300)] });
    const [found] = hear(outboundFlood, [run({ exe: '/tmp/.a/f' }), run({ pid: 71, exe: '/usr/sbin/named' }), flood]);
    expect(found).toMatchObject({ severity: 'high' });
    expect(found?.culprit).toContainEqual({ is: 'file', path: '/tmp/.a/f' });
  });
  it('accuses nobody where two could be it', () => {
    const flood = watched({ udpOut: 13_000, makers: [sender(70, 40), sender(71, 38)] });
    expect(hear(outboundFlood, [run({ exe: '/srv/a/a' }), run({ pid: 71, exe: '/srv/b/b' }), flood])[0]).toMatchObject({ culprit: [] });
  });
  it('is silent about a busy but honest second', () =>
    expect(hear(outboundFlood, [run({}), udp, watched({ udpOut: 2500, activeOpens: 400, attemptFails: 10 })])).toEqual([]));
});
