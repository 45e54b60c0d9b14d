/** The windows onto the world that pure rooms look through: what can be asked, never how it is found out. */

import type {
  AccountSeen,
  ConntrackLevel,
  Coverage,
  Evidence,
  FlowsWatched,
  FlowTally,
  HostSeen,
  LoginMethod,
  Millis,
  NameSeen,
  PackageFileSeen,
  PersistenceSeen,
  ProcessSeen,
  SocketSeen,
  SshdSeen,
} from './words.ts';

/** `own` = an address of this host. `documentation` = RFC 5737, RFC 3849. */
export type AddressClass = 'own' | 'loopback' | 'private' | 'link-local' | 'multicast' | 'reserved' | 'documentation' | 'public' | 'invalid';

/** Address arithmetic, done by a library behind this window. */
export interface Networks {
  classOf(ip: string): AddressClass;
  /** The network that counts as one place: IPv4 /24, IPv6 /64, in CIDR form; IPv4-mapped IPv6 counts as IPv4. */
  networkOf(ip: string): string;
  /** The form in which an address is compared and shown; null when it is none (net.isIP's strictness). */
  canonical(ip: string): string | null;
}

/** Whole lines of one log file, as bytes and as text with one character a byte (latin1): positions agree. */
export interface Chunk {
  readonly source: string;
  /** Number of the first line in this chunk, from 1. */
  readonly firstLine: number;
  /** Made when somebody asks for it: nearly all that is known of a log is seen in its bytes. */
  readonly text: string;
  readonly bytes: Uint8Array;
  /** Is there nothing in it but ASCII? */
  readonly ascii?: boolean;
  /** A part of the text as a string of its own. */
  latin1(start: number, end: number): string;
  /** Told how many lines it had by whoever went over them, so that nobody has to count them again. */
  counted?(lines: number): void;
  /** The line between two positions as its own string: UTF-8, other bytes as lone surrogates U+DC80..U+DCFF. */
  line(start: number, end: number): string;
  /** What the stamps of this file need. */
  readonly clock: FileClock;
  /** Programs whose lines another log already has, so that nothing is counted twice. */
  readonly skip: ReadonlySet<string>;
  /** `access` = lines of a web server's access log, which have no syslog header; `queries` = mostly lines of a name server's query log. */
  readonly form?: 'access' | 'queries';
}

/** The innermost loop over log lines (src/scan), compiled one way or the other. Its memory is its own: one chunk at a time. */
export interface Scanner {
  /** `WebAssembly`, or `JavaScript` where that cannot be had. */
  readonly by: string;
  /** The account names of its table, by place, for the side that makes strings of them. */
  readonly names: string[];
  /** Its whole memory; valid until `room` is called. */
  all(): Uint8Array;
  room(bytes: number): void;
  learn(date: number, decimals: number, tail: number, sshd: boolean, cron: boolean): void;
  scan(from: number, to: number, line: number): number;
  stopped(): number;
  seen(): number;
}

/** The loop over the lines of access logs (src/scan-access), compiled one way or the other. Its memory is its own: one chunk at a time. */
export interface AccessScanner {
  /** `WebAssembly`, or `JavaScript` where that cannot be had. */
  readonly by: string;
  /** Its whole memory; valid until `room` is called. */
  all(): Uint8Array;
  room(bytes: number): void;
  scan(from: number, to: number, line: number): number;
  stopped(): number;
  seen(): number;
  keep(start: number, end: number, kind: number): void;
}

/** How the stamps of one file are to be understood; `lastYear` is null when each stamp carries its year. */
export interface FileClock {
  /** Year of the first line, inferred from the file's modification time and the order of months in it. */
  readonly firstYear: number;
  /** UTC of a local wall-clock time given as if it were UTC. */
  toUtc(localMs: Millis): Millis;
  /** No stamp may be later than this (receive time plus skew); infinite for files that a person named. */
  readonly latest: Millis;
  /** Stamps later than this are told of: a wrong clock, or forged. `latest` where it is not given. */
  readonly received?: Millis;
}

/** A file or directory without following a symbolic link. */
export interface FileSeen {
  readonly path: string;
  readonly kind: 'file' | 'directory' | 'symlink' | 'socket' | 'other';
  readonly uid: number;
  readonly gid: number;
  /** Permission bits, setuid and sticky included. */
  readonly mode: number;
  readonly sizeBytes: number;
  readonly modifiedAt: Millis;
  readonly changedAt: Millis;
  readonly inode: number;
}

export interface OpenFile {
  readonly fd: number;
  readonly path: string;
  readonly deleted: boolean;
  readonly kind: 'file' | 'directory' | 'socket' | 'pipe' | 'device' | 'other';
}

/** Read-only sight of one machine, live or as a mounted disk. What could not be seen stands in `coverage`. Results are taken once and kept. */
/** This program itself: no order may touch it, or the session that it was started from. */
export interface SelfSeen {
  readonly pid: number;
  /** Its parent, that one's parent and so on, without pid 1. */
  readonly above: readonly number[];
  /** Where it is installed. */
  readonly folder: string;
  /** Whose log-in session it was started from (loginuid, or who called sudo); null where that is not known. */
  readonly account: string | null;
  /** Where that session came from. */
  readonly addresses: readonly string[];
}

