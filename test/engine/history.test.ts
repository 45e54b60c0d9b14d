import { describe, expect, it } from 'vitest';
import type { EventFields, EventKind } from '../../src/core/words.ts';
import { history } from '../../src/engine/history.ts';
import { fakeSurroundings } from '../fake-eyes.ts';

function told() {
  const past = history(fakeSurroundings());
  const say = <K extends EventKind>(kind: K, fields: EventFields[K], at = 1000) =>
    past.hear({ kind, at, source: 'log', line: 1, raw: 'raw', fields } as Parameters<typeof past.hear>[0]);
  return { past, say };
}
const failed = { account: 'kim', ip: '203.0.113.5', port: 4000, method: 'password', service: 'sshd', known: true, times: 1, pid: 7 } as const;

describe('history', () => {
  it('adds up tries of an address on an account, however many lines sshd writes for one', () => {
    const { past, say } = told();
    say('login.probed', { ip: failed.ip, account: 'kim', how: 'pam-refused', service: 'sshd', times: 1, pid: 7 });
    say('login.failed', failed);
    say('login.failed', { ...failed, times: 2 }, 2000);
    say('login.failed', { ...failed, pid: 8 }, 3000);
    expect(past.guesses({ ip: failed.ip })).toMatchObject([{ account: 'kim', times: 4, first: 1000, last: 3000, known: true }]);
    expect(past.guesses({ account: 'kim' })).toHaveLength(1);
    expect(past.guesses({ account: 'other' })).toEqual([]);
  });

  it('takes a pid that comes back after an hour for another connection', () => {
    const { past, say } = told();
    say('login.probed', { ip: failed.ip, account: 'x', how: 'invalid-user', service: 'sshd', times: 1, pid: 7 });
    say('login.probed', { ip: failed.ip, account: 'x', how: 'gave-up', service: 'sshd', times: 1, pid: 7 }, 3_601_000);
    expect(past.guesses({ ip: failed.ip })[0]?.times).toBe(2);
  });

  it('keeps the first log-in of a run and the newest ones', () => {
    const { past, say } = told();
    for (let index = 0; index < 200; index += 1) {
      say(
        'login.accepted',
        { account: 'kim', ip: '10.0.0.4', port: index, method: 'publickey', service: 'sshd', fingerprint: null, pid: index },
        1000 + index,
      );
    }
    const [run] = past.logins('kim');
    expect(run).toMatchObject({ times: 200, network: '10.0.0.0/24', first: 1000, last: 1199 });
    expect(run?.recent.map((login) => login.at).slice(0, 2)).toEqual([1000, 1137]);
    expect(run?.recent).toHaveLength(64);
  });

  it('counts every try of a flood of names, keeps some of the names, and says how many tries have none', () => {
    const { past, say } = told();
    for (let index = 0; index < 10_000; index += 1) say('login.failed', { ...failed, known: false, account: `a${index}`, pid: index });
    for (let index = 0; index < 3; index += 1) say('login.failed', { ...failed, account: 'kim', pid: 20_000 + index });
    const runs = past.guesses({ ip: failed.ip });
    expect(runs.reduce((sum, run) => sum + run.times, 0)).toBe(10_003);
    expect(runs.length).toBeLessThan(300);
    expect(runs.find((run) => run.account === '')?.times).toBe(past.forgotten);
    expect(past.guesses({ account: 'kim' })).toMatchObject([{ ip: failed.ip, times: 3 }]);
    expect(past.guesses({ account: 'a0' })).toMatchObject([{ times: 1, known: false }]);
  });

  it('forgets the least guessing addresses of a flood, and still hears who comes after it', () => {
    const { past, say } = told();
    const ip = (index: number) => `10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`;
    say('login.failed', { ...failed, times: 2 });
    for (let index = 0; index < 60_000; index += 1) say('login.failed', { ...failed, ip: ip(index), pid: index });
    say('login.failed', { ...failed, ip: '198.51.100.7', times: 9 });
    expect(past.guesses({}).length + past.forgotten).toBe(60_002);
    expect(past.guesses({ ip: failed.ip })).toMatchObject([{ times: 2 }]);
    expect(past.guesses({ account: 'kim' }).find((run) => run.ip === '198.51.100.7')).toMatchObject({ times: 9 });
    expect(past.guesses({ ip: ip(0) })).toEqual([]);
  });

  it('does not count keys that were refused before another key of the same connection was accepted', () => {
    const { past, say } = told();
    say('login.failed', { ...failed, method: 'publickey', times: 2 });
    expect(past.guesses({ ip: failed.ip })[0]?.times).toBe(2);
    say('login.accepted', { account: 'kim', ip: failed.ip, port: 4000, method: 'publickey', service: 'sshd', fingerprint: null, pid: 7 });
    expect(past.guesses({ ip: failed.ip })).toEqual([]);
  });

  it('knows the span of the logs, not of what is seen now', () => {
    const { past, say } = told();
    past.hear({ kind: 'sweep.done', at: 9_999_999, source: 'tocsin', fields: { from: null, to: 1 } });
    expect([past.from, past.to]).toEqual([null, null]);
    say('cron.ran', { account: 'kim', command: 'x' }, 50);
    say('cron.ran', { account: 'kim', command: 'x' }, 20);
    expect([past.from, past.to]).toEqual([20, 50]);
  });
});

describe('what su, sudo and the kernel said', () => {
  it('is kept by account and by program', () => {
    const { past, say } = told();
    say('privilege.refused', { account: 'kim', target: 'root', command: '/bin/sh', service: 'sudo', times: 3 });
    say('kernel.oom', { program: 'scan', pid: 4, uid: 33 });
    say('kernel.segfault', { program: 'scan', pid: 5, detail: 'x' }, 2000);
    expect(past.refusals('kim')).toMatchObject([{ at: 1000, times: 3, service: 'sudo' }]);
    expect(past.refusals('ann')).toEqual([]);
    expect(past.crashes('scan').map(({ at, uid }) => [at, uid])).toEqual([
      [1000, 33],
      [2000, null],
    ]);
  });
});
