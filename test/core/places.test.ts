/** Where programs may live, judged by name alone. */

import { describe, expect, it } from 'vitest';
import { directoryOf, keyOf, nameOf } from '../../src/core/entity.ts';
import { inPlainView, inside, installed, oddName, oddPlace } from '../../src/core/places.ts';

describe('oddPlace', () => {
  it.each([
    ['/usr/tmp/.x/scan', 'world-writable'],
    ['/var/tmp/build/a.out', 'world-writable'],
    ['/dev/shm/k', 'world-writable'],
    ['/tmp/.../x', 'odd-name'],
    ['/usr/lib/.. /x', 'odd-name'],
    ['/home/alice/.secret/run', 'hidden'],
    ['/var/www/shop/.cache/run', 'hidden'],
    ['/usr/share/.fonts/x', 'hidden'],
    ['/root/.x/run', 'hidden'],
    ['/root/.cache/.x/run', 'hidden'],
    ['/home/kim/.config/.dbus/s', 'hidden'],
    ['/home/kim/.nvm/versions/.k/node', 'hidden'],
    ['/home/kim/.ssh/run', 'hidden'],
    ['/var/www/shop/.cache/.config/run', 'hidden'],
    ['/usr/lib/.venv/bin/x', 'hidden'],
    ['/var/lib/.pm2/x', 'hidden'],
    ['/dev/.npm/x', 'hidden'],
    ['/.cargo/x', 'hidden'],
  ])('%s is %s', (path, why) => expect(oddPlace(path)).toBe(why));

  it.each([
    '/usr/bin/ssh',
    '/opt/app/run',
    '/home/alice/bin/tool',
    '/home/alice/.cargo/bin/rg',
    '/root/.nvm/versions/node/v20/bin/node',
    '/var/lib/jenkins/.cache/x',
    '/srv/git/.local/bin/x',
    '/opt/netbox/.venv/bin/gunicorn',
    '/home/kim/shop/backend/.venv/bin/celery',
    '/home/kim/shop/node_modules/.bin/vite',
    '/usr/lib/node_modules/n8n/node_modules/.bin/n8n',
    '/opt/app/.next/standalone/server.js',
    '/home/kim/.pm2/modules/x/node',
    '/home/kim/.rvm/gems/ruby-3.2/bin/puma',
    '/home/kim/.windsurf-server/bin/1/node',
    '/home/kim/.nvm/.cache/bin/node',
    '/root/.ansible/tmp/ansible-tmp-1/AnsiballZ_apt.py',
    '/srv/git/shop/.git/hooks/post-receive',
  ])('%s is in place', (path) => expect(oddPlace(path)).toBeNull());
});

describe('inPlainView', () => {
  it.each([
    '/tmp/build/a.out',
    '/tmp/build/.venv/bin/pip',
    '/home/kim/.deploy/run',
    '/srv/app/.hidden/x',
    '/var/lib/containerd/snapshots/12/fs/app/.bin/x',
  ])('%s is', (path) => expect(inPlainView(path)).toBe(true));
  it.each([
    '/tmp/.x/run',
    '/var/tmp/a/.b/c',
    '/usr/lib/.lib/nd',
    '/var/lib/.u/s',
    '/var/lib/misc/.upd/s',
    '/root/.cache/.x/s',
    '/srv/.../x',
    '/dev/.k',
  ])('%s is not', (path) => expect(inPlainView(path)).toBe(false));
});

describe('names made to be overlooked', () => {
  it.each(['...', '....', '.. ', '. x', ' x', 'x ', 'a\nb', '..\t'])('%j is odd', (name) => expect(oddName(name)).toBe(true));
  it.each(['.', '..', '.git', 'a b', 'x.txt', '..data'])('%j is not', (name) => expect(oddName(name)).toBe(false));
});

describe('installed', () => {
  it('is where package managers and administrators put programs', () => {
    expect(installed('/usr/local/sbin/x')).toBe(true);
    expect(installed('/usr/tmp/x')).toBe(false);
    expect(installed('/home/a/x')).toBe(false);
  });
  it('does not take a longer name for a directory inside', () => {
    expect(inside('/tmpfoo/x', '/tmp')).toBe(false);
    expect(inside('/tmp', '/tmp')).toBe(true);
    expect(inside('/anything', '/')).toBe(true);
  });
});

describe('entities', () => {
  it('are the same thing by what they are, not by their labels', () => {
    expect(keyOf({ is: 'account', name: 'a', uid: 5 })).toBe(keyOf({ is: 'account', name: 'a' }));
    expect(keyOf({ is: 'process', pid: 5, startTicks: 1 })).not.toBe(keyOf({ is: 'process', pid: 5, startTicks: 2 }));
    expect(keyOf({ is: 'file', path: '/a' })).not.toBe(keyOf({ is: 'directory', path: '/a' }));
  });
  it('have a directory and a name', () => {
    expect(directoryOf('/a')).toBe('/');
    expect(directoryOf('/a/b/c')).toBe('/a/b');
    expect(nameOf('/a/b/c')).toBe('c');
  });
});
