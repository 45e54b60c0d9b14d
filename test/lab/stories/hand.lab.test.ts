/** The hand, live: real nft in a throw-away host, packets from another one, kills at any instant. */

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { BanOrder } from '../../../src/core/orders.ts';
import { addAccount } from '../accounts.ts';
import { Draw, labSeed } from '../draw.ts';
import { answers, elements, LabHand, type Way } from '../hand.ts';
import { LabHost, pause } from '../host.ts';
import { gatewayOf, Street } from '../network.ts';
import { startSshd } from '../server.ts';
import { stay } from '../visits.ts';

const VICTIM = '10.77.1.10';
const OUTSIDE = '10.77.2.10';
const NEVER_HARM = '# ours\n192.0.2.77  # the office\n\n198.18.0.0/24\n';
const BANNED = '203.0.113.9';
const NEIGHBOUR = '203.0.113.77';
const ADMIN = '198.51.100.20';
const KNOCKER = '198.51.100.66';
const RESOLVER = '10.77.3.53';
/** It takes a fifth of a second; on a machine that is full of work more. The hand asks by itself each ten seconds: that would be too late. */
const NOTICED_MS = 6_000;
const WAYS: readonly Way[] = ['icmp', 'tcp', 'udp'];

const draw = new Draw(labSeed);
const hour = () => Date.now() + 3_600_000;
const ban = (net: string, more: Partial<BanOrder> = {}): BanOrder => {
  return { verb: 'ban', net, untilMs: hour(), because: 'guessed passwords', decision: 'd1', ...more };
};

