/** One request as an access log tells of it. */

import type { Stamp } from './access-time.ts';
import type { EventFields } from './words.ts';

export type WebRequest = EventFields['web.request'];

export interface AccessLine {
  /** Null where the line has none. */
  readonly stamp: Stamp | null;
  readonly request: WebRequest;
}
