/** Reads what web applications and administration panels write about log-ins that they refused. */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { addressOf } from '../core/peer.ts';
import { form } from '../core/refused.ts';
import type { Line } from '../core/words.ts';

const IP = '\\[?(?<ip>[\\da-fA-F:.]{2,45}?)\\]?';
const PORT = '(?::(?<port>\\d{1,5}))?';
const NAME = '(?<account>[^\\s"\']{1,256})';

export const patterns: readonly Pattern[] = [
  form(
    'gitea',
    'gitea',
    ['Failed authentication attempt for ', 'Failed authentication attempt from '],
    `(?:(?<account>.{1,256}) from )?${IP}${PORT}(?:: .{0,400})?$`,
  ),
  // With the stamp that gitea writes itself behind syslog's, `2019/03/07 08:34:31 [I] …`.
  form(
    'gitea-dated',
    'gitea',
    ['20'],
    `\\d\\d/\\d\\d/\\d\\d \\d\\d:\\d\\d:\\d\\d (?:\\S{1,120} )?\\[\\w\\] (?:\\[[\\da-f-]{1,20}\\] )?Failed authentication attempt for (?<account>.{1,256}) from ${IP}${PORT}(?:: .{0,400})?$`,
  ),
  form('proxmox', 'proxmox', ['authentication failure; '], `rhost=${IP}${PORT} user=(?<account>\\S{1,256}) msg=`),
  form(
    'pfsense',
    'webconfigurator',
    ['/'],
    `[\\w./-]{1,100}: (?:webConfigurator|Web GUI) authentication error for (?:user )?'?(?<account>[^']{0,256}?)'? from:? ${IP}$`,
  ),
  form(
    'guacamole',
    'guacamole',
    ['Authentication attempt from '],
    `(?:\\[?(?<ip>[\\da-fA-F:.]{2,45})(?:, [\\da-fA-F:., ]{2,200})?\\]?) for user "(?<account>[^"]{1,256})" failed`,
  ),
  form(
    'vaultwarden',
    'vaultwarden',
    ['Username or password is incorrect. Try again. IP: ', 'Username or password is incorrect. Try again. '],
    `${IP}\\. Username: (?<account>.{1,256}?)\\.?$`,
  ),
  form('bitwarden', 'bitwarden', ['Failed login attempt. ', '[WRN] Failed login attempt. '], `(?:2FA invalid\\. )?${IP}$`),
  form(
    'jellyfin',
    'jellyfin',
    ['[', 'Authentication request for '],
    `(?:[\\d:]{5,12}\\] \\[\\w{3}\\] (?:\\[\\d{1,6}\\] [\\w.]{1,100}: )?Authentication request for )?"?(?<account>[^"\\s]{1,256})"? has been denied \\(IP: "?${IP}"?\\)`,
  ),
  form(
    'servarr',
    'servarr',
    ['[Warning] Auth: Auth-Failure ip ', 'Auth-Failure ip ', '[Warn] Auth: Auth-Failure ip '],
    `${IP} username '?(?<account>[^']{0,256})'?`,
  ),
  form(
    'failed-login-from',
    'web',
    ['Failed login for ', 'Failed login attempt for user '],
    `'?(?<account>[^'\\s]{1,256})'? from (?:ip address )?${IP}(?:$|\\s)`,
  ),
  form(
    'calibre',
    'calibre-web',
    ['WARN {cps.', 'WARN {web'],
    `[\\w.]{0,30}:?\\d{0,6}\\} Login failed for user "(?<account>[^"]{0,256})" IP-address: ${IP}$`,
  ),
  form('invalid-password', 'web', ['Invalid password for user: '], `(?<account>\\S{1,256}) from IP: ${IP}$`),
  form('incorrect-from', 'web', ['Incorrect username or password from '], `${IP}$`),
  form(
    'dockge',
    'dockge',
    ['[AUTH] WARN: Incorrect username or password for user ', '[AUTH] WARN: Invalid token provided for user ', '[AUTH] WARN: Incorrect '],
    `${NAME}\\. IP=${IP}$`,
  ),
  form('hestia', 'hestia', [''], `(?<account>[\\w.-]{1,64}) ${IP} failed to login$`),
  form(
    'litespeed',
    'litespeed',
    ['[INFO] ['],
    `\\d{1,10}\\] \\[(?<ip>[\\d.]{7,15}|\\[?[\\da-f:]{2,45}\\]?):(?<port>\\d{1,5})[^\\]]{0,100}\\] User '(?<account>[^']{0,256})' failed to authenticate`,
  ),
  form('limiter', 'mailu', ['WARNING in limiter: Authentication attempt from '], `${IP}(?: for (?<account>\\S{1,256}))? has been rate-limited`),
  form(
    'mailu',
    'mailu',
    ['WARNING in nginx: ', 'INFO in base: ', 'WARNING in base: '],
    `(?:Authentication failure|Login failed|Login attempt).{0,40}? for: (?<account>\\S{1,256}) from: ${IP}\\.?$`,
  ),
  form('webmin', 'webmin', ['Invalid login as ', 'Non-existent login as ', 'Security alert: Invalid login as '], `(?<account>.{1,256}) from ${IP}$`),
  form(
    'miniserv',
    'webmin',
    [''],
    `[\\d.]{10,30} \\[\\d\\d/\\w{3}/\\d{4} [\\d:]{8}\\] (?<account>\\S{1,256}) \\S{1,64} ${IP} \\S{1,64} miniserv\\.pl "failed" (?!.{0,1000}miniserv\\.pl)`,
  ),
  form(
    'phpmyadmin',
    'phpmyadmin',
    ['user denied: '],
    `(?<account>.{1,256}) \\((?:mysql-denied|allow-denied|root-denied|empty-denied)\\) from ${IP}$`,
  ),
  form(
    'roundcube',
    'roundcube',
    ['IMAP Error: ', 'Failed login for ', '<'],
    `(?:[\\da-z]{1,40}> )?(?:(?:IMAP Error: )?(?:FAILED )?[Ll]ogin (?:failed )?for |Failed login for )(?<account>\\S{1,256}) (?:against \\S{1,255} )?from ${IP}(?:\\(X-[^)]{0,300}\\))?(?:\\.(?=\\s|$)| in session| \\(|$)`,
  ),
  form(
    'wordpress',
    'wordpress',
    [
      'Authentication failure for ',
      'Authentication attempt for unknown user ',
      'XML-RPC authentication failure for ',
      'Blocked authentication attempt for ',
      'Spammed comment from ',
    ],
    `(?:(?<account>.{1,256}) from )?${IP}$`,
  ),
  form(
    'drupal',
    'drupal',
    ['https://', 'http://'],
    `[^|\\s]{1,255}\\|\\d{1,12}\\|user\\|${IP}\\|[^|]{0,400}\\|[^|]{0,400}\\|\\d{1,10}\\|[^|]{0,400}\\|Login attempt failed (?:for|from) (?<account>[^|\\s]{1,256}?)\\.?$`,
  ),
  // These two read the logs of others and ban: the tries of which they tell stand there.
  form(
    'cpanel',
    'lfd',
    [
      '(sshd) Failed SSH login from ',
      '(ftpd) Failed FTP login from ',
      '(smtpauth) Failed SMTP AUTH login from ',
      '(imapd) Failed IMAP login from ',
      '(pop3d) Failed POP3 login from ',
      '(cpanel) Failed cPanel login from ',
      '(mod_security) mod_security (id:',
    ],
    `(?:[^\\s)]{1,20}\\) triggered by )?${IP} \\(`,
    'told-by-guard',
  ),
  form(
    'sshguard',
    'sshguard',
    ['Blocking "', 'Attack from "'],
    '(?<ip>[\\da-fA-F:.]{2,45})(?:/\\d{1,3})?" (?:for \\d{1,9} secs|on service)',
    'told-by-guard',
  ),
  form('meshcentral', 'meshcentral', ['Failed password for '], `(?<account>.{1,256}) from (?<ip>[\\da-fA-F:.]{2,45}) port \\d{1,5}$`),
];

