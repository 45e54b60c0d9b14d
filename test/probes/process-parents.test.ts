/** Who started it: the parents, and among them the loop that would start it again. */

import { describe, expect, it } from 'vitest';
import type { ProcessSeen } from '../../src/core/words.ts';
import { processParents } from '../../src/probes/process-parents.ts';
import { fakeEyes, fakeHistory, fakeNetworks, processSeen } from '../fake-eyes.ts';

const loop = processSeen({
  pid: 60,
  ppid: 1,
  startTicks: 1,
  uid: 1001,
  exe: '/usr/bin/bash',
  script: '/home/ida/work/go.sh',
  argv: ['/bin/bash', './go.sh'],
  scriptSays: { loops: true, names: [], gone: false },
});

function asked(others: readonly ProcessSeen[], mine: Partial<ProcessSeen> = {}) {
  const process = processSeen({ pid: 70, ppid: 60, startTicks: 9, uid: 1001, exe: '/usr/bin/ssh', ...mine });
  const given = { eyes: fakeEyes({ processes: [process, ...others] }), history: fakeHistory(), networks: fakeNetworks() };
  return processParents.look({ is: 'process', pid: 70, startTicks: 9 }, given, { entities: [], findings: [] });
}

describe('process-parents', () => {
  it('names the loop in a plain home, and leads to its script', () => {
    const facts = asked([loop]);
    expect(facts[1]).toMatchObject({ role: 'persistence', entity: { is: 'process', pid: 60 } });
    expect(facts[1]?.leadsTo).toContainEqual({ is: 'file', path: '/home/ida/work/go.sh' });
  });

  it('sees it through a timeout and a subshell', () => {
    const outer = { ...loop, pid: 50 };
    const wait = processSeen({ pid: 65, ppid: 60, startTicks: 2, uid: 1001, exe: '/usr/bin/timeout', argv: ['timeout', '3', 'ssh'] });
    const facts = asked([outer, { ...loop, ppid: 50 }, wait], { ppid: 65 });
    expect(facts[1]?.entity).toMatchObject({ pid: 50 });
  });

  it('names no script without a loop, no installed program, no shell that somebody types into', () => {
    expect(asked([{ ...loop, scriptSays: { loops: false, names: [], gone: false } }])).toHaveLength(1);
    expect(asked([{ ...loop, script: '/usr/bin/ansible' }])).toHaveLength(1);
    expect(asked([{ ...loop, script: null, argv: ['-bash'] }])).toHaveLength(1);
    expect(asked([{ ...loop, uid: 1002 }])).toHaveLength(1);
  });
});
