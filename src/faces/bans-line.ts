/** One call to the hand, order by order: no second try, because a person waits for the answer. The protocol is that of `core/orders.ts`. */

import type { Readable, Writable } from 'node:stream';
import { UserError } from '../core/errors.ts';
import { type HandAnswer, type HandEvent, type HandOrder, type HandReceipt, LINE_BYTES_AT_MOST, ORDERS_AT_MOST } from '../core/orders.ts';

/** The list of 250,000 bans with the longest reasons; a hand that says more is none. */
const ANSWER_BYTES_AT_MOST = 512 << 20;
/** 10,000 bans take the hand a second; a kernel that is busy takes longer. */
const PATIENCE_MS = 120_000;
/** Each line is a transaction of nft, which reads its whole table before: few and long ones are sooner done. Below what the hand takes. */
const LINE_CHARACTERS = LINE_BYTES_AT_MOST / 3 - 100;
const ORDERS_IN_A_LINE = ORDERS_AT_MOST;
const NEWLINE = 10;

export class BansLine {
  readonly #output: Writable;
  readonly #tell: (event: HandEvent) => void;
  #parts: Buffer[] = [];
  #bytes = 0;
  #asked: { readonly id: number; readonly heard: (answer: HandAnswer | null) => void } | null = null;
  #last = 0;
  #over = false;

  /** `tell` hears what the hand says unasked. */
  constructor(input: Readable, output: Writable, tell: (event: HandEvent) => void) {
    this.#output = output;
    this.#tell = tell;
    input.on('data', (part: Buffer) => this.#heard(part));
    input.on('error', () => {});
    input.on('close', () => this.#ended());
    input.on('end', () => this.#ended());
    output.on('error', () => {});
  }

  /** One receipt an order. Throws UserError when the hand goes away or takes none of it. */
  async order(orders: readonly HandOrder[]): Promise<readonly HandReceipt[]> {
    const receipts: HandReceipt[] = [];
    for (const part of parts(orders)) {
      const answer = await this.#ask(part);
      if (answer === null) {
        const done = receipts.length === 0 ? '' : `, after ${receipts.length} of ${orders.length} orders`;
        throw new UserError(`the hand did not answer${done}`, 'Run tocsin bans to see what stands.');
      }
      if (answer.refused !== undefined) throw new UserError(`the hand refused: ${answer.refused}`, 'Run tocsin bans to see what stands.');
      for (const receipt of answer.receipts) receipts.push(receipt);
    }
    return receipts;
  }

  #ask(orders: readonly string[]): Promise<HandAnswer | null> {
    if (this.#over) return Promise.resolve(null);
    this.#last += 1;
    const id = this.#last;
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#asked?.heard(null), PATIENCE_MS);
      const heard = (answer: HandAnswer | null) => {
        clearTimeout(timer);
        this.#asked = null;
        resolve(answer);
      };
      this.#asked = { id, heard };
      this.#output.write(`{"id":${id},"orders":[${orders.join(',')}]}\n`);
    });
  }

  #heard(part: Buffer): void {
    let start = 0;
    for (let end = part.indexOf(NEWLINE); end >= 0; end = part.indexOf(NEWLINE, start)) {
      const line = Buffer.concat([...this.#parts, part.subarray(start, end)]).toString('utf8');
      this.#parts = [];
      this.#bytes = 0;
      start = end + 1;
      this.#line(line);
    }
    this.#parts.push(part.subarray(start));
    this.#bytes += part.length - start;
    if (this.#bytes > ANSWER_BYTES_AT_MOST) this.#ended();
  }

  #line(line: string): void {
    const said = parsed(line);
    if (said === null) return;
    if ('event' in said) this.#tell(said);
    else if (said.id === null || said.id === this.#asked?.id) this.#asked?.heard(said);
  }

  #ended(): void {
    this.#over = true;
    this.#parts = [];
    this.#asked?.heard(null);
  }
}

/** Orders as JSON, in lots of which each fits a line; a character of UTF-16 has three bytes at most. */
function* parts(orders: readonly HandOrder[]): Generator<readonly string[]> {
  let part: string[] = [];
  let length = 0;
  for (const order of orders) {
    const text = JSON.stringify(order);
    if (part.length === ORDERS_IN_A_LINE || length + text.length > LINE_CHARACTERS) {
      yield part;
      part = [];
      length = 0;
    }
    part.push(text);
    length += text.length + 1;
  }
  yield part;
}

/** The hand is our own program: what it says is believed in its form. */
function parsed(line: string): HandAnswer | HandEvent | null {
  try {
    const said: unknown = JSON.parse(line);
    if (typeof said !== 'object' || said === null) return null;
    if ('event' in said && 'says' in said) return said as HandEvent;
    return 'receipts' in said && Array.isArray(said.receipts) ? (said as HandAnswer) : null;
  } catch {
    return null;
  }
}
