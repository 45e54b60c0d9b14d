/** The systemd journal, where no text log has the same lines. */

import type { Source } from '../core/contracts.ts';

export const journal: Source = {
  name: 'journal',
  about: 'Reads the systemd journal where the machine keeps no text logs.',
  cannotSee: 'entries that were rotated away, and journals of other machines.',
  async *open(eyes) {
    for await (const entries of eyes.journal()) yield { journal: entries };
  },
};
