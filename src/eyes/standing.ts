/** Looks at what Tocsin needs to see and act on this machine, for `tocsin doctor`: rights, units, journal, firewall, who else is at work. Changes nothing. */

import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { ChainStanding, Standing, UnitStanding } from '../core/standing.ts';
import type { Disk } from './disk.ts';
import { JOURNALCTL } from './journal.ts';
import { procAscii, procNames } from './proc.ts';

const ASKED_MS = 10_000;
const SAID_BYTES = 16 << 20;
const DEFAULTS = '/etc/default/tocsin';
const UNITS = ['/etc/systemd/system', '/run/systemd/system', '/usr/lib/systemd/system', '/lib/systemd/system'];
/** capability.h: bit, name. */
const POWERS = [
  [2, 'CAP_DAC_READ_SEARCH'],
  [19, 'CAP_SYS_PTRACE'],
] as const;
const NET_ADMIN = [12, 'CAP_NET_ADMIN'] as const;
/** comm (at most 15 bytes) → what people call it. */
const BANNERS: Readonly<Record<string, string>> = {
  'fail2ban-server': 'fail2ban',
  'crowdsec-firewa': "crowdsec's firewall bouncer",
  sshguard: 'sshguard',
  denyhosts: 'DenyHosts',
  lfd: 'lfd (csf)',
};
const MAKERS: Readonly<Record<string, string>> = { dockerd: 'docker', firewalld: 'firewalld', 'kube-proxy': 'kube-proxy', libvirtd: 'libvirt' };

export type MachineStanding = Pick<
  Standing,
  'asRoot' | 'systemd' | 'container' | 'setpriv' | 'account' | 'iptablesLegacy' | 'neighbours' | 'makers' | 'flushers' | 'units' | 'state'
>;

export function machineStanding(disk: Disk, statePath: string): MachineStanding {
  const names = procNames('/proc').filter((pid) => /^\d+$/.test(pid));
  const running = new Set(names.map((pid) => (procAscii(`/proc/${pid}/comm`) ?? '').trim()));
  return {
    asRoot: process.getuid?.() === 0,
    systemd: disk.exists('/run/systemd/system'),
    container: containerOf(disk),
    setpriv: disk.exists('/usr/bin/setpriv'),
    account: accountOf(disk) !== null,
    iptablesLegacy: ['ip_tables_names', 'ip6_tables_names'].some((name) => (procAscii(`/proc/net/${name}`) ?? '').trim() !== ''),
    neighbours: Object.entries(BANNERS).flatMap(([comm, name]) => (running.has(comm) ? [name] : [])),
    makers: Object.entries(MAKERS).flatMap(([comm, name]) => (running.has(comm) ? [name] : [])),
    flushers: ['/etc/nftables.conf', '/etc/sysconfig/nftables.conf'].filter((file) => /^\s*flush ruleset/m.test(disk.text(file) ?? '')),
    units: { hand: unitOf(disk, 'tocsin-hand.service'), brain: unitOf(disk, 'tocsin.service') },
    state: stateOf(statePath),
  };
}

/** The account of the side that judges, or null. */
export function accountOf(disk: Disk): { readonly uid: number; readonly gid: number } | null {
  const found = /^tocsin:[^:\n]*:(\d{1,10}):(\d{1,10}):/m.exec(disk.text('/etc/passwd', 16 << 20) ?? '');
  return found ? { uid: Number(found[1]), gid: Number(found[2]) } : null;
}

function containerOf(disk: Disk): string | null {
  const said = disk.text('/run/systemd/container', 100)?.trim() || /(?:^|\0)container=([^\0]{1,40})/.exec(procAscii('/proc/1/environ') ?? '')?.[1];
  if (said) return said;
  if (disk.exists('/.dockerenv')) return 'docker';
  return disk.exists('/run/.containerenv') ? 'podman' : null;
}

function unitOf(disk: Disk, name: string): UnitStanding {
  const wanted = ['multi-user.target.wants', 'sysinit.target.wants'].map((target) => `/etc/systemd/system/${target}/${name}`);
  return { installed: UNITS.some((folder) => disk.exists(`${folder}/${name}`)), switchedOn: wanted.some((link) => disk.link(link) !== null) };
}

