/** Everything that starts programs again or lets somebody in again. */

import type { Source } from '../core/contracts.ts';

export const persistence: Source = {
  name: 'persistence',
  about: 'Reads cron tables, units, timers, at jobs, start files, keys and preloads.',
  cannotSee: 'changes to programs themselves, boot loaders and firmware.',
  open: (eyes) => eyes.persistence().map((fields) => ({ event: { kind: 'persistence.seen', at: eyes.now(), source: 'persistence', fields } })),
};
