/** The event of a log line of which no string was made yet: the text is taken from the piece of log only when somebody asks for it. */

import type { EventDraft, EventKind, Millis } from '../core/words.ts';
import type { Chunk } from '../core/world.ts';

/** An `Event` whose `raw` is made on demand; the piece of log is let go then. */
export class SeenLine {
  readonly kind: EventKind;
  readonly at: Millis;
  readonly source: string;
  readonly line: number;
  readonly fields: EventDraft['fields'];
  #chunk: Chunk | null;
  #start: number;
  #end: number;
  #raw = '';

  constructor(draft: EventDraft, at: Millis, line: number, chunk: Chunk, start: number, end: number) {
    this.kind = draft.kind;
    this.at = at;
    this.source = chunk.source;
    this.line = line;
    this.fields = draft.fields;
    this.#chunk = chunk;
    this.#start = start;
    this.#end = end;
  }

  /** Where its bytes lie, while nobody has asked for the text. */
  get ascii(): { readonly bytes: Uint8Array; readonly start: number; readonly end: number } | null {
    return this.#chunk?.ascii ? { bytes: this.#chunk.bytes, start: this.#start, end: this.#end } : null;
  }

  get raw(): string {
    if (this.#chunk !== null) {
      this.#raw = this.#chunk.line(this.#start, this.#end);
      this.#chunk = null;
    }
    return this.#raw;
  }
}
