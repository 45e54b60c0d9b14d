/** How full the connection-tracking table is, and which flows fill it. */

import type { Reading, Source } from '../core/contracts.ts';

export const conntrack: Source = {
  name: 'conntrack',
  about: 'Reads count, limit and losses of the connection-tracking table.',
  cannotSee: 'tables of other network namespaces.',
  open(eyes) {
    const level = eyes.conntrack();
    const readings: Reading[] = level ? [{ event: { kind: 'conntrack.level', at: level.at, source: 'conntrack', fields: level } }] : [];
    if (!level) return readings;
    return [
      ...readings,
      ...eyes.flowTallies().map((fields): Reading => ({ event: { kind: 'flow.tally', at: fields.at, source: 'conntrack', fields } })),
    ];
  },
};
