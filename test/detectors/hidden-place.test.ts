import { describe, expect, it } from 'vitest';
import type { AccountSeen, ProcessSeen } from '../../src/core/words.ts';
import { hiddenPlace } from '../../src/detectors/hidden-place.ts';
import { processSeen } from '../fake-eyes.ts';
import { event } from './event.ts';
import { hear } from './hearing.ts';

const run = (process: Partial<ProcessSeen>) => event('process.seen', processSeen({ uid: 1001, account: 'kim', ...process }));
const account = (fields: Partial<AccountSeen>) =>
  event('account.seen', {
    name: 'www-data',
    uid: 33,
    gid: 33,
    home: '/var/www',
    shell: '/usr/sbin/nologin',
    groups: [],
    admin: null,
    password: 'none',
    passwordChangedAt: null,
    expiresAt: null,
    canLogIn: false,
    system: true,
    keys: 0,
    lastLogin: null,
    ...fields,
  });

describe('hidden-place', () => {
  it('accuses a program in a hidden directory below one that anybody may write to', () => {
    const [found] = hear(hiddenPlace, [run({ pid: 7, exe: '/var/tmp/.cache9/run' }), run({ pid: 8, exe: '/var/tmp/.cache9/run' })]);
    expect(found).toMatchObject({ severity: 'high', seen: 2, figures: { processes: 2, place: 'world-writable' } });
    expect(found?.culprit).toContainEqual({ is: 'directory', path: '/var/tmp/.cache9' });
    expect(found?.culprit).toContainEqual({ is: 'file', path: '/var/tmp/.cache9/run' });
  });

  it('looks at the script of an interpreter, not only at the program file', () => {
    const [found] = hear(hiddenPlace, [run({ exe: '/bin/dash', script: '/dev/shm/.../go.sh', argv: ['sh', '/dev/shm/.../go.sh'] })]);
    expect(found).toMatchObject({ severity: 'high' });
    expect(found?.says).toContain('/dev/shm/.../go.sh');
  });

  it('takes a service account that runs something from /tmp seriously, and a person in a session not', () => {
    expect(hear(hiddenPlace, [account({}), run({ uid: 33, exe: '/tmp/kdev', ppid: 5 })])[0]?.severity).toBe('high');
    expect(hear(hiddenPlace, [run({ exe: '/tmp/go-build12/a.out', ppid: 5, tty: 34816 })])[0]?.severity).toBe('low');
    expect(hear(hiddenPlace, [run({ exe: '/tmp/x', ppid: 1, tty: 0 })])[0]?.severity).toBe('medium');
  });

  it('accuses a working directory only when its name is made to be overlooked', () => {
    expect(hear(hiddenPlace, [run({ exe: '/usr/bin/ssh', cwd: '/tmp' })])).toEqual([]);
    expect(hear(hiddenPlace, [run({ exe: '/usr/bin/perl', cwd: '/tmp/.. ' })])[0]).toMatchObject({
      severity: 'medium',
      culprit: [{ is: 'directory', path: '/tmp/.. ' }, { is: 'process' }],
    });
  });

  it('says nothing of installed programs, tools in homes, memory files and kernel threads', () => {
    const quiet = [
      run({ exe: '/usr/sbin/nginx' }),
      run({ exe: '/home/kim/.nvm/versions/node/v20/bin/node' }),
      run({ exe: '/memfd:jit', exeState: 'memfd' }),
      run({ exe: null, kernelThread: true, exeState: 'none' }),
      run({ exe: '/opt/app/bin/app' }),
    ];
    expect(hear(hiddenPlace, quiet)).toEqual([]);
  });

  it('finds an interpreter that overwrote its title by its hidden working directory', () => {
    const [found] = hear(hiddenPlace, [run({ exe: '/usr/bin/perl', argv: ['sshd: root@pts/0'], cwd: '/usr/share/doc/.a' })]);
    expect(found).toMatchObject({ severity: 'high', culprit: [{ is: 'directory', path: '/usr/share/doc/.a' }, { is: 'process' }] });
    expect(hear(hiddenPlace, [run({ exe: '/usr/bin/python3.11', argv: ['python3', '-m', 'http.server'], cwd: '/home/kim/.notes' })])).toEqual([]);
    expect(hear(hiddenPlace, [run({ exe: '/usr/bin/bash', argv: ['-bash'], cwd: '/home/kim/.notes' })])).toEqual([]);
    expect(hear(hiddenPlace, [run({ exe: '/usr/bin/perl', argv: ['worker'], cwd: '/tmp' })])).toEqual([]);
  });

  it('takes a name among the system or right below ~/.cache for graver than a dot directory in a home', () => {
    const unit = { ppid: 1, unit: 'app.service' };
    expect(hear(hiddenPlace, [run({ ...unit, exe: '/home/kim/.deploy/run' })])[0]?.severity).toBe('low');
    for (const exe of ['/usr/lib/.lib/nd', '/var/lib/.upd/s', '/home/kim/.cache/.s/x', '/root/.config/.dbus/s'])
      expect(hear(hiddenPlace, [run({ ...unit, exe })])[0]?.severity).toBe('high');
  });

  it('takes what cron left behind for detached, and a tool in a build below /tmp not for hidden', () => {
    expect(hear(hiddenPlace, [run({ exe: '/home/kim/.w/x', ppid: 1, tty: 0, unit: 'cron.service' })])[0]?.severity).toBe('medium');
    expect(hear(hiddenPlace, [run({ exe: '/tmp/build/.venv/bin/pip', ppid: 5, tty: 34816 })])[0]?.severity).toBe('low');
  });

  it('explains an application image', () => {
    expect(hear(hiddenPlace, [run({ exe: '/tmp/.mount_abcDEF/usr/bin/app' })])[0]).toMatchObject({ severity: 'info', explained: expect.any(String) });
  });
});
