/** A process that calls itself what it is not: a daemon's name on another program, or a kernel thread that is none (WORLD: an `sshd` that was no sshd). */

import type { Detector } from '../core/contracts.ts';
import { nameOf } from '../core/entity.ts';
import { installed, oddPlace } from '../core/places.ts';
import { entitiesOf, evidencesOf, firstStart, interpreter, type Kind, Running } from '../core/running.ts';
import { inMemory } from '../core/story.ts';
import { counted, named } from '../core/text.ts';
import type { Entity, FindingDraft, ProcessSeen, Severity } from '../core/words.ts';

/** Names that nobody looks at twice in a process list, and the program files that may bear them. */
const BEARERS: Readonly<Record<string, readonly string[]>> = {
  init: ['init', 'systemd', 'busybox', 'runit', 's6-svscan', 'tini', 'dumb-init', 'docker-init', 'openrc-init'],
  systemd: ['systemd'],
  'systemd-udevd': ['systemd-udevd', 'udevadm'],
  'systemd-journald': ['systemd-journald'],
  'systemd-logind': ['systemd-logind'],
  udevd: ['udevd', 'udevadm', 'systemd-udevd'],
  sshd: ['sshd', 'sshd-session', 'sshd-auth'],
  'sshd-session': ['sshd-session'],
  cron: ['cron', 'busybox'],
  crond: ['crond', 'cron', 'cronie', 'busybox'],
  atd: ['atd'],
  rsyslogd: ['rsyslogd'],
  syslogd: ['syslogd', 'busybox', 'rsyslogd', 'syslog-ng'],
  klogd: ['klogd', 'busybox'],
  getty: ['getty', 'agetty', 'busybox', 'mingetty'],
  agetty: ['agetty'],
  login: ['login', 'busybox', 'shadow'],
  '(sd-pam)': ['systemd', 'systemd-executor'],
  'dbus-daemon': ['dbus-daemon'],
  acpid: ['acpid', 'busybox'],
  irqbalance: ['irqbalance'],
  polkitd: ['polkitd'],
  httpd: ['httpd', 'apache2', 'busybox', 'lighttpd'],
  apache2: ['apache2'],
  apache: ['apache2', 'httpd', 'apache'],
  nginx: ['nginx', 'openresty'],
  named: ['named'],
  ntpd: ['ntpd', 'busybox', 'ntpsec'],
  chronyd: ['chronyd'],
  dhclient: ['dhclient'],
  sendmail: ['sendmail', 'exim4', 'exim', 'postdrop', 'ssmtp', 'msmtp', 'opensmtpd', 'nullmailer-inject'],
  mysqld: ['mysqld', 'mariadbd'],
  postgres: ['postgres'],
  'php-fpm': ['php-fpm'],
  bash: ['bash', 'busybox'],
  sh: ['sh', 'dash', 'bash', 'busybox', 'ksh', 'mksh', 'zsh', 'ash', 'posh'],
};

/** What kernel threads are called (kthread names of Linux 4 to 6, without their numbers). */
const KERNEL_THREAD =
  /^(?:kworker|ksoftirqd|kthreadd|migration|rcu_sched|rcu_bh|rcu_preempt|rcu_par_gp|rcu_gp|kswapd\d*|kdevtmpfs|khugepaged|kcompactd\d*|kblockd|kauditd|khungtaskd|oom_reaper|writeback|watchdogd?|jbd2|scsi_eh_\d+|events|netns|cpuhp|idle_inject|kintegrityd|md|edac-poller|devfreq_wq|irq)(?:[/:].*)?$/;

/** More of them, which mean something in brackets only. */
const BRACKETED =
  /^(?:bioset|crypto|cryptd|aio|mld|loop\d+|lockd|nfsd|rpciod|xprtiod|kthrotld|kdmflush|kcopyd|kstrp|kacpid|ata_sff|pdflush|psimon|hwrng|nvme-\w+|xfs[\w-]*|ext4-[\w-]+|btrfs-[\w-]+|rcu_\w+|\w+_wq|\w+wq|scsi_tmf_\d+|pool_workqueue_\w+|zswap-shrink|ipv6_addrconf|acpi_thermal_pm|usb-storage|charger_manager|slub_flushwq)(?:[/:].*)?$/;

export const masquerade: Detector = {
  name: 'masquerade',
  about: 'Finds processes whose name belongs to another program or to the kernel.',
  cannotSee: 'a program that takes the name of one that nobody knows.',
  attack: ['T1036.004', 'T1036.005'],
  tells: 'compromise',
  role: 'process',
  start() {
    const running = new Running();
    return {
      'process.seen': running.ear,
      'sweep.done': () => {
        const masked = new Map<string, { claim: Claim; processes: ProcessSeen[] }>();
        for (const process of running.all()) {
          const claim = claimOf(process);
          if (!claim) continue;
          const key = `${claim.name} ${process.script ?? process.exe} ${process.uid}`;
          const group = masked.get(key) ?? { claim, processes: [] };
          group.processes.push(process);
          masked.set(key, group);
        }
        return [...masked].flatMap(([key, { claim, processes }]) =>
          running
            .kinds(processes)
            .slice(0, 1)
            .map((kind) => told(key, claim, kind)),
        );
      },
    };
  },
};

