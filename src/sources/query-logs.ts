/** Query logs of the name servers of this machine, as chunks for their own sieve. */

import type { Source } from '../core/contracts.ts';

export const queryLogs: Source = {
  name: 'query-logs',
  about: 'Reads the query logs of BIND, unbound and dnsmasq that have files of their own, with their rotated parts.',
  cannotSee: 'queries that go to the journal or to a common syslog, those of servers that do not log them (the default), and dnstap.',
  async *open(eyes) {
    for await (const chunk of eyes.queryLogs()) yield { chunk };
  },
};
