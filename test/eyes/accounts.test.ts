import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/core/words.ts';
import { accounts } from '../../src/eyes/accounts.ts';
import { Disk } from '../../src/eyes/disk.ts';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) fs.rmSync(directory, { recursive: true });
});

function look(files: Readonly<Record<string, string>>, last = new Map<number, { at: number; from: string }>()) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-accounts-'));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(root + name), { recursive: true });
    fs.writeFileSync(root + name, text);
  }
  const coverage = new Map<string, Coverage>();
  const list = accounts(new Disk(root), (entry) => coverage.set(entry.source, entry), last);
  return { list, by: new Map(list.map((account) => [account.name, account])), coverage };
}

const person = (name: string, uid: number, rest = `${uid}::/home/${name}:/bin/bash`) => `${name}:x:${uid}:${rest}\n`;

describe('homes', () => {
  it('are looked into where they are, however many accounts have none', () => {
    const crowd = Array.from({ length: 3000 }, (_, turn) => person(`p${turn}`, 2000 + turn)).join('');
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIx kim\n';
    const files = { '/etc/passwd': `${crowd}${person('kim', 1000)}`, '/home/kim/.ssh/authorized_keys': key, '/home/p7/.ssh/authorized_keys': key };
    const { by, coverage } = look(files);
    expect([by.get('kim')?.keys, by.get('p7')?.keys, by.get('p8')?.keys]).toEqual([1, 1, 0]);
    expect(coverage.has('homes')).toBe(false);
  });

  it('beyond the bound are counted as not looked into', () => {
    const crowd = Array.from({ length: 2100 }, (_, turn) => person(`p${turn}`, 2000 + turn, `${2000 + turn}::/h${turn}/own:/bin/sh`)).join('');
    expect(look({ '/etc/passwd': crowd }).coverage.get('homes')).toMatchObject({ state: 'partial', detail: expect.stringContaining('100 homes') });
  });
});