export interface Eyes {
  readonly host: HostSeen;
  /** Null where it is not this machine that is looked at. */
  readonly self: SelfSeen | null;
  now(): Millis;
  processes(): readonly ProcessSeen[];
  sockets(): readonly SocketSeen[];
  conntrack(): ConntrackLevel | null;
  /** Empty where the kernel does not list its entries. */
  flowTallies(): readonly FlowTally[];
  accounts(): readonly AccountSeen[];
  sshd(): SshdSeen | null;
  persistence(): readonly PersistenceSeen[];
  oddNames(): readonly NameSeen[];
  /** One file against the package manager's sum. */
  packageFile(path: string, because: PackageFileSeen['because']): PackageFileSeen;
  /** Files in the directories of root's PATH that take passwords or show what runs (login, sshd, su, sudo, ps, ss, ls, …). */
  loginPath(): readonly string[];
  openFiles(pid: number): readonly OpenFile[];
  /** Only the variables asked for: environments hold secrets. */
  environment(pid: number, names: readonly string[]): Readonly<Record<string, string>>;
  stat(path: string): FileSeen | null;
  /** At most `limit` entries; `more` says how many were left out. */
  list(directory: string, limit: number): { readonly entries: readonly FileSeen[]; readonly more: number } | null;
  /** First bytes as text, or null. Never follows a symbolic link; regular files only. */
  head(path: string, bytes: number): string | null;
  /** Lower-case hex, or null when unreadable or larger than `limitBytes`. */
  sha256(path: string, limitBytes: number): string | null;
  note(coverage: Coverage): void;
  coverage(): readonly Coverage[];
}

/** Things that take a while to see, asked for by sources; the rest of the look goes on meanwhile. */
export interface SlowEyes extends Eyes {
  /** What log lines are first looked at with. */
  readonly scanner: Scanner;
  readonly accessScanner: AccessScanner;
  /** Chunks of all logs that were asked for, oldest first within each family. */
  logs(): AsyncIterable<Chunk>;
  /** Chunks of the web servers' access logs. */
  webLogs(): AsyncIterable<Chunk>;
  /** Chunks of the name servers' query logs. */
  queryLogs(): AsyncIterable<Chunk>;
  /** Journal entries as JSON texts (journalctl -o json), only what no text log has. */
  journal(): AsyncIterable<{ readonly source: string; readonly entries: readonly string[] }>;
  /** Records of /dev/kmsg: `stamp` is UTC. */
  kernelRing(): readonly { readonly at: Millis; readonly message: string; readonly sequence: number }[];
  loginRecords(): readonly LoginRecord[];
  flows(): Promise<FlowsWatched | null>;
}

export interface LoginRecord {
  readonly source: string;
  readonly record: number;
  readonly account: string;
  readonly ip: string | null;
  readonly line: string;
  readonly pid: number;
  readonly at: Millis;
  readonly endedAt: Millis | null;
  readonly failed: boolean;
}

/** One account's accepted logins from one address by one method, added up. `recent` has the newest 64. */
export interface LoginRun {
  readonly account: string;
  readonly ip: string | null;
  readonly network: string | null;
  readonly method: LoginMethod;
  readonly service: string;
  readonly first: Millis;
  readonly last: Millis;
  readonly times: number;
  readonly recent: readonly { readonly at: Millis; readonly port: number | null; readonly pid: number | null; readonly evidence: Evidence }[];
}

/** One address's refused tries on one account, added up. */
export interface GuessRun {
  readonly ip: string;
  readonly account: string;
  readonly known: boolean;
  readonly first: Millis;
  readonly last: Millis;
  readonly times: number;
  /** Tries of which the log tells that they were passwords. */
  readonly passwords?: number;
  readonly evidence: readonly Evidence[];
}

/** What the logs told, added up so that probes can ask; bounded, with `forgotten` counting what no longer fitted. */
export interface History {
  readonly from: Millis | null;
  readonly to: Millis | null;
  readonly forgotten: number;
  logins(account?: string): readonly LoginRun[];
  guesses(about: { readonly ip?: string; readonly account?: string }): readonly GuessRun[];
  privileges(
    account: string,
  ): readonly { readonly at: Millis; readonly account: string; readonly target: string; readonly command: string; readonly evidence: Evidence }[];
  /** What su and sudo refused an account, a line each; `times` = passwords that were wrong. */
  refusals(account: string): readonly {
    readonly at: Millis;
    readonly target: string;
    readonly command: string;
    readonly service: string;
    readonly times: number;
    readonly evidence: Evidence;
  }[];
  /** Processes of this name that crashed or were killed for want of memory; `uid` is null where the kernel did not say. */
  crashes(program: string): readonly { readonly at: Millis; readonly how: string; readonly uid: number | null; readonly evidence: Evidence }[];
  changes(account: string): readonly { readonly at: Millis; readonly says: string; readonly by: string | null; readonly evidence: Evidence }[];
}
