/** Reads what cron and anacron write when they start a job, and crontab when somebody changes a table. */

import type { Parser } from '../core/contracts.ts';
import { PAM_SESSION } from '../core/pam.ts';
import { firstOf, type Pattern } from '../core/patterns.ts';

export const patterns: readonly Pattern[] = [
  {
    name: 'cmd',
    begins: ['('],
    read(message, at) {
      // The account is the crontab's owner and comes first; the command is free text up to the last parenthesis.
      const cut = message.indexOf(') CMD (');
      if (cut <= at || cut - at > 256 || !message.endsWith(')')) return null;
      return { kind: 'cron.ran', fields: { account: message.slice(at, cut), command: message.slice(cut + 7, -1).trim() } };
    },
  },
  {
    name: 'anacron-job',
    begins: ['Job `', "Job '"],
    read(message, at, line) {
      const end = message.lastIndexOf("' started");
      if (end < at || end + 9 !== message.length || line.program.toLowerCase() !== 'anacron') return null;
      return { kind: 'cron.ran', fields: { account: 'root', command: message.slice(at, end) } };
    },
  },
  {
    name: 'crontab',
    begins: ['('],
    read(message, at) {
      // `(WHO) REPLACE (WHOSE)`; crontab -e writes BEGIN EDIT and END EDIT around it.
      const found = /^([^()]{1,256})\) (REPLACE|DELETE) \(([^()]{1,256})\)$/.exec(message.slice(at, at + 600));
      if (!found) return null;
      const [, by = '', word, account = ''] = found;
      return { kind: 'cron.changed', fields: { account, by, how: word === 'REPLACE' ? 'replaced' : 'deleted' } };
    },
  },
  PAM_SESSION,
];

export const cron: Parser = {
  name: 'cron',
  about: 'Reads the lines of cron and anacron about jobs that they started, and of crontab about tables that were replaced.',
  cannotSee: 'What the job did, and jobs of systemd timers and at.',
  programs: ['cron', 'CRON', 'crond', 'CROND', 'anacron', '/usr/sbin/cron', '/USR/SBIN/CRON', '/usr/sbin/crond', 'crond(pam_unix)', 'crontab'],
  needles: [') CMD (', ') REPLACE (', ') DELETE (', "' started", 'session opened for user ', 'session closed for user '],
  parse: firstOf(patterns),
};
