import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AccountSeen, Coverage } from '../../src/core/words.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { oddNames } from '../../src/eyes/odd-names.ts';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) fs.rmSync(directory, { recursive: true });
});

function account(name: string, home: string): AccountSeen {
  const rest = { groups: [], admin: null, passwordChangedAt: null, expiresAt: null, lastLogin: null };
  return { name, uid: 1001, gid: 1001, home, shell: '/bin/bash', password: 'set', canLogIn: true, system: false, keys: 0, ...rest };
}

/** Names ending in `/` are directories, `-> target` makes a link; modes are set last. */
function look(files: Readonly<Record<string, string>>, modes: Readonly<Record<string, number>> = {}) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-odd-'));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(name.endsWith('/') ? root + name : path.dirname(root + name), { recursive: true });
    if (name.endsWith('/')) continue;
    if (text.startsWith('-> ')) fs.symlinkSync(text.slice(3), root + name);
    else fs.writeFileSync(root + name, text);
  }
  for (const [name, mode] of Object.entries(modes)) fs.chmodSync(root + name, mode);
  const coverage: Coverage[] = [];
  const people = [account('shop', '/home/shop/'), account('bin', '/bin'), account('nobody', '/')];
  const names = oddNames(new Disk(root), people, (entry) => coverage.push(entry));
  return { names, short: names.map(({ why, kind, path: where }) => `${why} ${kind} ${where}`).sort(), coverage };
}

describe('places where nobody looks', () => {
  it('names what is hidden among the files of packages and in homes, and what lies below it', () => {
    const { short } = look({
      '/usr/lib/.x/go': '#!/bin/sh',
      '/usr/share/fonts/.cache2/deep/list': 'x',
      '/usr/lib/.build-id/ab/cd': 'x',
      '/home/shop/.config/.k/list': 'x',
      '/home/shop/.gnupg2/x/list': 'x',
      '/home/shop/.config/app/list': 'x',
    });
    for (const name of ['/usr/lib/.x', '/usr/share/fonts/.cache2', '/usr/share/fonts/.cache2/deep', '/home/shop/.config/.k', '/home/shop/.gnupg2/x'])
      expect(short).toContain(`hidden directory ${name}`);
    expect(short).toContain('executable file /usr/lib/.x/go');
    expect(short.some((text) => text.includes('build-id') || text.includes('/app'))).toBe(false);
  });
});

describe('places open to all', () => {
  it('names what is hidden, odd or made to run, at any mode', () => {
    const { short } = look(
      {
        '/tmp/.X11-unix/': '',
        '/tmp/.X25-unix/a/b/run': 'x',
        '/tmp/.X0-lock': '  1\n',
        '/tmp/... /': '',
        '/tmp/plain.txt': 'hello',
        '/var/tmp/prog': '\x7fELF\x02',
        '/var/tmp/start': '#!/bin/sh\n',
        '/dev/shm/k': 'x',
        '/run/user/1001/.h': 'x',
      },
      { '/tmp/.X25-unix/a/b/run': 0o755, '/dev/shm/k': 0o4711 },
    );
    expect(short).toEqual([
      'executable file /tmp/.X25-unix/a/b/run',
      'executable file /var/tmp/prog',
      'executable file /var/tmp/start',
      'hidden directory /tmp/.X25-unix',
      'hidden file /run/user/1001/.h',
      'odd-name directory /tmp/... ',
      'setuid file /dev/shm/k',
    ]);
  });

  it('knows the hidden names of honest programs only as what they are', () => {
    expect(look({ '/tmp/.X0-lock/': '', '/tmp/.ICE-unix': 'x', '/tmp/.s.PGSQL.5432.lock': '1' }).short).toEqual([
      'hidden directory /tmp/.X0-lock',
      'hidden file /tmp/.ICE-unix',
    ]);
  });

  it('looks once at a place that is a link to another, and never through links below', () => {
    const { short } = look({ '/var/tmp/.x/': '', '/usr/tmp': '-> ../var/tmp', '/srv/in/.y': 'x', '/tmp/l': '-> /srv/in' });
    expect(short).toEqual(['hidden directory /var/tmp/.x']);
  });

  it('goes five directories deep', () => {
    const { short } = look({ '/tmp/a/b/c/d/.in': 'x', '/tmp/a/b/c/d/e/.out': 'x' });
    expect(short).toEqual(['hidden file /tmp/a/b/c/d/.in']);
  });
});

