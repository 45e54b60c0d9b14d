/** What belongs together becomes one case; what merely happens at the same time does not. */

import { describe, expect, it } from 'vitest';
import type { Entity, Finding } from '../../src/core/words.ts';
import { casebook } from '../../src/engine/casebook.ts';
import { told, verdictOf } from '../../src/engine/telling.ts';
import { policies, probes } from '../../src/registry.ts';
import { type FakeMachine, fakeEyes, fakeHistory, fakeNetworks, guessRun, loginRun } from '../fake-eyes.ts';

const scanner: Entity = { is: 'process', pid: 811, startTicks: 4_000 };

function finding(detector: string, culprit: readonly Entity[], more: Partial<Finding> = {}): Finding {
  return {
    id: `${detector}-1`,
    detector,
    key: detector,
    at: 600_000,
    severity: 'high',
    confidence: 'strong',
    says: `${detector} was seen`,
    culprit,
    victim: [],
    evidence: [],
    seen: 1,
    attack: ['T1046'],
    tells: 'compromise',
    role: 'effect',
    ...more,
  };
}

function machine(more: FakeMachine = {}): FakeMachine {
  const process = {
    pid: 811,
    ppid: 1,
    startTicks: 4_000,
    startedAt: 550_000,
    name: 'knock',
    exe: '/var/tmp/.q/knock',
    exeState: 'present' as const,
    argv: ['./knock'],
    script: null,
    cwd: '/var/tmp/.q',
    uid: 1_004,
    gid: 1_004,
    account: 'backup2',
    loginUid: 1_004,
    sessionId: 4,
    unit: null,
    cgroup: null,
    kernelThread: false,
    state: 'S',
    tty: 0,
    cpuTicks: 1,
    rssBytes: 1,
    netns: null,
    mntns: null,
    pidns: null,
  };
  const account = {
    name: 'backup2',
    uid: 1_004,
    gid: 1_004,
    home: '/home/backup2',
    shell: '/bin/bash',
    groups: ['backup2', 'sudo'],
    admin: 'member of group sudo',
    password: 'set' as const,
    passwordChangedAt: null,
    expiresAt: null,
    canLogIn: true,
    system: false,
    keys: 0,
    lastLogin: null,
  };
  return {
    processes: [process],
    accounts: [account, { ...account, name: 'alice', uid: 1_001 }],
    environments: { 811: { SSH_CONNECTION: '198.51.100.7 50022 192.0.2.1 22' } },
    ...more,
  };
}

function cases(findings: readonly Finding[], more: FakeMachine = {}, history = fakeHistory()) {
  const given = { eyes: fakeEyes(machine(more)), history, networks: fakeNetworks() };
  return casebook(findings, probes, given, null).map((draft) => told(draft, policies, given));
}

const guessing = finding('password-guessing', [{ is: 'address', ip: '198.51.100.7' }], {
  tells: 'attack',
  role: 'entry',
  severity: 'low',
  from: 100_000,
  seen: 40,
});
const entry = finding(
  'entry-after-guessing',
  [
    { is: 'address', ip: '198.51.100.7' },
    { is: 'account', name: 'backup2' },
  ],
  { role: 'entry', at: 500_000 },
);
const scan = finding('outbound-scan', [scanner, { is: 'file', path: '/var/tmp/.q/knock' }]);
const history = fakeHistory({
  logins: [loginRun({ account: 'backup2', ip: '198.51.100.7' }), loginRun({ account: 'alice', ip: '203.0.113.5', first: 300_000, times: 3 })],
  guesses: [guessRun({ account: 'backup2', ip: '198.51.100.7' })],
});

describe('a walk', () => {
  it('joins the scan, the log-in that started it and the guessing before, by the session of the process', () => {
    const [story, ...others] = cases([scan, entry, guessing], {}, history);
    expect(others).toEqual([]);
    expect(story?.severity).toBe('critical');
    expect(story?.findings.map((one) => one.detector).sort()).toEqual(['entry-after-guessing', 'outbound-scan', 'password-guessing']);
    const told = story?.chain.flatMap((step) => (step.role === 'explanation' || step.at === null ? [] : [step.at])) ?? [];
    expect([...told].sort((a, b) => a - b)).toEqual(told);
    expect(story?.chain[0]?.role).toBe('entry');
  });

  it('names the accounts that it looked at and cleared', () => {
    const [story] = cases([scan, entry, guessing], {}, history);
    const cleared = story?.chain.filter((step) => step.says.startsWith('cleared:')) ?? [];
    expect(cleared.map((step) => step.entity)).toEqual([{ is: 'account', name: 'alice' }]);
  });

  it('says what is missing when no log-in was found', () => {
    const [story] = cases([scan], { environments: {} });
    expect(story?.gaps.some((gap) => gap.includes('how they came in was not found'))).toBe(true);
  });
});

