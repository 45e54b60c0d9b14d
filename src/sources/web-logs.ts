/** Access logs of the web servers of this machine, as chunks for their own sieve. */

import type { Source } from '../core/contracts.ts';

export const webLogs: Source = {
  name: 'web-logs',
  about: 'Reads the access logs of web servers and sites, with their rotated parts.',
  cannotSee: 'logs in directories that neither a server nor its configuration names, those of containers, and what a proxy in front keeps.',
  async *open(eyes) {
    for await (const chunk of eyes.webLogs()) yield { chunk };
  },
};
