/** What left the machine while it was looked at. */

import type { Source } from '../core/contracts.ts';

export const flows: Source = {
  name: 'flows',
  about: 'Tells which connections were begun, failed and ended while Tocsin looked.',
  cannotSee: 'what was quiet in that second or two.',
  async *open(eyes) {
    const fields = await eyes.flows();
    if (fields) yield { event: { kind: 'flows.watched', at: fields.at, source: 'outgoing connections', fields } };
  },
};
