/** Which files the name servers' own configuration logs to: `file "…"` in BIND's channels, `logfile:` of unbound, `log-facility=` of dnsmasq. Read as text, never run. */

import { configFiles } from './config-files.ts';
import type { Disk } from './disk.ts';

const FILES = ['/etc/named.conf', '/etc/unbound/unbound.conf', '/etc/dnsmasq.conf', '/usr/local/etc/namedb/named.conf', '/etc/namedb/named.conf'];
const DIRECTORIES = ['/etc/bind', '/etc/named', '/etc/unbound/unbound.conf.d', '/etc/unbound/conf.d', '/etc/dnsmasq.d'];
const FILE_BYTES_AT_MOST = 1 << 20;
const PATHS_AT_MOST = 100;
/** BIND's channels have their file inside `channel NAME { … }`; zones have `file` too, and no log is meant there. */
const CHANNEL = /\bchannel\s+(?:"[^"\n]{1,64}"|[\w.-]{1,64})\s*\{[^}]{0,2000}\}/g;
const FILE_IN_CHANNEL = /\bfile\s+(?:"([^"\n]{1,500})"|([^\s;"{}]{1,500}))/;
const DIRECTORY = /(?:^|[\s;{])directory\s+"([^"\n]{1,500})"/;
const OTHERS = /^\s*(?:logfile:\s*|log-facility\s*=\s*)("[^"\n]{1,500}"|[^\s"#]{1,500})/;
/** Where BIND starts, if `directory` does not say otherwise: Debian's, then Red Hat's. */
const WORKS_IN = { '/etc/bind': '/var/cache/bind', '/etc/named': '/var/named' } as const;

/** Absolute paths; in a chroot (`/var/named/chroot`) they are found by the usual names. */
export function namedQueryLogs(disk: Disk): string[] {
  const texts = configFiles(disk, FILES, DIRECTORIES).map((file) => ({ file, text: withoutComments(disk.text(file, FILE_BYTES_AT_MOST) ?? '') }));
  const directory = texts.map(({ text }) => DIRECTORY.exec(text)?.[1]).find((found) => found?.startsWith('/'));
  const paths = new Set<string>();
  for (const { file, text } of texts) {
    for (const [channel] of text.matchAll(CHANNEL)) {
      const found = FILE_IN_CHANNEL.exec(channel);
      keep(paths, found?.[1] ?? found?.[2], directory ?? worksIn(file));
    }
    for (const line of text.split('\n')) keep(paths, OTHERS.exec(line)?.[1]?.replace(/^"|"$/g, ''), null);
  }
  return [...paths];
}

function worksIn(file: string): string {
  return file.startsWith('/etc/bind') ? WORKS_IN['/etc/bind'] : WORKS_IN['/etc/named'];
}

function keep(paths: Set<string>, found: string | undefined, directory: string | null): void {
  if (found === undefined || paths.size >= PATHS_AT_MOST) return;
  if (found.startsWith('/')) paths.add(found);
  else if (directory !== null) paths.add(`${directory}/${found.replace(/^\.\//, '')}`);
}

/** `//` and `#` to the end of the line; a C comment may hold a whole channel. */
function withoutComments(text: string): string {
  let bare = '';
  let at = 0;
  for (let open = text.indexOf('/*'); open >= 0; open = text.indexOf('/*', at)) {
    bare += text.slice(at, open);
    const close = text.indexOf('*/', open + 2);
    at = close < 0 ? text.length : close + 2;
  }
  return (bare + text.slice(at))
    .split('\n')
    .map((line) => line.replace(/(?:^|\s)(?:\/\/|#).*$/, ''))
    .join('\n');
}
