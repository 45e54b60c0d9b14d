/** What `tocsin doctor` looks at, on directories that stand for machines and on texts of the kernel and of nft. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Disk } from '../../src/eyes/disk.ts';
import { accountOf, chainsIn, journalStanding, lostPowers, machineStanding, settings } from '../../src/eyes/standing.ts';
import { logsSeen } from '../../src/eyes/standing-logs.ts';

let root: string;
beforeEach(() => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-standing-'));
});
afterEach(() => fs.rmSync(root, { recursive: true }));

function put(file: string, text: string): void {
  fs.mkdirSync(path.dirname(root + file), { recursive: true });
  fs.writeFileSync(root + file, text);
}

describe('/etc/default/tocsin', () => {
  const said = (text: string) => {
    put('/etc/default/tocsin', text);
    return settings(new Disk(root));
  };

  it('is read as systemd reads it: the last word counts, quotation marks fall away, comments say nothing', () => {
    expect(settings(new Disk(root))).toEqual({ mode: null, logs: [] });
    expect(said('# MODE=act\nMODE=observe\nMODE="act"\n').mode).toBe('act');
    expect(said('OPTIONS=\n').mode).toBe('observe');
  });

  it('names logs by either form of the option', () => {
    const text = "OPTIONS='--log /srv/a.log /srv/*/b.log --json --log=/srv/c.log --state /srv/state'\n";
    expect(said(text).logs).toEqual(['/srv/a.log', '/srv/*/b.log', '/srv/c.log']);
  });
});

it('a journal is on disk, in memory, or not kept', () => {
  const kept = () => journalStanding(new Disk(root), true).kept;
  fs.mkdirSync(`${root}/var/log/journal`, { recursive: true });
  expect(kept()).toBeNull();
  fs.mkdirSync(`${root}/run/log/journal/0123`, { recursive: true });
  expect(kept()).toBe('memory');
  fs.mkdirSync(`${root}/var/log/journal/0123`);
  expect(kept()).toBe('disk');
});

it('units, account, container and files that flush the firewall are seen', () => {
  put('/etc/systemd/system/tocsin.service', '');
  put('/etc/systemd/system/multi-user.target.wants/other.service', '');
  fs.symlinkSync('../tocsin.service', `${root}/etc/systemd/system/multi-user.target.wants/tocsin.service`);
  put('/etc/passwd', 'root:x:0:0::/root:/bin/sh\ntocsin:!:998:997::/:/usr/sbin/nologin\n');
  put('/etc/nftables.conf', '#!/usr/sbin/nft -f\nflush ruleset\n');
  put('/run/systemd/container', 'lxc\n');
  fs.mkdirSync(`${root}/run/systemd/system`);
  const seen = machineStanding(new Disk(root), '/var/lib/tocsin');
  expect(seen.units).toEqual({ brain: { installed: true, switchedOn: true }, hand: { installed: false, switchedOn: false } });
  expect(accountOf(new Disk(root))).toEqual({ uid: 998, gid: 997 });
  expect(seen).toMatchObject({ account: true, container: 'lxc', flushers: ['/etc/nftables.conf'], systemd: true });
});

it('powers that a container was started without are named', () => {
  const status = (mask: bigint) => `Name:\tx\nCapBnd:\t${mask.toString(16).padStart(16, '0')}\n`;
  const all = (1n << 41n) - 1n;
  expect(lostPowers(true, status(all))).toEqual([]);
  expect(lostPowers(true, status(all & ~(1n << 12n)))).toEqual(['CAP_NET_ADMIN']);
  expect(lostPowers(false, status(all & ~(1n << 12n)))).toEqual([]);
  expect(lostPowers(false, status(0n))).toEqual(['CAP_DAC_READ_SEARCH', 'CAP_SYS_PTRACE']);
});

it('chains of others are those with a hook, without our own', () => {
  const chain = (more: object) => ({ chain: { family: 'inet', table: 'tocsin', name: 'early', handle: 1, hook: 'prerouting', prio: -310, ...more } });
  const plain = { chain: { family: 'ip', table: 'filter', name: 'f2b-sshd', handle: 4 } };
  const said = JSON.stringify({
    nftables: [{ metainfo: {} }, chain({}), plain, chain({ family: 'ip', table: 'raw', name: 'PREROUTING', prio: -300 })],
  });
  expect(chainsIn(said)).toEqual([{ table: 'ip raw', name: 'PREROUTING', hook: 'prerouting', priority: -300 }]);
  expect(chainsIn('no JSON')).toBeNull();
});

describe('logs', () => {
  const seen = (file: string) => logsSeen([root + file], new Disk(''), (there) => new Set(there))[0];

  it('are told with their last whole line, also behind a link', () => {
    put('/a.log', 'one\ntwo\nthr');
    fs.symlinkSync('a.log', `${root}/b.log`);
    for (const name of ['/a.log', '/b.log']) expect(seen(name)).toMatchObject({ there: true, sizeBytes: 11, lastLine: 'two', readable: true });
  });

  it('that are empty, not there, or no files have no last line', () => {
    put('/empty.log', '');
    expect(seen('/empty.log')).toMatchObject({ there: true, lastLine: null });
    expect(seen('/none.log')).toMatchObject({ there: false, readable: null });
    fs.mkdirSync(`${root}/folder.log`);
    expect(seen('/folder.log')).toMatchObject({ lastLine: null });
  });
});
