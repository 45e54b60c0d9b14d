/** The days before the story: honest log lines in the host's own stamp form and time zone, in rotated and compressed files. */

import type { LabHost } from './host.ts';
import type { LogForm } from './server.ts';

export interface PastLine {
  readonly at: number;
  /** `sshd[711]: Accepted …`: program and message. */
  readonly says: string;
}

/** Stamps lines by the host's local time, as its log daemon would. Input: "EPOCH text". */
const STAMPER = `use POSIX; my ($form, $host) = @ARGV;
while (<STDIN>) {
  my ($at, $says) = /^([0-9]+) (.*)/ or next;
  my @t = localtime $at;
  if ($form eq 'iso') { my $z = strftime('%z', @t); substr($z, 3, 0) = ':'; print strftime('%Y-%m-%dT%H:%M:%S', @t), ".000000$z $host $says\\n" }
  else { print strftime('%b %e %H:%M:%S', @t), " $host $says\\n" }
}`;

export async function stampPast(host: LabHost, form: LogForm, lines: readonly PastLine[]): Promise<string> {
  const input = [...lines]
    .sort((a, b) => a.at - b.at)
    .map((line) => `${Math.floor(line.at / 1000)} ${line.says}\n`)
    .join('');
  return host.must(['perl', '-e', STAMPER, form, host.name], { input });
}

const DAY_MS = 86_400_000;

/**
 * Lays past lines into auth.log: all into the file that is still written to, or (`rotated`) by age: the newest two days there, older ones in
 * `auth.log.1`, the oldest in `auth.log.2.gz`, each with the time of its last line.
 */
export async function plantPast(host: LabHost, form: LogForm, lines: readonly PastLine[], rotated: boolean, now: number): Promise<void> {
  const ageOf = (line: PastLine) => (now - line.at) / DAY_MS;
  const parts: [string, PastLine[]][] = rotated
    ? [
        ['/var/log/auth.log.2', lines.filter((line) => ageOf(line) > 7)],
        ['/var/log/auth.log.1', lines.filter((line) => ageOf(line) > 2 && ageOf(line) <= 7)],
        ['/var/log/auth.log', lines.filter((line) => ageOf(line) <= 2)],
      ]
    : [['/var/log/auth.log', [...lines]]];
  for (const [file, part] of parts) {
    if (part.length === 0) continue;
    host.write(file, await stampPast(host, form, part), 0o640);
    const last = Math.floor(Math.max(...part.map((line) => line.at)) / 1000);
    await host.sh('chgrp adm "$1"; touch -d "@$2" "$1"; case "$1" in *.2) gzip -n "$1"; touch -d "@$2" "$1.gz";; esac', file, String(last));
  }
}

/** One honest log-in as sshd and PAM write it, and its end. */
export function honestVisit(account: string, uid: number, ip: string, at: number, pid: number, how: 'password' | 'publickey'): PastLine[] {
  const port = 40_000 + (pid % 20_000);
  const key = how === 'publickey' ? ': ED25519 SHA256:dGhlIGtleSBvZiBhbiBob25lc3QgcGVyc29uIGluc2lkZQ' : '';
  return [
    { at, says: `sshd[${pid}]: Accepted ${how} for ${account} from ${ip} port ${port} ssh2${key}` },
    { at, says: `sshd[${pid}]: pam_unix(sshd:session): session opened for user ${account}(uid=${uid}) by (uid=0)` },
    { at: at + 1_200_000, says: `sshd[${pid}]: pam_unix(sshd:session): session closed for user ${account}` },
  ];
}

/** What cron says every hour on a quiet server. */
export function hourlyCron(from: number, to: number): PastLine[] {
  const lines: PastLine[] = [];
  for (let at = from, pid = 900; at < to; at += 3_600_000, pid += 7) {
    lines.push({ at, says: `CRON[${pid}]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)` });
    lines.push({ at: at + 1_000, says: `CRON[${pid}]: pam_unix(cron:session): session closed for user root` });
  }
  return lines;
}
