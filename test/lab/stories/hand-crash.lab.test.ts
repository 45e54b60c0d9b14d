/** The hand, killed at any instant and asked for very much: ledger and kernel agree afterwards, and nothing is banned that nobody ordered. */

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HandOrder } from '../../../src/core/orders.ts';
import { Draw, labSeed } from '../draw.ts';
import { elements, LabHand } from '../hand.ts';
import { LabHost, pause, runHere } from '../host.ts';

const KILLS = 60;
const MANY = 100_000;
const draw = new Draw(labSeed);
const untilMs = Date.now() + 86_400_000;

/** Single addresses, networks that lie in one another, both families. */
const nets = [
  ...Array.from({ length: 12 }, (_, at) => `203.0.113.${at + 1}`),
  ...['203.0.113.0/24', '203.0.113.0/28', '203.0.113.64/26', '198.51.100.0/25', '198.51.100.128/25'],
  ...['2001:db8:1::/64', '2001:db8:1:1::/64', '2001:db8:1::/56', '2001:db8:2::9', '2001:db8:3::/48'],
];

function drawOrder(): HandOrder {
  const net = nets[draw.between(0, nets.length - 1)] ?? '';
  if (draw.between(0, 2) === 0) return { verb: 'unban', net, because: 'drawn' };
  return { verb: 'ban', net, untilMs: draw.between(0, 1) === 0 ? null : untilMs, because: 'drawn', decision: 'd' };
}

/** What the addresses at the edges of all these networks get from nft itself: banned or not. */
async function kernelBans(host: LabHost): Promise<Set<string>> {
  const sets = ['ban4', 'ban6', 'half6', 'net4', 'net6'];
  return new Set((await Promise.all(sets.map(async (set) => (await elements(host, set)).map((element) => `${set} ${element}`)))).flat());
}

describe(`the hand under blows, lab seed ${labSeed}`, () => {
  let host: LabHost;
  beforeAll(async () => {
    host = await LabHost.start('hand-crash');
    await host.must(['ip', 'link', 'set', 'lo', 'up']);
  }, 60_000);
  afterAll(async () => host?.stop());

  it(`agrees with its ledger after each of ${KILLS} kills, has lost nothing that it confirmed, and bans nothing else`, async () => {
    /** Net → may it be banned now: yes, no, or either, since the answer never came. */
    const known = new Map<string, boolean | 'either'>();
    let confirmed = 0;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const hand = await LabHand.start(host);
      const told = new Set((await hand.list()).map((one) => one.net));
      for (const net of nets) {
        const wanted = known.get(net) ?? false;
        if (wanted !== 'either') expect(told.has(net), `${net} after kill ${kill}`).toBe(wanted);
        known.set(net, told.has(net));
      }
      expect([...told].filter((net) => !nets.includes(net))).toEqual([]);
      await agrees(host, told);
      const killed = pause(draw.between(0, 120)).then(() => hand.kill());
      for (let dead = false; !dead; ) {
        const orders = Array.from({ length: draw.between(1, 6) }, drawOrder);
        for (const order of orders) if ('net' in order) known.set(order.net, 'either');
        const answer = await hand.send(orders);
        dead = answer === null;
        for (const receipt of answer?.receipts ?? []) {
          expect(receipt.state, receipt.says).not.toBe('failed');
          if (receipt.net !== undefined) known.set(receipt.net, receipt.verb === 'ban');
        }
        confirmed += answer?.receipts.length ?? 0;
      }
      await killed;
    }
    expect(confirmed).toBeGreaterThan(KILLS);
    const hand = await LabHand.start(host);
    await hand.order(...nets.map((net) => ({ verb: 'unban' as const, net, because: 'the test is over' })));
    expect(await kernelBans(host)).toEqual(new Set());
    await hand.stop();
  }, 240_000);

  it(`takes ${MANY} bans in one line, lists them, and lays them anew into an empty kernel`, async () => {
    await host.sh('rm -rf /var/lib/tocsin/hand');
    const hand = await LabHand.start(host);
    const many = Array.from({ length: MANY }, (_, at) => `${11 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.7`);
    const took = async <T>(what: string, work: Promise<T>): Promise<T> => {
      const startedAt = performance.now();
      const done = await work;
      console.log(`${what}: ${Math.round(performance.now() - startedAt)} ms`);
      return done;
    };
    const receipts = await took(
      '100,000 bans',
      hand.order(...many.map((net) => ({ verb: 'ban' as const, net, untilMs, because: 'many', decision: 'd' }))),
    );
    expect(receipts.filter((one) => one.state !== 'done')).toEqual([]);
    expect(await took('list of 100,000', hand.list())).toHaveLength(MANY);
    await hand.kill();
    await host.must(['nft', 'flush', 'ruleset']);
    const again = await took('restart into an empty kernel', LabHand.start(host));
    const said = await runHere('nsenter', ['-t', String(host.pid), '-n', 'nft', 'list', 'set', 'inet', 'tocsin', 'ban4']);
    // Each element and the witness has one counter.
    expect(said.out.split('counter packets').length - 1).toBe(MANY + 1);
    await took('100,000 unbans', again.order(...many.map((net) => ({ verb: 'unban' as const, net, because: 'the test is over' }))));
    expect(await kernelBans(host)).toEqual(new Set());
    await again.stop();
  }, 120_000);
});

/** Every network that is told as banned is dropped by the kernel to its edges, and the kernel holds nothing that lies in none of them. */
async function agrees(host: LabHost, told: ReadonlySet<string>): Promise<void> {
  const held = await kernelBans(host);
  const single = (net: string) =>
    !net.includes('/') || net.endsWith('/64')
      ? `${net.includes(':') ? (net.endsWith('/64') ? 'half6' : 'ban6') : 'ban4'} ${net.replace('/64', '')}`
      : null;
  const wanted = new Set([...told].flatMap((net) => single(net) ?? []));
  const hashed = [...held].filter((element) => !element.startsWith('net'));
  expect(new Set(hashed)).toEqual(wanted);
  const probes = (net: string) => {
    const [base = '', length = ''] = net.split('/');
    const last = base.includes(':')
      ? base.replace(/::$/, length === '48' ? ':ffff:ffff:ffff:ffff:ffff' : ':ff:ffff:ffff:ffff:ffff')
      : edge(base, Number(length));
    return [base, last];
  };
  const networks = nets.filter((net) => single(net) === null);
  for (const net of networks) {
    const set = net.includes(':') ? 'net6' : 'net4';
    const covered = networks.some((other) => told.has(other) && (other === net || inside(net, other)));
    for (const ip of probes(net)) {
      const probe = await host.run(['nft', 'get', 'element', 'inet', 'tocsin', set, `{ ${ip} }`]);
      const byEdge = covered || networks.some((other) => told.has(other) && probes(other).includes(ip));
      expect(probe.status === 0, `${ip} of ${net} with ${[...told].join(' ')}`).toBe(byEdge);
    }
  }
}

function edge(base: string, length: number): string {
  const parts = base.split('.').map(Number);
  return [...parts.slice(0, 3), (parts[3] ?? 0) + 2 ** (32 - length) - 1].join('.');
}

/** The few that lie in one another here. */
function inside(net: string, other: string): boolean {
  return other === '203.0.113.0/24' && net.startsWith('203.0.113.');
}
