/** Which access logs the web servers' own configuration names: CustomLog and TransferLog of Apache, access_log of nginx, accesslog.filename of lighttpd. Read as text, never run. */

import { configFiles } from './config-files.ts';
import type { Disk } from './disk.ts';

const FILES = [
  '/etc/apache2/apache2.conf',
  '/etc/httpd/conf/httpd.conf',
  '/etc/nginx/nginx.conf',
  '/etc/lighttpd/lighttpd.conf',
  '/etc/openresty/nginx.conf',
  '/usr/local/nginx/conf/nginx.conf',
];
const DIRECTORIES = [
  '/etc/apache2/sites-enabled',
  '/etc/apache2/conf-enabled',
  '/etc/apache2/vhosts.d',
  '/etc/httpd/conf.d',
  '/etc/httpd/sites-enabled',
  '/etc/nginx/sites-enabled',
  '/etc/nginx/conf.d',
  '/etc/nginx/vhosts.d',
  '/etc/lighttpd/conf-enabled',
  '/etc/nginx/http.d',
];
const FILE_BYTES_AT_MOST = 1 << 20;
const PATHS_AT_MOST = 500;
/** `${APACHE_LOG_DIR}` of Debian's envvars. */
const LOG_DIR = '/var/log/apache2';
const SETTING = /^\s*(?:(?:CustomLog|TransferLog)\s+|access_log\s+|accesslog\.filename\s*=\s*)("[^"]{1,500}"|[^\s;"]{1,500})/i;

export function namedAccessLogs(disk: Disk): string[] {
  const paths = new Set<string>();
  for (const file of configFiles(disk, FILES, DIRECTORIES)) {
    for (const line of (disk.text(file, FILE_BYTES_AT_MOST) ?? '').split('\n')) {
      const path = pathIn(line, file);
      if (path !== null && paths.size < PATHS_AT_MOST) paths.add(path);
    }
  }
  return [...paths];
}

/** Pipes (`|/usr/bin/rotatelogs …`), syslog and `off` are no files; relative paths are below the server's root. */
function pathIn(line: string, file: string): string | null {
  const found = SETTING.exec(line)?.[1]?.replace(/^"|"$/g, '').replace('${APACHE_LOG_DIR}', LOG_DIR);
  if (found === undefined || found.startsWith('|') || /^(?:off|syslog:)|[$%{}]/.test(found)) return null;
  if (found.startsWith('/')) return found;
  return file.includes('httpd') ? `/etc/httpd/${found}` : file.includes('apache2') ? `/etc/apache2/${found}` : null;
}
