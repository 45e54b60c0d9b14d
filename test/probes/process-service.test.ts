/** The service that a process came out of, and the sessions and tables that are none. */

import { describe, expect, it } from 'vitest';
import type { ProcessSeen } from '../../src/core/words.ts';
import { processCrashes } from '../../src/probes/process-crashes.ts';
import { processService } from '../../src/probes/process-service.ts';
import { fakeEyes, fakeHistory, fakeNetworks, processSeen } from '../fake-eyes.ts';

const story = { entities: [], findings: [] };
const scanner = { is: 'process', pid: 50, startTicks: 10 } as const;

function asked(...parents: Partial<ProcessSeen>[]) {
  const processes = [{}, ...parents].map((one, at) => processSeen({ pid: 50 - at, ppid: at === parents.length ? 1 : 49 - at, ...one }));
  return processService.look(scanner, { eyes: fakeEyes({ processes }), history: fakeHistory(), networks: fakeNetworks() }, story);
}

describe('process-service', () => {
  it('is the topmost parent, with those between', () => {
    const [fact] = asked({ name: 'sh', exe: '/usr/bin/dash' }, { name: 'php-fpm8.2', exe: '/usr/sbin/php-fpm8.2', unit: 'php8.2-fpm.service' });
    expect(fact).toMatchObject({ role: 'process', leadsTo: [], entity: { is: 'process', pid: 48, startTicks: 10, name: 'php-fpm8.2' } });
    expect(fact?.says).toContain('php-fpm8.2[48] (php8.2-fpm.service) through sh[49]');
    expect(fact?.gap).toContain('access and error logs');
  });

  it('is none for sessions, cron, shells of their own and programs in odd places', () => {
    expect(asked({ name: 'bash', exe: '/usr/bin/bash' }, { name: 'sshd', exe: '/usr/sbin/sshd' })).toEqual([]);
    expect(asked({ name: 'cron', exe: '/usr/sbin/cron' })).toEqual([]);
    expect(asked({ name: 'sh', exe: '/usr/bin/dash' })).toEqual([]);
    expect(asked({ name: 'httpd', exe: '/tmp/.x/httpd' })).toEqual([]);
    expect(asked()).toEqual([]);
  });
});

describe('process-crashes', () => {
  const crash = { at: 5, how: 'crashed', uid: null, evidence: { source: '/var/log/kern.log', line: 1 } };
  const look = (process: Partial<ProcessSeen>, uid: number | null = null) => {
    const history = { ...fakeHistory(), crashes: (name: string) => (name === 'scan' ? [{ ...crash, uid }] : []) };
    const eyes = fakeEyes({ processes: [processSeen({ pid: 50, uid: 33, name: 'scan', ...process })] });
    return processCrashes.look(scanner, { eyes, history, networks: fakeNetworks() }, story);
  };
  it('belong to a program of its own name and user, not to one that everybody has', () => {
    expect(look({ exe: '/dev/shm/.k/scan' })).toMatchObject([{ role: 'effect', at: 5, says: expect.stringContaining('1 process named scan') }]);
    expect(look({ exe: '/dev/shm/.k/scan' }, 1_000)).toEqual([]);
    expect(look({ exe: '/usr/bin/scan' })).toEqual([]);
  });
});
