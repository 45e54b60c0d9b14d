/**
 * All processes, as proc(5) shows them. Cannot see: what a rootkit hides from readdir, and processes that live shorter than the look.
 * It hangs where a program was deleted from, or a script lies on, a network disk that does not answer.
 */

import * as fs from 'node:fs';
import { counted } from '../core/text.ts';
import type { Coverage, ExeState, Millis, ProcessSeen } from '../core/words.ts';
import { scriptOf } from './interpreters.ts';
import { libc } from './libc.ts';
import { procAscii, procLink, procNames, procText } from './proc.ts';
import { mayHang } from './process-memory.ts';
import { Scripts } from './process-scripts.ts';

/** task_struct flag PF_KTHREAD: a real kernel thread, whatever it calls itself. */
const PF_KTHREAD = 0x200000;
const PAGE_BYTES = 4096;
const ARGUMENTS_AT_MOST = 64;
const ARGUMENT_BYTES = 4096;
/** (uid_t) -1: nobody has logged in here. */
const UNSET = 4_294_967_295;

export interface Clockwork {
  readonly bootAt: Millis;
  readonly ticksPerSecond: number;
  readonly accountOf: (uid: number) => string | null;
}

export function processes(clockwork: Clockwork, note: (coverage: Coverage) => void): ProcessSeen[] {
  const pids = procNames('/proc').filter((name) => name.charCodeAt(0) >= 49 && name.charCodeAt(0) <= 57);
  const scripts = new Scripts();
  const hanging: number[] = [];
  const seen = pids.flatMap((pid) => processAt(Number(pid), clockwork, scripts, hanging) ?? []);
  note(seen.length === 0 ? NONE : coverageOf(seen));
  if (hanging.length > 0) note(hangingNote(hanging));
  return seen;
}

/** At least this process runs. */
const NONE: Coverage = { source: 'processes', state: 'unreadable', detail: '/proc could not be read: no process was seen' };

function hangingNote(pids: readonly number[]): Coverage {
  const which = `${counted(pids.length, 'process', 'processes')} (pid ${pids.slice(0, 5).join(', ')})`;
  const detail = `the command line of ${which} was not read: it lies in a file or behind a slow disk, and reading it could hang`;
  return { source: 'processes', state: 'partial', detail };
}

/** Even root is refused where a process has powers that ours lacks (ptrace(2), PTRACE_MODE_READ): in a container, or a locked-down pid 1. */
function coverageOf(seen: readonly ProcessSeen[]): Coverage {
  const dark = seen.filter((process) => process.exeState === 'unreadable');
  if (dark.length === 0) return { source: 'processes', state: 'read', detail: `${seen.length} processes` };
  const root = process.getuid?.() === 0;
  const which = root
    ? ` (pid ${dark
        .slice(0, 5)
        .map((one) => one.pid)
        .join(', ')}): they have powers that this process lacks`
    : ': run as root';
  return { source: 'processes', state: 'partial', detail: `${seen.length} processes, of which ${dark.length} show no program${which}` };
}

/** The numbers of /proc/PID/stat after the name, which may hold blanks and brackets: the last bracket ends it. */
export function statOf(pid: number): { readonly name: string; readonly fields: readonly string[] } | null {
  const text = procText(`/proc/${pid}/stat`);
  const close = text?.lastIndexOf(')') ?? -1;
  if (!text || close < 0) return null;
  return { name: text.slice(text.indexOf('(') + 1, close), fields: text.slice(close + 2).split(' ') };
}

function processAt(pid: number, clockwork: Clockwork, scripts: Scripts, hanging: number[]): ProcessSeen | null {
  const stat = statOf(pid);
  if (!stat) return null;
  const number = (index: number) => Number(stat.fields[index - 3] ?? 0);
  const startTicks = number(22);
  const kernelThread = (number(9) & PF_KTHREAD) !== 0;
  const status = procAscii(`/proc/${pid}/status`) ?? '';
  const uid = effective(status, 'Uid');
  const hangs = !kernelThread && mayHang(pid, stat.fields);
  if (hangs) hanging.push(pid);
  const argv = kernelThread || hangs ? [] : argumentsOf(pid);
  const cwd = kernelThread ? null : cwdOf(pid);
  const program = kernelThread ? { exe: null, exeState: 'none' as const } : programOf(pid);
  const cgroup = cgroupOf(pid);
  const mntns = linkText(`/proc/${pid}/ns/mnt`);
  const script = scriptOf(program.exe, argv, cwd);
  const says = script === null ? null : scripts.says(pid, script, argv.includes(script), mntns);
  return {
    pid,
    ppid: number(4),
    startTicks,
    startedAt: Math.round(clockwork.bootAt + (startTicks * 1000) / clockwork.ticksPerSecond),
    name: stat.name,
    ...program,
    argv,
    script,
    ...(says === null ? {} : { scriptSays: says }),
    cwd,
    uid,
    gid: effective(status, 'Gid'),
    account: clockwork.accountOf(uid),
    loginUid: setNumber(`/proc/${pid}/loginuid`),
    sessionId: setNumber(`/proc/${pid}/sessionid`),
    unit: cgroup?.split('/').findLast((part) => /\.(?:service|scope)$/.test(part)) ?? null,
    cgroup,
    kernelThread,
    state: stat.fields[0] ?? '?',
    tty: number(7),
    cpuTicks: number(14) + number(15),
    rssBytes: number(24) * PAGE_BYTES,
    netns: linkText(`/proc/${pid}/ns/net`),
    mntns,
    pidns: linkText(`/proc/${pid}/ns/pid`),
  };
}

