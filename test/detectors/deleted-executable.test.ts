import { describe, expect, it } from 'vitest';
import type { ProcessSeen } from '../../src/core/words.ts';
import { deletedExecutable } from '../../src/detectors/deleted-executable.ts';
import { processSeen } from '../fake-eyes.ts';
import { event } from './event.ts';
import { hear } from './hearing.ts';

const judge = (process: Partial<ProcessSeen>) => hear(deletedExecutable, [event('process.seen', processSeen(process))]);

describe('deleted-executable', () => {
  it('accuses what was deleted from an odd place, and what never had a file', () => {
    expect(judge({ exe: '/dev/shm/.x/m', exeState: 'deleted' })[0]).toMatchObject({ severity: 'high' });
    expect(judge({ exe: '/memfd:a', exeState: 'memfd' })[0]).toMatchObject({ severity: 'high' });
  });

  it('explains upgrades, rebuilt programs and container runtimes', () => {
    for (const process of [
      { exe: '/usr/sbin/nginx', exeState: 'replaced' },
      { exe: '/usr/lib/jvm/java-17/bin/java', exeState: 'deleted' },
      { exe: '/home/ci/work/build/app', exeState: 'deleted' },
      { exe: '/memfd:runc_cloned:/proc/self/exe', exeState: 'memfd' },
      { exe: '/memfd:launcher', exeState: 'sealed' },
    ] as const) {
      const [found] = judge(process);
      expect(found?.explained).toBeTruthy();
      expect(['info', 'low']).toContain(found?.severity);
    }
  });

  it('tells of a script that is gone while its interpreter runs on', () => {
    const gone = { loops: true, names: [], gone: true };
    const [found] = judge({ exe: '/usr/bin/bash', script: '/dev/shm/.x/go', scriptSays: gone });
    expect(found).toMatchObject({ severity: 'high', figures: { state: 'deleted' } });
    expect(found?.culprit[0]).toEqual({ is: 'file', path: '/dev/shm/.x/go' });
    expect(judge({ exe: '/usr/bin/python3', script: '/usr/share/app/run', scriptSays: gone })[0]?.explained).toBeTruthy();
    expect(judge({ exe: '/usr/bin/bash', script: '/dev/shm/.x/go', scriptSays: { ...gone, gone: false } })).toEqual([]);
  });

  it('has nothing to say of a program that is there', () => expect(judge({ exeState: 'present' })).toEqual([]));

  it('counts processes of one program once', () => {
    const two = [1, 2].map((pid) => event('process.seen', processSeen({ pid, exe: '/tmp/.a/b', exeState: 'deleted' })));
    expect(hear(deletedExecutable, two)).toHaveLength(1);
    expect(hear(deletedExecutable, two)[0]?.seen).toBe(2);
  });
});
