/** The tree of processes: built from evidence, and not led in circles or out of bounds by a hostile machine. */

import { describe, expect, it } from 'vitest';
import type { Entity } from '../../src/core/words.ts';
import { processTree } from '../../src/faces/process-tree.ts';
import { aCase, aFact, aFinding } from './a-report.ts';

const proc = (pid: number, name: string): Entity => ({ is: 'process', pid, startTicks: pid * 10, name });
const parents = (pid: number, line: readonly (readonly [number, string])[]) =>
  aFact(`parents-${pid}`, 'process-parents', `process ${pid} was started by ${line.map(([at, name]) => `${at} ${name}`).join(' ← ')}`, {
    about: proc(pid, `p${pid}`),
    evidence: line.map(([at]) => ({ source: `/proc/${at}` })),
  });
const flat = (text: string) => text.replace(/<span[^>]*>|<\/span>|<\/?b>|\n/g, '');

describe('the tree', () => {
  it('is empty without processes', () => expect(processTree(aCase())).toBe(''));

  it('hangs processes below those that started them', () => {
    const line = [
      [100, '/bin/sh ./run'],
      [1, '/sbin/init'],
    ] as const;
    const tree = flat(processTree(aCase({ facts: [parents(200, line), parents(201, line)] })));
    expect(tree).toBe('<ul class="tree"><li>1 /sbin/init<ul><li>100 /bin/sh ./run<ul><li>200 p200</li><li>201 p201</li></ul></li></ul></li></ul>');
  });

  it('marks those whom a finding accuses, and tells what the probe found', () => {
    const story = aCase({
      findings: [aFinding('f', 'x', { culprit: [proc(5, 'evil')] })],
      facts: [aFact('p', 'process-program', 'process 5 runs /tmp/.x/evil', { about: proc(5, 'evil') })],
    });
    expect(processTree(story)).toContain('<span class="accused"><b>5</b> evil</span><br><span class="dim">process 5 runs /tmp/.x/evil</span>');
  });

  it('does not believe a sentence that does not fit the evidence', () => {
    const fact = { ...parents(9, [[8, 'x ← 1 init']]) };
    expect(flat(processTree(aCase({ facts: [fact] })))).toBe('<ul class="tree"><li>8 <ul><li>9 p9</li></ul></li></ul>');
  });

  it('goes round no circle', () => {
    const story = aCase({ facts: [parents(1, [[2, 'b']]), parents(2, [[3, 'c']]), parents(3, [[1, 'a']])] });
    const tree = processTree(story);
    for (const pid of [1, 2, 3]) expect(tree.split(`<b>${pid}</b>`)).toHaveLength(2);
  });

  it('stays bounded under a fork bomb', () => {
    const culprit = Array.from({ length: 5000 }, (_, index) => proc(index + 2, 'bomb'));
    const tree = processTree(aCase({ findings: [aFinding('f', 'x', { culprit })] }));
    expect(tree.match(/<b>/g)?.length).toBe(40);
    expect(tree).toContain('and 260 more');
  });
});
