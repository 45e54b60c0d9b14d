/** `tocsin guests` from its words to the exit status, over real files below a root. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Disk } from '../../src/eyes/disk.ts';
import { GuestFilesOnDisk } from '../../src/eyes/guest-files.ts';
import { commandLine } from '../../src/faces/cli.ts';

const sink = vi.hoisted(() => ({ out: '' }));
vi.mock('../../src/faces/standard-output.ts', () => ({
  writeAll: (text: string) => {
    sink.out += text;
  },
  writeInTurn: () => {},
}));

let root: string;
let errors: string;

beforeEach(() => {
  root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-guests-')));
  errors = '';
  sink.out = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    errors += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  fs.rmSync(root, { recursive: true });
});

function put(name: string, text: string | Buffer): void {
  fs.mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  fs.writeFileSync(path.join(root, name), text);
}

function run(...words: string[]): Promise<number> {
  const open = () => {
    throw new Error('nothing is investigated');
  };
  return commandLine({ version: '1', open, guests: (at) => new GuestFilesOnDisk(new Disk(at)) }, ['guests', '--root', root, ...words]);
}

const JAIL = '[front]\nenabled = true\nfilter = door\nlogpath = /var/log/door.log\naction = ufw\n';

describe('tocsin guests', () => {
  it('says 0 and one sentence when all is taken over', async () => {
    put('etc/fail2ban/jail.conf', JAIL);
    put('var/log/door.log', '');
    put('etc/fail2ban/filter.d/door.conf', '[Definition]\nfailregex = ^knock from <HOST>$\n');
    expect(await run()).toBe(0);
    expect(sink.out).toContain('fail2ban in /etc/fail2ban: 1 jail, as it is; 1 filter.');
    expect(sink.out).toMatch(/front +as it is +door/);
  });

  it('says 1, and where to look, when something needs a person', async () => {
    put('srv/f2b/jail.local', `# ours\n${JAIL}ignorecommand = /bin/\u001b[31mred\n`);
    put('srv/f2b/filter.d/door.conf', '[Definition]\nfailregex = ^knock from <HOST>$\n');
    expect(await run('--dir', '/srv/f2b/')).toBe(1);
    expect(sink.out).toContain('(/srv/f2b/jail.local, line 7)');
    expect(sink.out).not.toContain('\u001b');
    sink.out = '';
    expect(await run('--dir', '/srv/f2b', '--json')).toBe(1);
    const report = JSON.parse(sink.out).fail2ban;
    expect(report.jails[0]).toMatchObject({ name: 'front', standing: 'partly', actions: [{ name: 'ufw', becomes: 'ban' }] });
    expect(report.jails[0].troubles[0].place).toEqual({ file: '/srv/f2b/jail.local', line: 7 });
  });

  it('says 2 where nothing is, or nothing can be read', async () => {
    expect(await run()).toBe(2);
    expect(errors).toMatch(/no jail.conf and no jail.local/);
    expect(await run('--dir', 'etc')).toBe(2);
  });

  it('tells of files that are too large, or none, and bytes that are no UTF-8 do no harm', async () => {
    put('etc/fail2ban/jail.conf', Buffer.concat([Buffer.from([0x23, 0xff, 0xfe, 0x0a]), Buffer.from(JAIL)]));
    put('etc/fail2ban/filter.d/door.conf', `[Definition]\nfailregex = ^knock from <HOST>$\n${'# said\n'.repeat(200_000)}`);
    fs.mkdirSync(path.join(root, 'etc/fail2ban/jail.local'));
    expect(await run()).toBe(1);
    expect(sink.out).toMatch(/door.conf is larger than/);
    expect(sink.out).toMatch(/jail.local cannot be read/);
  });

  it('tells of a jail whose log is not there, by its place, and of one that some file matches not', async () => {
    put('etc/fail2ban/jail.conf', `${JAIL}[back]\nenabled = true\nfilter = door\nlogpath = /var/log/*/[d-f]oo?.log\naction = ufw\n`);
    put('etc/fail2ban/filter.d/door.conf', '[Definition]\nfailregex = ^knock from <HOST>$\n');
    put('var/log/house/door.log', '');
    expect(await run()).toBe(0);
    expect(sink.out).toContain('2 jails, all as they are; 1 jail has no log to watch; 1 filter');
    expect(sink.out).toMatch(/no file matches \/var\/log\/door\.log.*\(\/etc\/fail2ban\/jail\.conf, line 2\)/);
    expect(sink.out).not.toMatch(/no file matches \/var\/log\/\*/);
  });

  it('tells of expressions that do not compile and of those that are slow, with file and line', async () => {
    put('etc/fail2ban/jail.conf', JAIL);
    put('var/log/door.log', '');
    put('etc/fail2ban/filter.d/door.conf', '[Definition]\nfailregex = ^knock from <HOST>$\n            ^knock (from <HOST>$\n');
    expect(await run()).toBe(1);
    expect(sink.out).toMatch(/front +partly/);
    expect(sink.out).toMatch(/failregex: .* \(\/etc\/fail2ban\/filter\.d\/door\.conf, line 3\)/);
    put('etc/fail2ban/filter.d/door.conf', '[Definition]\nfailregex = ^<HOST> \\d+$\n');
    sink.out = '';
    expect(await run()).toBe(0);
    expect(sink.out).toMatch(/slow: runs only on its own log.*door\.conf, line 2\)/);
  });

  it('tells of Sigma rules one by one, and needs no fail2ban for it', async () => {
    const rule = (title: string, product: string, detection: string) =>
      `title: ${title}\nid: 00000000-0000-4000-8000-00000000000${title.length}\nlogsource:\n  product: ${product}\n  service: sshd\ndetection:\n${detection}`;
    put('rules/good.yml', rule('Good', 'linux', "  words:\n    - 'Failed password'\n  condition: words\n"));
    put('rules/bad.yml', rule('Bad', 'linux', '  words:\n    - a word\n  condition: nothing\n'));
    put('rules/other.yml', rule('Other', 'windows', '  words:\n    - a word\n  condition: words\n'));
    expect(await run('--sigma', path.join(root, 'rules'))).toBe(1);
    expect(sink.out).toMatch(/3 rules: 1 taken over, 1 not applicable here, 1 refused/);
    expect(sink.out).toMatch(/Bad \(.*bad\.yml, line \d+\)/);
    sink.out = '';
    expect(await run('--json', '--sigma', path.join(root, 'rules/good.yml'))).toBe(0);
    expect(JSON.parse(sink.out).sigma).toMatchObject({ total: 1, taken: 1, refused: 0 });
    expect(await run('--sigma', path.join(root, 'nowhere'))).toBe(2);
    expect(errors).toMatch(/there is no folder .*nowhere/);
  });
});
