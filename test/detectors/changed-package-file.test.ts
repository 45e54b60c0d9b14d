import { describe, expect, it } from 'vitest';
import type { PackageFileSeen } from '../../src/core/words.ts';
import { changedPackageFile } from '../../src/detectors/changed-package-file.ts';
import { processSeen } from '../fake-eyes.ts';
import { event } from './event.ts';
import { hear } from './hearing.ts';

const file = (fields: Partial<PackageFileSeen>) =>
  event('package-file.seen', {
    path: '/usr/sbin/sshd',
    package: 'openssh-server',
    version: '1:9.2p1-2',
    verdict: 'changed',
    expected: 'aa',
    found: 'bb',
    changedAt: 42,
    because: 'login-path',
    ...fields,
  });

describe('changed-package-file', () => {
  it('accuses an exchanged sshd with both sums', () => {
    const [found] = hear(changedPackageFile, [file({})]);
    expect(found).toMatchObject({ severity: 'high', at: 42, culprit: [{ is: 'file', path: '/usr/sbin/sshd' }] });
    expect(found?.says).toMatch(/openssh-server.*bb.*aa/);
  });
  it('explains changes while a package manager works', () => {
    const dpkg = event('process.seen', processSeen({ name: 'dpkg', exe: '/usr/bin/dpkg' }));
    expect(hear(changedPackageFile, [dpkg, file({})])[0]).toMatchObject({ severity: 'info', explained: expect.any(String) });
  });
  it('does not believe a process that only calls itself dpkg', () => {
    const liar = event('process.seen', processSeen({ name: 'dpkg', exe: '/tmp/.x/dpkg' }));
    expect(hear(changedPackageFile, [liar, file({})])[0]?.severity).toBe('high');
  });
  it('wonders about a ps that no package brought, less so in /usr/local', () => {
    expect(hear(changedPackageFile, [file({ path: '/usr/bin/ps', verdict: 'unowned', package: null })])[0]).toMatchObject({ severity: 'medium' });
    expect(hear(changedPackageFile, [file({ path: '/usr/local/bin/ps', verdict: 'unowned', package: null })])[0]).toMatchObject({
      severity: 'low',
      tells: 'oddity',
    });
  });
  it('is silent about intact, unknown and own programs', () => {
    expect(
      hear(changedPackageFile, [
        file({ verdict: 'intact' }),
        file({ verdict: 'unknown' }),
        file({ verdict: 'unowned', because: 'running', path: '/opt/x' }),
      ]),
    ).toEqual([]);
  });
});
