/** The dictionary: every noun that Tocsin's rooms say to one another, as plain data that JSON can carry. */

/** Milliseconds since 1970-01-01 UTC. */
export type Millis = number;

/** How bad it is if the claim is true. Only `medium` and above is worth waking somebody for. */
export type Severity = 'info' | 'low' | 'medium' | 'high' | 'critical';

/** How sure the witness is: `weak` = a hint, `medium` = one good witness, `strong` = the machine itself shows it. */
export type Confidence = 'weak' | 'medium' | 'strong';

/** What kind of thing a finding tells of; the verdict for people in a hurry is made from it. */
export type Tells = 'compromise' | 'attack' | 'exposure' | 'oddity';

/** The place of a step in the chain from the way in to the damage. */
export type Role = 'entry' | 'account' | 'foothold' | 'process' | 'effect' | 'victim' | 'persistence' | 'explanation';

/**
 * Who or what a sentence is about. A process is pid and start time, because pids are reused. Paths and names are
 * attacker-chosen: bytes that are not UTF-8 are carried as lone surrogates U+DC80..U+DCFF, so that they survive a round trip.
 */
export type Entity =
  | { readonly is: 'address'; readonly ip: string }
  | { readonly is: 'account'; readonly name: string; readonly uid?: number }
  | { readonly is: 'process'; readonly pid: number; readonly startTicks: number; readonly name?: string }
  | { readonly is: 'file'; readonly path: string }
  | { readonly is: 'directory'; readonly path: string }
  | { readonly is: 'site'; readonly name: string }
  | { readonly is: 'domain'; readonly name: string }
  | { readonly is: 'unit'; readonly name: string }
  | { readonly is: 'package'; readonly name: string }
  | { readonly is: 'port'; readonly proto: Transport; readonly port: number };

export type Transport = 'tcp' | 'udp';

/** Where a claim can be checked: a line of a log, a path, or a place in /proc. `says` quotes it, at most 400 characters. */
export interface Evidence {
  readonly source: string;
  readonly line?: number;
  readonly path?: string;
  readonly event?: string;
  readonly at?: Millis;
  readonly says?: string;
}

/** What stands behind a running process's program file. `replaced` = the path has a new file (an upgrade); `deleted` = it has none. `sealed` = a memory file that nobody can change any more (F_GET_SEALS), `memfd` = any other one. */
export type ExeState = 'present' | 'deleted' | 'replaced' | 'memfd' | 'sealed' | 'unreadable' | 'none';

/** Read from a script's text, which is not kept: does it go round, and which odd places does it name (at most 20). */
export interface ScriptSays {
  readonly loops: boolean;
  readonly names: readonly string[];
  /** Its file is gone. Nothing else is known of it then, except where the shell still holds it open. */
  readonly gone: boolean;
}

/** One process as /proc shows it. Ticks are clock ticks since boot (proc(5)). */
export interface ProcessSeen {
  readonly pid: number;
  readonly ppid: number;
  readonly startTicks: number;
  readonly startedAt: Millis;
  /** comm: at most 15 bytes, changeable by the process itself. */
  readonly name: string;
  /** The path behind /proc/PID/exe without the kernel's " (deleted)", or null for kernel threads and unreadable ones. */
  readonly exe: string | null;
  readonly exeState: ExeState;
  /** At most 64 arguments and 4 KiB. */
  readonly argv: readonly string[];
  /** The script that an interpreter (sh, python, perl, php, node …) runs, made absolute by the cwd; null where there is none. */
  readonly script: string | null;
  /** What the text of that script says; absent where it was not read. */
  readonly scriptSays?: ScriptSays;
  readonly cwd: string | null;
  readonly uid: number;
  readonly gid: number;
  /** Account name of uid, or null when no account has it. */
  readonly account: string | null;
  /** audit login uid: who logged in, kept through su and sudo; null = unset. */
  readonly loginUid: number | null;
  /** audit session id; null = unset. */
  readonly sessionId: number | null;
  /** systemd unit or scope from the cgroup path, e.g. `ssh.service`, `session-4.scope`; null where there is none. */
  readonly unit: string | null;
  readonly cgroup: string | null;
  readonly kernelThread: boolean;
  readonly state: string;
  readonly tty: number;
  /** user + system time so far. */
  readonly cpuTicks: number;
  readonly rssBytes: number;
  /** Inode numbers of the network, mount and pid namespaces; null where unreadable. */
  readonly netns: string | null;
  readonly mntns: string | null;
  readonly pidns: string | null;
}

