/** The real daemons of a lab host: rsyslogd with its own /dev/log, sshd with its own keys and PAM, cron. */

import type { LabHost } from './host.ts';

/** `rfc3164` = "Nov 21 04:05:06", no year, no zone; `iso` = "2026-11-21T04:05:06.123456+00:00" (RSYSLOG_FileFormat). */
export type LogForm = 'rfc3164' | 'iso';

const TEMPLATE: Readonly<Record<LogForm, string>> = { rfc3164: 'RSYSLOG_TraditionalFileFormat', iso: 'RSYSLOG_FileFormat' };

/** Debian's rules for the files. No imklog: the kernel's ring is the machine's, and reading it would take lines away from it. */
function rsyslogConf(form: LogForm): string {
  return `module(load="imuxsock" SysSock.RateLimit.Interval="0")
$ActionFileDefaultTemplate ${TEMPLATE[form]}
$FileOwner root
$FileGroup adm
$FileCreateMode 0640
$Umask 0022
auth,authpriv.* /var/log/auth.log
*.*;auth,authpriv.none /var/log/syslog
cron.* /var/log/cron.log
kern.* /var/log/kern.log
`;
}

export async function startLogs(host: LabHost, form: LogForm): Promise<void> {
  host.write('/etc/rsyslog.conf', rsyslogConf(form));
  await host.must(['rsyslogd']);
  await host.until('/dev/log', () => exists(host, '/dev/log'));
}

function exists(host: LabHost, path: string): Promise<boolean> {
  return host.run(['test', '-e', path]).then((said) => said.status === 0);
}

/** A message as the kernel would hand it to the system log: facility kern, priority warning. */
export async function kernelSays(host: LabHost, lines: readonly string[]): Promise<void> {
  const script = 'use Socket; socket(S, PF_UNIX, SOCK_DGRAM, 0); while (<STDIN>) { chomp; send(S, "<4>kernel: $_", 0, sockaddr_un("/dev/log")) }';
  await host.must(['perl', '-e', script], { input: `${lines.join('\n')}\n` });
}

export interface Door {
  readonly port: number;
  readonly settings?: readonly string[];
}

/** A stock sshd that lets in by password, with enough room for a crowd of guessers. */
export async function startSshd(host: LabHost, door: Door): Promise<void> {
  const settings = [
    `Port ${door.port}`,
    'HostKey /etc/ssh/ssh_host_ed25519_key',
    'PasswordAuthentication yes',
    'MaxStartups 400:30:600',
    'UseDNS no',
    ...(door.settings ?? []),
  ];
  host.write('/etc/ssh/sshd_config.d/site.conf', `${settings.join('\n')}\n`, 0o600);
  await host.sh(
    `rm -f /etc/ssh/ssh_host_*; ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key; mkdir -p /run/sshd; ${WITHOUT_DELAY}; /usr/sbin/sshd`,
  );
  await host.until(`sshd on port ${door.port}`, () => listens(host, door.port));
}

/** Is a TCP port open? Asked of the kernel and not by a connection, which would leave a line in the log. */
export async function listens(host: LabHost, port: number): Promise<boolean> {
  return (await host.must(['ss', '-Hltn', `sport = :${port}`])) !== '';
}

/** pam_unix waits two seconds after a wrong password; a test has no time for that. */
const WITHOUT_DELAY = `sed -i 's/pam_unix.so nullok/pam_unix.so nullok nodelay/' /etc/pam.d/common-auth`;

export async function startCron(host: LabHost): Promise<void> {
  await host.must(['cron']);
}

/** The real journald without systemd beside it: bare Debian 12 has no other log. Its kernel messages are the machine's, so it reads none; it asks for cgroups before it starts. */
export async function startJournal(host: LabHost): Promise<void> {
  host.write('/etc/systemd/journald.conf', '[Journal]\nStorage=persistent\nReadKMsg=no\nRateLimitBurst=0\nSyncIntervalSec=1s\n');
  await host.sh(
    'mount -t cgroup2 -o ro none /sys/fs/cgroup; mkdir -p /var/log/journal/$(cat /etc/machine-id) /run/systemd/journal; ln -sf /run/systemd/journal/dev-log /dev/log',
  );
  host.spawn(['/lib/systemd/systemd-journald']);
  await host.until('the journal', () => exists(host, '/run/systemd/journal/dev-log'));
}
