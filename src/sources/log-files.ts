/** Text logs with their rotated parts, as chunks for the sieve. */

import type { Source } from '../core/contracts.ts';

export const logFiles: Source = {
  name: 'log-files',
  about: 'Reads authentication, kernel, cron and general logs, oldest part first.',
  cannotSee: 'logs that were deleted, or sent to another host and kept only there.',
  async *open(eyes) {
    for await (const chunk of eyes.logs()) yield { chunk };
  },
};
