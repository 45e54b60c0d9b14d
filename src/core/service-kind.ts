/** What kind of server it is that refused somebody, so that reports name the door that was tried and not always sshd. */

import type { Finding } from './words.ts';

export type ServiceKind = 'ssh' | 'mail' | 'ftp' | 'vpn' | 'database' | 'web' | 'desktop' | 'files' | 'telephone' | 'other';

/** In this order they stand in sentences, and each has its bit. */
const KINDS: readonly ServiceKind[] = ['ssh', 'mail', 'ftp', 'vpn', 'database', 'web', 'desktop', 'files', 'telephone', 'other'];

/** Who asks for passwords in sentences: `was refused 9 times by the mail server`. */
const SERVERS: Readonly<Record<ServiceKind, string>> = {
  ssh: 'sshd',
  mail: 'the mail server',
  ftp: 'the FTP server',
  vpn: 'the VPN server',
  database: 'the database server',
  web: 'a web application',
  desktop: 'the remote desktop',
  files: 'the file server',
  telephone: 'the telephone server',
  other: 'another service',
};

/** In front of `log-ins`. */
const LOGINS: Readonly<Record<ServiceKind, string>> = {
  ssh: 'SSH',
  mail: 'mail',
  ftp: 'FTP',
  vpn: 'VPN',
  database: 'database',
  web: 'web',
  desktop: 'desktop',
  files: 'file server',
  telephone: 'telephone',
  other: 'other',
};

/** The beginnings of the names that parsers and PAM give services; the longer word first where one begins like another. */
const BEGINS: readonly (readonly [ServiceKind, readonly string[]])[] = [
  ['ssh', ['sshd', 'ssh', 'dropbear']],
  [
    'mail',
    'postfix dovecot courier cyrus imap pop exim sendmail smtp submission sieve timsieved managesieve lmtp cucipop mail ipop saslauthd'.split(' '),
  ],
  ['ftp', ['ftp', 'vsftpd', 'proftpd', 'pure-ftpd', 'wu-ftpd', 'sftpgo']],
  ['vpn', ['openvpn', 'ovpn', 'ocserv', 'strongswan', 'charon', 'pptp', 'l2tp']],
  ['database', ['mysql', 'maria', 'postgres', 'mssql', 'sqlservr', 'mongo', 'redis']],
  ['files', ['samba', 'smbd', 'nmbd', 'netatalk', 'afpd']],
  ['telephone', ['asterisk', 'freeswitch', 'kamailio', 'opensips', 'sip']],
  ['desktop', ['xrdp', 'vnc', 'rdp']],
  [
    'web',
    'web apache httpd nginx php gitea forgejo grafana authelia proxmox pve guacamole vaultwarden bitwarden jellyfin servarr calibre dockge hestia litespeed phpmyadmin roundcube wordpress drupal modsecurity meshcentral keyed cockpit'.split(
      ' ',
    ),
  ],
];

export function kindOfService(service: string): ServiceKind {
  if (service === 'sshd') return 'ssh';
  const name = service.toLowerCase();
  return BEGINS.find(([, begins]) => begins.some((begin) => name.startsWith(begin)))?.[0] ?? 'other';
}

/** Kinds as one number, a bit for each, so that a hundred thousand addresses can keep theirs. */
export function bitOfKind(kind: ServiceKind): number {
  return 1 << KINDS.indexOf(kind);
}

export const SSH_ALONE = bitOfKind('ssh');

export function kindsIn(bits: number): ServiceKind[] {
  return KINDS.filter((kind) => (bits & bitOfKind(kind)) !== 0);
}

/** ` by the mail server and sshd`; nothing where it is sshd alone, of which all reports speak. */
export function byServers(bits: number): string {
  const kinds = kindsIn(bits);
  return kinds.length === 0 || bits === SSH_ALONE ? '' : ` by ${serversOf(kinds)}`;
}

/** ` at the mail server`, in the same way. */
export function atServers(bits: number): string {
  const kinds = kindsIn(bits);
  return kinds.length === 0 || bits === SSH_ALONE ? '' : ` at ${serversOf(kinds)}`;
}

/** `mail and FTP`, or nothing where it is sshd alone. */
export function kindsOfLogins(kinds: readonly ServiceKind[]): string {
  return kinds.length === 0 || (kinds.length === 1 && kinds[0] === 'ssh') ? '' : joined(kinds.map((kind) => LOGINS[kind]));
}

export function serversOf(kinds: readonly ServiceKind[]): string {
  return joined(kinds.map((kind) => SERVERS[kind]));
}

function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** Detectors of guessing, whose figures tell of the kinds; the log-ins of web sites have one of their own. */
const GUESSING: ReadonlySet<string> = new Set(['password-guessing', 'spread-guessing', 'user-enumeration']);

/** Which servers a case's guessing was at: none where nothing was guessed. */
export function kindsGuessed(findings: readonly Pick<Finding, 'detector' | 'figures' | 'tells'>[]): ServiceKind[] {
  const kinds = new Set<ServiceKind>();
  for (const { detector, figures, tells } of findings) {
    if (tells !== 'attack') continue;
    if (GUESSING.has(detector)) for (const kind of kindsOfFigures(figures)) kinds.add(kind);
    if (detector === 'web-guessing') kinds.add('web');
  }
  return KINDS.filter((kind) => kinds.has(kind));
}

/** Did somebody come in by sshd, so that its settings are of interest? */
export function cameBySsh({ detector, figures }: Pick<Finding, 'detector' | 'figures'>): boolean {
  return !detector.startsWith('web-') && kindsOfFigures(figures).includes('ssh');
}

/** SIP comes by UDP, where a sender can be anybody's address: nobody may be shut out for it alone. */
export function provesSender({ figures }: Pick<Finding, 'figures'>): boolean {
  return kindsOfFigures(figures).some((kind) => kind !== 'telephone');
}

/** What findings carry of it: absent = sshd alone. */
export function kindFigures(bits: number): { readonly services?: string } {
  return bits === 0 || bits === SSH_ALONE ? {} : { services: kindsIn(bits).join(' ') };
}

/** The same read back from a finding. */
export function kindsOfFigures(figures: Readonly<Record<string, unknown>> | undefined): ServiceKind[] {
  const said = figures?.['services'];
  if (typeof said !== 'string') return ['ssh'];
  const words = new Set(said.split(' '));
  return KINDS.filter((kind) => words.has(kind));
}
