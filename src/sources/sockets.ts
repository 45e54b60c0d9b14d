/** Every socket that is open now, with its owner. */

import type { Source } from '../core/contracts.ts';

export const sockets: Source = {
  name: 'sockets',
  about: 'Reads all sockets of all network namespaces with the processes that hold them.',
  cannotSee: 'connections that begin and end between two looks.',
  open: (eyes) => eyes.sockets().map((fields) => ({ event: { kind: 'socket.seen', at: eyes.now(), source: 'sockets', fields } })),
};