export type SocketState =
  | 'ESTABLISHED'
  | 'SYN_SENT'
  | 'SYN_RECV'
  | 'FIN_WAIT1'
  | 'FIN_WAIT2'
  | 'TIME_WAIT'
  | 'CLOSE'
  | 'CLOSE_WAIT'
  | 'LAST_ACK'
  | 'LISTEN'
  | 'CLOSING'
  | 'NEW_SYN_RECV'
  | 'UNKNOWN';

/** One socket. `pid` is null when no process could be found for the inode (or none has it: TIME_WAIT). */
export interface SocketSeen {
  readonly proto: Transport | 'raw' | 'packet';
  readonly local: string;
  readonly localPort: number;
  readonly remote: string;
  readonly remotePort: number;
  readonly state: SocketState;
  readonly uid: number;
  readonly inode: number;
  readonly pid: number | null;
  readonly startTicks: number | null;
  readonly netns: string | null;
}

/** A number of connections of one kind that went to one target. */
export interface TargetTally {
  readonly ip: string;
  readonly port: number;
  readonly times: number;
}

/**
 * What left the machine while Tocsin looked (`spanMs` long): counters of the whole network namespace, and the connections that
 * came and went in between, which no single look at the socket table can show (a scan answered by RST leaves nothing behind).
 */
export interface FlowsWatched {
  readonly spanMs: number;
  readonly at: Millis;
  /** The network namespace that the counters and targets are of; null where unreadable. */
  readonly netns: string | null;
  /** `socket-destroy` = the kernel told of every ended TCP socket; `sampling` = only what was alive at some sample. */
  readonly by: 'socket-destroy' | 'sampling';
  /** Tcp: ActiveOpens, AttemptFails, OutRsts; Udp: OutDatagrams (RFC 4022, RFC 4113), differences over the span. */
  readonly activeOpens: number;
  readonly attemptFails: number;
  readonly outResets: number;
  readonly udpOut: number;
  /** Sent by all interfaces but lo, and by lo. */
  readonly bytesOut: number;
  readonly packetsOut: number;
  readonly loopbackBytesOut: number;
  readonly loopbackPacketsOut: number;
  /**
   * TCP connections made from here that were seen during the span, per target; at most 20,000 targets, the rest in `targetsLost`.
   * Port 0 = the address alone is known: a refused connect() that waits takes the port off its socket before the kernel tells of it.
   */
  readonly targets: readonly TargetTally[];
  readonly targetsLost: number;
  /** Who was busy with sockets meanwhile: what could be tied to a process. */
  readonly makers: readonly FlowMaker[];
  /** Other network namespaces in which connections were begun or datagrams sent. */
  readonly spaces: readonly SpaceWatched[];
}

/** What one process did with sockets while being watched. `sockets` = distinct socket inodes it held at the samples. */
export interface FlowMaker {
  readonly pid: number;
  readonly startTicks: number;
  readonly sockets: number;
  /** TCP sockets that lead out or had been refused already, its own and those of children too short-lived to be listed. */
  readonly made: number;
  /** UDP, raw and packet sockets. */
  readonly datagramSockets: number;
  readonly samples: number;
  readonly targets: readonly TargetTally[];
  /** Processor time it used during the span. */
  readonly cpuMs: number;
}

