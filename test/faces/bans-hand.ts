/** A hand for tests of the faces: a real socket and the real reading of orders, behind which a list stands in for the kernel. */

import * as net from 'node:net';
import { netOf } from '../../src/core/nets.ts';
import { type AllowTold, type BanTold, type HandOrder, type HandReceipt, readBatch } from '../../src/core/orders.ts';

export class HandOfTests {
  readonly orders: HandOrder[] = [];
  bans: BanTold[] = [];
  allows: AllowTold[] = [];
  /** So many callers are hung up on before one is answered. */
  busy = 0;
  /** Dies in the middle of the answer. */
  dies = false;
  readonly #server: net.Server;

  private constructor(server: net.Server) {
    this.#server = server;
  }

  static async at(socket: string): Promise<HandOfTests> {
    const server = net.createServer();
    const hand = new HandOfTests(server);
    server.on('connection', (client) => hand.#serve(client));
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    return hand;
  }

  close(): Promise<void> {
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #serve(client: net.Socket): void {
    client.setEncoding('utf8');
    client.on('error', () => {});
    this.busy -= 1;
    if (this.busy >= 0) return void client.destroy();
    let text = '';
    client.on('data', (part: string) => {
      const lines = (text + part).split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) this.#answer(line, client);
    });
  }

  #answer(line: string, client: net.Socket): void {
    const batch = readBatch(line);
    if ('refused' in batch) return void client.write(`${JSON.stringify({ id: batch.id, receipts: [], refused: batch.refused })}\n`);
    const receipts = batch.orders.map((order) => this.#carryOut(order));
    const answer = `{"event":"ready","at":1,"says":"x"}\n${JSON.stringify({ id: batch.id, receipts })}\n`;
    if (this.dies && batch.orders[0]?.verb !== 'ping') client.end(answer.slice(0, -20));
    else client.write(answer);
  }

  #carryOut(order: HandOrder): HandReceipt {
    const { verb } = order;
    if (verb === 'list') return { verb, state: 'done', bans: this.bans, allows: this.allows };
    if (!('net' in order)) return { verb, state: 'done' };
    this.orders.push(order);
    const { net: text } = order;
    if (order.verb === 'ban') {
      if (text.startsWith('127.')) return { verb, net: text, state: 'refused', says: `${text} was not banned: it is loopback.` };
      const parsed = netOf(text);
      if (typeof parsed !== 'string' && parsed.prefix < 24 && order.wide !== true)
        return {
          verb,
          net: text,
          state: 'refused',
          says: `${text} was not banned: a network wider than /24 is banned only by an order that says "wide".`,
        };
      if (order.untilMs !== null && order.untilMs <= Date.now())
        return { verb, net: text, state: 'refused', says: `${text} was not banned: the end of its time has passed already; look at the clock.` };
      if (this.bans.some((one) => one.net === text)) return { verb, net: text, state: 'already', says: `${text} is banned already.` };
      this.bans.push(banned(text, { untilMs: order.untilMs, because: order.because, decision: order.decision }));
      return { verb, net: text, state: 'done' };
    }
    const before = verb === 'unban' ? this.bans.length : this.allows.length;
    if (verb === 'unban') this.bans = this.bans.filter((one) => one.net !== text);
    else this.allows = this.allows.filter((one) => one.net !== text);
    if (order.verb === 'allow') this.allows.push({ net: text, untilMs: order.untilMs, because: order.because });
    const now = verb === 'unban' ? this.bans.length : this.allows.length;
    return verb !== 'allow' && now === before
      ? { verb, net: text, state: 'already', says: `${text} was not there.` }
      : { verb, net: text, state: 'done' };
  }
}

export const SINCE = Date.UTC(2026, 2, 3, 9, 40);

export function banned(net: string, more: Partial<BanTold> = {}): BanTold {
  return {
    net,
    since: SINCE,
    untilMs: SINCE + 3_600_000,
    leftMs: 1_800_000,
    because: 'guessed passwords',
    decision: 'd1',
    packets: 3,
    bytes: 180,
    ...more,
  };
}
