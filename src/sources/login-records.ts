/** Log-in records (wtmp, btmp): log-ins and refused ones as login(1) and sshd record them beside the logs. */

import type { Source } from '../core/contracts.ts';

export const loginRecords: Source = {
  name: 'login-records',
  about: 'Reads the binary records of log-ins and refused log-ins.',
  cannotSee: 'records that somebody cut out of the files: they are not signed.',
  *open(eyes) {
    for (const { source, record, at, ...fields } of eyes.loginRecords()) {
      yield { event: { kind: 'record.login', at, source, line: record, fields } };
    }
  },
};