describe('other places', () => {
  it('takes regular files in /dev for devices in disguise, but for the known', () => {
    const { short } = look({ '/dev/ttyp9': 'log', '/dev/.udev/db': 'x', '/dev/MAKEDEV': '#!/bin/sh', '/dev/.k/a': 'x', '/dev/mqueue/q': 'QSIZE:0' });
    expect(short).toEqual(['device-in-disguise file /dev/.k/a', 'device-in-disguise file /dev/ttyp9', 'hidden directory /dev/.k']);
  });

  it('names odd names, not hidden ones, where people look and two deep in homes', () => {
    const { short } = look({
      '/etc/.. /': '',
      '/usr/lib/.hidden': 'x',
      '/usr/lib/.../': '',
      '/opt/a/.../': '',
      '/home/shop/.config/ x': 'x',
      '/home/shop/a/b/.../': '',
      '/bin/.../': '',
    });
    expect(short).toEqual([
      'odd-name directory /etc/.. ',
      'odd-name directory /opt/a/...',
      'odd-name directory /usr/lib/...',
      'odd-name file /home/shop/.config/ x',
    ]);
  });

  it('looks into hidden directories that services keep, and not into well-known ones', () => {
    const { short } = look({
      '/var/lib/games/.score/run': '#!/bin/sh',
      '/var/spool/samba/.x/list': 'x',
      '/var/lib/app/.cache/run': '#!/bin/sh',
      '/var/lib/games/scores': 'x',
    });
    expect(short).toEqual([
      'executable file /var/lib/games/.score/run',
      'hidden directory /var/lib/games/.score',
      'hidden directory /var/spool/samba/.x',
    ]);
  });

  it('keeps names that are no UTF-8, and facts of the file', () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-odd-'));
    made.push(root);
    fs.mkdirSync(`${root}/tmp`);
    fs.writeFileSync(Buffer.concat([Buffer.from(`${root}/tmp/.`), Buffer.from([0xfe])]), 'abc', { mode: 0o640 });
    const [name] = oddNames(new Disk(root), [], () => {});
    expect(name).toMatchObject({ path: '/tmp/.\udcfe', why: 'hidden', kind: 'file', sizeBytes: 3, mode: 0o640, uid: process.getuid?.() });
  });
});

describe('bounds and coverage', () => {
  it('counts what it looked at', () => {
    expect(look({ '/tmp/a': 'x', '/tmp/b': 'x' }).coverage).toEqual([
      // tmp, home-less root: two names in /tmp and "tmp" in /.
      { source: 'odd places', state: 'read', detail: '3 names looked at' },
    ]);
    expect(look({}).coverage).toEqual([{ source: 'odd places', state: 'read', detail: '0 names looked at' }]);
  });

  it('keeps the worst of too many and says how many are left out', () => {
    const many = Object.fromEntries(Array.from({ length: 2010 }, (_, index) => [`/tmp/x${index}`, '#!']));
    const modes = Object.fromEntries(Object.keys(many).map((name) => [name, 0o755]));
    const { names, coverage } = look({ ...many, '/var/tmp/.z/': '', '/tmp/suid': 'x' }, { ...modes, '/tmp/suid': 0o4755 });
    expect(names).toHaveLength(2000);
    expect(names.slice(0, 2).map((name) => name.path)).toEqual(['/tmp/suid', '/var/tmp/.z']);
    expect(coverage[0]?.state).toBe('partial');
    expect(coverage[0]?.detail).toContain('12 odd names left out');
  });

  it('is not blinded by a crowd of names', () => {
    const crowd = Object.fromEntries(Array.from({ length: 9000 }, (_, index) => [`/tmp/${index}`, '']));
    const { short, coverage } = look({ ...crowd, '/tmp/.zz/': '', '/var/tmp/.y/': '' });
    expect(short).toEqual(['hidden directory /tmp/.zz', 'hidden directory /var/tmp/.y']);
    expect(coverage[0]?.state).toBe('partial');
  });

  it('finds a plain directory in a crowd of files, and what lies in it', () => {
    const crowd = Object.fromEntries(Array.from({ length: 9000 }, (_, index) => [`/tmp/${index}`, '']));
    const files = { '/tmp/zz-work/deep/run': '#!/bin/sh\n', '/tmp/zz-work/.h/k': 'x', '/tmp/zz': 'x' };
    const { short } = look({ ...crowd, ...files }, { '/tmp/zz': 0o755 });
    expect(short).toEqual(['executable file /tmp/zz', 'executable file /tmp/zz-work/deep/run', 'hidden directory /tmp/zz-work/.h']);
  });

  it('gives no directory all that is left before the others had their share', () => {
    const crowd = Object.fromEntries(['a', 'b', 'c'].flatMap((name) => Array.from({ length: 4000 }, (_, index) => [`/tmp/${name}/${index}`, ''])));
    const { short } = look({ ...crowd, '/tmp/y/x': '#!/bin/sh\n', '/tmp/z/y/x': '\x7fELF' });
    expect(short).toEqual(['executable file /tmp/y/x', 'executable file /tmp/z/y/x']);
  });
});
