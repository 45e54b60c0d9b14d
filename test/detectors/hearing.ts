/** Lets a detector hear events, as the pipeline would, and gives what it says in the end. */

import type { Detector } from '../../src/core/contracts.ts';
import type { Event, EventFields, EventKind, EventOf, FindingDraft } from '../../src/core/words.ts';
import { fakeNetworks } from '../fake-eyes.ts';

export function hear(detector: Detector, events: readonly Event[]): FindingDraft[] {
  const ears = detector.start({ networks: fakeNetworks() });
  const found = new Map<string, FindingDraft>();
  const done = event('sweep.done', { from: null, to: 0 }, Math.max(0, ...events.map((one) => one.at)) + 1000);
  for (const one of [...events, done]) {
    // The map's ear for a kind takes events of that kind; TypeScript cannot follow that through the union.
    const ear = ears[one.kind] as ((event: Event) => FindingDraft | readonly FindingDraft[] | null) | undefined;
    const said = ear?.(one) ?? [];
    for (const draft of Array.isArray(said) ? said : [said]) found.set(draft.key, draft);
  }
  return [...found.values()];
}

export function event<K extends EventKind>(kind: K, fields: EventFields[K], at = 1_000_000): Event {
  // Kind and fields belong together by the signature; the union loses that.
  return { kind, at, source: 'test', fields } as EventOf<K> as Event;
}
