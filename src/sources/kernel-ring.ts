/** The kernel's message ring as log lines, so that the same parser reads them. */

import type { Source } from '../core/contracts.ts';

export const kernelRing: Source = {
  name: 'kernel-ring',
  about: 'Reads the messages that the kernel still holds in memory.',
  cannotSee: 'messages that newer ones have pushed out.',
  open(eyes) {
    const lines = eyes.kernelRing().map(({ at, message, sequence }) => ({
      source: '/dev/kmsg',
      line: sequence,
      at,
      host: eyes.host.name,
      program: 'kernel',
      pid: null,
      message,
      raw: message,
    }));
    return [{ lines }];
  },
};
