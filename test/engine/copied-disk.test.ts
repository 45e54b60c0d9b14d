import { describe, expect, it } from 'vitest';
import { copiedDisk } from '../../src/engine/copied-disk.ts';
import { fakeEyes } from '../fake-eyes.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

function disk(changed: readonly number[], live = false) {
  const files = Object.fromEntries(changed.map((changedAt, index) => [`/etc/f${index}`, { changedAt }]));
  return fakeEyes({ host: { live }, files: { '/etc': { kind: 'directory' }, ...files } });
}

const copied = Array.from({ length: 40 }, (_, index) => 100 * DAY_MS + index * 1000);

describe('a copied disk', () => {
  it('is known by times of change that all lie shortly behind one another and after the logs', () => {
    expect(copiedDisk(disk(copied), 90 * DAY_MS)).toMatchObject({ source: 'file times', state: 'partial' });
  });
  it('is known also when a few files were changed later', () => {
    expect(copiedDisk(disk([...copied, 101 * DAY_MS, 102 * DAY_MS]), 90 * DAY_MS)).not.toBeNull();
  });
  it.each([
    ['a system that was installed in one go and lived on', copied, 120 * DAY_MS],
    ['files changed over weeks', copied.map((_, index) => 100 * DAY_MS + index * HOUR_MS), 90 * DAY_MS],
    ['a handful of files', copied.slice(0, 5), 90 * DAY_MS],
    ['a disk without logs', copied, null],
  ])('is not %s', (_what, changed, newest) => expect(copiedDisk(disk(changed), newest)).toBeNull());
  it('is not the running machine', () => expect(copiedDisk(disk(copied, true), 90 * DAY_MS)).toBeNull());
});
