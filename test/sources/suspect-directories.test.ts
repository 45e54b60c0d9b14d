/** Which directories are looked into for the shapes of an attack kit. */

import { describe, expect, it } from 'vitest';
import type { PersistenceSeen } from '../../src/core/words.ts';
import type { FileSeen } from '../../src/core/world.ts';
import { suspectDirectories } from '../../src/sources/suspect-directories.ts';
import { fakeEyes } from '../fake-eyes.ts';

const job: PersistenceSeen = { place: 'cron', path: '/etc/cron.d/x', account: 'root', command: '/usr/lib/.q/sub/go >/dev/null', changedAt: null };
const directory = (path: string): FileSeen => ({
  path,
  kind: 'directory',
  uid: 0,
  gid: 0,
  mode: 0o755,
  sizeBytes: 1,
  modifiedAt: 1,
  changedAt: 1,
  inode: 1,
});

describe('suspect-directories', () => {
  it('looks where a job of cron keeps its program, though nothing runs and no odd name was listed', async () => {
    const machine = fakeEyes({ persistence: [job, { ...job, command: '/usr/bin/true' }] });
    const eyes = { ...machine, stat: directory, list: () => ({ entries: [], more: 0 }) };
    const seen: unknown[] = [];
    for await (const reading of suspectDirectories.open(eyes)) if ('event' in reading) seen.push(reading.event.fields);
    expect(seen).toMatchObject([{ path: '/usr/lib/.q/sub', because: 'kept' }]);
  });
});
