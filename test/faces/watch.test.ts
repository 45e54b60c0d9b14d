/** The side that judges: what it says, what it orders, and what it knows after it was started again. */

import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Decision } from '../../src/engine/decisions.ts';
import { Watch, type WatchOptions } from '../../src/faces/watch.ts';
import type { Heard, WatchRoom } from '../../src/faces/watch-room.ts';
import { keep, kept } from '../../src/faces/watch-state.ts';

let folder: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-watch-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  process.removeAllListeners('SIGTERM');
  process.removeAllListeners('SIGINT');
  fs.rmSync(folder, { recursive: true });
});

const NOW = Date.now();
const decision = (net: string, untilMs = NOW + 3_600_000): Decision => ({
  id: `d-${net}`,
  at: NOW,
  net,
  untilMs,
  because: `${net} guessed`,
  before: 1,
  failures: 5,
  accounts: ['root'],
  evidence: [],
});

/** One batch of lines for each list of decisions, then a signal to end. */
class Room implements WatchRoom {
  readonly #batches: (readonly Decision[])[];
  readonly remembered: unknown[] = [];
  took_ = 0;

  constructor(...batches: (readonly Decision[])[]) {
    this.#batches = batches;
  }

  async next(): Promise<readonly Heard[]> {
    if (this.#batches.length > 0) return [{ entries: ['{}'] }];
    process.emit('SIGTERM');
    return [];
  }

  took(): void {
    this.took_ += 1;
  }

  learn = async () => 0;
  strangeClocks = () => [{ source: '/var/log/auth.log', detail: 'its clock is wrong' }];
  place = () => ({ at: this.took_ });
  judge = () => ({ decisions: this.#batches.shift() ?? [], spared: [{ at: NOW, ip: '192.0.2.1', because: 'it is the gateway' }], lines: 1 });
  remember = (...one: unknown[]) => void this.remembered.push(one);
  coverage = () => [];
  close = () => {};
}

async function ran(room: Room, options: Partial<WatchOptions> = {}): Promise<{ readonly event: string; readonly [name: string]: unknown }[]> {
  const said: string[] = [];
  const status = await new Watch(
    () => room,
    { mode: 'observe', state: folder, json: true, ...options },
    (line) => said.push(line),
  ).run();
  expect(status).toBe(0);
  return said.map((line) => JSON.parse(line));
}

/** A hand that answers each order with the word that it is given for its net, and hangs up on the first call where it is told to. */
function hand(
  answers: Readonly<Record<string, string>>,
  hangsUp: number,
): Promise<{ readonly path: string; readonly orders: unknown[]; close(): void }> {
  const socket = path.join(folder, 'hand.sock');
  const orders: unknown[] = [];
  let calls = 0;
  const server = net.createServer((client) => {
    client.setEncoding('utf8');
    client.on('error', () => {});
    client.on('data', (text: string) => {
      calls += 1;
      if (calls <= hangsUp) return void client.destroy();
      const batch = JSON.parse(text) as { id: number; orders: { net: string }[] };
      orders.push(...batch.orders);
      const receipts = batch.orders.map((order) => ({ verb: 'ban', net: order.net, state: answers[order.net] ?? 'done', says: 'so it is' }));
      client.write(`{"event":"ready","at":1,"says":"0 bans"}\n${JSON.stringify({ id: batch.id, receipts })}\n`);
    });
  });
  return new Promise((resolve) => server.listen(socket, () => resolve({ path: socket, orders, close: () => server.close() })));
}

describe('watch', () => {
  it('orders what is decided, once the hand is there, and leaves out what is over', async () => {
    const its = await hand({ '203.0.113.9': 'refused' }, 1);
    const room = new Room([decision('203.0.113.9'), decision('198.51.100.7')], [decision('198.51.100.8', NOW - 1)]);
    const said = await ran(room, { mode: 'act', hand: its.path });
    expect(its.orders).toEqual([
      { verb: 'ban', net: '203.0.113.9', untilMs: NOW + 3_600_000, because: '203.0.113.9 guessed', decision: 'd-203.0.113.9' },
      { verb: 'ban', net: '198.51.100.7', untilMs: NOW + 3_600_000, because: '198.51.100.7 guessed', decision: 'd-198.51.100.7' },
    ]);
    const decided = said.filter(({ event }) => event === 'decision').map(({ net, outcome, says }) => [net, outcome, says]);
    expect(decided).toEqual([
      ['203.0.113.9', 'refused', 'so it is'],
      ['198.51.100.7', 'done', 'so it is'],
    ]);
    expect(said.map(({ says }) => says).join()).toMatch(/the hand does not answer.*the hand is back/);
    its.close();
  });

  it('only tells where it was not told to act', async () => {
    const said = await ran(new Room([decision('203.0.113.9')]));
    expect(said.filter(({ event }) => event === 'decision').map(({ net, outcome, mode }) => [net, outcome, mode])).toEqual([
      ['203.0.113.9', 'would', 'observe'],
    ]);
    expect(said.filter(({ says }) => says === 'its clock is wrong').length).toBe(1);
    expect(said.find(({ event }) => event === 'spared')).toMatchObject({ 'source.ip': '192.0.2.1', says: 'it is the gateway' });
  });

  it('knows after a start what was decided before, also what was over by then', async () => {
    await ran(new Room([decision('203.0.113.9')], [decision('198.51.100.8', NOW - 1)]));
    const room = new Room();
    await ran(room);
    expect(room.remembered).toEqual([
      ['203.0.113.9', 2, NOW, NOW + 3_600_000],
      ['198.51.100.8', 2, NOW, NOW - 1],
    ]);
  });

  it('does not act without a hand', async () => {
    const told = vi.spyOn(process.stderr, 'write').mockImplementation(() => true);
    expect(await new Watch(() => new Room(), { mode: 'act', state: folder }).run()).toBe(2);
    expect(told.mock.calls.join()).toMatch(/only root can act/);
  });
});

describe('what watch keeps', () => {
  it('begins anew where it is damaged', () => {
    fs.writeFileSync(path.join(folder, 'watch.json'), '{"place":1,"known":[{"net":"x"},7,{"net":"a","count":1,"at":2,"untilMs":3}]}');
    expect(kept(folder)).toEqual({ place: 1, known: [{ net: 'a', count: 1, at: 2, untilMs: 3 }] });
    fs.writeFileSync(path.join(folder, 'watch.json'), '{"pla');
    expect(kept(folder)).toEqual({ place: null, known: [] });
  });

  it('says why it cannot be written, and leaves the old one as it was', () => {
    expect(keep(path.join(folder, 'gone'), { place: 1, known: [] })).toMatch(/cannot be written down .*--state/);
    expect(keep(folder, { place: { at: 1 }, known: [] })).toBeNull();
    expect(kept(folder).place).toEqual({ at: 1 });
    expect(fs.readdirSync(folder)).toEqual(['watch.json']);
  });
});
