/**
 * The event of a log line of which no string was made: one object for all lines of a chunk, since a guessed host has millions of them. It is
 * lent to whoever hears it; what somebody keeps of it has to be copied. Its text is made only when somebody asks for it.
 */

import type { EventKind, EventOf, LoginMethod, Millis } from '../core/words.ts';
import type { Chunk } from '../core/world.ts';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** An `Event` of kind login.failed or login.probed. */
export class SeenLine {
  kind: EventKind = 'login.probed';
  at: Millis = 0;
  readonly source: string;
  line = 0;
  fields: EventOf<'login.failed'>['fields'] | EventOf<'login.probed'>['fields'];
  readonly #failed: Open<EventOf<'login.failed'>['fields']>;
  readonly #probed: Open<EventOf<'login.probed'>['fields']>;
  readonly #chunk: Chunk;
  /** Where its bytes lie, where they are plain ASCII. */
  readonly ascii: { readonly bytes: Uint8Array; start: number; end: number } | null;
  #start = 0;
  #end = 0;

  constructor(chunk: Chunk) {
    this.source = chunk.source;
    this.#chunk = chunk;
    this.#failed = { account: '', ip: '', port: 0, method: 'password', service: 'sshd', known: false, times: 1, pid: null };
    this.#probed = { ip: '', account: null, how: '', service: 'sshd', times: 1, pid: null };
    this.fields = this.#probed;
    this.ascii = chunk.ascii ? { bytes: chunk.bytes, start: 0, end: 0 } : null;
  }

  failed(ip: string, account: string, pid: number | null, port: number, method: LoginMethod, known: boolean): void {
    const fields = this.#failed;
    fields.ip = ip;
    fields.account = account;
    fields.pid = pid;
    fields.port = port;
    fields.method = method;
    fields.known = known;
    this.kind = 'login.failed';
    this.fields = fields;
  }

  probed(ip: string, account: string | null, pid: number | null, how: string): void {
    const fields = this.#probed;
    fields.ip = ip;
    fields.account = account;
    fields.pid = pid;
    fields.how = how;
    this.kind = 'login.probed';
    this.fields = fields;
  }

  stood(at: Millis, line: number, start: number, end: number): void {
    this.at = at;
    this.line = line;
    this.#start = start;
    this.#end = end;
    if (this.ascii === null) return;
    this.ascii.start = start;
    this.ascii.end = end;
  }

  get raw(): string {
    return this.#chunk.line(this.#start, this.#end);
  }
}
