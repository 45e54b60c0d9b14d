import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AccountSeen, Coverage } from '../../src/core/words.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { persistence } from '../../src/eyes/persistence.ts';
import { Scripts } from '../../src/eyes/process-scripts.ts';

const root = process.getuid?.() === 0;
let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-open-'));
  fs.chmodSync(folder, 0o755);
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);

describe('a file that somebody else may have chosen', () => {
  it('is read when it is a regular one, through a link too', () => {
    fs.writeFileSync(at('plain'), 'text');
    fs.symlinkSync(at('plain'), at('to-plain'));
    expect(new Disk().text(at('to-plain'))).toBe('text');
    expect(new Disk().read(at('to-plain'), 10, false)).toEqual({ error: 'ELOOP' });
    expect(new Disk().digest(at('plain'), 'md5', 10)).toBe('1cb251ec0d568de6a929b520c4aed8d1');
  });

  it('is refused when it is a device', () => {
    fs.symlinkSync('/dev/ptmx', at('to-device'));
    expect(new Disk().read(at('to-device'), 10)).toEqual({ error: 'EINVAL' });
    expect(new Disk().digest(at('to-device'), 'md5', 10)).toBeNull();
  });

  it('is refused when it is a pipe, and whoever writes to it waits on', () => {
    execFileSync('/usr/bin/mkfifo', [at('.profile')]);
    const writer = spawn('/bin/sh', ['-c', `: > '${at('.profile')}'; : > '${at('went-on')}'`], { stdio: 'ignore' });
    try {
      execFileSync('/bin/sleep', ['0.3']);
      expect(new Disk().read(at('.profile'), 10)).toEqual({ error: 'EINVAL' });
      expect(new Disk().digest(at('.profile'), 'md5', 10)).toBeNull();
      expect(new Scripts().says(process.pid, at('.profile'), true, null)).toBeNull();
      execFileSync('/bin/sleep', ['0.3']);
      expect(fs.existsSync(at('went-on'))).toBe(false);
    } finally {
      writer.kill();
    }
  });

  it('is refused when the kernel makes it up, by name, by link, and as the script of a process', () => {
    fs.symlinkSync('/proc/version', at('to-kernel'));
    for (const name of ['/proc/version', at('to-kernel'), '/sys/kernel/mm/transparent_hugepage/enabled'].filter((one) => fs.existsSync(one)))
      expect(new Disk().read(name, 10)).toEqual({ error: 'EINVAL' });
    expect(new Scripts().says(process.pid, '/proc/version', true, null)).toBeNull();
  });

  it('on a mounted disk is not digested through a link that leads to our own files', () => {
    fs.mkdirSync(at('disk'));
    fs.symlinkSync(at('plain'), at('disk/file'));
    expect(new Disk(at('disk')).digest('/file', 'md5', 10)).toBeNull();
  });
});

const OWNER = 54_321;

function account(name: string, uid: number, home: string): AccountSeen {
  const rest = { groups: [], admin: null, passwordChangedAt: null, expiresAt: null, lastLogin: null };
  return { name, uid, gid: uid, home, shell: '/bin/bash', password: 'set', canLogIn: true, system: false, keys: 0, ...rest };
}

/** What is found in the home of an account after `make` has put files there as that account. */
function inHome(name: string, make: (home: string) => void) {
  const home = at(name);
  fs.mkdirSync(home);
  fs.chownSync(home, OWNER, OWNER);
  make(home);
  const coverage: Coverage[] = [];
  const entries = persistence(new Disk(), [account(name, OWNER, home)], (entry) => coverage.push(entry));
  return { entries: entries.filter((entry) => entry.account === name), coverage: new Map(coverage.map((entry) => [entry.source, entry])) };
}

describe.runIf(root)('links in a home', () => {
  const secret = () => {
    fs.writeFileSync(at('secret'), 'root:$y$secret:1::::::\n', { mode: 0o600 });
    return at('secret');
  };

  it('do not show the files of others, and that is said', () => {
    const { entries, coverage } = inHome('ann', (home) => {
      fs.mkdirSync(`${home}/.ssh`);
      fs.symlinkSync(secret(), `${home}/.ssh/rc`);
    });
    expect(entries).toEqual([]);
    const said = coverage.get('shell start files');
    expect(said?.state).toBe('partial');
    expect(said?.detail).toContain(`not read, because a link leads to a file of another account: ${at('ann/.ssh/rc')}`);
  });

  it('do not either when a directory on the way is the link, or the link is a hard one', () => {
    fs.mkdirSync(at('theirs'));
    fs.writeFileSync(at('theirs/rc'), 'secret words\n');
    const through = inHome('bob', (home) => fs.symlinkSync(at('theirs'), `${home}/.ssh`));
    const hard = inHome('cat', (home) => {
      fs.mkdirSync(`${home}/.ssh`);
      fs.linkSync(secret(), `${home}/.ssh/rc`);
    });
    expect([through.entries, hard.entries]).toEqual([[], []]);
  });

  it('do not as units, which are read where the link leads', () => {
    fs.writeFileSync(at('else.service'), '[Service]\nExecStart=/secret\n', { mode: 0o600 });
    const { entries, coverage } = inHome('dan', (home) => {
      fs.mkdirSync(`${home}/.config/systemd/user`, { recursive: true });
      fs.symlinkSync(at('else.service'), `${home}/.config/systemd/user/x.service`);
    });
    expect(entries).toEqual([]);
    expect(coverage.get('systemd units')?.detail).toContain('x.service');
  });

  it('count when they lead to a file of the same account, and root may leave plain files', () => {
    const { entries } = inHome('eve', (home) => {
      fs.mkdirSync(`${home}/.ssh`);
      fs.writeFileSync(`${home}/dots`, '/usr/bin/mine\n');
      fs.chownSync(`${home}/dots`, OWNER, OWNER);
      fs.symlinkSync('../dots', `${home}/.ssh/rc`);
      fs.writeFileSync(`${home}/.profile`, 'nohup /usr/bin/roots\n');
    });
    expect(entries.map((entry) => entry.command).sort()).toEqual(['/usr/bin/mine', 'nohup /usr/bin/roots']);
  });

  it('count when only root can have made them, as in the homes of system accounts', () => {
    const { entries } = inHome('gus', (home) => {
      fs.chownSync(home, 0, 0);
      fs.mkdirSync(`${home}/.ssh`);
      fs.writeFileSync(at('roots'), '/usr/bin/roots\n');
      fs.symlinkSync(at('roots'), `${home}/.ssh/rc`);
    });
    expect(entries.map((entry) => entry.command)).toEqual(['/usr/bin/roots']);
  });

  it('do not where root owns the home and the account a directory in it', () => {
    const { entries } = inHome('hal', (home) => {
      fs.chownSync(home, 0, 0);
      fs.mkdirSync(`${home}/.ssh`);
      fs.chownSync(`${home}/.ssh`, OWNER, OWNER);
      fs.symlinkSync(secret(), `${home}/.ssh/rc`);
    });
    expect(entries).toEqual([]);
  });

  it('to devices are named as no regular files', () => {
    const { coverage } = inHome('fay', (home) => fs.symlinkSync('/dev/ptmx', `${home}/.profile`));
    expect(coverage.get('shell start files')?.detail).toContain(`not a regular file: ${at('fay/.profile')}`);
  });
});