interface Claim {
  readonly name: string;
  readonly says: string;
  readonly severity: Severity;
}

function claimOf(process: ProcessSeen): Claim | null {
  if (process.exe === null || inMemory(process)) return null;
  return kernelClaim(process) ?? daemonClaim(process);
}

/**
 * ps(1) shows kernel threads in brackets: whoever writes such a name into brackets wants to be taken for one. Servers put brackets
 * around names of their own (`[ruby:x]`), which no kernel thread has.
 */
function kernelClaim(process: ProcessSeen): Claim | null {
  const title = (process.argv[0] ?? '').trim();
  const bracketed = /^\[([\w/:.@+-]{2,60})\]$/.exec(title)?.[1];
  const says = 'the name of a kernel thread, which it is not';
  const foreign = !installed(process.exe ?? '') && !bracketed?.includes(':');
  if (bracketed !== undefined && (KERNEL_THREAD.test(bracketed) || BRACKETED.test(bracketed) || foreign))
    return { name: title, says, severity: 'high' };
  const bare = [title, process.name].find((name) => KERNEL_THREAD.test(name));
  return bare === undefined || bearsItHonestly(process, bare) ? null : { name: bare, says, severity: 'high' };
}

/** Its own file or script has that name: people call their programs `watchdog` and `events`. Nobody calls one `kworker`. */
function bearsItHonestly(process: ProcessSeen, name: string): boolean {
  const file = process.script ?? process.exe ?? '';
  const own = nameOf(file);
  return (own === name || (name.length === 15 && own.startsWith(name))) && oddPlace(file) === null && !/^(?:kworker|kthreadd|ksoftirqd)/.test(name);
}

function daemonClaim(process: ProcessSeen): Claim | null {
  const exe = process.exe ?? '';
  const file = nameOf(exe);
  for (const name of claimedNames(process)) {
    const bearers = Object.hasOwn(BEARERS, name) ? BEARERS[name] : undefined;
    if (!bearers || (process.script !== null && bearsItHonestly(process, name))) continue;
    const fits = bearers.some((bearer) => file === bearer || (file.startsWith(bearer) && /^[\d.-]/.test(file.slice(bearer.length))));
    // Below /snap, in containers and in homes people run their own builds; a name that fits its file is no lie there.
    if (
      fits &&
      oddPlace(exe) === null &&
      (installed(exe) || !/^(?:sshd|init|systemd|cron|crond|login|agetty|getty|rsyslogd|syslogd|dbus-daemon)/.test(name))
    )
      continue;
    const severity = fits ? 'high' : installed(exe) && process.script === null && file !== 'perl' ? 'medium' : 'high';
    return { name, says: fits ? `but its program is not the installed one` : `but it runs ${named(process.script ?? exe)}`, severity };
  }
  return null;
}

/** The title (`sshd: root@pts/0`, `-bash`, `/usr/sbin/cron`) and comm; a script lends its own file name to comm honestly where scripts are installed. */
function claimedNames(process: ProcessSeen): string[] {
  const title = (process.argv[0] ?? '').split(/[\s:]/, 1)[0] ?? '';
  const names = [nameOf(title.replace(/^-/, ''))];
  const script = process.script === null ? null : nameOf(process.script);
  const lent = script?.startsWith(process.name) && (installed(process.script ?? '') || (process.script ?? '').startsWith('/etc/'));
  if (!lent) names.push(process.name);
  return names;
}

function told(key: string, claim: Claim, kind: Kind): FindingDraft {
  const first = kind.processes[0];
  const file = first?.script ?? first?.exe ?? '';
  const culprit: Entity[] = [...(file === '' || interpreter(file) ? [] : [{ is: 'file', path: file } as const])];
  return {
    key,
    at: firstStart(kind.processes),
    severity: claim.severity,
    confidence: 'strong',
    says: `${counted(kind.processes.length, 'process', 'processes')} of ${kind.account ? named(kind.account) : `uid ${kind.uid}`} ${kind.processes.length === 1 ? 'calls itself' : 'call themselves'} ${named(claim.name)}, ${claim.says}${claim.says.includes(' runs ') ? '' : `: ${named(file)}`}`,
    culprit: [...culprit, ...entitiesOf(kind.processes)],
    victim: [],
    evidence: evidencesOf(kind.processes),
    seen: kind.processes.length,
    figures: { processes: kind.processes.length, claims: claim.name },
  };
}