describe(`the hand, lab seed ${labSeed}`, () => {
  let street: Street;
  let victim: LabHost;
  let outside: LabHost;
  let hand: LabHand;
  const reach = async (by: string) => Promise.all(WAYS.map((way) => answers(outside, way, by, VICTIM)));
  const all = [true, true, true];
  const none = [false, false, false];

  beforeAll(async () => {
    [street, victim, outside] = await Promise.all([Street.lay(), LabHost.start('hand-victim'), LabHost.start('hand-outside')]);
    await street.join(victim, { address: VICTIM });
    await street.join(outside, { address: OUTSIDE, also: [BANNED, NEIGHBOUR, ADMIN, KNOCKER] });
    victim.write('/etc/tocsin/never-harm', NEVER_HARM);
    victim.write('/etc/resolv.conf', `nameserver ${RESOLVER}\n`);
    hand = await LabHand.start(victim);
  }, 60_000);
  afterEach(async () => {
    const bans = (await hand.list()).map(({ net }) => ({ verb: 'unban' as const, net, because: 'the test is over' }));
    if (bans.length > 0) await hand.order(...bans);
    await hand.order(...(((await hand.one({ verb: 'list' })).allows ?? []).map(({ net }) => ({ verb: 'disallow' as const, net })) ?? []));
  });
  afterAll(async () => Promise.all([victim?.stop(), outside?.stop(), street?.stop()]));

  it('stops ping, TCP and UDP of a banned address, counts them, and lets it in again when it is unbanned', async () => {
    expect(await reach(BANNED)).toEqual(all);
    expect(await hand.one(ban(BANNED))).toMatchObject({ verb: 'ban', net: BANNED, state: 'done' });
    expect(await reach(BANNED)).toEqual(none);
    expect(await reach(NEIGHBOUR)).toEqual(all);
    const [told] = await hand.list();
    expect(told).toMatchObject({ net: BANNED, because: 'guessed passwords', decision: 'd1' });
    expect(told?.packets).toBeGreaterThanOrEqual(3);
    expect(told?.leftMs).toBeGreaterThan(3_500_000);
    expect((await hand.one(ban(BANNED, { untilMs: Date.now() + 60_000 }))).state).toBe('already');
    expect((await hand.one({ verb: 'unban', net: BANNED, because: 'innocent' })).state).toBe('done');
    expect(await reach(BANNED)).toEqual(all);
    expect([...(await elements(victim, 'ban4')), ...(await elements(victim, 'again4'))]).toEqual([]);
    expect((await hand.one({ verb: 'unban', net: BANNED, because: 'again' })).state).toBe('already');
  });

  it('stops networks, also such that lie in one another, and keeps the longer one when the other ends', async () => {
    await hand.order(
      ban('203.0.113.0/24', { untilMs: Date.now() + 2500 }),
      ban(BANNED),
      ban('203.0.113.64/28'),
      ban('203.0.112.0/23', { wide: true }),
    );
    expect(await reach(NEIGHBOUR)).toEqual(none);
    expect((await hand.one({ verb: 'unban', net: NEIGHBOUR, because: 'x' })).says).toContain('inside 203.0.113.64/28');
    expect((await hand.one({ verb: 'unban', net: '203.0.112.0/23', because: 'x' })).state).toBe('done');
    const told = await hand.list();
    expect(told.find((one) => one.net === '203.0.113.64/28')?.packets).toBeGreaterThanOrEqual(3);
    await pause(3500);
    expect((await hand.list()).map((one) => one.net).sort()).toEqual(['203.0.113.64/28', BANNED].sort());
    expect(await elements(victim, 'net4')).toEqual(['203.0.113.64/28']);
    expect(await elements(victim, 'ban4')).toEqual([BANNED]);
    await hand.order({ verb: 'unban', net: '203.0.113.64/28', because: 'x' });
    expect(await reach(NEIGHBOUR)).toEqual(all);
    expect(await reach(BANNED)).toEqual(none);
  });

  it('stops IPv6 addresses, a /64 as one, and wider networks', async () => {
    const six = '2001:db8:77::10';
    const senders = ['2001:db8:88::9', '2001:db8:88:0:1::9', '2001:db8:89::9'];
    await victim.must(['ip', '-6', 'addr', 'add', `${six}/64`, 'dev', 'eth0', 'nodad']);
    for (const net of ['2001:db8:88::/64', '2001:db8:89::/64']) await victim.must(['ip', '-6', 'route', 'add', net, 'dev', 'eth0']);
    for (const ip of ['2001:db8:77::20/64', ...senders.map((one) => `${one}/128`)]) {
      await outside.must(['ip', '-6', 'addr', 'add', ip, 'dev', 'eth0', 'nodad']);
    }
    const reached = () => Promise.all(senders.map((by) => answers(outside, 'tcp', by, six)));
    await victim.until('IPv6', async () => (await reached()).every((one) => one));
    expect((await hand.one(ban('2001:db8:77::/64'))).says).toContain(`it holds ${six}, which is an address of this machine`);
    await hand.order(ban('2001:db8:88::9'));
    expect(await reached()).toEqual([false, true, true]);
    await hand.order({ verb: 'unban', net: '2001:db8:88::9', because: 'x' }, ban('2001:db8:88::/64'));
    expect(await reached()).toEqual([false, false, true]);
    expect((await hand.list())[0]?.packets).toBeGreaterThan(0);
    await hand.order(ban('2001:db8:88::/45', { wide: true }));
    expect(await reached()).toEqual([false, false, false]);
    expect(await answers(outside, 'udp', '2001:db8:89::9', six)).toBe(false);
    await hand.order({ verb: 'unban', net: '2001:db8:88::/45', because: 'x' }, { verb: 'unban', net: '2001:db8:88::/64', because: 'x' });
    expect(await reached()).toEqual([true, true, true]);
  });

  it('lets who is allowed in, before every ban, and bans nobody who is allowed', async () => {
    await hand.order(ban('203.0.113.0/24'));
    expect((await hand.one({ verb: 'allow', net: BANNED, untilMs: null, because: 'mine' })).says).toContain('1 ban that it touches');
    expect(await reach(BANNED)).toEqual(all);
    expect(await reach(NEIGHBOUR)).toEqual(none);
    expect((await hand.one(ban(BANNED))).says).toContain('it is allowed');
    expect((await hand.one({ verb: 'disallow', net: BANNED })).state).toBe('done');
    expect(await reach(BANNED)).toEqual(none);
  });

  it('never bans its own addresses, the gateway, the resolver, the never-harm list, or what holds them', async () => {
    const refused = [
      [VICTIM, 'an address of this machine'],
      [gatewayOf(VICTIM), 'a gateway'],
      ['10.77.1.0/24', 'which is a gateway'],
      [RESOLVER, 'a name server'],
      ['10.77.3.0/24', 'a name server'],
      ['192.0.2.77', 'on your never-harm list (/etc/tocsin/never-harm, line 2)'],
      ['192.0.2.0/24', 'it holds 192.0.2.77'],
      ['198.18.0.9', 'line 4'],
      ['127.0.0.1', 'loopback'],
    ] as const;
    const receipts = await hand.order(...refused.map(([net]) => ban(net, { wide: true })));
    for (const [at, [net, why]] of refused.entries()) {
      expect(receipts[at]).toMatchObject({ net, state: 'refused' });
      expect(receipts[at]?.says).toContain(why);
    }
    expect(await hand.list()).toEqual([]);
    expect([...(await elements(victim, 'ban4')), ...(await elements(victim, 'net4'))]).toEqual([]);
  });

  it('never bans where somebody is logged in from, but does ban who only knocks at the door', async () => {
    const account = { name: draw.word(3), password: draw.word(4) };
    await addAccount(victim, account);
    await startSshd(victim, { port: 22 });
    const session = stay({ from: outside, by: ADMIN, to: VICTIM, port: 22 }, account.name, account.password, 'sleep 60');
    const knock = outside.spawn([
      'bash',
      '-c',
      `exec perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalAddr => "${KNOCKER}", PeerAddr => "${VICTIM}:22"); sleep 60'`,
    ]);
    await victim.until('both connections', async () => {
      const titles = (await victim.run(['ps', '-eo', 'args'])).out;
      const sockets = (await victim.run(['ss', '-Htn', 'state', 'established'])).out;
      return titles.includes(`sshd: ${account.name}@notty`) && sockets.includes(KNOCKER);
    });
    expect((await hand.one(ban(ADMIN))).says).toBe(`${ADMIN} was not banned: it is where somebody is logged in from now.`);
    expect((await hand.one(ban('198.51.100.0/24'))).says).toContain(`it holds ${ADMIN}`);
    const receipt = await hand.one(ban(KNOCKER));
    expect(receipt).toMatchObject({ state: 'done', says: '1 open connection of what was banned was ended.' });
    expect((await victim.run(['ss', '-Htn', 'state', 'established', 'dst', KNOCKER])).out).toBe('');
    session.kill('SIGKILL');
    knock.kill('SIGKILL');
  });

  it('ends a ban by the kernel itself, and not before who keeps sending has been quiet', async () => {
    await hand.order(ban(BANNED, { untilMs: Date.now() + 1500 }), ban(NEIGHBOUR, { untilMs: Date.now() + 1500 }));
    for (const end = performance.now() + 3500; performance.now() < end; ) expect(await answers(outside, 'icmp', BANNED, VICTIM, 200)).toBe(false);
    expect(await answers(outside, 'icmp', NEIGHBOUR, VICTIM)).toBe(true);
    expect(await hand.list()).toMatchObject([{ net: BANNED, lingers: true }]);
    expect((await hand.one({ verb: 'unban', net: BANNED, because: 'x' })).says).toContain('kept sending');
    expect(await answers(outside, 'icmp', BANNED, VICTIM)).toBe(true);
    await hand.order(ban(BANNED, { untilMs: Date.now() + 1200 }));
    await pause(3800);
    expect(await answers(outside, 'icmp', BANNED, VICTIM)).toBe(true);
  });

  it.each([
    ['the whole ruleset is flushed', ['flush', 'ruleset']],
    ['the table is deleted', ['delete', 'table', 'inet', 'tocsin']],
    ['the rules are flushed', ['flush', 'chain', 'inet', 'tocsin', 'early']],
    ['a set is flushed', ['flush', 'set', 'inet', 'tocsin', 'ban4']],
    ['one element is deleted', ['delete', 'element', 'inet', 'tocsin', 'ban4', '{', BANNED, '}']],
    ['a network is deleted', ['delete', 'element', 'inet', 'tocsin', 'net4', '{', '203.0.113.64/28', '}']],
  ])('notices and puts back what is lost when %s', async (_, words) => {
    await hand.order(ban(BANNED), ban('203.0.113.64/28'));
    expect(await answers(outside, 'tcp', BANNED, VICTIM)).toBe(false);
    await pause(1100);
    const told = hand.events.filter((one) => one.event === 'put-back').length;
    await victim.must(['nft', ...words]);
    await victim.until('what was lost', () => hand.events.filter((one) => one.event === 'put-back').length > told, NOTICED_MS);
    expect(await answers(outside, 'tcp', BANNED, VICTIM)).toBe(false);
    expect(await answers(outside, 'tcp', NEIGHBOUR, VICTIM)).toBe(false);
    expect(await answers(outside, 'tcp', KNOCKER, VICTIM)).toBe(true);
  });

  it('leaves its bans when it stops, and lays them anew from the ledger when the table is gone', async () => {
    await hand.order(ban(BANNED), ban('203.0.113.64/28'), { verb: 'allow', net: '203.0.113.79', untilMs: null, because: 'mine' });
    await hand.stop();
    expect(await answers(outside, 'tcp', BANNED, VICTIM)).toBe(false);
    await victim.must(['nft', 'flush', 'ruleset']);
    expect(await answers(outside, 'tcp', BANNED, VICTIM)).toBe(true);
    hand = await LabHand.start(victim);
    expect(await reach(BANNED)).toEqual(none);
    expect(await reach(NEIGHBOUR)).toEqual(none);
    expect(await elements(victim, 'allow4')).toEqual(['203.0.113.79']);
  });

  it('frees at the start who must be spared since', async () => {
    await hand.order(ban(BANNED), ban(NEIGHBOUR));
    await hand.stop();
    victim.write('/etc/tocsin/never-harm', `192.0.2.77\n${BANNED}\n`);
    hand = await LabHand.start(victim);
    expect(await elements(victim, 'ban4')).toEqual([NEIGHBOUR]);
    expect((await hand.list()).map((one) => one.net)).toEqual([NEIGHBOUR]);
    victim.write('/etc/tocsin/never-harm', NEVER_HARM);
  });

  it('does nothing when the ledger cannot be written, and goes on when it can', async () => {
    await hand.stop();
    await victim.must(['mount', '-t', 'tmpfs', '-o', 'size=16k', 'small', '/var/lib/tocsin/hand']);
    hand = await LabHand.start(victim);
    await victim.sh('dd if=/dev/zero of=/var/lib/tocsin/hand/full bs=1k count=64 2>/dev/null; true');
    const receipt = await hand.one(ban(BANNED));
    expect(receipt.state).toBe('refused');
    expect(receipt.says).toMatch(/^Nothing was done: the ledger .* could not be written \(no space left on device\)/);
    expect(await elements(victim, 'ban4')).toEqual([]);
    await victim.must(['rm', '/var/lib/tocsin/hand/full']);
    expect((await hand.one(ban(BANNED))).state).toBe('done');
    expect(await elements(victim, 'ban4')).toEqual([BANNED]);
    await hand.stop();
    await victim.must(['umount', '/var/lib/tocsin/hand']);
    hand = await LabHand.start(victim);
    expect(await elements(victim, 'ban4')).toEqual([]);
  });

  it('says what is missing when nft is, and goes on when it is there', async () => {
    await victim.must(['mv', '/usr/sbin/nft', '/root/nft']);
    const receipt = await hand.one(ban(BANNED));
    await victim.must(['mv', '/root/nft', '/usr/sbin/nft']);
    expect(receipt).toMatchObject({ state: 'refused' });
    expect(receipt.says).toContain('install the package "nftables"');
    expect((await hand.one(ban(BANNED))).state).toBe('done');
  });

  it('answers on a private pipe, refuses lines that are not orders, and ends with the pipe', async () => {
    const lines = ['nonsense', JSON.stringify({ id: 4, orders: [{ verb: 'ping' }] }), JSON.stringify({ id: 5, orders: [{ verb: 'boom' }] }), ''];
    const words = ['/opt/tocsin/bin/tocsin-hand', '--stdio', '--state', '/tmp/pipe-state'];
    const said = await victim.run(words, { input: lines.join('\n') });
    const answersOf = said.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(said.status).toBe(0);
    expect(answersOf.filter((one) => !('event' in one))).toEqual([
      { id: null, receipts: [], refused: 'The line is no JSON.' },
      { id: 4, receipts: [{ verb: 'ping', state: 'done' }] },
      { id: 5, receipts: [], refused: 'Order 1 has no verb that is known here: boom. Nothing of the line was done.' },
    ]);
    expect((await victim.run(['stat', '-c', '%a %u', '/run/tocsin-hand.sock'])).out.trim()).toBe('600 0');
    // That hand had an empty ledger: the kernel belongs to this one again.
    await hand.stop();
    hand = await LabHand.start(victim);
  });
});
