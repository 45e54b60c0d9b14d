/** Where a file comes from and what starts it again. */

import { describe, expect, it } from 'vitest';
import type { PersistenceSeen } from '../../src/core/words.ts';
import { fileOrigin } from '../../src/probes/file-origin.ts';
import { type FakeMachine, fakeEyes, fakeHistory, fakeNetworks } from '../fake-eyes.ts';

const entry = (more: Partial<PersistenceSeen>): PersistenceSeen => ({
  place: 'unit',
  path: '/x',
  account: 'root',
  command: '',
  changedAt: 1,
  ...more,
});

function asked(path: string, persistence: readonly PersistenceSeen[] = [], accounts: NonNullable<FakeMachine['accounts']> = []) {
  const eyes = fakeEyes({ files: { [path]: {} }, persistence, accounts });
  return fileOrigin.look({ is: 'file', path }, { eyes, history: fakeHistory(), networks: fakeNetworks() }, { entities: [], findings: [] });
}

describe('file-origin', () => {
  it('takes no interpreter of the system for a foothold, but whatever else runs', () => {
    for (const path of ['/usr/bin/perl', '/usr/bin/python3.11', '/bin/dash', '/usr/bin/node']) expect(asked(path)[0]?.role).toBeUndefined();
    for (const path of ['/opt/app/scan', '/home/kim/work/s.pl', '/var/tmp/.k/perl']) expect(asked(path)[0]?.role).toBe('foothold');
  });

  it('names the unit that starts it and the timer of that unit, and not the file itself', () => {
    const facts = asked('/opt/app/scan', [
      entry({ place: 'timer', path: '/etc/systemd/system/scan.timer', command: 'scan.service' }),
      entry({ path: '/etc/systemd/system/scan.service', line: 4, command: '/opt/app/scan -p 22' }),
      entry({ place: 'cron', path: '/opt/app/scan', command: '/opt/app/scan' }),
    ]);
    expect(facts[1]?.role).toBe('persistence');
    expect(facts[1]?.evidence.map(({ path }) => path)).toEqual(['/etc/systemd/system/scan.service', '/etc/systemd/system/scan.timer']);
  });

  it('finds a cron line that names it by the home of its account', () => {
    const accounts = [{ name: 'gina', uid: 1002, home: '/home/gina' }] as unknown as NonNullable<FakeMachine['accounts']>; // no more is asked of one
    const facts = asked(
      '/home/gina/tools/s.pl',
      [entry({ place: 'cron', path: '/c/gina', account: 'gina', command: 'perl $HOME/tools/s.pl 22' })],
      accounts,
    );
    expect(facts[1]?.evidence.map(({ path }) => path)).toEqual(['/c/gina']);
  });
});
