import { describe, expect, it } from 'vitest';
import type { ProcessSeen } from '../../src/core/words.ts';
import { masquerade } from '../../src/detectors/masquerade.ts';
import { processSeen } from '../fake-eyes.ts';
import { event } from './event.ts';
import { hear } from './hearing.ts';

const judge = (process: Partial<ProcessSeen>) => hear(masquerade, [event('process.seen', processSeen(process))]);

describe('masquerade', () => {
  const liars: readonly (readonly [string, Partial<ProcessSeen>])[] = [
    ['an sshd that is another program', { name: 'sshd', argv: ['sshd'], exe: '/var/tmp/.z/k' }],
    ['an sshd that is called so, elsewhere', { name: 'sshd', argv: ['/usr/sbin/sshd'], exe: '/usr/tmp/.z/sshd' }],
    ['a perl that says httpd', { name: 'httpd', argv: ['/usr/sbin/httpd -k start'], exe: '/usr/bin/perl' }],
    ['brackets around a name', { name: 'x', argv: ['[kworker/1:2]'], exe: '/home/kim/x' }],
    ["a kernel thread's name", { name: 'kworker/0:1', argv: ['kworker/0:1'], exe: '/opt/a/b' }],
    ['a script that is called like cron', { name: 'cron', argv: ['/bin/sh', '/dev/shm/.a/cron'], exe: '/bin/dash', script: '/dev/shm/.a/cron' }],
    ['a perl that calls itself a worker of the kernel', { name: 'perl', argv: ['[kworker/u8:2-events_unbound]'], exe: '/usr/bin/perl' }],
    ['a python that calls itself kthreadd', { name: 'python3', argv: ['[kthreadd]'], exe: '/usr/bin/python3.11' }],
    ['a blank behind the brackets', { name: 'x', argv: ['[rcu_sched] '], exe: '/usr/bin/perl' }],
    ['a workqueue that is a shell script', { name: 'x', argv: ['[mm_percpu_wq]'], exe: '/usr/bin/bash' }],
    ['a copied web server in /tmp', { name: 'nginx', argv: ['nginx: worker process'], exe: '/tmp/nginx' }],
    ['a copied apache2 in a hidden place', { name: 'apache2', argv: ['/usr/sbin/apache2 -k start'], exe: '/var/tmp/.k/apache2' }],
    ['a (sd-pam) that is perl', { name: '(sd-pam)', argv: ['(sd-pam)'], exe: '/usr/bin/perl' }],
    ['a script named kworker', { name: 'kworker', argv: ['/bin/sh', '/srv/x/kworker'], exe: '/bin/dash', script: '/srv/x/kworker' }],
    ['a bare name of the kernel on perl', { name: 'migration', argv: ['migration/0'], exe: '/usr/bin/perl' }],
  ];
  it.each(liars)('accuses %s', (_what, process) => {
    expect(judge(process)).toHaveLength(1);
    expect(['medium', 'high']).toContain(judge(process)[0]?.severity);
  });

  const honest: readonly (readonly [string, Partial<ProcessSeen>])[] = [
    ['sshd of a session', { name: 'sshd', argv: ['sshd: kim@pts/0'], exe: '/usr/sbin/sshd' }],
    ['sshd-session of OpenSSH 9.8', { name: 'sshd-session', argv: ['sshd-session: kim [priv]'], exe: '/usr/lib/openssh/sshd-session' }],
    ['systemd as init', { name: 'systemd', argv: ['/sbin/init'], exe: '/usr/lib/systemd/systemd' }],
    ['udev', { name: 'systemd-udevd', argv: ['/lib/systemd/systemd-udevd'], exe: '/usr/bin/udevadm' }],
    ['cron in capitals', { name: 'cron', argv: ['/usr/sbin/CRON', '-f'], exe: '/usr/sbin/cron' }],
    ['a log-in shell', { name: 'bash', argv: ['-bash'], exe: '/usr/bin/bash' }],
    ['sh that is dash', { name: 'sh', argv: ['sh', '-c', 'x'], exe: '/usr/bin/dash' }],
    ['php-fpm with a version', { name: 'php-fpm8.2', argv: ['php-fpm: pool www'], exe: '/usr/sbin/php-fpm8.2' }],
    ['postgres with a title', { name: 'postgres', argv: ['postgres: walwriter'], exe: '/usr/lib/postgresql/15/bin/postgres' }],
    ['mysqld that is mariadbd', { name: 'mysqld', argv: ['/usr/sbin/mysqld'], exe: '/usr/sbin/mariadbd' }],
    ['an init script', { name: 'cron', argv: ['/bin/sh', '/etc/init.d/cron', 'start'], exe: '/usr/bin/dash', script: '/etc/init.d/cron' }],
    ['a real kernel thread', { name: 'kworker/0:1', argv: [], exe: null, exeState: 'none', kernelThread: true }],
    ["systemd's (sd-pam)", { name: '(sd-pam)', argv: ['(sd-pam)'], exe: '/usr/lib/systemd/systemd' }],
    ...[
      '/usr/local/bin/watchdog',
      '/opt/app/migration',
      '/srv/app/bin/events',
      '/home/dev/app/cron',
      '/srv/app/master',
      '/home/dev/md',
      '/opt/jenkins/init',
    ].map(
      (script) =>
        [`the script ${script}`, { name: script.split('/').at(-1) ?? '', argv: ['/usr/bin/perl', script], exe: '/usr/bin/perl', script }] as const,
    ),
    ['a program of its own called events', { name: 'events', argv: ['/srv/app/events'], exe: '/srv/app/events' }],
    ['a title in brackets that is its own', { name: 'w', argv: ['[ruby:x]'], exe: '/srv/x/w' }],
    ['a master of salt', { name: 'salt', argv: ['master'], exe: '/usr/bin/salt' }],
    ["systemd's executor as (sd-pam)", { name: '(sd-pam)', argv: ['(sd-pam)'], exe: '/usr/lib/systemd/systemd-executor' }],
    ['nginx built at home', { name: 'nginx', argv: ['nginx: worker process'], exe: '/srv/nginx/sbin/nginx' }],
  ];
  it.each(honest)('believes %s', (_what, process) => expect(judge(process)).toEqual([]));
});
