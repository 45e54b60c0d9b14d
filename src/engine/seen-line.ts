/**
 * The event of a log line of which no string was made: one object for all lines of a chunk, since a guessed host has millions of them. It is
 * lent to whoever hears it; what somebody keeps of it has to be copied. Its text is made only when somebody asks for it.
 */

import { type Numbered, textOfFour } from '../core/peers.ts';
import type { EventKind, EventOf, LoginMethod, Millis } from '../core/words.ts';
import type { Chunk } from '../core/world.ts';

type Open<T> = { -readonly [K in keyof T]: T[K] };

/** Addresses come again and again: the latest of each place keeps its text. */
const PLACES = 1 << 16;
const numbers = new Float64Array(PLACES);
const texts = new Array<string>(PLACES).fill('0.0.0.0');

/** The fields of such an event. The text of an address is made when somebody asks for it, or takes a copy of them all. */
abstract class Fields {
  declare readonly ip: string;
  #peer = 0;
  pid: number | null = null;
  readonly service = 'sshd';
  readonly times = 1;

  constructor() {
    Object.defineProperty(this, 'ip', { enumerable: true, get: () => textOf(this.#peer) });
  }

  set peer(peer: number) {
    this.#peer = peer;
  }
}

function textOf(peer: number): string {
  const place = (peer ^ (peer >>> 16)) & (PLACES - 1);
  if (numbers[place] === peer) return texts[place] ?? '';
  const text = textOfFour(peer);
  numbers[place] = peer;
  texts[place] = text;
  return text;
}

class Failed extends Fields implements Open<EventOf<'login.failed'>['fields']> {
  account = '';
  port = 0;
  method: LoginMethod = 'password';
  known = false;
}

class Probed extends Fields implements Open<EventOf<'login.probed'>['fields']> {
  account: string | null = null;
  how = '';
}

/** An `Event` of kind login.failed, login.probed, session.opened or session.closed. */
export class SeenLine implements Numbered {
  kind: EventKind = 'login.probed';
  at: Millis = 0;
  readonly source: string;
  line = 0;
  fields: EventOf<'login.failed' | 'login.probed' | 'session.opened' | 'session.closed'>['fields'];
  readonly #failed = new Failed();
  readonly #probed = new Probed();
  readonly #opened: Open<EventOf<'session.opened'>['fields']> = { account: '', service: '', by: null, session: null, pid: null };
  readonly #closed: Open<EventOf<'session.closed'>['fields']> = { account: '', service: '', session: null, pid: null };
  /** For those who count by numbers (core/peers.ts). */
  peer = 0;
  place = -1;
  readonly #chunk: Chunk;
  /** Where its bytes lie, where they are plain ASCII. */
  readonly ascii: { readonly bytes: Uint8Array; start: number; end: number } | null;
  #start = 0;
  #end = 0;

  constructor(chunk: Chunk) {
    this.source = chunk.source;
    this.#chunk = chunk;
    this.fields = this.#probed;
    this.ascii = chunk.ascii ? { bytes: chunk.bytes, start: 0, end: 0 } : null;
  }

  /** Who it was: the address, and the place of the account in the loop's table of names, or -1. */
  by(peer: number, place: number): void {
    this.peer = peer;
    this.place = place;
  }

  failed(account: string, pid: number | null, port: number, method: LoginMethod, known: boolean): void {
    const fields = this.#failed;
    fields.peer = this.peer;
    fields.account = account;
    fields.pid = pid;
    fields.port = port;
    fields.method = method;
    fields.known = known;
    this.kind = 'login.failed';
    this.fields = fields;
  }

  probed(account: string | null, pid: number | null, how: string): void {
    const fields = this.#probed;
    fields.peer = this.peer;
    fields.account = account;
    fields.pid = pid;
    fields.how = how;
    this.kind = 'login.probed';
    this.fields = fields;
  }

  /** One that root opened, or that was closed. */
  session(account: string, pid: number | null, service: string, opened: boolean): void {
    const fields = opened ? this.#opened : this.#closed;
    fields.account = account;
    fields.service = service;
    fields.pid = pid;
    this.kind = opened ? 'session.opened' : 'session.closed';
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