/** What the counters of another network namespace (a container) say of the same span. */
export interface SpaceWatched {
  readonly netns: string;
  readonly activeOpens: number;
  readonly attemptFails: number;
  readonly udpOut: number;
  /** Seen at the samples only. */
  readonly targets: readonly TargetTally[];
}

export interface ConntrackLevel {
  readonly at: Millis;
  readonly used: number;
  readonly max: number;
  /** Earlier reading in the same look, for the slope. */
  readonly before: { readonly at: Millis; readonly used: number } | null;
  /** Since boot, all CPUs (/proc/net/stat/nf_conntrack). */
  readonly drop: number;
  readonly earlyDrop: number;
  readonly insertFailed: number;
}

/** Connection-tracking entries that leave from one address to one remote port. */
export interface FlowTally {
  readonly at: Millis;
  readonly proto: Transport;
  readonly from: string;
  readonly port: number;
  readonly entries: number;
  /** Entries that never saw an answer. */
  readonly unanswered: number;
  /** Distinct remote addresses. */
  readonly targets: number;
  readonly sample: readonly string[];
}

export interface AccountSeen {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  readonly home: string;
  readonly shell: string;
  readonly groups: readonly string[];
  /** Member of sudo, wheel, admin, adm-like root groups, uid 0, or named in sudoers. Says why. */
  readonly admin: string | null;
  readonly password: 'set' | 'locked' | 'empty' | 'none' | 'unknown';
  readonly passwordChangedAt: Millis | null;
  readonly expiresAt: Millis | null;
  /** Can its shell be used to log in (not nologin, false, sync …)? */
  readonly canLogIn: boolean;
  /** uid below UID_MIN (login.defs), so meant for a service and not for a person. */
  readonly system: boolean;
  readonly keys: number;
  readonly lastLogin: { readonly at: Millis; readonly from: string } | null;
}

export interface SshdSeen {
  /** `sshd -T` (effective) or `sshd_config` (read by us). */
  readonly by: 'sshd -T' | 'sshd_config';
  readonly path: string;
  readonly ports: readonly number[];
  readonly passwordAuthentication: boolean;
  readonly keyboardInteractive: boolean;
  readonly permitRootLogin: string;
  readonly permitEmptyPasswords: boolean;
  readonly maxAuthTries: number;
  readonly usePam: boolean;
  /** LogLevel in capitals. */
  readonly logLevel?: string;
  readonly allowUsers: readonly string[];
  readonly allowGroups: readonly string[];
  readonly denyUsers: readonly string[];
  readonly denyGroups: readonly string[];
  /** Match blocks in the words of the file, for people. */
  readonly matches: readonly string[];
  /** The same, to be evaluated for one login (core/sshd-match.ts), in the order of the files. */
  readonly matchBlocks?: readonly SshdMatch[];
}

/** One Match block: its criteria as written, and what it sets, by lower-case keyword. */
export interface SshdMatch {
  readonly criteria: string;
  readonly settings: Readonly<Record<string, string>>;
}

export type PersistencePlace =
  | 'cron'
  | 'unit'
  | 'timer'
  | 'at'
  | 'shell-rc'
  | 'authorized-keys'
  | 'preload'
  | 'init-script'
  | 'ssh-rc'
  | 'sudoers'
  | 'setuid';

/** Something that makes a program run again, or lets somebody in again. */
export interface PersistenceSeen {
  readonly place: PersistencePlace;
  readonly path: string;
  readonly line?: number;
  readonly account: string | null;
  /** Command line, key comment and fingerprint, or library path. At most 1,000 characters. */
  readonly command: string;
  /** When, in the words of the place: `* * * * *`, `OnBootSec=1min`. */
  readonly schedule?: string;
  readonly changedAt: Millis | null;
  /** Package that owns the file, null when none does; undefined when nobody looked. */
  readonly package?: string | null;
}

