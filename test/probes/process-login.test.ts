/** Which log-in a process comes from, by four witnesses of falling strength. */

import { describe, expect, it } from 'vitest';
import type { AccountSeen, ProcessSeen } from '../../src/core/words.ts';
import { processLogin } from '../../src/probes/process-login.ts';
import { fakeEyes, fakeHistory, fakeNetworks, loginRun, processSeen } from '../fake-eyes.ts';

const run = loginRun({ account: 'svc', ip: '198.51.100.7', first: 500_000 });

function asked(process: Partial<ProcessSeen>, environment: Record<string, string> = {}, others: readonly ProcessSeen[] = [], logins = [run]) {
  const mine = processSeen({ pid: 811, startTicks: 40, startedAt: 550_000, account: 'svc', uid: 1_004, ...process });
  const eyes = fakeEyes({ processes: [mine, ...others], environments: { 811: environment } });
  return processLogin.look(
    { is: 'process', pid: 811, startTicks: 40 },
    { eyes, history: fakeHistory({ logins }), networks: fakeNetworks() },
    { entities: [], findings: [] },
  );
}

describe('process-login', () => {
  it('believes the session of the process most: address and port of the log line', () => {
    const [fact] = asked({}, { SSH_CONNECTION: '198.51.100.7 50022 192.0.2.1 22' });
    expect(fact?.confidence).toBe('strong');
    expect(fact?.at).toBe(500_000);
    expect(fact?.evidence[0]).toEqual({ source: '/var/log/auth.log', line: 7 });
    expect(fact?.leadsTo).toEqual([
      { is: 'address', ip: '198.51.100.7' },
      { is: 'account', name: 'svc' },
    ]);
  });

  it('names the address of the session even when no log has the line', () => {
    const [fact] = asked({}, { SSH_CONNECTION: '203.0.113.9 4444 192.0.2.1 22' }, [], []);
    expect(fact?.entity).toEqual({ is: 'address', ip: '203.0.113.9' });
    expect(fact?.says).toContain('the log has no such line');
  });

  it('does not take a forged environment for an address', () => {
    expect(asked({}, { SSH_CONNECTION: 'root\u001b[2J 22 x y' }, [], [])[0]?.gap).toBeDefined();
  });

  it('finds the sshd above it', () => {
    const sshd = processSeen({ pid: 900, startTicks: 30, startedAt: 500_000, name: 'sshd' });
    const [fact] = asked({ ppid: 900 }, {}, [sshd]);
    expect(fact?.says).toContain('sshd[900] accepted it');
    expect(fact?.confidence).toBe('strong');
  });

  it('falls back on time, and says that it is only a hint when the log-in is old', () => {
    expect(asked({})[0]?.confidence).toBe('medium');
    expect(asked({ startedAt: 500_000 + 5 * 3_600_000 })[0]?.confidence).toBe('weak');
  });

  it('never takes a log-in that came after the process began', () => {
    expect(asked({ startedAt: 400_000 })[0]?.gap).toContain('which log-in or service started');
  });

  it('does not blame a daemon of root for having no log-in', () => {
    expect(asked({ uid: 0, account: 'root' }, {}, [], [])).toEqual([]);
  });

  it('follows the audit login uid through sudo', () => {
    const eyes = fakeEyes({
      processes: [processSeen({ pid: 811, startTicks: 40, startedAt: 550_000, uid: 0, account: 'root', loginUid: 1_004 })],
      accounts: [
        {
          name: 'svc',
          uid: 1_004,
          gid: 1,
          home: '/',
          shell: '/bin/sh',
          groups: [],
          admin: null,
          password: 'set',
          passwordChangedAt: null,
          expiresAt: null,
          canLogIn: true,
          system: false,
          keys: 0,
          lastLogin: null,
        },
      ],
    });
    const [fact] = processLogin.look(
      { is: 'process', pid: 811, startTicks: 40 },
      { eyes, history: fakeHistory({ logins: [run] }), networks: fakeNetworks() },
      { entities: [], findings: [] },
    );
    expect(fact?.says).toContain('log-in of svc from 198.51.100.7');
  });

  it('says when the account never came from there before', () => {
    const earlier = loginRun({ account: 'svc', ip: '10.0.0.5', first: 100_000 });
    const session = { SSH_CONNECTION: '198.51.100.7 50022 192.0.2.1 22' };
    const [fact] = asked({}, session, [], [earlier, run]);
    expect(fact?.says).toContain('no log-in of svc came from there before, its others come from 10.0.0.0/24');
    expect(fact?.figures).toEqual({ account: 'svc', ip: '198.51.100.7', newPlace: 'yes' });
    expect(asked({}, session, [], [run])[0]?.figures?.['newPlace']).toBe('no');
  });

  it('finds the log-in of a second name of root', () => {
    const toor = loginRun({ account: 'toor', ip: '198.51.100.7', first: 500_000 });
    const process = processSeen({ pid: 811, startTicks: 40, startedAt: 550_000, loginUid: 0 });
    const accounts = [
      { name: 'root', uid: 0 },
      { name: 'toor', uid: 0 },
    ] as unknown as AccountSeen[]; // only name and uid are asked for
    const eyes = fakeEyes({ processes: [process], accounts });
    const given = { eyes, history: fakeHistory({ logins: [toor] }), networks: fakeNetworks() };
    const [fact] = processLogin.look({ is: 'process', pid: 811, startTicks: 40 }, given, { entities: [], findings: [] });
    expect(fact?.leadsTo).toContainEqual({ is: 'account', name: 'toor' });
  });

  it('leaves what a service started to the service', () => {
    const service = processSeen({ pid: 700, startTicks: 5, name: 'nginx', exe: '/usr/sbin/nginx' });
    expect(asked({ ppid: 700 }, {}, [service], [])).toEqual([]);
  });
});
