/** The hand in a lab host: started as root starts it, spoken to over its socket, killed, and held against what nft itself lists. */

import * as fs from 'node:fs';
import * as net from 'node:net';
import type { BanTold, HandAnswer, HandEvent, HandOrder, HandReceipt } from '../../src/core/orders.ts';
import { type LabHost, pause } from './host.ts';

const SOCKET = '/run/tocsin-hand.sock';
const STATE = '/var/lib/tocsin/hand';
/** What the hands of a host wrote on standard error. */
const COMPLAINTS = '/tmp/hand-complaints';
const WITNESSES = new Set(['255.255.255.255', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff']);

export interface HandSetting {
  readonly lingerS?: number;
}

export class LabHand {
  readonly host: LabHost;
  readonly events: HandEvent[] = [];
  readonly #socket: net.Socket;
  readonly #waiting = new Map<number, (answer: HandAnswer | null) => void>();
  #id = 0;

  private constructor(host: LabHost, socket: net.Socket) {
    this.host = host;
    this.#socket = socket;
    let rest = '';
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      const lines = (rest + part).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.#hear(JSON.parse(line));
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      for (const tell of this.#waiting.values()) tell(null);
      this.#waiting.clear();
    });
  }

  /** Starts the hand and waits until it serves its socket, which it does when the kernel is as the ledger says. */
  static async start(host: LabHost, { lingerS = 2 }: HandSetting = {}): Promise<LabHand> {
    const words = ['/opt/tocsin/bin/tocsin-hand', '--socket', SOCKET, '--state', STATE, '--linger', String(lingerS)];
    host.spawn(['bash', '-c', `exec "$@" 2>>${COMPLAINTS}`, 'lab', ...words]);
    let hand: LabHand | null = null;
    await host.until('the hand to serve its socket', async () => {
      const socket = await connected(host.inside(SOCKET));
      if (socket === null) return false;
      // A hand that is just being killed may still take a call, and never answers it.
      hand = new LabHand(host, socket);
      return (await hand.send([{ verb: 'ping' }])) !== null;
    });
    if (hand === null) throw new Error('no hand');
    return hand;
  }

  #hear(said: HandAnswer | HandEvent): void {
    if ('event' in said) this.events.push(said);
    else if (said.id !== null) {
      this.#waiting.get(said.id)?.(said);
      this.#waiting.delete(said.id);
    }
  }

  /** Null when the hand died before it answered. */
  send(orders: readonly HandOrder[]): Promise<HandAnswer | null> {
    this.#id += 1;
    const id = this.#id;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      if (this.#socket.destroyed) resolve(null);
      else this.#socket.write(`${JSON.stringify({ id, orders })}\n`);
    });
  }

  async order(...orders: readonly HandOrder[]): Promise<readonly HandReceipt[]> {
    const answer = await this.send(orders);
    if (!answer || answer.refused !== undefined)
      throw new Error(`refused: ${answer?.refused ?? `the hand is gone: ${this.host.read(COMPLAINTS).slice(-2000)}`}`);
    return answer.receipts;
  }

  async one(order: HandOrder): Promise<HandReceipt> {
    const [receipt] = await this.order(order);
    if (!receipt) throw new Error('no receipt');
    return receipt;
  }

  async list(): Promise<readonly BanTold[]> {
    return (await this.one({ verb: 'list' })).bans ?? [];
  }

  get pid(): string {
    return this.host.read(`${STATE}/held-by`).split(' ', 1)[0] ?? '';
  }

  /** kill -9, from inside the host. */
  async kill(): Promise<void> {
    const gone = new Promise((resolve) => this.#socket.once('close', resolve));
    await this.host.run(['kill', '-9', this.pid]);
    if (!this.#socket.destroyed) await gone;
  }

  async stop(): Promise<void> {
    await this.host.run(['kill', '-TERM', this.pid]);
    await this.host.until('the hand to end', async () => (await this.host.run(['kill', '-0', this.pid])).status !== 0);
    this.#socket.destroy();
  }
}

async function connected(path: string): Promise<net.Socket | null> {
  if (!fs.existsSync(path)) return null;
  return new Promise((resolve) => {
    const socket = net.connect(path, () => resolve(socket));
    socket.once('error', () => resolve(null));
  });
}

/** What nft itself lists in a set of the hand's table, in order. */
export async function elements(host: LabHost, set: string): Promise<string[]> {
  const said = await host.run(['nft', '-j', 'list', 'set', 'inet', 'tocsin', set]);
  if (said.status !== 0) return [];
  const all: { set?: { elem?: unknown[] } }[] = JSON.parse(said.out).nftables;
  const list = all.find((one) => one.set)?.set?.elem ?? [];
  return list
    .map(textOf)
    .filter((text) => !WITNESSES.has(text))
    .sort();
}

type Nested = { elem?: { val: unknown }; prefix?: { addr: string; len: number }; range?: readonly [string, string] };

function textOf(element: unknown): string {
  if (typeof element === 'string') return element;
  // One of nft's forms of an element (libnftables-json(5)).
  const { elem, prefix, range } = element as Nested;
  if (elem) return textOf(elem.val);
  if (prefix) return `${prefix.addr}/${prefix.len}`;
  return range ? range.join('-') : JSON.stringify(element);
}

export type Way = 'icmp' | 'tcp' | 'udp';

/** Does anything come back when one packet is sent? */
export async function answers(from: LabHost, kind: Way, by: string, to: string, waitMs = 400): Promise<boolean> {
  const script = '/opt/tocsin/test/lab/stand-ins/reach.pl';
  return (await from.must(['perl', script, kind, by, to, '9', String(waitMs)])).trim() === 'answered';
}

export { pause };
