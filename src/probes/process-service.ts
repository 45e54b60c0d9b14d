/** Which service a suspicious process came out of: the topmost of its parents below init, a web server or its PHP, say. */

import type { Probe } from '../core/contracts.ts';
import { processEntity } from '../core/entity.ts';
import { type CameOut, serviceOf } from '../core/service-of.ts';
import { ofOneParent, processOf, speaksForItsKind } from '../core/story.ts';
import { named } from '../core/text.ts';
import type { FactDraft, ProcessSeen } from '../core/words.ts';

export const processService: Probe = {
  name: 'process-service',
  about: 'Follows the parents of a process to the service that it came out of.',
  cannotSee: 'a service whose child was orphaned: it belongs to init from then on.',
  asks: 'process',
  look(entity, given, story) {
    const process = processOf(entity, given.eyes);
    if (!process || !speaksForItsKind(process, story, given.eyes, ofOneParent)) return [];
    const came = serviceOf(process, given.eyes);
    return came ? [told(process, came)] : [];
  },
};

function told(process: ProcessSeen, { service, called, through }: CameOut): FactDraft {
  const between = through.map((parent) => `${named(parent.name)}[${parent.pid}]`);
  const unit = service.unit === null ? '' : ` (${named(service.unit)})`;
  return {
    says: `process ${process.pid} (${named(process.name)}) came out of the service ${named(called)}[${service.pid}]${unit}${between.length > 0 ? ` through ${between.join(', ')}` : ''}: whoever made it do so is in the logs of that service`,
    at: process.startedAt,
    role: 'process',
    entity: processEntity(service),
    // The service itself is not accused: a bug in what it serves is enough.
    leadsTo: [],
    evidence: [service, ...through].map((parent) => ({ source: `/proc/${parent.pid}`, at: parent.startedAt })),
    confidence: 'medium',
    gap: `how they made ${named(called)} start processes is not known: look at its access and error logs around the start of process ${process.pid}, and at files uploaded to what it serves`,
  };
}
