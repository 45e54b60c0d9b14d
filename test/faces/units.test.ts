/** The units as an admin gets them: what each process may do is what the house says, and systemd itself finds nothing wrong with them where it is installed. */

import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FOLDER = path.resolve(import.meta.dirname, '../..');
const ANALYZE = '/usr/bin/systemd-analyze';
const has = fs.existsSync(ANALYZE);
const NAMES = ['tocsin-hand.service', 'tocsin.service'] as const;
/** systemd-analyze's own scale: above 5 it says MEDIUM, below 3 there is hardly anything left to take away. Times ten. */
const EXPOSURE_AT_MOST = 30;

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-units-'));
  for (const name of NAMES) fs.writeFileSync(path.join(folder, name), unit(name));
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

function unit(name: string): string {
  const text = fs.readFileSync(path.join(FOLDER, 'systemd', `${name}.in`), 'utf8');
  return text.replaceAll('@NODE@', fs.realpathSync(process.execPath)).replaceAll('@BIN@', path.join(FOLDER, 'bin'));
}

/** All values of a setting, each word by itself. */
function words(name: string, setting: string): string[] {
  return unit(name)
    .split('\n')
    .filter((line) => line.startsWith(`${setting}=`))
    .flatMap((line) => line.slice(setting.length + 1).split(' '));
}

describe.each(NAMES)('%s', (name) => {
  it('has no hole left that setup does not fill', () => {
    expect(unit(name)).not.toMatch(/@[A-Z]+@/);
  });

  it('reaches no network and writes nowhere but its state', () => {
    expect(words(name, 'RestrictAddressFamilies')).toEqual(['AF_UNIX', 'AF_NETLINK']);
    expect(words(name, 'IPAddressDeny')).toEqual(['any']);
    expect(words(name, 'ProtectSystem')).toEqual(['strict']);
    expect(words(name, 'ReadWritePaths')).toEqual([]);
    expect(words(name, 'ReadOnlyPaths')).toContain('/proc');
    expect(words(name, 'NoNewPrivileges')).toEqual(['yes']);
  });

  it('may not write into other processes', () => {
    const refused = words(name, 'SystemCallFilter').join(' ');
    expect(refused).toMatch(/~ptrace process_vm_readv process_vm_writev/);
  });

  it('is given whole by setup: systemd-analyze verify finds nothing', ({ skip }) => {
    if (!has) skip('systemd-analyze is not installed');
    const ran = spawnSync(ANALYZE, ['verify', '--man=no', path.join(folder, name)], { encoding: 'utf8' });
    // It also looks at what else is installed on this machine: only words about ours count.
    expect(ran.stderr.split('\n').filter((line) => line.includes('tocsin'))).toEqual([]);
    expect(ran.status).toBe(0);
  });

  it('is exposed little, by systemd-analyze security', ({ skip }) => {
    if (!has) skip('systemd-analyze is not installed');
    const said = spawnSync(ANALYZE, ['security', '--help'], { encoding: 'utf8' }).stdout;
    if (!said.includes('--offline')) skip('this systemd-analyze cannot judge units that are not loaded');
    const words = ['security', '--offline=yes', `--threshold=${EXPOSURE_AT_MOST}`, '--no-pager', path.join(folder, name)];
    expect(execFileSync(ANALYZE, words, { encoding: 'utf8' })).toContain('Overall exposure');
  });
});

it('the side that judges is no root and may only read; the hand is root and starts before the network', () => {
  const brain = ['CAP_DAC_READ_SEARCH', 'CAP_SYS_PTRACE'];
  expect(words('tocsin.service', 'User')).toEqual(['tocsin']);
  expect(words('tocsin.service', 'AmbientCapabilities')).toEqual(brain);
  expect(words('tocsin.service', 'CapabilityBoundingSet')).toEqual(brain);
  expect(unit('tocsin.service')).toMatch(/^Environment=MODE=observe/m);
  expect(words('tocsin-hand.service', 'User')).toEqual([]);
  expect(words('tocsin-hand.service', 'Before')).toContain('network-pre.target');
  expect(words('tocsin-hand.service', 'DefaultDependencies')).toEqual(['no']);
  const hand = words('tocsin-hand.service', 'CapabilityBoundingSet');
  expect(hand).toContain('CAP_NET_ADMIN');
  for (const power of ['CAP_SYS_ADMIN', 'CAP_SYS_MODULE', 'CAP_DAC_OVERRIDE', 'CAP_NET_RAW', 'CAP_SETUID', 'CAP_KILL'])
    expect(hand).not.toContain(power);
});
