import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/core/words.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { packages } from '../../src/eyes/packages.ts';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) fs.rmSync(directory, { recursive: true });
});

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const INFO = '/var/lib/dpkg/info';

function machine(files: Readonly<Record<string, string>>, links: Readonly<Record<string, string>> = {}) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-packages-'));
  made.push(root);
  const place = (name: string) => {
    fs.mkdirSync(path.dirname(root + name), { recursive: true });
    return root + name;
  };
  for (const [name, target] of Object.entries(links)) fs.symlinkSync(target, place(name));
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(place(name), text);
  const coverage: Coverage[] = [];
  return { ...packages(new Disk(root), (entry) => coverage.push(entry)), coverage };
}

const COREUTILS = {
  [`${INFO}/coreutils.list`]: '/.\n/bin\n/bin/ls\n/usr/share/coreutils\n',
  [`${INFO}/coreutils.md5sums`]: `${md5('good ls')}  bin/ls\n`,
  '/var/lib/dpkg/status': 'Package: base\nVersion: 7\n\nPackage: coreutils\nStatus: install ok installed\nVersion: 9.1-1\n',
};

describe('packages of dpkg', () => {
  it('tells intact, changed and unowned files apart, on a machine where /bin is /usr/bin', () => {
    const { check, ownerOf, coverage } = machine({ ...COREUTILS, '/usr/bin/ls': 'good ls', '/usr/local/bin/ps': 'mine' }, { '/bin': 'usr/bin' });
    for (const name of ['/bin/ls', '/usr/bin/ls']) {
      expect(check(name, 'running')).toMatchObject({
        path: name,
        package: 'coreutils',
        version: '9.1-1',
        verdict: 'intact',
        expected: md5('good ls'),
      });
    }
    expect(check('/usr/local/bin/ps', 'login-path')).toMatchObject({ package: null, verdict: 'unowned', because: 'login-path' });
    expect([ownerOf('/usr/bin/ls'), ownerOf('/usr/share/coreutils'), ownerOf('/usr/bin/l')]).toEqual(['coreutils', 'coreutils', null]);
    expect(coverage).toEqual([{ source: 'packages', state: 'read', detail: '1 package of dpkg, compared by MD5 where asked' }]);
  });

  it('shows both sums of a changed file', () => {
    const { check } = machine({ ...COREUTILS, '/bin/ls': 'evil ls' });
    expect(check('/bin/ls', 'login-path')).toMatchObject({ verdict: 'changed', expected: md5('good ls'), found: md5('evil ls') });
  });

  it('takes /bin and /usr/bin for two places where they are', () => {
    const { check } = machine({ ...COREUTILS, '/bin/ls': 'good ls', '/usr/bin/ls': 'other' });
    expect(check('/bin/ls', 'running').verdict).toBe('intact');
    expect(check('/usr/bin/ls', 'running').verdict).toBe('unowned');
  });

  it('sees through a link that was put in place of a program', () => {
    const { check } = machine({ ...COREUTILS, '/opt/ls': 'evil ls' }, { '/bin/ls': '/opt/ls' });
    expect(check('/bin/ls', 'running')).toMatchObject({ package: 'coreutils', verdict: 'changed', found: md5('evil ls') });
  });

  it('compares what a shipped link leads to', () => {
    const files = {
      [`${INFO}/dash.list`]: '/.\n/bin/dash\n/bin/sh\n',
      [`${INFO}/dash.md5sums`]: `${md5('a shell')}  bin/dash\n`,
      '/bin/dash': 'a shell',
      '/srv/other': 'no shell',
    };
    expect(machine(files, { '/bin/sh': 'dash' }).check('/bin/sh', 'login-path')).toMatchObject({ package: 'dash', verdict: 'intact' });
    expect(machine(files, { '/bin/sh': '/srv/other' }).check('/bin/sh', 'login-path')).toMatchObject({ verdict: 'unowned' });
  });

  it('keeps to diversions', () => {
    const { check, ownerOf } = machine({
      [`${INFO}/tool.list`]: '/usr/bin/tool\n',
      [`${INFO}/tool.md5sums`]: `${md5('plain')}  usr/bin/tool\n`,
      [`${INFO}/wrap:amd64.list`]: '/usr/bin/tool\n',
      [`${INFO}/wrap:amd64.md5sums`]: `${md5('wrapped')}  usr/bin/tool\n`,
      '/var/lib/dpkg/diversions': '/usr/bin/tool\n/usr/bin/tool.real\nwrap\n',
      '/var/lib/dpkg/status': 'Package: wrap\nArchitecture: i386\nVersion: 1\n\nPackage: wrap\nArchitecture: amd64\nVersion: 2\n\n',
      '/usr/bin/tool': 'wrapped',
      '/usr/bin/tool.real': 'plain',
    });
    expect(check('/usr/bin/tool', 'running')).toMatchObject({ package: 'wrap', version: '2', verdict: 'intact' });
    expect(check('/usr/bin/tool.real', 'running')).toMatchObject({ package: 'tool', verdict: 'intact' });
    expect(ownerOf('/usr/bin/tool.real')).toBe('tool');
  });

  it('does not call an edited configuration file changed', () => {
    const status = `Package: web\nConffiles:\n /etc/init.d/web ${md5('start')}\n /etc/web.conf ${md5('default')} obsolete\nVersion: 3\n`;
    const { check } = machine({
      [`${INFO}/web.list`]: '/etc/init.d/web\n/etc/web.conf\n/usr/bin/nosum\n',
      '/var/lib/dpkg/status': status,
      '/etc/init.d/web': 'start',
      '/etc/web.conf': 'edited',
      '/usr/bin/nosum': 'x',
    });
    expect(check('/etc/init.d/web', 'running').verdict).toBe('intact');
    expect(check('/etc/web.conf', 'running')).toMatchObject({ verdict: 'unknown', expected: md5('default'), found: md5('edited') });
    expect(check('/usr/bin/nosum', 'running')).toMatchObject({ package: 'web', version: '3', verdict: 'unknown', expected: null });
  });

  it('says what could not be told: a file that is gone, lists with nothing in them', () => {
    const { check, coverage } = machine({ ...COREUTILS, [`${INFO}/broken.list`]: '' });
    expect(check('/bin/ls', 'running')).toMatchObject({ package: 'coreutils', verdict: 'unknown', found: null, changedAt: null });
    expect(coverage.map((entry) => entry.state)).toEqual(['read', 'partial']);
  });

  it('knows nothing without dpkg, and says so', () => {
    const { check, ownerOf, coverage } = machine({ '/var/lib/rpm/rpmdb.sqlite': '', '/usr/bin/ls': 'x' });
    expect(check('/usr/bin/ls', 'running')).toMatchObject({ package: null, verdict: 'unknown' });
    expect(ownerOf('/usr/bin/ls')).toBeUndefined();
    expect(coverage).toEqual([{ source: 'packages', state: 'absent', detail: 'packages of rpm are not read yet: no file was compared' }]);
  });

  it('lists each program and PAM module of the login path once', () => {
    const files = {
      '/usr/bin/su': '',
      '/usr/bin/game': '',
      '/usr/local/sbin/ps': '',
      '/usr/lib/x86_64-linux-gnu/security/pam_unix.so': '',
      '/usr/lib/x86_64-linux-gnu/security/pam_extra.so': '',
      '/usr/lib/x86_64-linux-gnu/security/notes.txt': '',
      '/usr/lib/openssh/sshd-session': '',
    };
    expect(machine(files, { '/bin': 'usr/bin', '/lib': 'usr/lib' }).loginPath()).toEqual([
      '/usr/local/sbin/ps',
      '/usr/bin/su',
      '/usr/lib/openssh/sshd-session',
      '/usr/lib/x86_64-linux-gnu/security/pam_extra.so',
      '/usr/lib/x86_64-linux-gnu/security/pam_unix.so',
    ]);
  });
});
