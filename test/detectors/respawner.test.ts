import { describe, expect, it } from 'vitest';
import type { AccountSeen, PersistenceSeen, ProcessSeen } from '../../src/core/words.ts';
import { respawner } from '../../src/detectors/respawner.ts';
import { processSeen } from '../fake-eyes.ts';
import { event } from './event.ts';
import { hear } from './hearing.ts';

const run = (process: Partial<ProcessSeen>) => event('process.seen', processSeen(process));
const place = (fields: Partial<PersistenceSeen>) =>
  event('persistence.seen', { place: 'cron', path: '/var/spool/cron/crontabs/kim', line: 3, account: 'kim', command: '', changedAt: 9, ...fields });
const odd = (fields: Partial<ProcessSeen> = {}) => run({ pid: 70, ppid: 60, exe: '/var/tmp/.p/scan', startedAt: 100_000, ...fields });

const NOBODY: AccountSeen = {
  name: 'nobody',
  uid: 1001,
  gid: 1001,
  home: '/',
  shell: '/bin/sh',
  groups: [],
  admin: null,
  password: 'none',
  passwordChangedAt: null,
  expiresAt: null,
  canLogIn: true,
  system: false,
  keys: 0,
  lastLogin: null,
};

describe('respawner', () => {
  it('names a shell loop whose child is younger than itself', () => {
    const loop = run({ pid: 60, ppid: 1, exe: '/usr/bin/bash', script: '/var/tmp/.p/keep', startedAt: 10_000, argv: ['bash', './keep'] });
    const [found] = hear(respawner, [loop, odd()]);
    expect(found).toMatchObject({ confidence: 'strong', figures: { by: 'parent', children: 1 } });
    expect(found?.culprit[0]).toMatchObject({ is: 'process', pid: 60 });
    expect(found?.says).toContain('starts it again');
  });

  it('names a command loop of sh -c', () => {
    const loop = run({ pid: 60, ppid: 1, exe: '/bin/dash', argv: ['sh', '-c', 'while :; do /var/tmp/.p/scan; done'], startedAt: 99_000 });
    expect(hear(respawner, [loop, odd()])[0]).toMatchObject({ confidence: 'medium' });
  });

  it('does not take the shell that somebody sits at for one', () => {
    const shell = run({ pid: 60, ppid: 1, exe: '/usr/bin/bash', argv: ['-bash'], tty: 34816, startedAt: 10_000 });
    expect(hear(respawner, [shell, odd()])).toEqual([]);
  });

  it('names the cron line, with its file and line', () => {
    const [found] = hear(respawner, [
      odd({ ppid: 1 }),
      place({ command: '/var/tmp/.p/scan >/dev/null 2>&1', schedule: '* * * * *' }),
      place({ line: 4, command: '/usr/bin/true' }),
    ]);
    expect(found).toMatchObject({ attack: ['T1053.003'], evidence: [{ path: '/var/spool/cron/crontabs/kim', line: 3 }], figures: { by: 'cron' } });
    expect(found?.culprit).toContainEqual({ is: 'file', path: '/var/spool/cron/crontabs/kim' });
  });

  it('understands cd DIR && ./NAME', () => {
    expect(hear(respawner, [odd({ ppid: 1 }), place({ command: 'cd /var/tmp/.p && ./scan' })])).toHaveLength(1);
  });

  it('names a unit of its own', () => {
    const found = hear(respawner, [
      odd({ ppid: 1, unit: 'net-helper.service' }),
      place({ place: 'unit', path: '/etc/systemd/system/net-helper.service', command: '/bin/true' }),
    ]);
    expect(found[0]?.culprit[0]).toEqual({ is: 'unit', name: 'net-helper.service' });
    expect(hear(respawner, [odd({ ppid: 1, unit: 'cron.service' })])).toEqual([]);
  });

  const says = (loops: boolean, names: readonly string[] = []) => ({ loops, names, gone: false });

  it('wants a loop: a script that waits for one child starts nothing again', () => {
    const script = { pid: 60, ppid: 1, exe: '/usr/bin/bash', script: '/var/tmp/.p/once', startedAt: 10_000 };
    expect(hear(respawner, [run({ ...script, scriptSays: says(false) }), odd()])).toEqual([]);
    expect(hear(respawner, [run({ ...script, scriptSays: says(true) }), odd()])).toHaveLength(1);
    const ansible = run({ pid: 60, ppid: 1, exe: '/bin/dash', argv: ['/bin/sh', '-c', 'python3 /tmp/.q/m.py && sleep 0'], startedAt: 10_000 });
    expect(hear(respawner, [ansible, odd({ exe: '/usr/bin/python3', script: '/tmp/.q/m.py' })])).toEqual([]);
  });

  it('takes children of several generations for a loop whatever the text says', () => {
    const script = run({ pid: 60, ppid: 1, exe: '/usr/bin/bash', script: '/var/tmp/.p/x', startedAt: 90_000, scriptSays: says(false) });
    expect(hear(respawner, [script, odd(), odd({ pid: 71, startedAt: 200_000 })])[0]).toMatchObject({ figures: { children: 2 } });
  });

  it('is no graver than what is restarted, and says nothing of a build in a session', () => {
    const build = run({ pid: 60, ppid: 50, exe: '/bin/dash', script: '/tmp/src/configure', tty: 34816, scriptSays: says(true) });
    expect(hear(respawner, [build, odd({ exe: '/tmp/src/conftest', tty: 34816 })])).toEqual([]);
    const install = run({ pid: 60, ppid: 50, exe: '/usr/bin/bash', script: '/tmp/install.sh', scriptSays: says(true) });
    expect(hear(respawner, [install, run({ pid: 70, ppid: 60, exe: '/usr/bin/sleep' })])).toEqual([]);
    const unit = place({ place: 'unit', path: '/etc/systemd/system/app.service', command: '/home/kim/.deploy/run' });
    const kept = hear(respawner, [run({ pid: 9, ppid: 1, exe: '/home/kim/.deploy/run', unit: 'app.service' }), unit]);
    expect(kept.map((found) => found.severity)).toEqual(['low', 'low']);
  });

  it('names a watcher whose script speaks of the place', () => {
    const watcher = run({ pid: 5, ppid: 1, exe: '/usr/bin/bash', script: '/var/lib/misc/.upd/watch', scriptSays: says(true, ['/var/tmp/.p']) });
    const found = hear(respawner, [watcher, odd({ ppid: 1 })]).filter((one) => one.figures?.['by'] === 'watcher');
    expect(found[0]?.culprit).toEqual([
      { is: 'process', pid: 5, startTicks: expect.any(Number), name: expect.any(String) },
      { is: 'file', path: '/var/lib/misc/.upd/watch' },
      expect.objectContaining({ is: 'process', pid: 70 }),
    ]);
  });

  it('reads ~, %h and cd in what starts it, also for a perl that took another title', () => {
    const kim = event('account.seen', { ...NOBODY, name: 'kim', home: '/home/kim' });
    const perl = run({ pid: 70, ppid: 1, exe: '/usr/bin/perl', argv: ['-bash'], cwd: '/home/kim/.cache/.s' });
    const profile = place({ place: 'shell-rc', path: '/home/kim/.profile', command: '(cd ~/.cache/.s && nohup setsid perl p >/dev/null 2>&1 &)' });
    expect(hear(respawner, [kim, perl, profile])[0]).toMatchObject({ figures: { by: 'shell-rc' }, severity: 'high' });
    const unit = place({ place: 'unit', path: '/home/kim/.config/systemd/user/d.service', command: '%h/.config/.dbus/s tcp' });
    expect(hear(respawner, [kim, odd({ ppid: 1, exe: '/home/kim/.config/.dbus/s' }), unit])[0]).toMatchObject({ figures: { by: 'unit' } });
  });

  it('names the timer of a unit that starts it', () => {
    const unit = place({ place: 'unit', path: '/etc/systemd/system/upd.service', command: '/var/lib/.upd/s' });
    const timer = place({ place: 'timer', path: '/etc/systemd/system/upd.timer', command: 'upd.service', schedule: 'OnCalendar=*:0/1' });
    const found = hear(respawner, [odd({ ppid: 1, exe: '/var/lib/.upd/s' }), timer, unit]);
    expect(found.map((one) => one.culprit[0])).toContainEqual({ is: 'file', path: '/etc/systemd/system/upd.timer' });
  });

  it('leaves honest programs and their cron lines alone', () => {
    expect(
      hear(respawner, [
        run({ pid: 5, ppid: 4, exe: '/usr/sbin/nginx' }),
        run({ pid: 4, exe: '/bin/sh', argv: ['sh', '-c', 'x'] }),
        place({ command: '/usr/sbin/nginx' }),
      ]),
    ).toEqual([]);
  });
});
