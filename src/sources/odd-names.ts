/** Names in places where no program should live. */

import type { Source } from '../core/contracts.ts';

export const oddNames: Source = {
  name: 'odd-names',
  about: 'Looks for hidden and oddly named things in world-writable and unlikely places.',
  cannotSee: 'well-named things in deep directories.',
  open: (eyes) => eyes.oddNames().map((fields) => ({ event: { kind: 'name.seen', at: eyes.now(), source: 'odd places', fields } })),
};
