/**
 * Where people are logged in from at this moment: sshd's sessions by their own sockets, and what login programs wrote into utmp.
 * A connection that has only knocked is none: it must hang on a process that sshd has named after an account and a terminal, and on
 * the port that took it in. Cannot see: sessions of other daemons that write no utmp, and other network namespaces.
 */

import * as fs from 'node:fs';
import { addressText } from '../core/nets.ts';
import { spared } from './around.ts';
import type { Spared } from './guard.ts';
import { type Connection, connections } from './tcp.ts';

const UTMP = ['/run/utmp', '/var/run/utmp'];
/** utmp(5), bits/utmp.h: 384 bytes, or 400 where time has 64 bits; ut_type, ut_pid and the address. */
const LAYOUTS = [
  { bytes: 384, address: 348 },
  { bytes: 400, address: 360 },
];
const USER_PROCESS = 7;
const UTMP_BYTES_AT_MOST = 4 * 1024 * 1024;
const PROGRAMS = new Set(['sshd', 'sshd-session', 'sshd-auth']);
/** sshd's own titles: `sshd: root@pts/0`, `sshd-session: alice@notty`; before the password is right there is no `@` behind the name. */
const SESSION = /^sshd(?:-session)?: [^@\0]{1,200}@(?:pts\/\d+|tty\S*|notty|internal-sftp)/;

/** Only the sessions of peers that are `asked` about: where none of them has a connection, no process need be looked at. */
export function loggedIn(asked: (peer: string) => boolean = () => true, tcp: readonly Connection[] = connections()): Spared[] {
  const sessions = tcp.some((socket) => !socket.listens && asked(socket.peer)) ? sessionSockets() : new Set<number>();
  const doors = new Set(tcp.filter((socket) => socket.listens && !sessions.has(socket.inode)).map((socket) => socket.localPort));
  const live = tcp.filter((socket) => !socket.listens && sessions.has(socket.inode) && doors.has(socket.localPort)).map((socket) => socket.peer);
  return spared([...live, ...records()], 'where somebody is logged in from now');
}

/** Inodes of the sockets of sshd's processes that serve somebody who is logged in. */
function sessionSockets(): Set<number> {
  const inodes = new Set<number>();
  for (const pid of fs.readdirSync('/proc')) {
    if (!/^\d+$/.test(pid) || !PROGRAMS.has(read(`/proc/${pid}/comm`).trim())) continue;
    if (SESSION.test(read(`/proc/${pid}/cmdline`))) for (const inode of socketsOf(pid)) inodes.add(inode);
  }
  return inodes;
}

function socketsOf(pid: string): number[] {
  try {
    return fs.readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      const inode = /^socket:\[(\d+)\]$/.exec(link(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode === undefined ? [] : [Number(inode)];
    });
  } catch {
    // It has ended meanwhile.
    return [];
  }
}

function link(file: string): string {
  try {
    return fs.readlinkSync(file);
  } catch {
    return '';
  }
}

/** Empty where a process has ended meanwhile. */
function read(file: string): string {
  try {
    return fs.readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

/** Addresses of open sessions in utmp whose process lives. */
function records(): string[] {
  const file = UTMP.find((one) => fs.existsSync(one));
  if (file === undefined || fs.statSync(file).size > UTMP_BYTES_AT_MOST) return [];
  return peersIn(fs.readFileSync(file), (pid) => fs.existsSync(`/proc/${pid}`));
}

export function peersIn(bytes: Buffer, lives: (pid: number) => boolean): string[] {
  const layout = LAYOUTS.find((one) => bytes.length % one.bytes === 0) ?? LAYOUTS[0];
  const found: string[] = [];
  if (layout === undefined) return found;
  for (let at = 0; at + layout.bytes <= bytes.length; at += layout.bytes) {
    if (bytes.readInt16LE(at) !== USER_PROCESS || !lives(bytes.readInt32LE(at + 4))) continue;
    const address = bytes.subarray(at + layout.address, at + layout.address + 16);
    if (address.every((byte) => byte === 0)) continue;
    const four = address.subarray(4).every((byte) => byte === 0);
    found.push(four ? address.subarray(0, 4).join('.') : addressText(6, BigInt(`0x${address.toString('hex')}`)));
  }
  return found;
}
