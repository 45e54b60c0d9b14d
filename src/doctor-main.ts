/** Builds what stands behind `tocsin doctor`: eyes that look, the hand's own view of who is spared, and the judgement. Loaded only when it is wanted. No logic. */

import * as os from 'node:os';
import { addressText, netOf } from './core/nets.ts';
import type { DoctorLine, LogStanding, Standing } from './core/standing.ts';
import { doctorLines } from './engine/doctor.ts';
import { stampOf } from './engine/doctor-logs.ts';
import { Disk } from './eyes/disk.ts';
import { matching } from './eyes/follow-names.ts';
import { host } from './eyes/host.ts';
import { yearOf } from './eyes/log-clock.ts';
import { selfSeen } from './eyes/self.ts';
import { sshdSettings } from './eyes/sshd-config.ts';
import { accountOf, chains, journalStanding, lostPowers, machineStanding, nftVersion, settings } from './eyes/standing.ts';
import { type LogLook, loggers, logsSeen, readableAs } from './eyes/standing-logs.ts';
import { zoneOf } from './eyes/zone.ts';
import { kernelOn } from './faces/bans-kernel.ts';
import { watching } from './faces/bans-running.ts';
import { askHand } from './faces/doctor.ts';
import { realFiles } from './hand/files.ts';
import { loggedIn } from './hand/logged-in.ts';
import { neverHarm } from './hand/never-harm.ts';
import { found } from './hand/programs.ts';
import { LOGS } from './watch-main.ts';

const STATE = '/var/lib/tocsin';
const NEVER_HARM = '/etc/tocsin/never-harm';
const SOCKET = '/run/tocsin/hand.sock';
/** What the side that judges may: setpriv's words. */
const POWERS = '-all,+dac_read_search,+sys_ptrace';
/** Where there is no account for it: a number that no account has. Any such one sees as much. */
const NOBODY = { uid: 61_500, gid: 61_500 };

export async function look(): Promise<readonly DoctorLine[]> {
  const disk = new Disk('');
  const { mode: setMode, logs: given } = settings(disk);
  const watches = watching();
  const acts = watches.some((one) => one.acts);
  const paths = given.length > 0 ? given.flatMap((pattern) => (/[*?[]/.test(pattern) ? matching(pattern).paths : pattern)) : LOGS;
  const toUtc = zoneOf(disk, () => {}).toUtc;
  const seen = logsSeen(paths, disk, readableAs(accountOf(disk) ?? NOBODY, POWERS));
  const logs = seen.map((log) => stamped(log, toUtc));
  const followed = given.length === 0 && !logs.some(({ path, there }) => there && /\/(?:auth\.log|secure)$/.test(path));
  const standing: Standing = {
    ...machineStanding(disk, STATE),
    now: Date.now(),
    kernel: os.release(),
    lostPowers: lostPowers(acts || setMode === 'act'),
    logs,
    logsGiven: given.length > 0,
    journal: journalStanding(disk, followed),
    loggers: loggers(),
    ...(await firewall(disk)),
    brain: { running: watches.length, acts },
    setMode,
    ...spared(disk),
    sshd: sshd(disk),
  };
  return doctorLines(standing);
}

function stamped({ lastLine, ...log }: LogLook, toUtc: (localMs: number) => number): LogStanding {
  const year = lastLine === null ? null : yearOf(lastLine, log.modifiedAt, toUtc);
  return { ...log, lastStampAt: lastLine === null ? null : stampOf(lastLine, year ?? 1970, toUtc) };
}

async function firewall(disk: Disk): Promise<Pick<Standing, 'nft' | 'table' | 'chains' | 'hand'>> {
  const path = ['/usr/sbin/nft', '/sbin/nft', '/usr/bin/nft', '/usr/local/sbin/nft'].find((file) => disk.exists(file)) ?? null;
  const trusted = found('nft');
  const kernel = await kernelOn(null);
  return {
    nft: { path, version: trusted === null ? null : nftVersion(trusted), trusted: trusted !== null },
    table: 'table' in kernel ? kernel.table : null,
    chains: trusted === null ? null : chains(trusted),
    hand: await askHand(disk.exists(SOCKET) ? [SOCKET] : []),
  };
}

/** As the hand sees it: it alone decides who is spared. */
function spared(disk: Disk): Pick<Standing, 'neverHarm' | 'spared'> {
  const list = neverHarm(NEVER_HARM, realFiles);
  const { addresses, gateways, resolvers } = host(disk, () => {});
  const sessions = loggedIn().map(({ net }) => addressText(net.family, net.first));
  const here = selfSeen(() => null).addresses[0] ?? null;
  return {
    neverHarm: {
      there: disk.exists(NEVER_HARM),
      fault: list.blind ? list.trouble : null,
      nets: list.nets.length,
      odd: list.blind || list.trouble === null ? [] : [list.trouble],
    },
    spared: { own: addresses, gateways: gateways.map(canonical), resolvers, sessions: [...new Set(sessions)], here },
  };
}

function canonical(address: string): string {
  const net = netOf(address);
  return typeof net === 'string' ? address : addressText(net.family, net.first);
}

function sshd(disk: Disk): Standing['sshd'] {
  const seen = sshdSettings(disk, () => {});
  return seen && { logLevel: seen.logLevel ?? 'INFO' };
}
