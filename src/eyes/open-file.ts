/**
 * Opens files whose path somebody else may have chosen: a link in a home, a script in a command line. Only regular files are opened;
 * devices, pipes and files that the kernel makes up are looked at without a touch and refused, because the mere opening may start a
 * watchdog, wake a writer or use up the kernel's log.
 */

import * as fs from 'node:fs';

/** O_PATH of open(2), the same on all processors that Node 20 runs on: a grip on the name that does not open the file. */
const O_PATH = 0o10000000;

/** Types of statfs(2) (linux/magic.h) whose regular files are doors into the kernel. */
const KERNEL_FILES = new Set([
  ...[0x9fa0, 0x62656572, 0x74726163, 0x64626720], // proc, sysfs, tracefs, debugfs
  ...[0x27e0eb, 0x63677270, 0x7655821], // cgroup, cgroup2, resctrl
  ...[0x73636673, 0xf97cff8c, 0x43415d53, 0x5a3c69f0], // securityfs, selinuxfs, smackfs, apparmorfs
  ...[0xcafe4a11, 0x62656570, 0xde5e81e4, 0x6165676c], // bpf, configfs, efivarfs, pstore
  ...[0x42494e4d, 0x65735543, 0x6e736673, 0x09041934], // binfmt_misc, fusectl, nsfs, anonymous inodes
  ...[0x67596969, 0x6e667364, 0x1cd1, 0x19800202, 0x6c6f6f70], // rpc_pipefs, nfsd, devpts, mqueue, binderfs
]);

/** The errno code for what is no regular file, or is one that the kernel makes up. */
export const NOT_REGULAR = 'EINVAL';
/** The errno code for a link that leads to somebody else's file where only one's own count. */
export const NOT_OWN = 'EPERM';

/** Without /proc there is no safe way to open anything; that must not look as if the file were not there. */
const NO_PROC = 'ENOSYS';

export class Refused extends Error {
  readonly code: string;

  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

export interface Opened {
  /** Follow a symbolic link at the end? Else it is refused (`ELOOP`). */
  readonly follow: boolean;
  /** The path without any link, and whose file it must be where it is reached by one. */
  readonly own?: { readonly path: Buffer; readonly uid: number };
}

/** The descriptor of a regular file, to read. Throws with a `code` when there is none, or it is refused. */
export function openRegular(path: string | Buffer, how: Opened): number {
  const grip = fs.openSync(path, O_PATH | (how.follow ? 0 : fs.constants.O_NOFOLLOW));
  try {
    const facts = fs.fstatSync(grip);
    if (facts.isSymbolicLink()) throw new Refused('ELOOP');
    const door = `/proc/self/fd/${grip}`;
    if (!facts.isFile()) throw new Refused(NOT_REGULAR);
    if (!fs.existsSync(door)) throw new Refused(NO_PROC);
    if (KERNEL_FILES.has(fs.statfsSync(door).type >>> 0)) throw new Refused(NOT_REGULAR);
    if (how.own && facts.uid !== how.own.uid && linked(door, facts, how.own.path)) throw new Refused(NOT_OWN);
    return fs.openSync(door, fs.constants.O_RDONLY | fs.constants.O_NONBLOCK | fs.constants.O_NOCTTY);
  } finally {
    fs.closeSync(grip);
  }
}

/** Reached by a symbolic link anywhere in the path, or maybe by a hard one, which anybody may make where fs.protected_hardlinks is 0. */
function linked(door: string, facts: fs.Stats, path: Buffer): boolean {
  return facts.nlink > 1 || !fs.readlinkSync(door, { encoding: 'buffer' }).equals(path);
}
