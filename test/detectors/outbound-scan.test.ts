import { describe, expect, it } from 'vitest';
import type { FlowMaker, FlowsWatched, ProcessSeen, SocketSeen, SocketState } from '../../src/core/words.ts';
import { outboundScan } from '../../src/detectors/outbound-scan.ts';
import { processSeen } from '../fake-eyes.ts';
import { event } from './event.ts';
import { hear } from './hearing.ts';

const ip = (index: number) => `198.51.${100 + Math.floor(index / 250)}.${(index % 250) + 1}`;
const run = (process: Partial<ProcessSeen>) => event('process.seen', processSeen({ pid: 70, startTicks: 10, exe: '/var/tmp/.p/scan', ...process }));
const socket = (fields: Partial<SocketSeen>) =>
  event('socket.seen', {
    proto: 'tcp',
    local: '192.0.2.1',
    localPort: 40_000,
    remote: ip(0),
    remotePort: 22,
    state: 'SYN_SENT',
    uid: 0,
    inode: 1,
    pid: 70,
    startTicks: 10,
    netns: 'n',
    ...fields,
  });
const to = (count: number, state: SocketState, fields: Partial<SocketSeen> = {}) =>
  Array.from({ length: count }, (_, index) => socket({ remote: ip(index), state, inode: index + 1, ...fields }));
const watched = (targets: number, makers: readonly FlowMaker[], port = 22) => {
  const fields: FlowsWatched = {
    spanMs: 1000,
    at: 5,
    by: 'socket-destroy',
    activeOpens: targets,
    attemptFails: targets,
    outResets: 0,
    udpOut: 0,
    bytesOut: 0,
    packetsOut: 0,
    loopbackBytesOut: 0,
    loopbackPacketsOut: 0,
    targets: Array.from({ length: targets }, (_, index) => ({ ip: ip(index), port, times: 1 })),
    targetsLost: 0,
    makers,
  };
  return event('flows.watched', fields);
};
const maker = (fields: Partial<FlowMaker>): FlowMaker => ({ pid: 70, startTicks: 10, sockets: 9, samples: 10, targets: [], cpuTicks: 0, ...fields });

describe('outbound-scan', () => {
  it('counts distinct addresses of a program and port over all of its processes', () => {
    const found = hear(outboundScan, [run({}), run({ pid: 71 }), ...to(15, 'SYN_SENT'), ...to(30, 'SYN_SENT', { pid: 71 })]);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatchObject({ severity: 'high', confidence: 'strong', figures: { distinctTargets: 30, port: 22, processes: 2 } });
    expect(found[0]?.victim.length).toBe(20);
  });

  it('sees a scan that is answered by RST and leaves no socket', () => {
    const [found] = hear(outboundScan, [run({}), watched(180, [maker({})])]);
    expect(found).toMatchObject({ confidence: 'medium', figures: { distinctTargets: 180, port: 22 } });
    expect(found?.culprit).toContainEqual({ is: 'process', pid: 70, startTicks: 10, name: 'prog' });
  });

  it('is sure when one of these connections was seen in its hands', () => {
    const [found] = hear(outboundScan, [run({}), watched(180, [maker({ targets: [{ ip: ip(3), port: 22, times: 1 }] })])]);
    expect(found).toMatchObject({ confidence: 'strong', figures: { distinctTargets: 180 } });
  });

  it('accuses nobody when nobody was seen, and still tells the effect', () => {
    const [found] = hear(outboundScan, [run({ exe: '/usr/bin/curl' }), watched(50, [])]);
    expect(found).toMatchObject({ culprit: [], severity: 'medium', figures: { distinctTargets: 50 } });
  });

  it('takes the connection-tracking table for what sockets have forgotten', () => {
    const tally = event('flow.tally', { at: 5, proto: 'tcp', from: '192.0.2.1', port: 22, entries: 900, unanswered: 900, targets: 850, sample: [] });
    expect(hear(outboundScan, [run({}), ...to(40, 'SYN_SENT'), tally])[0]?.figures).toMatchObject({ distinctTargets: 850 });
  });

  it('explains resolvers, jobs over many hosts that answer, and what somebody does at a terminal', () => {
    const explained = (...events: Parameters<typeof hear>[1]) => hear(outboundScan, events).map((one) => [one.severity, Boolean(one.explained)]);
    expect(explained(run({ exe: '/usr/sbin/named' }), ...to(400, 'SYN_SENT', { proto: 'udp', remotePort: 53 }))).toEqual([['info', true]]);
    expect(explained(run({ exe: '/usr/bin/ssh' }), ...to(40, 'ESTABLISHED'))).toEqual([['info', true]]);
    expect(explained(run({ exe: '/usr/bin/ssh', tty: 34816, loginUid: 1000 }), ...to(200, 'SYN_SENT'))).toEqual([['low', true]]);
  });

  it('does not take those who come in for those whom we go to', () => {
    const listener = socket({ state: 'LISTEN', localPort: 443, remotePort: 0, remote: '0.0.0.0' });
    expect(
      hear(outboundScan, [run({ exe: '/usr/sbin/nginx' }), listener, ...to(500, 'ESTABLISHED', { localPort: 443, remotePort: 51_000 })]),
    ).toEqual([]);
  });

  it('is silent at twenty', () => expect(hear(outboundScan, [run({}), ...to(20, 'SYN_SENT')])).toEqual([]));
});