function stateOf(wanted: string): Standing['state'] {
  let place = wanted;
  while (place !== '/' && !fs.existsSync(place)) place = path.dirname(place);
  try {
    const { bavail, bsize } = fs.statfsSync(place);
    return { path: wanted, freeBytes: bavail * bsize, readOnly: isReadOnly(place) };
  } catch {
    return { path: wanted, freeBytes: null, readOnly: false };
  }
}

function isReadOnly(place: string): boolean {
  try {
    fs.accessSync(place, fs.constants.W_OK);
    return false;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EROFS';
  }
}

/** Of the powers that the side that judges needs, and the hand where it is to act: which nobody here can have (a container was started without them). */
export function lostPowers(acts: boolean, status = procAscii('/proc/self/status') ?? ''): string[] {
  const mask = /^CapBnd:\s*([\da-f]{16})$/m.exec(status)?.[1];
  if (mask === undefined) return [];
  const bounding = BigInt(`0x${mask}`);
  return [...POWERS, ...(acts ? [NET_ADMIN] : [])].flatMap(([bit, name]) => ((bounding >> BigInt(bit)) & 1n ? [] : [name]));
}

/** What /etc/default/tocsin sets, as systemd reads it (systemd.exec(5)): the last word counts. */
export function settings(disk: Disk): { readonly mode: string | null; readonly logs: readonly string[] } {
  const text = disk.text(DEFAULTS);
  if (text === null) return { mode: null, logs: [] };
  const value = (name: string) => {
    const lines = text.split('\n').filter((line) => line.startsWith(`${name}=`));
    return (lines.at(-1) ?? '')
      .slice(name.length + 1)
      .trim()
      .replace(/^(["'])(.*)\1$/, '$2');
  };
  return { mode: value('MODE') || 'observe', logs: logsIn(value('OPTIONS').split(/\s+/)) };
}

/** `--log A B --json --log=C`. */
function logsIn(words: readonly string[]): string[] {
  const logs: string[] = [];
  let inside = false;
  for (const word of words) {
    if (word.startsWith('-')) inside = word === '--log';
    if (word.startsWith('--log=')) logs.push(word.slice('--log='.length));
    else if (inside && word.startsWith('/')) logs.push(word);
  }
  return logs;
}

/** As journald.conf(5) has it: on disk where the directory is there, else in memory. */
export function journalStanding(disk: Disk, followed: boolean): Standing['journal'] {
  const holds = (place: string) => disk.directories(place).size > 0;
  return { program: disk.exists(JOURNALCTL), kept: holds('/var/log/journal') ? 'disk' : holds('/run/log/journal') ? 'memory' : null, followed };
}

export function nftVersion(nft: string): string | null {
  return /v?(\d+(?:\.\d+)+)/.exec(asked(nft, ['--version']) ?? '')?.[1] ?? null;
}

/** Base chains of others; null where it is not root that asks. Lists no elements. */
export function chains(nft: string): ChainStanding[] | null {
  return process.getuid?.() === 0 ? chainsIn(asked(nft, ['-j', 'list', 'chains'])) : null;
}

export function chainsIn(json: string | null): ChainStanding[] | null {
  try {
    const said: unknown = JSON.parse(json ?? '');
    if (typeof said !== 'object' || said === null || !('nftables' in said) || !Array.isArray(said.nftables)) return null;
    return said.nftables.flatMap((one: unknown) => {
      if (typeof one !== 'object' || one === null || !('chain' in one) || typeof one.chain !== 'object' || one.chain === null) return [];
      const { family, table, name, hook, prio } = one.chain as Readonly<Record<string, unknown>>;
      if (typeof hook !== 'string' || typeof prio !== 'number' || `${family} ${table}` === 'inet tocsin') return [];
      return [{ table: `${family} ${table}`, name: String(name), hook, priority: prio }];
    });
  } catch {
    return null;
  }
}

function asked(program: string, words: readonly string[]): string | null {
  const env = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' };
  const ran = spawnSync(program, words, {
    stdio: ['ignore', 'pipe', 'ignore'],
    timeout: ASKED_MS,
    maxBuffer: SAID_BYTES,
    env,
    cwd: '/',
    encoding: 'utf8',
  });
  return ran.status === 0 ? ran.stdout : null;
}
