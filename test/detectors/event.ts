/** One event of the state of a machine, as a source gives it. */

import type { Event, EventFields, EventKind, EventOf } from '../../src/core/words.ts';

export function event<K extends EventKind>(kind: K, fields: EventFields[K], at = 1_000_000): Event {
  // Kind and fields belong together by the signature; the union loses that.
  return { kind, at, source: 'test', fields } as EventOf<K> as Event;
}
