import { describe, expect, it } from 'vitest';
import type { DirectorySeen, FileShape, ShapedFile } from '../../src/core/words.ts';
import { attackKit } from '../../src/detectors/attack-kit.ts';
import { event } from './event.ts';
import { hear } from './hearing.ts';

const file = (name: string, shape: FileShape, mode = 0o644): ShapedFile => ({
  name,
  shape,
  sizeBytes: 2000,
  uid: 1,
  mode,
  modifiedAt: 5,
  changedAt: 6,
  entries: 100,
  sample: null,
});
const judge = (files: readonly ShapedFile[], because: DirectorySeen['because'] = 'running') => {
  const directory: DirectorySeen = { path: '/var/tmp/.k', because, uid: 1, mode: 0o755, changedAt: 7, files, more: 0 };
  return hear(attackKit, [event('directory.seen', directory)]);
};

describe('attack-kit', () => {
  it('leaves a list of hosts beside a script in a home to its owner, and not a kit', () => {
    const hosts = [file('hosts', 'target-list'), file('deploy.sh', 'script', 0o755)];
    expect(judge(hosts)).toHaveLength(1);
    expect(judge(hosts, 'home')).toEqual([]);
    expect(judge([...hosts, file('words', 'dictionary')], 'home')).toHaveLength(1);
  });

  it('recognises a kit by its shapes, whatever the names', () => {
    const [found] = judge([
      file('a1', 'target-list'),
      file('b2', 'dictionary'),
      file('c3', 'loot'),
      file('run', 'elf', 0o755),
      file('README', 'text'),
    ]);
    expect(found).toMatchObject({
      severity: 'high',
      confidence: 'strong',
      at: 6,
      figures: { targetLists: 1, dictionaries: 1, loot: 1, programs: 1 },
    });
    for (const name of ['a1', 'b2', 'c3', 'run']) expect(found?.says).toContain(name);
    expect(found?.says).not.toContain('README');
  });
  it('is less sure of a list beside a program', () =>
    expect(judge([file('a', 'target-list'), file('run', 'script', 0o755)])[0]).toMatchObject({ severity: 'medium' }));
  it('does not take a lone list, a lone program or plain text for a kit', () => {
    expect(judge([file('a', 'target-list')])).toEqual([]);
    expect(judge([file('run', 'elf', 0o755)])).toEqual([]);
    expect(judge([file('a', 'text'), file('b', 'archive')])).toEqual([]);
  });
  it('never quotes a dictionary', () => {
    const secret = { ...file('p', 'dictionary'), sample: 'root hunter2' };
    expect(JSON.stringify(judge([secret, file('t', 'target-list')]))).not.toContain('hunter2');
  });
});