describe('accounts', () => {
  it('tells what can be done with each password field', () => {
    const fields = {
      set: '$y$j9T$salt$hash',
      des: 'abJnggxhB/yWI',
      off: '!$6$salt$hash',
      twice: '!!$6$salt$hash',
      star: '*',
      bang: '!',
      two: '!!',
      mark: '!*',
      sun: '*LK*',
      open: '',
    };
    const names = Object.keys(fields);
    const { by } = look({
      '/etc/passwd': `${names.map((name, turn) => person(name, 1000 + turn)).join('')}direct::2000:2000::/:/bin/sh\nlost:x:2001:2001::/:/bin/sh\n`,
      '/etc/shadow': Object.entries(fields)
        .map(([name, hash]) => `${name}:${hash}:20000:0:99999:7:::\n`)
        .join(''),
    });
    expect([...by].map(([name, account]) => [name, account.password])).toEqual([
      ['set', 'set'],
      ['des', 'set'],
      ['off', 'locked'],
      ['twice', 'locked'],
      ['star', 'none'],
      ['bang', 'none'],
      ['two', 'none'],
      ['mark', 'none'],
      ['sun', 'none'],
      ['open', 'empty'],
      ['direct', 'empty'],
      ['lost', 'none'],
    ]);
    // Day 20,000 after 1970-01-01 is 2024-10-04.
    expect(by.get('set')).toMatchObject({ passwordChangedAt: Date.UTC(2024, 9, 4), expiresAt: null });
  });

  it('says that passwords are unknown where shadow cannot be read', () => {
    const { list, coverage } = look({ '/etc/passwd': person('ann', 1000) });
    expect(list[0]?.password).toBe('unknown');
    expect(coverage.get('shadow')?.state).toBe('unreadable');
    expect(coverage.get('groups')?.state).toBe('absent');
    expect(coverage.get('accounts')).toMatchObject({ state: 'read', lines: 1 });
  });

  it('says who is as good as root, and why', () => {
    const { by } = look({
      '/etc/passwd':
        person('root', 0) +
        person('toor', 0) +
        person('ann', 1000) +
        person('bob', 1001) +
        person('cleo', 1002, '998::/home/cleo:/bin/sh') +
        person('dan', 1003) +
        person('eve', 1004) +
        person('plain', 1005),
      '/etc/group': 'sudo:x:27:ann,nobody\ndocker:x:998:\nops:x:900:dan\ngames:x:60:plain\n',
      '/etc/sudoers': 'bob ALL=(ALL) NOPASSWD: ALL\n%ops ALL=(ALL) ALL\n#1004 ALL=ALL\n%sudo ALL=(ALL:ALL) ALL\n',
    });
    const why = (name: string) => by.get(name)?.admin;
    expect(why('root')).toBeNull();
    expect(why('toor')).toContain('uid 0');
    expect(why('ann')).toContain('member of group sudo');
    expect(why('bob')).toBe('named in /etc/sudoers line 1: ALL=(ALL) NOPASSWD: ALL');
    expect(why('cleo')).toContain('member of group docker');
    expect(why('dan')).toBe('member of group ops, named in /etc/sudoers line 2: ALL=(ALL) ALL');
    expect(why('eve')).toContain('line 3');
    expect(why('plain')).toBeNull();
    expect(by.get('cleo')?.groups).toEqual(['docker']);
    expect(by.get('ann')?.groups).toEqual(['1000', 'sudo']);
  });

  it('knows who can log in, who is a service, and when somebody last came', () => {
    const { by } = look(
      {
        '/etc/login.defs': '#UID_MIN 5\nUID_MIN\t\t 500\n',
        '/etc/passwd':
          person('web', 33, '33::/var/www:/usr/sbin/nologin') +
          person('sync', 4, '4::/bin:/bin/sync') +
          person('old', 500, '500::/home/old:') +
          person('nobody', 65_534, '1::/nonexistent:/bin/false') +
          person('svc', 499),
      },
      new Map([[500, { at: 5, from: '192.0.2.7' }]]),
    );
    expect([...by.values()].map(({ name, canLogIn, system }) => [name, canLogIn, system])).toEqual([
      ['web', false, true],
      ['sync', false, true],
      ['old', true, false],
      ['nobody', false, true],
      ['svc', true, true],
    ]);
    expect(by.get('old')?.lastLogin).toEqual({ at: 5, from: '192.0.2.7' });
    expect(by.get('svc')?.lastLogin).toBeNull();
  });

  it('counts keys with and without options, in both files, and no comments', () => {
    const { by, coverage } = look({
      '/etc/passwd': person('ann', 1000) + person('bob', 1001),
      '/home/ann/.ssh/authorized_keys': '# ssh-rsa AAAAold\n\nssh-ed25519 AAAAC3Nz ann\nfrom="192.0.2.1",command="x y" ssh-rsa AAAAB3Nz\nnonsense\n',
      '/home/ann/.ssh/authorized_keys2': 'sk-ssh-ed25519@openssh.com AAAAGnNr key\n',
      '/home/bob/.ssh/authorized_keys/directory': '',
    });
    expect(by.get('ann')?.keys).toBe(3);
    expect(by.get('bob')?.keys).toBe(0);
    expect(coverage.get('key files')).toMatchObject({ state: 'partial' });
  });

  it('counts lines that are none, and names accounts that come by network', () => {
    const { list, coverage } = look({
      '/etc/passwd': `${person('ann', 1000)}\nshort:x:1\nneg:x:-1:1::/:/bin/sh\nbig:x:99999999999:1::/:/bin/sh\n:x:5:5::/:/bin/sh\n+::::::\n+@net::::::\n`,
    });
    expect(list.map(({ name }) => name)).toEqual(['ann']);
    expect(coverage.get('accounts')).toMatchObject({ state: 'partial' });
    expect(coverage.get('accounts')?.detail).toMatch(/1 entry; 4 malformed lines.*2 lines for accounts of NIS/);
  });
});
