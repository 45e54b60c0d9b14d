/** A machine made of plain data: what the tests let Tocsin see. */

import type { Surroundings } from '../src/core/contracts.ts';
import { Entries } from '../src/core/entries.ts';
import { GuessBook } from '../src/core/guess-book.ts';
import type {
  AccountSeen,
  ConntrackLevel,
  Coverage,
  FlowsWatched,
  HostSeen,
  Line,
  PackageFileSeen,
  PersistenceSeen,
  ProcessSeen,
  SocketSeen,
  SshdSeen,
} from '../src/core/words.ts';
import type { Chunk, FileSeen, GuessRun, History, LoginRun, Networks, OpenFile, SelfSeen, SlowEyes } from '../src/core/world.ts';
import { sift } from '../src/engine/sieve.ts';
import type { SiftCounts } from '../src/engine/sift-counts.ts';
import type { Wanted } from '../src/engine/wanted.ts';
import { plainAccessScanner } from '../src/eyes/access-scanner.ts';
import { plainScanner } from '../src/eyes/scanner.ts';

export interface FakeMachine {
  readonly self?: SelfSeen;
  readonly now?: number;
  readonly host?: Partial<HostSeen>;
  readonly processes?: readonly ProcessSeen[];
  readonly sockets?: readonly SocketSeen[];
  readonly accounts?: readonly AccountSeen[];
  readonly sshd?: SshdSeen | null;
  readonly persistence?: readonly PersistenceSeen[];
  readonly openFiles?: Readonly<Record<number, readonly OpenFile[]>>;
  readonly environments?: Readonly<Record<number, Readonly<Record<string, string>>>>;
  readonly files?: Readonly<Record<string, Partial<FileSeen>>>;
  /** What the first bytes of files say. */
  readonly heads?: Readonly<Record<string, string>>;
  readonly conntrack?: ConntrackLevel | null;
  readonly packageFiles?: readonly PackageFileSeen[];
  readonly flows?: FlowsWatched | null;
  readonly chunks?: readonly Chunk[];
}

export function fakeEyes(machine: FakeMachine = {}): SlowEyes {
  const coverage: Coverage[] = [];
  const files = new Map(Object.entries(machine.files ?? {}).map(([path, file]) => [path, fileSeen(path, file)]));
  return {
    host: {
      name: 'web1',
      live: true,
      bootAt: 0,
      addresses: ['192.0.2.1'],
      gateways: ['192.0.2.254'],
      resolvers: ['192.0.2.253'],
      kernel: '6.1.0',
      system: 'Debian GNU/Linux 12',
      ticksPerSecond: 100,
      readsAll: true,
      ...machine.host,
    },
    self: machine.self ?? null,
    now: () => machine.now ?? 1_000_000_000_000,
    processes: () => machine.processes ?? [],
    sockets: () => machine.sockets ?? [],
    conntrack: () => machine.conntrack ?? null,
    flowTallies: () => [],
    accounts: () => machine.accounts ?? [],
    sshd: () => machine.sshd ?? null,
    persistence: () => machine.persistence ?? [],
    oddNames: () => [],
    packageFile: (path, because) =>
      machine.packageFiles?.find((file) => file.path === path) ?? {
        path,
        package: null,
        version: null,
        verdict: 'unowned',
        expected: null,
        found: null,
        changedAt: null,
        because,
      },
    loginPath: () => (machine.packageFiles ?? []).filter((file) => file.because === 'login-path').map((file) => file.path),
    openFiles: (pid) => machine.openFiles?.[pid] ?? [],
    environment: (pid, names) => Object.fromEntries(Object.entries(machine.environments?.[pid] ?? {}).filter(([name]) => names.includes(name))),
    stat: (path) => files.get(path) ?? null,
    list: (directory, limit) => {
      const inside = [...files.values()].filter((file) => file.path.startsWith(`${directory}/`));
      return files.has(directory) ? { entries: inside.slice(0, limit), more: Math.max(0, inside.length - limit) } : null;
    },
    head: (path, bytes) => machine.heads?.[path]?.slice(0, bytes) ?? null,
    sha256: () => null,
    note: (entry) => void coverage.push(entry),
    coverage: () => coverage,
    async *logs() {
      yield* machine.chunks ?? [];
    },
    scanner: plainScanner(),
    accessScanner: plainAccessScanner(),
    async *webLogs() {},
    async *queryLogs() {},
    async *journal() {},
    kernelRing: () => [],
    loginRecords: () => [],
    flows: async () => machine.flows ?? null,
  };
}

