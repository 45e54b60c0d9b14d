/** Every process that runs now. */

import type { Source } from '../core/contracts.ts';

export const processes: Source = {
  name: 'processes',
  about: 'Reads all running processes with program, owner, parent and session.',
  cannotSee: 'processes that a kernel rootkit hides, and those that live shorter than the look.',
  // This program looks at odd places, from wherever it was unpacked, and is none of them.
  open: (eyes) =>
    eyes
      .processes()
      .filter(({ pid }) => pid !== eyes.self?.pid)
      .map((fields) => ({ event: { kind: 'process.seen', at: eyes.now(), source: `/proc/${fields.pid}`, fields } })),
};
