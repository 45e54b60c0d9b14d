/** Reads what FTP servers (vsftpd, proftpd, pure-ftpd, the old ftpd) write about log-ins that they refused. */

import type { Parser } from '../core/contracts.ts';
import { PAM_AUTH } from '../core/pam.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { form } from '../core/refused.ts';

/** proftpd's `SERVER (HOST[192.0.2.9])`: both names are from DNS. */
const PROFTPD = '[^\\s()]{1,255} \\([^\\s\\[\\]()]{0,255} ?\\[(?<ip>[^\\s\\]]{2,64})\\]\\)[: ]{0,2}(?:- )?';

export const patterns: readonly Pattern[] = [
  form('vsftpd-failed', 'vsftpd', [''], '(?:\\[pid \\d{1,10}\\] )?\\[?(?<account>[^\\]"]{0,256}?)\\]? ?FAIL LOGIN: Client "(?<ip>[^"\\s]{2,64})"'),
  form('vsftpd-refused', 'vsftpd', ['['], '(?<account>[^\\]"]{1,256})\\] FTP response: Client "(?<ip>[^"\\s]{2,64})", "530 '),
  form(
    'proftpd-failed',
    'proftpd',
    [''],
    `${PROFTPD}USER (?<account>.{1,256}?)(?: \\(Login failed\\)|: no such user|: Login (?:denied|attempted)|: non-root)`,
  ),
  form('proftpd-odd', 'proftpd', [''], `${PROFTPD}.{0,256}?no such user`),
  form('proftpd-violation', 'proftpd', [''], `${PROFTPD}SECURITY VIOLATION: (?<account>\\S{1,256}) login attempted`),
  form('proftpd-too-many', 'proftpd', [''], `${PROFTPD}Maximum login attempts \\(\\d{1,4}\\) exceeded`, 'too-many-tries'),
  form(
    'pure-failed',
    'pure-ftpd',
    ['('],
    '[^\\s()]{0,255}@(?<ip>[^\\s()]{2,64})\\) \\[WARNING\\] Authentication failed for user \\[?(?<account>[^\\]]{0,256}?)\\]?$',
  ),
  form('ftpd-failed', 'ftpd', ['FTP LOGIN FAILED FROM ', 'FAILED LOGIN FROM '], '(?<ip>[^\\s,]{2,64}), ?(?<account>.{0,256})$'),
  form('wu-failed', 'ftpd', ['failed login from '], '(?:[^\\s\\[\\]]{1,255} )?\\[(?<ip>[^\\s\\]]{2,64})\\]'),
  PAM_AUTH,
];

export const ftp: Parser = {
  name: 'ftp',
  about: 'Reads lines of vsftpd, proftpd, pure-ftpd and ftpd about refused log-ins.',
  cannotSee: 'Accepted log-ins, and servers that write host names in the place of addresses.',
  programs: ['vsftpd', 'proftpd', 'pure-ftpd', 'ftpd', 'in.ftpd', 'wu-ftpd'],
  needles: [
    'FAIL LOGIN',
    'FTP response: ',
    'no such user',
    'Login failed',
    'login attempt',
    'Authentication failed for user',
    'LOGIN FAILED FROM',
    'FAILED LOGIN FROM',
    'failed login from',
    'Maximum login',
    'Login denied',
    'authentication ',
  ],
  parse: firstOf(patterns),
};
