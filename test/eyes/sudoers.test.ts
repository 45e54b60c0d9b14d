import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/core/words.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { sudoRights } from '../../src/eyes/sudoers.ts';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) fs.rmSync(directory, { recursive: true });
});

function rightsIn(files: Readonly<Record<string, string>>) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-sudoers-'));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(root + name), { recursive: true });
    fs.writeFileSync(root + name, text);
  }
  const coverage: Coverage[] = [];
  const rights = sudoRights(new Disk(root), (entry) => coverage.push(entry));
  return { ...rights, coverage };
}

describe('sudoers', () => {
  it('names users and groups that may run everything, with file and line', () => {
    const { users, groups, coverage } = rightsIn({
      '/etc/sudoers': '# rules\nDefaults env_reset\nroot ALL=(ALL:ALL) ALL\n%sudo\tALL=(ALL:ALL) ALL\n',
    });
    expect([...users]).toEqual([['root', 'named in /etc/sudoers line 3: ALL=(ALL:ALL) ALL']]);
    expect([...groups.keys()]).toEqual(['sudo']);
    expect(coverage).toEqual([{ source: 'sudoers', state: 'read', detail: '1 file, 3 lines' }]);
  });

  it('is not called absent when /etc/sudoers is a link that leads nowhere inside the disk', () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-sudoers-'));
    made.push(root);
    fs.mkdirSync(`${root}/etc`);
    fs.symlinkSync('/srv/config/sudoers', `${root}/etc/sudoers`);
    const coverage: Coverage[] = [];
    sudoRights(new Disk(root), (entry) => coverage.push(entry));
    expect(coverage).toMatchObject([{ source: 'sudoers', state: 'unreadable', detail: expect.stringContaining('/etc/sudoers') }]);
  });

  it('follows every kind of include in the order of names, and passes over names with a dot', () => {
    const { users } = rightsIn({
      '/etc/sudoers': '@includedir /etc/sudoers.d\n#include extra\n#includedir /etc/other.d\n',
      '/etc/sudoers.d/20-b': '\n\nbea ALL=(ALL) NOPASSWD: ALL\n',
      '/etc/sudoers.d/10-a': 'abe ALL = ALL',
      '/etc/sudoers.d/skip.bak': 'eve ALL=ALL\n',
      '/etc/sudoers.d/skip~': 'eve ALL=ALL\n',
      '/etc/extra': 'cleo ALL=(root) /bin/bash\n',
      '/etc/other.d/z': 'dan ALL=(ALL) SETENV:NOPASSWD:ALL\n',
    });
    expect([...users.keys()]).toEqual(['abe', 'bea', 'cleo', 'dan']);
    expect(users.get('bea')).toBe('named in /etc/sudoers.d/20-b line 3: ALL=(ALL) NOPASSWD: ALL');
  });

  it('leaves out rights that are not full, not for root, or taken away', () => {
    const { users } = rightsIn({
      '/etc/sudoers': [
        'web ALL=(root) NOPASSWD: /usr/bin/systemctl restart nginx',
        'dba ALL=(postgres) ALL',
        'own ALL=(:backup) ALL',
        'no ALL=(ALL) !ALL',
        'half ALL=(bob) /bin/ls, (root) /bin/ls',
        'late ALL=(bob) /bin/ls, (root) ALL',
        'two web=/bin/ls : db=(root) NOPASSWD: ALL',
        'not a rule',
      ].join('\n'),
    });
    expect([...users.keys()]).toEqual(['late', 'two']);
  });

  it('puts members in place of aliases, and reads continued lines, lists, quotes and uids', () => {
    const { users, groups } = rightsIn({
      '/etc/sudoers': [
        'User_Alias ADMINS = ann, INNER, !mallory : GUESTS = gus',
        'User_Alias INNER = ivy, %ops',
        'Cmnd_Alias EVERYTHING = ALL',
        'Runas_Alias BOSS = root',
        'ADMINS ALL = (BOSS) NOPASSWD: EVERYTHING',
        'one, \\',
        '  two ALL=(ALL) ALL # both',
        '#1000 ALL=ALL',
        '"%domain admins" ALL=(ALL) ALL',
        'GUESTS ALL=/bin/ls',
      ].join('\n'),
    });
    expect([...users.keys()]).toEqual(['ann', 'ivy', 'one', 'two', '#1000']);
    expect([...groups.keys()]).toEqual(['ops', 'domain admins']);
    expect(users.get('two')).toContain('line 6');
  });

  it('ends for includes and aliases that go in circles', () => {
    const { users, coverage } = rightsIn({
      '/etc/sudoers': '@include /etc/sudoers\nUser_Alias A = B, ann\nUser_Alias B = A\nA ALL=ALL\n',
    });
    expect(users.has('ann')).toBe(true);
    expect(coverage[0]?.state).toBe('partial');
  });

  it('says when there is none, and which file could not be read', () => {
    expect(rightsIn({}).coverage[0]?.state).toBe('absent');
    const { coverage } = rightsIn({ '/etc/sudoers': '@include /etc/gone\nroot ALL=ALL\n' });
    expect(coverage[0]).toMatchObject({ state: 'partial' });
    expect(coverage[0]?.detail).toContain('/etc/gone');
  });
});