function fileSeen(path: string, file: Partial<FileSeen>): FileSeen {
  return { path, kind: 'file', uid: 0, gid: 0, mode: 0o644, sizeBytes: 10, modifiedAt: 0, changedAt: 0, inode: 1, ...file };
}

export function fakeNetworks(own: readonly string[] = ['192.0.2.1']): Networks {
  return {
    classOf: (ip) => (own.includes(ip) ? 'own' : ip.startsWith('127.') ? 'loopback' : ip.startsWith('10.') ? 'private' : 'public'),
    networkOf: (ip) => `${ip.split('.').slice(0, 3).join('.')}.0/24`,
    canonical: (ip) => (/^\d+\.\d+\.\d+\.\d+$/.test(ip) ? ip : null),
  };
}

export function fakeSurroundings(networks = fakeNetworks()): Surroundings {
  return { networks, guesses: new GuessBook(networks), entries: new Entries(networks) };
}

export function fakeHistory(told: { readonly logins?: readonly LoginRun[]; readonly guesses?: readonly GuessRun[] } = {}): History {
  const logins = told.logins ?? [];
  const guesses = told.guesses ?? [];
  return {
    from: logins.length + guesses.length > 0 ? 0 : null,
    to: logins.length + guesses.length > 0 ? 1 : null,
    forgotten: 0,
    logins: (account) => logins.filter((run) => account === undefined || run.account === account),
    guesses: (about) =>
      guesses.filter((run) => (about.ip === undefined || run.ip === about.ip) && (about.account === undefined || run.account === about.account)),
    privileges: () => [],
    refusals: () => [],
    crashes: () => [],
    changes: () => [],
  };
}

export function loginRun(run: Partial<LoginRun> & { readonly account: string; readonly ip: string }): LoginRun {
  const at = run.first ?? 500_000;
  return {
    network: `${run.ip.split('.').slice(0, 3).join('.')}.0/24`,
    method: 'password',
    service: 'sshd',
    first: at,
    last: at,
    times: 1,
    recent: [{ at, port: 50_022, pid: 900, evidence: { source: '/var/log/auth.log', line: 7 } }],
    ...run,
  };
}

export function guessRun(run: Partial<GuessRun> & { readonly account: string; readonly ip: string }): GuessRun {
  return { known: true, first: 100_000, last: 400_000, times: 40, evidence: [{ source: '/var/log/auth.log', line: 1 }], ...run };
}

/** A log as one chunk; its stamps are UTC and end in the year of `now`. */
/** What the sieve lets through where every wanted line becomes one. */
export function siftLines(chunk: Chunk, wanted: Wanted, line: (line: Line) => void): SiftCounts {
  const told = () => {
    throw new Error('nothing may be told at once here');
  };
  return sift(chunk, wanted, { line, told }, plainScanner());
}

export function chunkOf(source: string, text: string, now: number): Chunk {
  return {
    source,
    firstLine: 1,
    text,
    bytes: Buffer.from(text, 'latin1'),
    latin1: (start, end) => text.slice(start, end),
    line: (start, end) => text.slice(start, end),
    skip: new Set(),
    clock: { firstYear: new Date(now).getUTCFullYear(), toUtc: (localMs) => localMs, latest: now + 60_000 },
  };
}

export function processSeen(process: Partial<ProcessSeen>): ProcessSeen {
  return {
    pid: 100,
    ppid: 1,
    startTicks: 10,
    startedAt: 100,
    name: 'prog',
    exe: '/usr/bin/prog',
    exeState: 'present',
    argv: ['prog'],
    script: null,
    cwd: '/',
    uid: 0,
    gid: 0,
    account: 'root',
    loginUid: null,
    sessionId: null,
    unit: null,
    cgroup: null,
    kernelThread: false,
    state: 'S',
    tty: 0,
    cpuTicks: 0,
    rssBytes: 0,
    netns: null,
    mntns: null,
    pidns: null,
    ...process,
  };
}
