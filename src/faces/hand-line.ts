/** The line to the hand: orders out, answers in, over its socket. Orders that it did not answer are given again when it is back. */

import * as net from 'node:net';
import type { HandAnswer, HandOrder, HandReceipt } from '../core/orders.ts';

/** How what is told begins when it is away. */
export const AWAY = 'the hand does not answer';
const AGAIN_MS = 500;
/** As many answers as one batch can have; a hand that says more is none. */
const ANSWER_BYTES_AT_MOST = 64 << 20;

interface Asking {
  readonly id: number;
  readonly orders: readonly HandOrder[];
  readonly heard: (answer: HandAnswer) => void;
}

export class HandLine {
  readonly #path: string;
  readonly #tell: (says: string) => void;
  #socket: net.Socket | null = null;
  readonly #asking = new Map<number, Asking>();
  #last = 0;
  #text = '';
  #closed = false;
  #away = false;

  /** `tell` hears, in words, when the hand is away and when it is back, and what it says unasked. */
  constructor(path: string, tell: (says: string) => void) {
    this.#path = path;
    this.#tell = tell;
    this.#open();
  }

  /** One receipt an order. Waits as long as the hand is away: what was decided is not lost. */
  async order(orders: readonly HandOrder[]): Promise<readonly HandReceipt[]> {
    this.#last += 1;
    const id = this.#last;
    const answer = await new Promise<HandAnswer>((heard) => {
      const asking = { id, orders, heard };
      this.#asking.set(id, asking);
      this.#say(asking);
    });
    if (answer.refused !== undefined) return orders.map(({ verb }) => ({ verb, state: 'refused', says: answer.refused ?? '' }));
    return answer.receipts;
  }

  close(): void {
    this.#closed = true;
    this.#socket?.destroy();
  }

  #open(): void {
    if (this.#closed) return;
    const socket = net.createConnection(this.#path);
    this.#socket = socket;
    this.#text = '';
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      if (this.#away) this.#tell('the hand is back: what was decided meanwhile is carried out now');
      this.#away = false;
      for (const asking of this.#asking.values()) this.#say(asking);
    });
    socket.on('data', (part: string) => this.#heard(part));
    socket.on('error', () => {});
    socket.on('close', () => this.#lost());
  }

  #lost(): void {
    this.#socket = null;
    if (this.#closed) return;
    if (!this.#away) this.#tell(`${AWAY}: nothing can be carried out until it is back; is tocsin-hand running?`);
    this.#away = true;
    setTimeout(() => this.#open(), AGAIN_MS);
  }

  #say({ id, orders }: Asking): void {
    if (this.#socket?.readyState === 'open') this.#socket.write(`${JSON.stringify({ id, orders })}\n`);
  }

  #heard(part: string): void {
    this.#text += part;
    for (let end = this.#text.indexOf('\n'); end >= 0; end = this.#text.indexOf('\n')) {
      const line = this.#text.slice(0, end);
      this.#text = this.#text.slice(end + 1);
      this.#line(line);
    }
    if (this.#text.length > ANSWER_BYTES_AT_MOST) this.#socket?.destroy();
  }

  #line(line: string): void {
    const said = parsed(line);
    if (said === null) return;
    if ('event' in said) {
      if (said.event !== 'ready') this.#tell(`the hand: ${said.says}`);
      return;
    }
    const asking = said.id === null ? undefined : this.#asking.get(said.id);
    if (!asking) return;
    this.#asking.delete(asking.id);
    asking.heard(said);
  }
}

/** The hand is our own program; what it says is believed in its form and not in its size. */
function parsed(line: string): HandAnswer | { readonly event: string; readonly says: string } | null {
  try {
    const said: unknown = JSON.parse(line);
    if (typeof said !== 'object' || said === null) return null;
    if ('event' in said && 'says' in said) return { event: String(said.event), says: String(said.says) };
    return 'receipts' in said && Array.isArray(said.receipts) ? (said as HandAnswer) : null;
  } catch {
    return null;
  }
}