/** A name in a place where programs should not live. */
export interface NameSeen {
  readonly path: string;
  readonly kind: 'directory' | 'file' | 'socket' | 'symlink' | 'other';
  readonly why: 'hidden' | 'odd-name' | 'executable' | 'device-in-disguise' | 'setuid';
  readonly uid: number;
  readonly mode: number;
  readonly sizeBytes: number;
  readonly changedAt: Millis;
}

/** A file that a package brought, compared with the package manager's sum. */
export interface PackageFileSeen {
  readonly path: string;
  readonly package: string | null;
  readonly version: string | null;
  /** `unknown` = it could not be read or the package keeps no sum for it. */
  readonly verdict: 'intact' | 'changed' | 'unowned' | 'unknown';
  readonly expected: string | null;
  readonly found: string | null;
  readonly changedAt: Millis | null;
  /** Why it was looked at: `running` or `login-path`. */
  readonly because: 'running' | 'login-path';
}

/** What a file's first bytes look like, by shape and not by name. */
export type FileShape = 'elf' | 'script' | 'target-list' | 'dictionary' | 'loot' | 'archive' | 'key' | 'text' | 'empty' | 'binary' | 'unread';

/** One file of a directory that was looked into; `entries` = lines that fit its shape, in the part that was read. */
export interface ShapedFile {
  readonly name: string;
  readonly shape: FileShape;
  readonly sizeBytes: number;
  readonly uid: number;
  readonly mode: number;
  readonly modifiedAt: Millis;
  readonly changedAt: Millis;
  readonly entries: number;
  /** The first fitting line, at most 120 characters; never of a loot, key or dictionary file, which hold secrets. */
  readonly sample: string | null;
}

/** A directory that was looked into because a program runs there or its place is odd. At most 500 files. */
export interface DirectorySeen {
  readonly path: string;
  /** A program runs from there, a job or start file names it, its name is odd, or it is a hidden directory in a person's home. */
  readonly because: 'running' | 'kept' | 'odd-name' | 'home';
  readonly uid: number;
  readonly mode: number;
  readonly changedAt: Millis;
  readonly files: readonly ShapedFile[];
  readonly more: number;
}

export interface HostSeen {
  readonly name: string;
  /** False for a mounted disk or an evidence folder: no kernel to ask. */
  readonly live: boolean;
  readonly bootAt: Millis | null;
  readonly addresses: readonly string[];
  readonly gateways: readonly string[];
  readonly resolvers: readonly string[];
  readonly kernel: string | null;
  readonly system: string | null;
  readonly ticksPerSecond: number;
  /** May everything be read? False without root. */
  readonly readsAll: boolean;
}

/** How somebody tried to log in, in sshd's words where it is sshd. */
export type LoginMethod = 'password' | 'publickey' | 'keyboard-interactive' | 'hostbased' | 'gssapi' | 'none' | 'unknown';

/** How an account was changed. */
export type AccountChange =
  | 'created'
  | 'deleted'
  | 'group-created'
  | 'group-deleted'
  | 'group-added'
  | 'group-removed'
  | 'password-changed'
  | 'shell-changed'
  | 'home-changed'
  | 'uid-changed'
  | 'renamed'
  | 'locked'
  | 'unlocked'
  | 'expiry-changed'
  | 'changed';

/** Queries of one span, from `at` on. */
export interface QuerySpan {
  readonly at: Millis;
  readonly queries: number;
}

/** Queries below one domain (core/query-name.ts says what that is). Counts are at least so many, and too low by `short` at most. */
export interface QueriedDomain {
  readonly name: string;
  readonly queries: number;
  readonly short: number;
  /** All queries of the logs. */
  readonly of: number;
  /** All queries of the busiest hour of this domain, and how many hours the logs have queries in. */
  readonly ofHour: number;
  readonly hours: number;
  /** At most six, most queries first. */
  readonly types: readonly { readonly type: string; readonly queries: number }[];
  /** Different names, client addresses and their networks (/24, /64), estimated within 9 % (standard error). */
  readonly names: number;
  readonly clients: number;
  readonly networks: number;
  /** Queries for names below the domain whose first label has five letters or more. */
  readonly longLabels: number;
  /** Queries that asked for recursion, and queries by TCP or with a cookie of this server: their addresses are no forgeries. */
  readonly recursive: number;
  readonly proven: number;
  readonly hour: QuerySpan;
  readonly tenSeconds: QuerySpan;
  readonly first: Millis;
  readonly last: Millis;
  /** At most four networks that asked most, with one address of each; by UDP they may be forged. */
  readonly askers: readonly { readonly ip: string; readonly network: string; readonly queries: number }[];
  /** Lines, the first after 256 queries, then after twice as many each time. */
  readonly examples: readonly Evidence[];
}

