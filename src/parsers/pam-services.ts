/** Reads what PAM writes about refused passwords for services that take passwords from elsewhere and have no parser of their own: mail, FTP, remote desktops. */

import type { Parser } from '../core/contracts.ts';
import { PAM_AUTH } from '../core/pam.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';

export const patterns: readonly Pattern[] = [PAM_AUTH];

export const pamServices: Parser = {
  name: 'pam-services',
  about: "Reads pam_unix's lines about refused passwords for mail, FTP and other services.",
  cannotSee: 'Log-ins that these services accept, tries that they refuse without PAM, and services that tell PAM no address.',
  programs: [
    'auth',
    'cockpit-session',
    'dovecot',
    'dovecot-auth',
    'ftpd',
    'imapd',
    'ipop3d',
    'openvpn',
    'pop3d',
    'proftpd',
    'pure-ftpd',
    'rlogind',
    'rshd',
    'saslauthd',
    'smbd',
    'vsftpd',
    'webmin',
    'xrdp-sesman',
  ],
  needles: ['authentication failure; ', 'authentication success; ', ' more authentication failure'],
  parse: firstOf(patterns),
};
