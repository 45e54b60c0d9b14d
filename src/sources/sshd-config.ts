/** What sshd allows, as it sees its own configuration. */

import type { Source } from '../core/contracts.ts';

export const sshdConfig: Source = {
  name: 'sshd-config',
  about: 'Reads the settings of sshd that decide who gets in and how.',
  cannotSee: 'what a Match block decides for one user or address.',
  open(eyes) {
    const fields = eyes.sshd();
    return fields ? [{ event: { kind: 'sshd.seen', at: eyes.now(), source: 'sshd', fields } }] : [];
  },
};
