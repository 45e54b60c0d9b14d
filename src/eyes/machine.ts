/** All eyes of one machine behind one window: the running one, a mounted disk, or log files alone. Each is opened once, when first asked for. */

import type { AccountSeen, ConntrackLevel, Coverage, Millis, PersistenceSeen } from '../core/words.ts';
import type { OpenFile, SlowEyes } from '../core/world.ts';
import { accessScanner } from './access-scanner.ts';
import { accounts } from './accounts.ts';
import { conntrackLevel, conntrackTallies, conntrackUsed } from './conntrack.ts';
import { Disk, textOf } from './disk.ts';
import { watchFlows } from './flows.ts';
import { host, noHost } from './host.ts';
import { journal } from './journal.ts';
import { kernelRing } from './kernel-ring.ts';
import { LogCover } from './log-cover.ts';
import { type LogQuestion, machineLogs, namedLogs } from './log-files.ts';
import { loginRecords } from './login-records.ts';
import { oddNames } from './odd-names.ts';
import { packages } from './packages.ts';
import { persistence } from './persistence.ts';
import { environmentOf, openFilesOf } from './process-details.ts';
import { processes } from './processes.ts';
import { queryLogs } from './query-logs.ts';
import { scanner } from './scanner.ts';
import { selfSeen } from './self.ts';
import { sockets } from './sockets.ts';
import { sshdSettings } from './sshd-config.ts';
import { webLogs } from './web-logs.ts';
import { zoneOf } from './zone.ts';

export interface Opening {
  /** Mount point of the disk to look at; '' = the running machine. */
  readonly root: string;
  /** Not empty = only these files, no machine. */
  readonly logs: readonly string[];
  readonly since: Millis | null;
  readonly year: number | null;
  /** Zone of stamps that name none; null = the machine's own. */
  readonly zone: string | null;
  /** How long outgoing connections are watched. */
  readonly watchMs: number;
  /** Whose journal entries are wanted. */
  readonly programs: readonly string[];
}

/** Logs alone say nothing of a machine: its places in coverage are left out, one line says it. */
const ONLY_LOGS: Coverage = { source: 'machine', state: 'absent', detail: 'only the named log files were looked at' };

function zoneWords(name: string, given: boolean): string {
  return `stamps without a zone were read as ${name}${given ? ', as asked for' : ', the zone of this machine; --zone NAME if the logs are from elsewhere'}`;
}

export function openEyes(opening: Opening): SlowEyes {
  const noted: Coverage[] = [];
  const note = (coverage: Coverage) => void noted.push(coverage);
  const disk = new Disk(opening.root);
  const onlyLogs = opening.logs.length > 0;
  if (onlyLogs) note(ONLY_LOGS);
  const seen = onlyLogs ? noHost('logs') : host(disk, note);
  const live = seen.live;
  const openedAt = Date.now();
  const firstUsed = live ? conntrackUsed() : null;
  const before: ConntrackLevel['before'] = firstUsed === null ? null : { at: openedAt, used: firstUsed };

  const logins = once(() => loginRecords(disk, note, opening.since));
  const people = once(() => (onlyLogs ? [] : accounts(disk, note, logins().last)));
  // The first name of a uid counts (getpwuid(3)): a second account with uid 0 must not give its name to all that root runs.
  const names = once(() => new Map([...people()].reverse().map((account: AccountSeen) => [account.uid, account.name])));
  const running = once(() =>
    live
      ? processes({ bootAt: seen.bootAt ?? openedAt, ticksPerSecond: seen.ticksPerSecond, accountOf: (uid) => names().get(uid) ?? null }, note)
      : [],
  );
  const self = once(() => selfSeen((uid) => names().get(uid) ?? null));
  const parcels = once(() => packages(disk, note));
  const again = once((): readonly PersistenceSeen[] =>
    onlyLogs
      ? []
      : persistence(disk, people(), note).map((seen) => {
          // Of a preload the library counts, not the file that names it.
          const owner = parcels().ownerOf(seen.place === 'preload' ? seen.command : seen.path);
          return owner === undefined ? seen : { ...seen, package: owner };
        }),
  );
  const watch = once(() => (live && opening.watchMs > 0 ? watchFlows(opening.watchMs, running, note) : null));
  const question = (): LogQuestion => {
    const place = onlyLogs ? new Disk('') : disk;
    const zone = zoneOf(place, note, opening.zone);
    const assumed = () => note({ source: 'time zone', state: 'read', detail: zoneWords(zone.name, opening.zone !== null) });
    const tell = once(assumed);
    return { disk: place, toUtc: zone.toUtc, now: openedAt, since: opening.since, year: opening.year, note, ...(onlyLogs ? { zoneUsed: tell } : {}) };
  };
  const cover = new LogCover();
  let logsRead = false;

  return {
    host: seen,
    get self() {
      return live ? self() : null;
    },
    scanner: scanner(),
    accessScanner: accessScanner(),
    now: () => Date.now(),
    processes: running,
    sockets: once(() => (live ? sockets(running(), note) : [])),
    conntrack: once(() => (live ? conntrackLevel(before, Date.now(), note) : null)),
    flowTallies: once(() => (live ? conntrackTallies(Date.now(), note) : [])),
    accounts: people,
    sshd: once(() => (onlyLogs ? null : sshdSettings(disk, note, live ? sshdConfigs(running()) : []))),
    persistence: again,
    oddNames: once(() => (onlyLogs ? [] : oddNames(disk, people(), note))),
    packageFile: (path, because) => parcels().check(path, because),
    loginPath: once(() => (onlyLogs ? [] : parcels().loginPath())),
    openFiles: (pid): readonly OpenFile[] => (live ? openFilesOf(pid) : []),
    environment: (pid, wanted) => (live ? environmentOf(pid, wanted) : {}),
    stat: (path) => disk.stat(path),
    list: (directory, limit) => disk.list(directory, limit),
    head: (path, bytes) => {
      const got = disk.read(path, bytes, false);
      return 'error' in got ? null : textOf(got.bytes);
    },
    sha256: (path, limitBytes) => disk.digest(path, 'sha256', limitBytes),
    note,
    coverage: () => noted,
    logs: () => {
      if (onlyLogs) return namedLogs(opening.logs, question());
      logsRead = true;
      return machineLogs({ ...question(), cover });
    },
    async *webLogs() {
      if (!onlyLogs) yield* webLogs(question());
    },
    async *queryLogs() {
      if (!onlyLogs) yield* queryLogs(question());
    },
    async *journal() {
      if (onlyLogs) return;
      if (!logsRead) for await (const _ of machineLogs({ ...question(), cover, note: () => {} }));
      yield* journal({ disk, programs: opening.programs, since: opening.since, cover, note });
    },
    kernelRing: once(() => (live ? kernelRing(seen.bootAt ?? openedAt, note) : [])),
    loginRecords: once(() => (onlyLogs ? [] : logins().records)),
    async flows() {
      return (await watch()?.done()) ?? null;
    },
  };
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

/** Configuration files that running sshds were started with (`sshd -f FILE`). */
function sshdConfigs(running: ReturnType<SlowEyes['processes']>): string[] {
  return running.flatMap((process) => {
    const at = /\/sshd$/.test(process.exe ?? '') ? process.argv.indexOf('-f') : -1;
    const file = at < 0 ? undefined : process.argv[at + 1];
    return file?.startsWith('/') ? [file] : [];
  });
}