/** Queries from one network, as QueriedDomain. */
export interface QueryingNetwork extends Pick<QueriedDomain, 'queries' | 'short' | 'of' | 'names' | 'proven' | 'hour' | 'tenSeconds'> {
  /** In CIDR form. */
  readonly name: string;
}

/** What happened, by kind, without judgement. A new kind is a reviewed change to this file. Strings are as the log has them, unescaped. */
export interface EventFields {
  /** One try (or `times` tries) that was refused. `ip` is null for local tries (su, console). `known` = false when the account does not exist here. */
  'login.failed': {
    readonly account: string;
    readonly ip: string | null;
    readonly port: number | null;
    readonly method: LoginMethod;
    readonly service: string;
    readonly known: boolean;
    readonly times: number;
    readonly pid: number | null;
  };
  'login.accepted': {
    readonly account: string;
    readonly ip: string | null;
    readonly port: number | null;
    readonly method: LoginMethod;
    readonly service: string;
    readonly fingerprint: string | null;
    readonly pid: number | null;
  };
  /** A connection that ended before anybody logged in: scanners, version grabs, wrong protocols. Which `how` tells of a try: core/tries.ts. */
  'login.probed': {
    readonly ip: string;
    readonly account: string | null;
    readonly how: string;
    readonly service: string;
    readonly times: number;
    readonly pid: number | null;
  };
  'session.opened': {
    readonly account: string;
    readonly service: string;
    readonly by: string | null;
    readonly session: string | null;
    readonly pid: number | null;
  };
  'session.closed': { readonly account: string; readonly service: string; readonly session: string | null; readonly pid: number | null };
  /** sudo, su: `account` acted as `target`. */
  'privilege.used': {
    readonly account: string;
    readonly target: string;
    readonly command: string;
    readonly cwd: string | null;
    readonly tty: string | null;
    readonly service: string;
  };
  'privilege.refused': {
    readonly account: string;
    readonly target: string;
    readonly command: string;
    readonly service: string;
    readonly times: number;
  };
  'cron.ran': { readonly account: string; readonly command: string };
  /** crontab(1): `by` replaced, or deleted, the crontab of `account`. */
  'cron.changed': { readonly account: string; readonly by: string; readonly how: 'replaced' | 'deleted' };
  'account.changed': {
    readonly change: AccountChange;
    readonly account: string;
    readonly group: string | null;
    readonly uid: number | null;
    readonly by: string | null;
    readonly detail: string;
  };
  'kernel.conntrack-full': { readonly times: number };
  'kernel.segfault': { readonly program: string; readonly pid: number; readonly detail: string };
  'kernel.promiscuous': { readonly device: string; readonly on: boolean };
  'kernel.oom': { readonly program: string; readonly pid: number; readonly uid: number | null };
  /** One record of wtmp or btmp. */
  'record.login': {
    readonly account: string;
    readonly ip: string | null;
    readonly line: string;
    readonly pid: number;
    readonly endedAt: Millis | null;
    readonly failed: boolean;
  };

