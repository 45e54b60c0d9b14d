/** Whether the authentication log that the syslog daemon should write is there: whoever deletes it deletes the tale of how they came in. */

import type { Source } from '../core/contracts.ts';
import type { SlowEyes } from '../core/world.ts';

const PATHS = ['/var/log/auth.log', '/var/log/secure'];
const SETTINGS = ['/etc/rsyslog.conf', '/etc/syslog-ng/syslog-ng.conf', '/etc/syslog.conf'];
const SNIPPETS = ['/etc/rsyslog.d', '/etc/syslog-ng/conf.d'];
const FILES_AT_MOST = 100;
const SETTINGS_BYTES = 256 << 10;

export const authLog: Source = {
  name: 'auth-log',
  about: 'Tells when the authentication log is missing that the syslog daemon is set to write.',
  cannotSee: 'settings that name the log by a pattern, and lines that somebody cut out of it.',
  *open(eyes) {
    for (const path of PATHS) {
      const because = expected(eyes, path);
      const there = (eyes.stat(path)?.sizeBytes ?? 0) > 0;
      if (because !== null && !there) yield { event: { kind: 'auth-log.missing', at: eyes.now(), source: 'auth-log', fields: { path, because } } };
    }
  },
};

/** The setting that names it, or an older part of it. */
function expected(eyes: SlowEyes, path: string): string | null {
  const directories = SNIPPETS.flatMap((directory) => eyes.list(directory, FILES_AT_MOST)?.entries.map((entry) => entry.path) ?? []);
  for (const file of [...SETTINGS, ...directories.filter((name) => name.endsWith('.conf'))]) {
    const lines = (eyes.head(file, SETTINGS_BYTES) ?? '').split('\n');
    if (lines.some((line) => !line.trimStart().startsWith('#') && line.includes(path))) return `${file} names it`;
  }
  return eyes.stat(`${path}.1`) ? `${path}.1 is an older part of it` : null;
}
