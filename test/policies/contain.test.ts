/** What is frozen, saved and closed: the loop above what is accused, and nothing that is gone already. */

import { describe, expect, it } from 'vitest';
import type { Case, Entity, Finding, ProcessSeen } from '../../src/core/words.ts';
import { containProcesses } from '../../src/policies/contain-processes.ts';
import { quarantinePlaces } from '../../src/policies/quarantine-places.ts';
import { type FakeMachine, fakeEyes, fakeHistory, fakeNetworks, processSeen } from '../fake-eyes.ts';

const child = processSeen({ pid: 70, ppid: 60, startTicks: 9, uid: 1001, exe: '/usr/bin/perl', script: '/home/ida/work/s.pl' });
const says = { loops: true, names: [], gone: false };
const loop = processSeen({ pid: 60, ppid: 1, startTicks: 1, uid: 1001, exe: '/usr/bin/bash', script: '/home/ida/work/go.sh', scriptSays: says });

function finding(detector: string, culprit: readonly Entity[], more: Partial<Finding> = {}): Finding {
  const plain = { id: detector, detector, key: detector, at: 1, severity: 'high', confidence: 'strong', says: detector } as const;
  return { ...plain, culprit, victim: [], evidence: [], seen: 1, attack: [], tells: 'compromise', role: 'process', ...more };
}

function story(findings: readonly Finding[]): Case {
  const words = { id: 'TOC-1', title: '', state: 'open', severity: 'high', confidence: 'strong', openedAt: 1 } as const;
  return { ...words, chain: [], findings, facts: [], attack: [], proposes: [], gaps: [], recommends: [] };
}

function given(machine: FakeMachine) {
  return { eyes: fakeEyes(machine), history: fakeHistory(), networks: fakeNetworks() };
}

const entity = (process: ProcessSeen): Entity => ({ is: 'process', pid: process.pid, startTicks: process.startTicks });

describe('contain-processes', () => {
  it('freezes the loop in a plain home first, with what it started', () => {
    const { proposes } = containProcesses.decide(story([finding('outbound-scan', [entity(child)])]), given({ processes: [child, loop] }));
    expect(proposes.map(({ order }) => order.verb)).toEqual(['freeze-tree', 'save-evidence', 'kill-tree']);
    expect(proposes[0]?.order).toMatchObject({ pid: 60 });
  });

  it('leaves a parent alone that is no loop, and everything where nothing is grave', () => {
    const waits = { ...loop, scriptSays: { ...says, loops: false } };
    const grave = containProcesses.decide(story([finding('outbound-scan', [entity(child)])]), given({ processes: [child, waits] }));
    expect(grave.proposes[0]?.order).toMatchObject({ pid: 70 });
    const low = finding('hidden-place', [entity(child)], { severity: 'low' });
    expect(containProcesses.decide(story([low]), given({ processes: [child, loop] })).proposes).toEqual([]);
  });

  it('saves no file that is gone', () => {
    const gone = { ...child, script: '/dev/shm/.x/go', scriptSays: { ...says, gone: true } };
    const { proposes } = containProcesses.decide(story([finding('outbound-scan', [entity(gone)])]), given({ processes: [gone] }));
    expect(proposes[1]?.order).toEqual({ verb: 'save-evidence', pids: [70], paths: [] });
  });
});

describe('quarantine-places', () => {
  const php = processSeen({ pid: 5, exe: '/var/www/shop/.t/php', exeState: 'deleted' });
  const deleted = finding('deleted-executable', [
    { is: 'file', path: '/var/www/shop/.t/php' },
    { is: 'directory', path: '/var/www/shop/.t' },
  ]);

  it('closes nothing that is gone', () => {
    expect(quarantinePlaces.decide(story([deleted]), given({ processes: [php] })).proposes).toEqual([]);
    const there = given({ processes: [php], files: { '/var/www/shop/.t': { kind: 'directory' } } });
    expect(quarantinePlaces.decide(story([deleted]), there).proposes.map(({ order }) => order)).toEqual([
      { verb: 'quarantine-directory', path: '/var/www/shop/.t' },
    ]);
  });

  it('takes what is not grave only beside something that is', () => {
    const low = finding('hidden-place', [{ is: 'directory', path: '/tmp/src' }, entity(child)], { severity: 'low', role: 'foothold' });
    expect(quarantinePlaces.decide(story([low]), given({})).proposes).toEqual([]);
    const both = [low, finding('outbound-scan', [entity(child)])];
    expect(quarantinePlaces.decide(story(both), given({})).proposes[0]?.order).toEqual({ verb: 'quarantine-directory', path: '/tmp/src' });
  });

  it('disables the line that starts it, not a process that does', () => {
    const evidence = [
      { source: 'persistence', path: '/etc/cron.d/x', line: 3 },
      { source: '/proc/60', path: '/dev/shm/.x/go' },
    ];
    const culprit: Entity[] = evidence.map(({ path }) => ({ is: 'file', path }));
    const respawner = finding('respawner', culprit, { role: 'persistence', evidence });
    expect(quarantinePlaces.decide(story([respawner]), given({})).proposes.map(({ order }) => order)).toEqual([
      { verb: 'disable-persistence', path: '/etc/cron.d/x', line: 3 },
    ]);
  });

  it('disables what starts an accused program, wherever that lies, but not what starts an installed one', () => {
    const starter = (path: string): Case['facts'][number] => ({
      id: path,
      probe: 'file-origin',
      about: { is: 'file', path },
      says: `${path} is started by a cron line`,
      at: 1,
      role: 'persistence',
      leadsTo: [],
      evidence: [{ source: 'cron', path: '/var/spool/cron/crontabs/ida', line: 2 }],
      confidence: 'strong',
    });
    const orders = (path: string, accused: string) => {
      const told = { ...story([finding('outbound-scan', [{ is: 'file', path: accused }])]), facts: [starter(path)] };
      return quarantinePlaces.decide(told, given({})).proposes.flatMap(({ order }) => (order.verb === 'disable-persistence' ? [order] : []));
    };
    expect(orders('/opt/app/s.pl', '/opt/app/s.pl')).toEqual([{ verb: 'disable-persistence', path: '/var/spool/cron/crontabs/ida', line: 2 }]);
    expect(orders('/usr/bin/perl', '/usr/bin/perl')).toEqual([]);
    expect(orders('/opt/app/s.pl', '/opt/other')).toEqual([]);
  });
});