  /** One request in a web server's access log. Strings as logged, escapes of the log undone, at most 8,192 characters. */
  'web.request': {
    /** Who connected: the peer as the log has it first. */
    readonly ip: string | null;
    /** From HTTP authentication. */
    readonly user: string | null;
    /** Null where the request line is not HTTP. */
    readonly method: string | null;
    /** Path and query as sent; the whole request line where it is not HTTP. */
    readonly target: string;
    /** `1.1`, `2.0`. */
    readonly version: string | null;
    readonly status: number | null;
    /** Of the answer's body, in bytes. */
    readonly bytes: number | null;
    readonly referrer: string | null;
    readonly agent: string | null;
    /** The site that was asked for (vhost), where the log names it. */
    readonly site: string | null;
  };
  /** What all query logs of a name server say of one domain, or of one network that asks: sums, told at the end of the look. */
  'dns.queries': ({ readonly by: 'domain' } & QueriedDomain) | ({ readonly by: 'network' } & QueryingNetwork);
  /** The syslog daemon is set to write an authentication log, or rotated parts of it are there, and the log is not (or is empty). */
  'auth-log.missing': { readonly path: string; readonly because: string };

  'host.seen': HostSeen;
  'process.seen': ProcessSeen;
  'socket.seen': SocketSeen;
  'flows.watched': FlowsWatched;
  'flow.tally': FlowTally;
  'conntrack.level': ConntrackLevel;
  'account.seen': AccountSeen;
  'sshd.seen': SshdSeen;
  'persistence.seen': PersistenceSeen;
  'name.seen': NameSeen;
  'package-file.seen': PackageFileSeen;
  'directory.seen': DirectorySeen;
  /** Something that Tocsin could not see or keep up with. */
  'tocsin.blind': { readonly source: string; readonly reason: string };
  /** The look is over: detectors that add up say now what they have. */
  'sweep.done': { readonly from: Millis | null; readonly to: Millis };
}

export type EventKind = keyof EventFields;

/** `at` is the event's own time. `line` and `raw` are there for events that come from a log. */
export interface EventOf<K extends EventKind> {
  readonly kind: K;
  readonly at: Millis;
  readonly source: string;
  readonly line?: number;
  readonly raw?: string;
  readonly fields: EventFields[K];
}

export type Event = { [K in EventKind]: EventOf<K> }[EventKind];

/** What a parser makes of a line: kind and fields; the pipeline adds time, source, line and raw text. */
export type EventDraft = { [K in EventKind]: Pick<EventOf<K>, 'kind' | 'fields'> }[EventKind];

/** One line of a log with its header taken off. `pid` is null where the header has none. */
export interface Line {
  readonly source: string;
  readonly line: number;
  readonly at: Millis;
  readonly host: string;
  readonly program: string;
  readonly pid: number | null;
  readonly message: string;
  readonly raw: string;
}

/** What a detector says; the pipeline adds id, name and defaults. A later draft with the same `key` replaces the earlier one. */
export interface FindingDraft {
  readonly key: string;
  readonly at: Millis;
  readonly from?: Millis;
  readonly to?: Millis;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly says: string;
  /** Who did it: first the one that the chain's step is about. Entities here tie findings into one case. */
  readonly culprit: readonly Entity[];
  /** Who suffered: accounts tried, addresses scanned. These do not tie findings together. */
  readonly victim: readonly Entity[];
  /** At most 50. */
  readonly evidence: readonly Evidence[];
  /** How many events stand behind it. */
  readonly seen: number;
  readonly attack?: readonly string[];
  readonly tells?: Tells;
  readonly role?: Role;
  /** Why it is probably harmless, when the detector itself can see that. Lowers the case, never hides it. */
  readonly explained?: string;
  /** What shuts a door that stands open, a sentence each, for findings that open no case and so have no orders. */
  readonly remedy?: readonly string[];
  /** Measured numbers by ECS-like name, units in the name: `failures`, `distinctTargets`, `secondsToFull`. */
  readonly figures?: Readonly<Record<string, number | string>>;
}

export interface Finding extends FindingDraft {
  readonly id: string;
  readonly detector: string;
  readonly attack: readonly string[];
  readonly tells: Tells;
  readonly role: Role;
}

