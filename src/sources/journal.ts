/** The systemd journal, for the time that no text log covers. */

import type { Source } from '../core/contracts.ts';

export const journal: Source = {
  name: 'journal',
  about: 'Reads the systemd journal from before the first and after the last line of the text logs, or whole where there are none.',
  cannotSee: 'entries that were rotated away, journals of other machines, and a gap within a text log that went on afterwards.',
  async *open(eyes) {
    for await (const entries of eyes.journal()) yield { journal: entries };
  },
};
