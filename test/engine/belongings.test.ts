/** Kit, job and key of an account that a stranger entered are one case with the entry; what merely coincides is not. */

import { describe, expect, it } from 'vitest';
import type { AccountSeen, Entity, Finding } from '../../src/core/words.ts';
import { casebook } from '../../src/engine/casebook.ts';
import { type FakeMachine, fakeEyes, fakeHistory, fakeNetworks, processSeen } from '../fake-eyes.ts';

function account(name: string, uid: number): AccountSeen {
  const rest = { gid: uid, home: `/home/${name}`, shell: '/bin/bash', groups: [], admin: null, password: 'set', passwordChangedAt: null } as const;
  return { name, uid, ...rest, expiresAt: null, canLogIn: true, system: false, keys: 0, lastLogin: null };
}

let count = 0;
function finding(detector: string, culprit: readonly Entity[], more: Partial<Finding> = {}): Finding {
  count += 1;
  const rest = {
    severity: 'high',
    confidence: 'strong',
    victim: [],
    evidence: [],
    seen: 1,
    attack: [],
    tells: 'compromise',
    role: 'foothold',
  } as const;
  return { id: `${detector}-${count}`, detector, key: `${count}`, at: 600_000, says: detector, culprit, ...rest, ...more };
}

const entry = (name: string, more: Partial<Finding> = {}) =>
  finding(
    'entry-after-guessing',
    [
      { is: 'address', ip: '198.51.100.7' },
      { is: 'account', name },
    ],
    { role: 'entry', at: 500_000, ...more },
  );
const kit = (path: string, more: Partial<Finding> = {}) => finding('attack-kit', [{ is: 'directory', path }], more);

const machine: FakeMachine = {
  host: { live: false },
  accounts: [account('root', 0), account('kim', 1_001), account('anna', 1_002), account('toor', 0)],
  files: {
    '/var/tmp/.k': { kind: 'directory', uid: 1_001 },
    '/var/tmp/.a': { kind: 'directory', uid: 1_002 },
    '/var/tmp/.r': { kind: 'directory', uid: 0 },
    '/home/kim/.ssh/authorized_keys': { uid: 1_001 },
    '/var/spool/cron/crontabs/kim': { uid: 0 },
  },
  persistence: [{ place: 'cron', path: '/var/spool/cron/crontabs/kim', account: 'kim', command: '/var/tmp/.k/run', changedAt: 600_000 }],
  processes: [processSeen({ pid: 9, startTicks: 5, uid: 0, loginUid: 1_001 })],
};

function sizes(findings: readonly Finding[]): number[] {
  const given = { eyes: fakeEyes(machine), history: fakeHistory(), networks: fakeNetworks() };
  return casebook(findings, [], given, null).map((draft) => draft.findings.length);
}

describe('what belongs to an account that was entered', () => {
  it('is of the case of the entry: kit, crontab, key, and a process of the session', () => {
    const job = finding('persistence-added', [{ is: 'file', path: '/var/spool/cron/crontabs/kim' }]);
    const key = finding('persistence-added', [{ is: 'file', path: '/home/kim/.ssh/authorized_keys' }]);
    const runs = finding('hidden-place', [{ is: 'process', pid: 9, startTicks: 5 }]);
    expect(sizes([entry('kim'), kit('/var/tmp/.k'), job, key, runs])).toEqual([5]);
  });

  it('stays apart when it belongs to another account, to root, or was there before', () => {
    expect(sizes([entry('kim'), kit('/var/tmp/.a')])).toEqual([1, 1]);
    expect(sizes([entry('root'), kit('/var/tmp/.r')])).toEqual([1, 1]);
    expect(sizes([entry('toor'), kit('/var/tmp/.r')])).toEqual([1, 1]);
    expect(sizes([entry('kim'), kit('/var/tmp/.k', { at: 100_000 })])).toEqual([1, 1]);
  });

  it('stays apart when one side is not accused', () => {
    expect(sizes([entry('kim', { severity: 'low', explained: 'mistyped' }), kit('/var/tmp/.k')])).toEqual([1]);
    expect(sizes([kit('/var/tmp/.k'), kit('/var/tmp/.a')])).toEqual([1, 1]);
  });
});

describe('what has no culprit', () => {
  const logs = () => finding('deleted-logs', [], { tells: 'oddity', severity: 'medium', role: 'effect' });
  it('joins the one break-in, and none of two', () => {
    expect(sizes([entry('kim'), logs()])).toEqual([2]);
    const other = entry('anna', { culprit: [{ is: 'account', name: 'anna' }] });
    expect(sizes([entry('kim'), other, logs()])).toEqual([1, 1, 1]);
  });

  it('a listening card joins only a case that holds such a socket', () => {
    const card = () => finding('listening-card', [], { tells: 'oddity', severity: 'low', role: 'effect' });
    expect(sizes([finding('raw-socket', [{ is: 'process', pid: 77, startTicks: 1 }]), card()])).toEqual([2]);
    expect(sizes([entry('kim'), card()])).toEqual([1, 1]);
  });

  it('a second name of root ties what is told of it', () => {
    const made = finding('account-changed', [{ is: 'account', name: 'toor', uid: 0 }], { role: 'persistence' });
    const stands = finding('account-that-should-not', [{ is: 'account', name: 'toor', uid: 0 }], { tells: 'exposure', role: 'account' });
    expect(sizes([made, stands])).toEqual([2]);
  });
});
