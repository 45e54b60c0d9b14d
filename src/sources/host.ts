/** The machine itself: names, addresses, kernel, and whether all of it may be read. */

import type { Source } from '../core/contracts.ts';

export const host: Source = {
  name: 'host',
  about: 'Tells which machine this is, its addresses and how long it has been up.',
  cannotSee: 'addresses of other network namespaces.',
  open: (eyes) => [{ event: { kind: 'host.seen', at: eyes.now(), source: 'host', fields: eyes.host } }],
};
