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
const fieldsOf = (targets: number, makers: readonly FlowMaker[], port = 22): FlowsWatched => ({
  spanMs: 1000,
  at: 5,
  netns: null,
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
  spaces: [],
});
const watched = (targets: number, makers: readonly FlowMaker[]) => event('flows.watched', fieldsOf(targets, makers));
const maker = (fields: Partial<FlowMaker>): FlowMaker => ({
  pid: 70,
  startTicks: 10,
  sockets: 9,
  samples: 10,
  made: 9,
  datagramSockets: 0,
  targets: [],
  cpuMs: 0,
  ...fields,
});

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

  const targets = (count: number, port: number, from = 0) => Array.from({ length: count }, (_, index) => ({ ip: ip(from + index), port, times: 1 }));
  const flows = (fields: Partial<FlowsWatched>) => event('flows.watched', { ...fieldsOf(0, []), ...fields });

  it('gives refused connections that lost their port to the one program that makes sockets', () => {
    const seen = flows({ activeOpens: 120, attemptFails: 118, targets: targets(118, 0), makers: [maker({ made: 7 })] });
    const [found] = hear(outboundScan, [run({ exe: '/usr/bin/perl', script: '/opt/app/bin/b.pl' }), seen]);
    expect(found).toMatchObject({ severity: 'medium', figures: { distinctTargets: 118, port: 0 } });
    expect(found?.says).toContain('ports that were not seen');
    expect(found?.culprit).toContainEqual({ is: 'file', path: '/opt/app/bin/b.pl' });
    expect(JSON.stringify(found?.evidence)).toContain('120 connections begun, 118 failed');
  });

  it('knows the port when one of them was seen in its hands', () => {
    const seen = flows({ targets: targets(90, 0), makers: [maker({ made: 8, targets: targets(2, 2222) })] });
    expect(hear(outboundScan, [run({}), seen])[0]?.figures).toMatchObject({ distinctTargets: 90, port: 2222 });
  });

  it('does not accuse an idle shell beside a scanner that was not seen', () => {
    const shell = run({ pid: 71, exe: '/usr/bin/dash', argv: ['sh', '-c', 'sleep 100; true'], uid: 980, account: 'shop' });
    const [found] = hear(outboundScan, [shell, flows({ targets: targets(59, 22), makers: [maker({ pid: 71, sockets: 2, made: 0 })] })]);
    expect(found).toMatchObject({ culprit: [], severity: 'medium' });
    expect(found?.says).toContain('was not seen');
  });

  it('is quiet about a client that tries its one dead server again and again', () => {
    const dead = [{ ip: '127.0.0.1', port: 0, times: 400 }];
    expect(hear(outboundScan, [run({}), flows({ activeOpens: 400, attemptFails: 400, targets: dead, makers: [maker({ made: 90 })] })])).toEqual([]);
  });

  const ports = (count: number, from: number) => Array.from({ length: count }, (_, index) => ({ ip: ip(1), port: from + index, times: 1 }));

  it('finds a search through the ports of one address', () => {
    const seen = flows({ activeOpens: 270, attemptFails: 268, targets: ports(270, 1), makers: [maker({ made: 40, targets: ports(12, 1) })] });
    const [found, ...more] = hear(outboundScan, [run({}), seen]);
    expect(more).toEqual([]);
    expect(found).toMatchObject({ severity: 'high', confidence: 'strong', attack: ['T1046'], figures: { distinctPorts: 270, distinctTargets: 1 } });
  });

  it('is quiet about high ports of one address that answer: passive FTP and calls', () => {
    const seen = flows({ activeOpens: 90, attemptFails: 0, targets: ports(90, 40_000), makers: [maker({ made: 90, targets: ports(90, 40_000) })] });
    expect(hear(outboundScan, [run({ exe: '/usr/bin/lftp' }), seen])).toEqual([]);
  });

  it('leaves what may be of either of two scanners to both, and says so', () => {
    const other = run({ pid: 71, exe: '/dev/shm/.bb/s' });
    const makers = [maker({ made: 40, targets: targets(40, 22) }), maker({ pid: 71, made: 30 })];
    const found = hear(outboundScan, [run({}), other, flows({ targets: targets(200, 22), makers })]);
    const of = (path: string) => found.find((one) => one.culprit.some((entity) => entity.is === 'file' && entity.path === path));
    expect(of('/var/tmp/.p/scan')?.figures).toMatchObject({ distinctTargets: 40, sharedTargets: 160 });
    expect(of('/dev/shm/.bb/s')).toMatchObject({ severity: 'high', confidence: 'medium', figures: { distinctTargets: 0, sharedTargets: 160 } });
    expect(of('/dev/shm/.bb/s')?.says).toContain("another program's");
  });

  it('does not count what connection tracking remembers of others as an agent’s own', () => {
    const tally = event('flow.tally', { at: 5, proto: 'tcp', from: '192.0.2.1', port: 22, entries: 300, unanswered: 0, targets: 180, sample: [] });
    const [found] = hear(outboundScan, [run({ exe: '/srv/y/agent' }), ...to(30, 'ESTABLISHED'), tally]);
    expect(found?.figures).toMatchObject({ distinctTargets: 30 });
    expect(found?.says).toContain('180 addresses on that port, the others were not attributed');
  });

  it('does not give connections that are closing since before to whoever goes to that port now', () => {
    const closing = to(180, 'TIME_WAIT', { pid: null, startTicks: null });
    expect(hear(outboundScan, [run({ exe: '/srv/y/agent' }), ...to(30, 'SYN_SENT'), ...closing])[0]?.figures).toMatchObject({
      distinctTargets: 30,
      answered: 30,
    });
  });

  it('takes many answers on its port for work, whoever they were given to', () => {
    const later = to(150, 'TIME_WAIT', { pid: null, startTicks: null }).slice(40);
    const found = hear(outboundScan, [run({ exe: '/srv/mon/poll' }), ...to(40, 'SYN_SENT'), ...later]);
    expect(found[0]).toMatchObject({ severity: 'low', figures: { distinctTargets: 40, answered: 0 } });
  });

  it('tells a mail server whose port is blocked from an unknown program that sends mail', () => {
    const syns = to(60, 'SYN_SENT', { remotePort: 25 });
    const said = (process: Partial<ProcessSeen>) => hear(outboundScan, [run(process), ...syns]).map((one) => [one.severity, Boolean(one.explained)]);
    expect(said({ exe: '/usr/lib/postfix/sbin/smtp', account: 'postfix', uid: 107 })).toEqual([['low', true]]);
    expect(said({ exe: '/usr/lib/postfix/sbin/smtp', account: 'www-data', uid: 33 })).toEqual([['high', false]]);
    expect(said({ exe: '/srv/x/sender', account: 'postfix', uid: 107 })).toEqual([['high', false]]);
  });

  it('is high about typed-in programs of a service and medium about a hurried script of a home, however well they are answered', () => {
    const said = (process: Partial<ProcessSeen>, port = 22) => {
      const makers = [maker({ made: 60, targets: targets(60, port) })];
      return hear(outboundScan, [run(process), ...to(60, 'ESTABLISHED', { remotePort: port }), flows({ targets: targets(60, port), makers })])[0]
        ?.severity;
    };
    const perl = { exe: '/usr/bin/perl', argv: ['perl', '-', 'tcp'] };
    expect(said({ ...perl, uid: 33, account: 'www-data' })).toBe('high');
    const script = { exe: '/usr/bin/perl', script: '/home/gina/tools/sync.pl', uid: 1001, account: 'gina' };
    expect(said(script)).toBe('medium');
    expect(said({ ...script, tty: 34816, loginUid: 1001 })).toBe('low');
    expect(said(script, 443)).toBe('low');
  });

  it('explains monitoring of hosts that are down', () => {
    const probe = { exe: '/usr/lib/nagios/plugins/check_tcp', uid: 110, account: 'nagios' };
    const seen = flows({ targets: targets(100, 22), makers: [maker({ made: 30 })] });
    expect(hear(outboundScan, [run(probe), seen])[0]).toMatchObject({ severity: 'low', explained: expect.any(String) });
  });

  it('tells refused connections of a container, of which only some targets were seen', () => {
    const space = { netns: 'net:[2]', activeOpens: 300, attemptFails: 299, udpOut: 0, targets: targets(8, 22) };
    const seen = flows({ spaces: [space], makers: [maker({ made: 9 })] });
    const [found] = hear(outboundScan, [run({ netns: 'net:[2]' }), seen]);
    expect(found).toMatchObject({ severity: 'high', figures: { distinctTargets: 8, refused: 299 } });
    expect(found?.says).toContain('299 connections were tried and refused in 1.0 s in another network namespace');
  });

  it('is silent at twenty', () => expect(hear(outboundScan, [run({}), ...to(20, 'SYN_SENT')])).toEqual([]));
});
