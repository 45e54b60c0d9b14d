import { describe, expect, it } from 'vitest';
import type { PersistenceSeen, ProcessSeen } from '../../src/core/words.ts';
import { respawner } from '../../src/detectors/respawner.ts';
import { processSeen } from '../fake-eyes.ts';
import { event } from './event.ts';
import { hear } from './hearing.ts';

const run = (process: Partial<ProcessSeen>) => event('process.seen', processSeen(process));
const place = (fields: Partial<PersistenceSeen>) =>
  event('persistence.seen', { place: 'cron', path: '/var/spool/cron/crontabs/kim', line: 3, account: 'kim', command: '', changedAt: 9, ...fields });
const odd = (fields: Partial<ProcessSeen> = {}) => run({ pid: 70, ppid: 60, exe: '/var/tmp/.p/scan', startedAt: 100_000, ...fields });

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