describe('what only happens at the same time', () => {
  it('stays two cases', () => {
    const other = finding(
      'hidden-place',
      [
        { is: 'process', pid: 77, startTicks: 9 },
        { is: 'directory', path: '/dev/shm/.x' },
      ],
      { role: 'foothold' },
    );
    expect(cases([scan, other])).toHaveLength(2);
  });

  it('is not joined by root, a shared directory or an installed program', () => {
    const shared: Entity[] = [
      { is: 'account', name: 'root' },
      { is: 'directory', path: '/tmp' },
      { is: 'file', path: '/usr/bin/ssh' },
      { is: 'address', ip: '127.0.0.1' },
    ];
    const one = finding('masquerade', [{ is: 'process', pid: 5, startTicks: 5 }, ...shared]);
    const two = finding('deleted-executable', [{ is: 'process', pid: 6, startTicks: 6 }, ...shared]);
    expect(cases([one, two])).toHaveLength(2);
  });

  it('does not pull guessers in who never touched the account that was entered', () => {
    const noise = { ...guessing, id: 'password-guessing-2', key: 'other', culprit: [{ is: 'address' as const, ip: '203.0.113.200' }] };
    const found = cases([scan, entry, guessing, noise], {}, history);
    expect(found).toHaveLength(2);
    expect(found.find((story) => story.severity !== 'critical')?.findings.map((one) => one.key)).toEqual(['other']);
  });

  it('makes one case of all guessing in which nobody got in', () => {
    const noise = [1, 2, 3].map((n) => ({
      ...guessing,
      id: `password-guessing-${n}`,
      key: `g${n}`,
      culprit: [{ is: 'address' as const, ip: `203.0.113.${n}` }],
    }));
    const found = cases(noise);
    expect(found).toHaveLength(1);
    expect(found[0]?.title).toContain('3 addresses guess');
    expect(verdictOf(found)).toBe('attacked');
  });
});

describe('a full connection table', () => {
  const full = finding('conntrack-filling', [], { id: 'conntrack-filling-1' });
  it('joins the one case that sends out', () => expect(cases([scan, full])).toHaveLength(1));
  it('stays alone when nothing sends out', () => expect(cases([entry, full], {}, history)).toHaveLength(2));
});

describe('the verdict', () => {
  it('is clean when everything is explained, and what is explained opens no case', () => {
    const found = cases([finding('outbound-scan', [scanner], { severity: 'low', explained: 'the backup of that host' })]);
    expect(found).toEqual([]);
    expect(verdictOf(found)).toBe('clean');
  });

  it('is compromised when somebody got in', () => expect(verdictOf(cases([entry], {}, history))).toBe('compromised'));
});

describe('proposals', () => {
  it('freeze before they kill, and never ban the own address, the gateway or a resolver', () => {
    const gateway = finding('password-guessing', [{ is: 'address', ip: '192.0.2.254' }], { tells: 'attack', role: 'entry', id: 'g-9', key: 'gw' });
    const entered = {
      ...entry,
      culprit: [...entry.culprit, { is: 'address' as const, ip: '192.0.2.254' }, { is: 'address' as const, ip: '192.0.2.1' }],
    };
    const [story] = cases([scan, entered, guessing, gateway], {}, history);
    const verbs = story?.proposes.map((proposal) => proposal.order.verb) ?? [];
    expect(verbs.indexOf('freeze-tree')).toBeGreaterThanOrEqual(0);
    expect(verbs.indexOf('freeze-tree')).toBeLessThan(verbs.indexOf('kill-tree'));
    const banned = story?.proposes.flatMap((proposal) => (proposal.order.verb === 'ban-address' ? [proposal.order.ip] : []));
    expect(banned).toEqual(['198.51.100.7']);
    for (const proposal of story?.proposes ?? [])
      expect([proposal.because, proposal.risk, proposal.undo].every((words) => words.length > 5)).toBe(true);
  });
});
