import { describe, expect, it } from 'vitest';
import type { ProcessSeen } from '../../src/core/words.ts';
import { manyInstances } from '../../src/detectors/many-instances.ts';
import { processSeen } from '../fake-eyes.ts';
import { event } from './event.ts';
import { hear } from './hearing.ts';

const many = (count: number, process: Partial<ProcessSeen>) =>
  Array.from({ length: count }, (_, index) => event('process.seen', processSeen({ pid: 1000 + index, ppid: 1, ...process })));
const one = (process: Partial<ProcessSeen>) => event('process.seen', processSeen(process));

describe('many-instances', () => {
  it('accuses many processes of a program out of place', () => {
    const [found] = hear(manyInstances, many(204, { exe: '/usr/tmp/.w/sc', uid: 1005 }));
    expect(found).toMatchObject({ severity: 'high', seen: 204, figures: { processes: 204 } });
  });

  it('accuses an installed program that a script in a hidden place starts many times', () => {
    const driver = one({ pid: 50, ppid: 1, exe: '/bin/sh', script: '/var/tmp/.q/a' });
    expect(hear(manyInstances, [driver, ...many(60, { exe: '/usr/bin/ssh', ppid: 50 })])[0]?.severity).toBe('high');
  });

  it('explains the workers of one server', () => {
    const [found] = hear(manyInstances, [
      one({ pid: 40, exe: '/usr/sbin/php-fpm8.2' }),
      ...many(300, { exe: '/usr/sbin/php-fpm8.2', uid: 33, ppid: 40 }),
    ]);
    expect(found).toMatchObject({ severity: 'info', explained: expect.stringContaining('php-fpm8.2[40]') });
  });

  it('explains what somebody at a terminal started', () => {
    const shell = one({ pid: 41, ppid: 1, exe: '/usr/bin/bash', tty: 34816, loginUid: 1000 });
    const script = one({ pid: 42, ppid: 41, exe: '/usr/bin/python3', script: '/usr/bin/parallel-ssh', tty: 34816, loginUid: 1000 });
    expect(
      hear(manyInstances, [shell, script, ...many(200, { exe: '/usr/bin/ssh', ppid: 42, tty: 34816, loginUid: 1000 })])[0]?.explained,
    ).toBeTruthy();
  });

  it('is silent below fifty', () => expect(hear(manyInstances, many(49, { exe: '/tmp/.x/y' }))).toEqual([]));
});
