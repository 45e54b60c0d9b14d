/** What no order may touch, whatever policy made it. */

import { describe, expect, it } from 'vitest';
import type { Order, ProcessSeen, Proposal, SocketSeen, SshdSeen } from '../../src/core/words.ts';
import { guarded } from '../../src/engine/guard.ts';
import { type FakeMachine, fakeEyes, fakeHistory, fakeNetworks } from '../fake-eyes.ts';

const SELF = { pid: 900, above: [850, 800], folder: '/tmp/unpacked/tocsin', account: 'kim', addresses: ['198.51.100.7'] };
// Of a process the guard asks for no more than this.
const run = (pid: number, ppid: number, exe: string) => ({ pid, ppid, startTicks: pid, exe, kernelThread: false }) as unknown as ProcessSeen;
const MACHINE: FakeMachine = {
  self: SELF,
  processes: [
    run(1, 0, '/usr/lib/systemd/systemd'),
    run(700, 1, '/usr/sbin/sshd'),
    run(800, 700, '/usr/sbin/sshd'),
    run(850, 800, '/usr/bin/bash'),
    run(900, 850, '/usr/bin/node'),
    run(950, 700, '/usr/sbin/sshd'),
    run(60, 1, '/var/tmp/.x/sshd'),
  ],
  sockets: [
    { state: 'LISTEN', localPort: 2222, pid: 700 },
    { state: 'LISTEN', localPort: 2222, pid: 60 },
  ] as unknown as SocketSeen[], // nor of a socket
  sshd: { ports: [2222] } as unknown as SshdSeen, // nor of sshd
  accounts: [
    { name: 'root', uid: 0 },
    { name: 'toor', uid: 0 },
  ] as unknown as NonNullable<FakeMachine['accounts']>,
};

function judge(order: Order, machine: FakeMachine = MACHINE) {
  const proposal: Proposal = { order, because: 'b', risk: 'r', undo: 'u' };
  const given = { eyes: fakeEyes(machine), history: fakeHistory(), networks: fakeNetworks() };
  const { proposes, recommends } = guarded([proposal], given);
  return { orders: proposes.map((one) => one.order), recommends };
}

const tree = (verb: 'freeze-tree' | 'kill-tree', pid: number, ...alike: number[]): Order => ({
  verb,
  pid,
  startTicks: pid,
  alike: alike.map((one) => ({ pid: one, startTicks: one })),
});

describe('trees', () => {
  it.each([
    [1, 'first process of the machine'],
    [700, 'sshd takes log-ins by it'],
    [800, 'this look was started from it'],
    [850, 'this look was started from it'],
    [900, 'this look was started from it'],
  ])('never begin at process %i', (pid, why) => {
    for (const verb of ['freeze-tree', 'kill-tree'] as const) {
      const { orders, recommends } = judge(tree(verb, pid));
      expect(orders).toEqual([]);
      expect(recommends).toEqual([expect.stringContaining(why)]);
    }
  });

  it('go on with the others that are alike', () => {
    expect(judge(tree('freeze-tree', 700, 950, 800)).orders).toEqual([tree('freeze-tree', 950)]);
  });

  it('may be those of a foreign program that took the port of sshd', () => {
    expect(judge(tree('kill-tree', 60)).orders).toEqual([tree('kill-tree', 60)]);
  });
});

describe('accounts', () => {
  it('never root, and no sessions of another name of uid 0, though that name may be locked', () => {
    expect(judge({ verb: 'lock-account', name: 'root' }).orders).toEqual([]);
    expect(judge({ verb: 'end-sessions', name: 'root' }).orders).toEqual([]);
    expect(judge({ verb: 'end-sessions', name: 'toor' }).orders).toEqual([]);
    expect(judge({ verb: 'lock-account', name: 'toor' }).orders).toHaveLength(1);
  });

  it.each(['lock-account', 'end-sessions'] as const)('%s never for the one who looks, which is said', (verb) => {
    expect(judge({ verb, name: 'kim' })).toEqual({ orders: [], recommends: [expect.stringContaining('You work as kim now')] });
    expect(judge({ verb, name: 'emil' })).toEqual({ orders: [{ verb, name: 'emil' }], recommends: [] });
  });
});

describe('addresses', () => {
  it.each(['192.0.2.1', '192.0.2.254', '192.0.2.253', '127.0.0.1'])('never %s: own, gateway, resolver, loopback', (ip) => {
    expect(judge({ verb: 'ban-address', ip })).toEqual({ orders: [], recommends: [] });
  });

  it('never the one that this session comes from, which is said', () => {
    const { orders, recommends } = judge({ verb: 'ban-address', ip: '198.51.100.7' });
    expect(orders).toEqual([]);
    expect(recommends).toEqual([expect.stringContaining('the address that you work from now')]);
    expect(judge({ verb: 'ban-address', ip: '198.51.100.8' }).orders).toHaveLength(1);
  });
});

describe('directories', () => {
  it.each([
    '/',
    '/tmp',
    '/tmp/.X11-unix',
    '/tmp/.ICE-unix',
    '/tmp/systemd-private-8f-nginx.service-x/tmp',
    '/home/kim',
    '/home/kim/.ssh',
    '/home/kim/.gnupg',
    '/home/kim/.config',
    '/root/.ssh',
    '/var/lock',
    '/run/shm',
    '/dev/mqueue',
    '/var/www/shop',
    '/var/www/shop/.well-known',
    '/tmp/unpacked',
    '/tmp/unpacked/tocsin/dist',
  ])('never %s', (path) => {
    expect(judge({ verb: 'quarantine-directory', path }).orders).toEqual([]);
  });

  it.each(['/tmp/.X11-unix/.x', '/home/kim/.config/.dbus', '/var/tmp/...', '/dev/shm/.cache', '/var/www/shop/images/.thumbs'])(
    'may be %s',
    (path) => {
      expect(judge({ verb: 'quarantine-directory', path }).orders).toHaveLength(1);
    },
  );

  it('spares files of this program and no others', () => {
    expect(judge({ verb: 'quarantine-file', path: '/tmp/unpacked/tocsin/dist/main.js' }).orders).toEqual([]);
    expect(judge({ verb: 'quarantine-file', path: '/tmp/.X11-unix/x' }).orders).toHaveLength(1);
  });
});

it('knows nothing of itself where it looks at another disk', () => {
  expect(judge({ verb: 'lock-account', name: 'kim' }, {}).orders).toHaveLength(1);
});