const FROM = / from:? \[?([\da-fA-F:.]{3,45}?)\]?(?=[\s,;]|\.\s|\.?$)/g;

/** A name may hold ` from 192.0.2.9` itself: where two addresses stand so, nobody can say which is true. */
function certain(line: Line): Line {
  const addresses = new Set([...line.message.slice(0, 2_000).matchAll(FROM)].flatMap(([, word = '']) => addressOf(word) ?? []));
  return addresses.size > 1 ? { ...line, message: '' } : line;
}

export const webLogins: Parser = {
  name: 'web-logins',
  about: 'Reads lines of web applications and panels (gitea, Proxmox, webmin, Roundcube, WordPress and more) about refused log-ins.',
  cannotSee: 'Applications that write no address or one of their proxy, and names that hold the words around them.',
  programs: [
    'gitea',
    'forgejo',
    'pvedaemon',
    'pveproxy',
    'proxmox-backup-proxy',
    'proxmox-backup-api',
    'php-fpm',
    'php',
    'guacd',
    'tomcat',
    'vaultwarden',
    'jellyfin',
    'radarr',
    'sonarr',
    'lidarr',
    'prowlarr',
    'webmin',
    'phpmyadmin',
    'roundcube',
    'wordpress',
    'wp',
    'drupal',
    'lfd',
    'https',
    'sshguard',
    'meshcentral',
  ],
  needles: [
    'uthentication',
    'denied',
    'Auth-Failure',
    'ogin',
    'Invalid password',
    'Incorrect ',
    'Username or password',
    'failed to authenticate',
    'login attempt',
    'Blocking "',
    'Attack from "',
    'Failed password',
    'triggered by ',
    'miniserv.pl',
  ],
  parse: firstOf(patterns, [], certain),
};