function effective(status: string, name: 'Uid' | 'Gid'): number {
  return Number(new RegExp(`^${name}:\\s+\\d+\\s+(\\d+)`, 'm').exec(status)?.[1] ?? -1);
}

function argumentsOf(pid: number): string[] {
  return argumentsIn((procText(`/proc/${pid}/cmdline`) ?? '').slice(0, ARGUMENT_BYTES));
}

/** A process may fill its command line with NULs: those at the end are no arguments. */
export function argumentsIn(text: string): string[] {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0) end -= 1;
  return text === '' ? [] : text.slice(0, end).split('\0').slice(0, ARGUMENTS_AT_MOST);
}

function linkText(path: string): string | null {
  const link = procLink(path);
  return typeof link === 'string' ? link : null;
}

/** Without the kernel's " (deleted)" for a directory that is gone; one may also really be called so. */
function cwdOf(pid: number): string | null {
  const link = linkText(`/proc/${pid}/cwd`);
  if (!link?.endsWith(' (deleted)') || sameFile(`/proc/${pid}/cwd`, `/proc/${pid}/root${link}`)) return link;
  return link.slice(0, -' (deleted)'.length);
}

/** Null where it is not set (-1 as the kernel writes it, unsigned). */
export function setNumber(path: string): number | null {
  const number = Number(procAscii(path) ?? UNSET);
  return number === UNSET || !Number.isInteger(number) ? null : number;
}

/** The kernel adds " (deleted)" to a name that is gone; a file may also really be called so. */
function programOf(pid: number): { exe: string | null; exeState: ExeState } {
  const link = procLink(`/proc/${pid}/exe`);
  if (typeof link !== 'string') return { exe: null, exeState: link.error === 'ENOENT' || link.error === 'ESRCH' ? 'none' : 'unreadable' };
  if (!link.endsWith(' (deleted)') || sameFile(`/proc/${pid}/exe`, `/proc/${pid}/root${link}`)) return { exe: link, exeState: 'present' };
  const exe = link.slice(0, -' (deleted)'.length);
  if (exe.startsWith('/memfd:')) return { exe, exeState: isSealed(pid) ? 'sealed' : 'memfd' };
  return { exe, exeState: fs.existsSync(`/proc/${pid}/root${exe}`) ? 'replaced' : 'deleted' };
}

const F_GET_SEALS = 1034;
/** F_SEAL_SEAL, SHRINK, GROW and WRITE together: what launchers put on a copy of themselves (memfd_create(2)). */
const ALL_SEALS = 0b1111;

function isSealed(pid: number): boolean {
  let fd = -1;
  try {
    fd = fs.openSync(`/proc/${pid}/exe`, fs.constants.O_RDONLY);
    return ((libc()?.fcntl(fd, F_GET_SEALS, 0) ?? 0) & ALL_SEALS) === ALL_SEALS;
  } catch {
    return false;
  } finally {
    if (fd >= 0) fs.closeSync(fd);
  }
}

function sameFile(one: string, other: string): boolean {
  try {
    const a = fs.statSync(one);
    const b = fs.statSync(other);
    return a.ino === b.ino && a.dev === b.dev;
  } catch {
    return false;
  }
}

/** The systemd hierarchy's path: `0::` on cgroup v2, `name=systemd` on v1 and hybrid. */
function cgroupOf(pid: number): string | null {
  const lines = (procText(`/proc/${pid}/cgroup`) ?? '').split('\n');
  const line = lines.find((text) => text.includes(':name=systemd:')) ?? lines.find((text) => text.startsWith('0::'));
  return line?.slice(line.indexOf(':', line.indexOf(':') + 1) + 1) ?? null;
}
