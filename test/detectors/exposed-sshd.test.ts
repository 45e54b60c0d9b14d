/** Doors that are open to the world, half open, and shut. */

import { describe, expect, it } from 'vitest';
import type { Event, SocketSeen, SshdSeen } from '../../src/core/words.ts';
import { exposedSshd } from '../../src/detectors/exposed-sshd.ts';
import { hear, START } from './hearing.ts';

function sshd(fields: Partial<SshdSeen> = {}): Event {
  const shut: SshdSeen = {
    by: 'sshd -T',
    path: '/etc/ssh/sshd_config',
    ports: [22],
    passwordAuthentication: false,
    keyboardInteractive: false,
    permitRootLogin: 'prohibit-password',
    permitEmptyPasswords: false,
    maxAuthTries: 6,
    usePam: true,
    allowUsers: [],
    allowGroups: [],
    denyUsers: [],
    denyGroups: [],
    matches: [],
  };
  return { kind: 'sshd.seen', at: START, source: 'sshd-config', fields: { ...shut, ...fields } };
}

function socket(fields: Partial<SocketSeen> = {}): Event {
  const listening: SocketSeen = {
    proto: 'tcp',
    local: '0.0.0.0',
    localPort: 22,
    remote: '0.0.0.0',
    remotePort: 0,
    state: 'LISTEN',
    uid: 0,
    inode: 1,
    pid: 400,
    startTicks: 1,
    netns: null,
  };
  return { kind: 'socket.seen', at: START, source: 'sockets', fields: { ...listening, ...fields } };
}

const passwords = { passwordAuthentication: true };

describe('exposed-sshd', () => {
  it('tells of passwords on an address that is not loopback', () => {
    const [finding] = hear(exposedSshd, [sshd(passwords), socket()]);
    expect(finding).toMatchObject({ severity: 'info', confidence: 'strong', culprit: [{ is: 'port', proto: 'tcp', port: 22 }] });
    expect(finding?.says).toContain('to the world');
    expect(hear(exposedSshd, [sshd({ ...passwords, ports: [2222] }), socket({ local: '192.0.2.1', localPort: 2222 })])[0]?.culprit).toEqual([
      { is: 'port', proto: 'tcp', port: 2222 },
    ]);
  });

  it('weighs root by password and empty passwords more', () => {
    expect(hear(exposedSshd, [sshd({ ...passwords, permitRootLogin: 'yes' }), socket()])[0]?.severity).toBe('low');
    expect(hear(exposedSshd, [sshd({ ...passwords, permitEmptyPasswords: true }), socket()])[0]?.severity).toBe('low');
  });

  it('takes PAM by keyboard-interactive for passwords', () => {
    expect(hear(exposedSshd, [sshd({ keyboardInteractive: true }), socket()])).toHaveLength(1);
    expect(hear(exposedSshd, [sshd({ keyboardInteractive: true, usePam: false }), socket()])).toEqual([]);
  });

  it('is silent for keys only, for loopback, for another port, and for connections that are no listeners', () => {
    expect(hear(exposedSshd, [sshd({ permitRootLogin: 'yes' }), socket()])).toEqual([]);
    expect(hear(exposedSshd, [sshd(passwords), socket({ local: '127.0.0.1' })])).toEqual([]);
    expect(hear(exposedSshd, [sshd(passwords), socket({ localPort: 80 })])).toEqual([]);
    expect(hear(exposedSshd, [sshd(passwords), socket({ state: 'ESTABLISHED' })])).toEqual([]);
  });

  it('says so when no sockets could be seen', () => {
    const [finding] = hear(exposedSshd, [sshd(passwords)]);
    expect(finding).toMatchObject({ confidence: 'medium' });
    expect(finding?.says).toContain('could not be seen');
  });

  it('believes the running sshd more than its file', () => {
    expect(hear(exposedSshd, [sshd(), sshd({ ...passwords, by: 'sshd_config' }), socket()])).toEqual([]);
  });

  it('tells of a Match block that opens it for some, and is silent about one that does not', () => {
    const opened = [{ criteria: 'User kim', settings: { passwordauthentication: 'yes' } }];
    const [finding] = hear(exposedSshd, [sshd({ matchBlocks: opened }), socket()]);
    expect(finding?.says).toContain('passwords only where a block says so: "Match User kim"');
    expect(hear(exposedSshd, [sshd({ matchBlocks: [{ criteria: 'User kim', settings: { x11forwarding: 'no' } }] }), socket()])).toEqual([]);
  });
});
