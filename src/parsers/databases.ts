/** Reads what database servers (MySQL, MariaDB, PostgreSQL, SQL Server, MongoDB) write about log-ins that they refused. */

import type { Parser } from '../core/contracts.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';
import { form } from '../core/refused.ts';

const IP = '(?<ip>[\\da-fA-F:.]{2,45})';

export const patterns: readonly Pattern[] = [
  form('mysql-denied', 'mysqld', ['Access denied for user ', '[MY-010926] [Server] Access denied for user '], `'(?<account>[^']{0,256})'@'${IP}'`),
  // With the stamp that the server writes itself behind syslog's.
  form(
    'mysql-dated',
    'mysqld',
    ['1', '2'],
    `[\\dT:. Z+-]{10,40} (?:\\d{1,20} )?\\[(?:Note|Warning|ERROR)\\] (?:\\[MY-\\d{6}\\] \\[Server\\] )?Access denied for user '(?<account>[^']{0,256})'@'${IP}'`,
  ),
  form(
    'mysql-aborted',
    'mysqld',
    ['Aborted connection '],
    `\\d{1,20} to db: '[^']{0,256}' user: '(?<account>unauthenticated)' host: '${IP}'`,
    'closed',
  ),
  form(
    'mssql-failed',
    'mssql',
    ['Logon       Login failed for user ', 'Login failed for user '],
    `'(?<account>[^']{0,256})'\\. Reason: .{1,600}\\[CLIENT: ${IP}\\]`,
  ),
  // log_line_prefix is free; Debian's `%m [%p] %q%u@%d ` has no address, so `%h` or `%r` must be in it.
  form(
    'postgres-failed',
    'postgres',
    [''],
    `:?${IP}(?:\\(\\d{1,5}\\))?[: ][^"]{0,300}?FATAL: {1,2}(?:password|PAM|LDAP|SCRAM|ident|peer|certificate)[\\w ]{0,20} authentication failed for user "(?<account>[^"]{1,256})"`,
  ),
  form(
    'postgres-no-entry',
    'postgres',
    [''],
    `[^"]{0,300}?FATAL: {1,2}no pg_hba\\.conf entry for (?:replication connection from )?host "${IP}", user "(?<account>[^"]{1,256})"`,
  ),
];

export const databases: Parser = {
  name: 'databases',
  about: 'Reads lines of MySQL, MariaDB, PostgreSQL and SQL Server about refused log-ins.',
  cannotSee: 'Refusals of PostgreSQL where log_line_prefix holds no address, and of MySQL where log_error_verbosity is below 3.',
  programs: ['mysqld', 'mariadbd', 'mysqld_safe', 'postgres', 'postgresql', 'mssql', 'sqlservr'],
  needles: ['Access denied for user ', 'Aborted connection ', 'Login failed for user ', 'authentication failed for user ', 'no pg_hba.conf entry'],
  parse: firstOf(patterns),
};