/** What a probe looked up about an entity, and which entities that leads to. `gap` = what it could not find out, and how somebody could. */
export interface FactDraft {
  readonly says: string;
  readonly at: Millis | null;
  /** Takes this place in the chain; without it the fact stays in the details. */
  readonly role?: Role;
  /** What the chain's step is about; the probed entity where it is missing. */
  readonly entity?: Entity;
  readonly leadsTo: readonly Entity[];
  readonly evidence: readonly Evidence[];
  readonly confidence: Confidence;
  readonly severity?: Severity;
  readonly gap?: string;
  readonly figures?: Readonly<Record<string, number | string>>;
}

export interface Fact extends FactDraft {
  readonly id: string;
  readonly probe: string;
  readonly about: Entity;
}

export interface Step {
  readonly role: Role;
  readonly entity: Entity;
  readonly at: Millis | null;
  readonly says: string;
  readonly evidence: readonly Evidence[];
}

/** Which process: pids are reused, a start time with them is not. */
export interface ProcessId {
  readonly pid: number;
  readonly startTicks: number;
}

/** What the hand may be told to do. `alike` = more trees of the same program and account, at most 500, for which the same holds. A new verb is a reviewed change, on purpose. */
export type Order =
  | { readonly verb: 'freeze-tree' | 'kill-tree'; readonly pid: number; readonly startTicks: number; readonly alike: readonly ProcessId[] }
  | { readonly verb: 'save-evidence'; readonly pids: readonly number[]; readonly paths: readonly string[] }
  | { readonly verb: 'quarantine-directory'; readonly path: string }
  | { readonly verb: 'quarantine-file'; readonly path: string }
  | { readonly verb: 'lock-account'; readonly name: string }
  | { readonly verb: 'end-sessions'; readonly name: string }
  | { readonly verb: 'block-egress'; readonly uid: number; readonly port: number | null }
  | { readonly verb: 'ban-address'; readonly ip: string }
  | { readonly verb: 'disable-persistence'; readonly path: string; readonly line: number | null }
  | { readonly verb: 'raise-conntrack-limit'; readonly to: number }
  | { readonly verb: 'harden-sshd'; readonly setting: string; readonly value: string };

/** An order with its reason; `risk` is what may go wrong, `undo` how it is taken back, both in words. */
export interface Proposal {
  readonly order: Order;
  readonly because: string;
  readonly risk: string;
  readonly undo: string;
}

export interface Case {
  readonly id: string;
  readonly title: string;
  readonly state: 'open' | 'contained' | 'closed';
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly openedAt: Millis;
  readonly chain: readonly Step[];
  readonly findings: readonly Finding[];
  readonly facts: readonly Fact[];
  readonly attack: readonly string[];
  readonly proposes: readonly Proposal[];
  readonly gaps: readonly string[];
  readonly recommends: readonly string[];
}

/** What was looked at: `partial` = cut short or only in part readable. */
export interface Coverage {
  readonly source: string;
  readonly state: 'read' | 'partial' | 'unreadable' | 'absent';
  readonly detail: string;
  readonly lines?: number;
  readonly from?: Millis;
  readonly to?: Millis;
}

/** `unknown` = nothing was found, and nothing could be judged either: no log was understood and no machine seen. */
export type Verdict = 'compromised' | 'attacked' | 'clean' | 'unknown';

/** Everything that one investigation says; the faces print it. */
export interface Report {
  readonly version: string;
  readonly host: string;
  readonly subject: Entity | null;
  /** What was looked at; a whole machine where it is not given. */
  readonly looked?: 'machine' | 'disk' | 'logs';
  /** The time that the logs tell of; `to` is now, or for logs alone their end. */
  readonly from: Millis | null;
  readonly to: Millis;
  readonly verdict: Verdict;
  readonly cases: readonly Case[];
  /** All findings, those that made no case too. */
  readonly findings: readonly Finding[];
  readonly coverage: readonly Coverage[];
  readonly tookMs: number;
}
