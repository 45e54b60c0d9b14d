/** The verbs for bans: what they order, what they show, and how they end. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { netOf, netText } from '../../src/core/nets.ts';
import { allow } from '../../src/faces/bans-allow.ts';
import { ban } from '../../src/faces/bans-ban.ts';
import { wordsOf } from '../../src/faces/bans-commands.ts';
import { runningHand } from '../../src/faces/bans-door.ts';
import { countedIn, setsOf } from '../../src/faces/bans-kernel.ts';
import { about, bans, sized, sorted } from '../../src/faces/bans-list.ts';
import { watching } from '../../src/faces/bans-running.ts';
import { stateText, status } from '../../src/faces/bans-status.ts';
import { unban } from '../../src/faces/bans-unban.ts';
import { type Answer, aboutNet, answerText, trialOf, why } from '../../src/faces/bans-why.ts';
import { netsOf, untilOf, whoOrders } from '../../src/faces/bans-words.ts';
import { colours } from '../../src/faces/colours.ts';
import { banned, HandOfTests, SINCE } from './bans-hand.ts';

let folder: string;
let hand: HandOfTests;
let door: { hand: string; state: string };
let out: string;
let err: string;
const sheet = {
  out: (text: string) => {
    out += text;
  },
  err: (text: string) => {
    err += text;
  },
  paint: colours(false),
  width: null,
};

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-bans-'));
  door = { hand: path.join(folder, 'hand.sock'), state: path.join(folder, 'hand') };
  hand = await HandOfTests.at(door.hand);
  out = '';
  err = '';
});
afterEach(async () => {
  await hand.close();
  fs.rmSync(folder, { recursive: true });
});

describe('ban', () => {
  it('orders canonical networks, each once, with reason, end and decision', async () => {
    const before = Date.now();
    expect(await ban(['203.0.113.9', '2001:DB8:0::/48', '203.0.113.9'], { ...door, for: '2h', because: 'spam' }, sheet)).toBe(0);
    expect(hand.orders.map((order) => 'net' in order && order.net)).toEqual(['203.0.113.9', '2001:db8::/48']);
    const [first] = hand.orders;
    expect(first).toMatchObject({ verb: 'ban', because: 'spam', decision: 'by-hand' });
    const until = first?.verb === 'ban' ? (first.untilMs ?? 0) : 0;
    expect(until).toBeGreaterThanOrEqual(before + 7_200_000);
    expect(until).toBeLessThan(before + 7_260_000);
    expect(out).toMatch(/^banned 203\.0\.113\.9 until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC\nbanned 2001:db8::\/48 until .*\n$/);
  });

  it('tells every answer, and ends with 1 where one was refused', async () => {
    hand.bans = [banned('203.0.113.7')];
    expect(await ban(['127.0.0.1', '203.0.113.7', '203.0.113.8'], { ...door, for: 'ever' }, sheet)).toBe(1);
    expect(out).toBe('203.0.113.7 is banned already.\nbanned 203.0.113.8 until it is unbanned\n');
    expect(err).toBe('tocsin: 127.0.0.1 was not banned: it is loopback.\ntocsin: 1 order of 3 was not carried out\n');
    out = '';
    expect(await ban(['127.0.0.1'], { ...door, for: 'ever', json: true }, sheet)).toBe(1);
    expect(JSON.parse(out)).toEqual({
      receipts: [{ verb: 'ban', net: '127.0.0.1', state: 'refused', says: '127.0.0.1 was not banned: it is loopback.' }],
    });
  });

  it('says "wide" only when told to', async () => {
    expect(await ban(['198.18.0.0/20'], { ...door, for: '1d' }, sheet)).toBe(1);
    expect(await ban(['198.18.0.0/20'], { ...door, for: '1d', wide: true }, sheet)).toBe(0);
    expect(hand.bans.map(({ net }) => net)).toEqual(['198.18.0.0/20']);
  });

  it('orders nothing when one of the words is no address', async () => {
    await expect(ban(['203.0.113.9', 'example.org'], { ...door, for: '1d' }, sheet)).rejects.toThrow(/^example\.org is no address/);
    await expect(ban(['203.0.113.9/24'], { ...door, for: '1d' }, sheet)).rejects.toThrow('write 203.0.113.0/24');
    await expect(ban(['203.0.113.9'], { ...door, for: 'soon' }, sheet)).rejects.toThrow('no span of time');
    await expect(ban(['203.0.113.9'], { ...door, for: '1d', because: 'x'.repeat(501) }, sheet)).rejects.toThrow('500 characters');
    expect(hand.orders).toEqual([]);
  });

  it('sends long lists in parts, and gets all receipts', async () => {
    const nets = Array.from({ length: 25_001 }, (_, at) => `203.${at >> 16}.${(at >> 8) & 255}.${at & 255}`);
    expect(await ban(nets, { ...door, for: '1d', json: true }, sheet)).toBe(0);
    expect(JSON.parse(out).receipts).toHaveLength(25_001);
    expect(hand.bans).toHaveLength(25_001);
  });

  it('comes again while the hand has no room, and says when it dies before it has answered', async () => {
    hand.busy = 3;
    expect(await ban(['203.0.113.9'], { ...door, for: '1d' }, sheet)).toBe(0);
    hand.dies = true;
    await expect(ban(['203.0.113.10'], { ...door, for: '1d' }, sheet)).rejects.toThrow('the hand did not answer');
  });

  it('says what to do where no hand answers', async () => {
    const gone = { hand: path.join(folder, 'gone.sock'), state: door.state };
    const error = await ban(['203.0.113.9'], { ...gone, for: '1d' }, sheet).catch((fault: unknown) => fault);
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({ message: expect.stringContaining('no hand answers'), next: expect.stringContaining('--hand') });
  });
});

describe('the words', () => {
  it('reads standard input with comments, and refuses what is empty', () => {
    expect(netsOf(['-'], () => '# list\n203.0.113.9  # why\n\n 2001:db8::1\n')).toEqual(['203.0.113.9', '2001:db8::1']);
    expect(() => netsOf(['-'], () => '# nothing\n')).toThrow('no address');
    expect(() => netsOf(['-'], () => '203.0.113.9\n\u001b[2J\n')).toThrow('"\\x1b[2J" is no address');
  });

  it.each([
    ['90m', 5_400_000],
    ['10min', 600_000],
    ['45s', 45_000],
    ['2w', 1_209_600_000],
  ])('reads %s', (word, span) => expect(untilOf(word, 1000)).toBe(1000 + span));

  it('reads no span that is none', () => {
    expect(untilOf('ever', 1)).toBeNull();
    for (const word of ['0h', '-1h', '1', 'h', '1h30m', '1y', '9999999d', '']) expect(() => untilOf(word, 1)).toThrow(UserError);
  });

  it('names who stands behind sudo, if that can be a name', () => {
    expect(whoOrders({ SUDO_USER: 'alice' })).toBe('alice');
    expect(whoOrders({ SUDO_USER: 'a\nb' })).toBe(os.userInfo().username);
  });

  it('knows the name that a link gave the program', () => {
    expect(wordsOf(['node', '/usr/bin/fail2ban-client', 'status'])).toEqual(['fail2ban-client', 'status']);
    expect(wordsOf(['node', '/usr/bin/tocsin', 'bans'])).toEqual(['bans']);
  });
});

describe('unban and allow', () => {
  it('unbans everybody, and only them', async () => {
    hand.bans = [banned('203.0.113.7'), banned('2001:db8::/48'), banned('203.0.113.8', { lingers: true, decision: '' })];
    expect(await unban([], { ...door, all: true }, sheet)).toBe(0);
    expect(out).toBe('3 bans lifted\n');
    expect(hand.bans).toEqual([]);
    out = '';
    expect(await unban([], { ...door, all: true }, sheet)).toBe(0);
    expect(out).toBe('nobody was banned\n');
  });

  it('unbans none without a word', async () => {
    hand.bans = [banned('203.0.113.7')];
    await expect(unban([], door, sheet)).rejects.toThrow('no address');
    await expect(unban(['203.0.113.7'], { ...door, all: true }, sheet)).rejects.toThrow('do not go together');
    expect(hand.bans).toHaveLength(1);
    expect(await unban(['203.0.113.7'], door, sheet)).toBe(0);
    expect(out).toBe('unbanned 203.0.113.7\n');
  });

  it('allows, tells who is allowed, and takes them from the list', async () => {
    expect(await allow(['198.51.100.0/24'], { ...door, for: 'ever', because: 'the \u001b[31moffice' }, sheet)).toBe(0);
    expect(await allow([], { ...door, for: 'ever' }, sheet)).toBe(0);
    expect(out).toBe('allowed 198.51.100.0/24 until that is removed\n198.51.100.0/24  ever  the \\x1b[31moffice\n');
    out = '';
    await allow([], { ...door, for: 'ever', json: true }, sheet);
    expect(JSON.parse(out)).toEqual({ allows: [{ net: '198.51.100.0/24', because: 'the \u001b[31moffice', until: null }] });
    expect(await allow(['198.51.100.0/24'], { ...door, for: 'ever', remove: true }, sheet)).toBe(0);
    expect(hand.allows).toEqual([]);
  });
});

describe('bans', () => {
  const four = [
    banned('203.0.113.7', { since: SINCE + 1000, packets: 1_234_567, bytes: 98_765_432, because: 'mail guessing' }),
    banned('9.9.9.0/24', { leftMs: null, untilMs: null }),
    banned('2001:db8::/48', { leftMs: 30_000, decision: 'sshd/7' }),
    banned('203.0.113.0/24', { since: SINCE - 1000, packets: 0, bytes: 0 }),
  ];
  const order = (by: 'net' | 'since' | 'left' | 'packets') => sorted(four, by).map(({ net }) => net);

  it('sorts by number, not by letters', () => {
    expect(order('net')).toEqual(['9.9.9.0/24', '203.0.113.0/24', '203.0.113.7', '2001:db8::/48']);
    expect(order('since')).toEqual(['203.0.113.7', '9.9.9.0/24', '2001:db8::/48', '203.0.113.0/24']);
    expect(order('left')).toEqual(['2001:db8::/48', '203.0.113.7', '203.0.113.0/24', '9.9.9.0/24']);
    expect(order('packets')[0]).toBe('203.0.113.7');
    expect(order('packets')[3]).toBe('203.0.113.0/24');
  });

  it.each([
    ['203.0.113.7', ['203.0.113.7', '203.0.113.0/24']],
    ['203.0.113.9', ['203.0.113.0/24']],
    ['203.0.0.0/16', ['203.0.113.7', '203.0.113.0/24']],
    ['MAIL', ['203.0.113.7']],
    ['sshd/', ['2001:db8::/48']],
    ['203.0.113.', ['203.0.113.7', '203.0.113.0/24']],
    ['192.0.2.1', []],
  ])('finds by %s', (word, nets) => expect(four.filter(about(word)).map(({ net }) => net)).toEqual(nets));

  it('lays a table that fits the terminal, with nothing in it that a terminal obeys', async () => {
    hand.bans = [...four, banned('203.0.113.66', { because: `x\u001b[2J${'y'.repeat(300)}` })];
    expect(await bans(undefined, { ...door, sort: 'net' }, { ...sheet, width: 100 })).toBe(0);
    const lines = out.trimEnd().split('\n');
    expect(lines).toHaveLength(7);
    expect(lines[0]).toBe('BANNED          SINCE (UTC)            LEFT    PACKETS    BYTES  BECAUSE');
    expect(lines[3]).toBe('203.0.113.7     2026-03-03 09:40:01  30 min  1,234,567  98.8 MB  mail guessing');
    expect(Math.max(...lines.map((line) => line.length))).toBe(100);
    expect(lines[4]).toMatch(/x\\x1b\[2Jy+…$/);
    expect(lines[6]).toBe('5 bans, 1,234,576 packets stopped');
  });

  it('gives JSON with times that programs read, and an empty list where nobody is banned', async () => {
    await bans(undefined, { ...door, sort: 'net', json: true }, sheet);
    expect(JSON.parse(out)).toEqual({ bans: [] });
    out = '';
    hand.bans = [banned('9.9.9.9', { untilMs: null, leftMs: null })];
    await bans(undefined, { ...door, sort: 'net', json: true }, sheet);
    expect(JSON.parse(out).bans).toEqual([
      {
        net: '9.9.9.9',
        since: '2026-03-03T09:40:00.000Z',
        until: null,
        leftMs: null,
        because: 'guessed passwords',
        decision: 'd1',
        packets: 3,
        bytes: 180,
      },
    ]);
  });

  it('says when nobody is banned, and when none is about the word', async () => {
    await bans('x', { ...door, sort: 'net' }, sheet);
    hand.bans = [banned('9.9.9.9')];
    await bans('zz\u001b', { ...door, sort: 'net' }, sheet);
    expect(out).toBe('nobody is banned\nnone of 1 ban is about zz\\x1b\n');
  });

  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [999_499, '999 kB'],
    [999_500, '1.0 MB'],
    [123_456, '123 kB'],
    [5e18, '5000 PB'],
  ])('tells %i bytes', (bytes, text) => expect(sized(bytes)).toBe(text));
});

describe('why', () => {
  const net = (text: string) => {
    const read = netOf(text);
    if (typeof read === 'string') throw new Error(read);
    return read;
  };
  const over = (text: string) => `${text} was not banned: the end of its time has passed already; look at the clock of this machine.`;
  const kernel = (...sets: { set: string; does: 'let in' | 'dropped' }[]) => ({ table: true, sets });
  const answerOf = (
    its: ReturnType<typeof net>,
    told: ReturnType<typeof list>,
    may: Answer['may'],
    says: Answer['kernel'],
    before: Answer['before'],
  ) => {
    return { net: netText(its), ...aboutNet(its, told), may, kernel: says, before };
  };
  const list = (more: object) => ({ verb: 'list' as const, state: 'done' as const, bans: [], allows: [], ...more });

  it('orders only what is over since 1970, so that nothing can come of it', async () => {
    expect(await why('203.0.113.9', door, sheet)).toBe(0);
    expect(hand.orders.map((order) => order.verb === 'ban' && order.untilMs)).toEqual([0, 0]);
    expect(hand.bans).toEqual([]);
    expect(out).toMatch(/^203\.0\.113\.9 is not banned\nan order to ban it would be carried out/);
  });

  it('tells what the hand would say to an order', async () => {
    await why('127.0.0.1', { ...door, json: true }, sheet);
    expect(JSON.parse(out)).toMatchObject({ net: '127.0.0.1', banned: false, order: { be: 'refused', says: 'it is loopback' } });
    out = '';
    await why('198.18.0.0/20', { ...door, json: true }, sheet);
    expect(JSON.parse(out).order).toEqual({ be: 'wide' });
  });

  it('names the ban around it, narrowest first, and what the kernel does', () => {
    const told = list({ bans: [banned('203.0.0.0/16'), banned('203.0.113.0/24', { because: 'a net of them' }), banned('198.51.100.7')] });
    const text = answerText(answerOf(net('203.0.113.9'), told, { be: 'done' }, kernel({ set: 'net4', does: 'dropped' }), null), colours(false));
    expect(text.split('\n').slice(0, 3)).toEqual([
      '203.0.113.9 is banned',
      '  by       203.0.113.0/24, since 2026-03-03 09:40:00 UTC, until 2026-03-03 10:40:00 UTC, 30 min left',
      '  because  a net of them',
    ]);
    expect(text).toContain('by       203.0.0.0/16');
    expect(text).not.toContain('198.51.100.7');
    expect(text).toContain('its packets are dropped (set net4)');
  });

  it('says that it is let in all the same when it is allowed as a whole, and not when only a part is', () => {
    const told = (allowed: string) => list({ bans: [banned('203.0.113.0/24')], allows: [{ net: allowed, untilMs: null, because: 'office' }] });
    const text = (allowed: string) => answerText(answerOf(net('203.0.113.0/25'), told(allowed), { be: 'done' }, kernel(), null), colours(false));
    expect(text('203.0.113.0/24')).toMatch(/is banned, but let in[\s\S]*allowed: 203\.0\.113\.0\/24 is let in[\s\S]*nothing there is about it\n$/);
    expect(text('203.0.113.1')).toMatch(/^203\.0\.113\.0\/25 is banned\n[\s\S]*it is not stopped/);
  });

  it('tells parts of a network, and that a kernel without the table stops nothing', () => {
    const parts = Array.from({ length: 7 }, (_, at) => banned(`203.0.113.${at}`));
    const some = answerText(answerOf(net('203.0.113.0/24'), list({ bans: parts }), { be: 'done' }, { unseen: 'no root' }, null), colours(false));
    expect(some).toMatch(/is not banned as a whole, but 7 parts of it[\s\S]*and 2 more parts[\s\S]*not looked at, no root/);
    const none = answerOf(net('203.0.113.1'), list({ bans: parts }), { be: 'done' }, { table: false, sets: [] }, null);
    expect(answerText(none, colours(false))).toContain('so nothing is stopped');
  });

  it('asks the kernel only where the hand says that it should have it', () => {
    const lingers = banned('203.0.113.9', { lingers: true });
    expect(setsOf([banned('203.0.113.9'), banned('203.0.0.0/16')], [{ net: '203.0.113.9', untilMs: null, because: '' }])).toEqual([
      'allow4',
      'ban4',
      'net4',
    ]);
    expect(
      setsOf(
        ['2001:db8::1', '2001:db8::/64', '2001:db8::/48'].map((one) => banned(one)),
        [],
      ),
    ).toEqual(['ban6', 'half6', 'net6']);
    expect(setsOf([lingers], [])).toEqual(['again4']);
  });

  it('tells what watch remembers', () => {
    const before = { net: '203.0.113.9', count: 3, at: SINCE, untilMs: SINCE + 1000 };
    const text = answerText(answerOf(net('203.0.113.9'), list({}), { be: 'done' }, kernel(), before), colours(false));
    expect(text).toContain('tocsin watch decided 3 bans of it, the last at 2026-03-03 09:40:00 UTC');
  });

  it('reads the answers to the trial', () => {
    const said = (...words: string[]) => trialOf(words.map((says) => ({ verb: 'ban', state: 'refused', says })));
    expect(said(over('9.9.9.9'), over('9.9.9.9'))).toEqual({ be: 'done' });
    expect(said('9.9.9.9 was not banned: it is on your list (/etc/x, line 4).', over('9.9.9.9'))).toEqual({
      be: 'refused',
      says: 'it is on your list (/etc/x, line 4)',
    });
    expect(trialOf([])).toMatchObject({ be: 'unseen' });
  });
});

describe('status', () => {
  it('finds the hand of a watch by the name of its socket, and counts', async () => {
    const other = await HandOfTests.at(path.join(folder, 'hand-4711.sock'));
    await hand.close();
    const call = await runningHand(undefined, folder);
    expect(call?.door).toEqual({ is: 'socket', path: path.join(folder, 'hand-4711.sock') });
    await call?.end();
    await other.close();
    hand = await HandOfTests.at(door.hand);
  });

  it('tells the hand, its bans and what they stopped', async () => {
    hand.bans = [banned('203.0.113.7'), banned('203.0.113.8', { since: SINCE - 60_000 }), banned('203.0.113.9', { lingers: true, since: 1 })];
    hand.allows = [{ net: '10.0.0.0/8', untilMs: null, because: 'ours' }];
    await status({ ...door, json: true }, sheet);
    expect(JSON.parse(out)).toMatchObject({
      hand: { running: true, socket: door.hand },
      bans: { bans: 2, lingering: 1, allows: 1, packets: 9, bytes: 540, since: '2026-03-03T09:39:00.000Z' },
    });
  });

  it('counts what the kernel has where no hand tells, without what no packet comes from', () => {
    const counted = (val: unknown, packets: number) => ({ elem: { val, timeout: 5, counter: { packets, bytes: packets * 60 } } });
    const sets = [
      { name: 'ban4', elem: [counted('203.0.113.9', 3), counted('255.255.255.255', 0)] },
      { name: 'net4', elem: [counted({ prefix: { addr: '198.51.100.0', len: 24 } }, 4), counted({ range: ['11.0.0.1', '11.0.0.3'] }, 0)] },
      { name: 'half6', elem: [counted('ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 0)] },
      { name: 'allow4', elem: ['192.0.2.1', '255.255.255.255', { elem: { val: '192.0.2.2', timeout: 5 } }] },
      { name: 'again4', elem: [counted('203.0.113.77', 2)] },
      { name: 'turn', elem: [7] },
      { name: 'ban6' },
    ];
    expect(countedIn({ nftables: [{}, ...sets.map((set) => ({ set }))] })).toEqual({ bans: 3, allows: 2, lingering: 1, packets: 9, bytes: 540 });
  });

  it('is not well without a hand or without the table', async () => {
    expect(await status({ ...door, hand: path.join(folder, 'gone.sock') }, sheet)).toBe(1);
    expect(out).toMatch(/hand {4}not running/);
    const text = stateText({ hand: null, bans: null, kernel: { table: false, sets: [] }, watch: [{ pid: 7, acts: false }] }, colours(false));
    expect(text).toMatch(/running \(process 7\), tells only[\s\S]*has no table inet tocsin/);
  });

  it('knows a watch among other processes, and not its launcher', () => {
    const started = (pid: number, parent: number, ...words: string[]) => {
      fs.mkdirSync(path.join(folder, 'proc', `${pid}`), { recursive: true });
      fs.writeFileSync(path.join(folder, 'proc', `${pid}`, 'cmdline'), words.map((word) => `${word}\0`).join(''));
      fs.writeFileSync(path.join(folder, 'proc', `${pid}`, 'stat'), `${pid} (a) b) c) S ${parent} 1 1 0`);
    };
    started(10, 1, 'node', '/opt/tocsin/bin/tocsin', 'watch', '--mode', 'act');
    started(11, 10, 'node', '/opt/tocsin/bin/tocsin', 'watch', '--mode', 'act', '--state', '/x');
    started(12, 1, 'node', '/usr/bin/tocsin', 'investigate', 'watch');
    started(13, 1, 'vi', 'tocsin', 'watchman');
    started(14, 1, 'node', '/usr/bin/tocsin', 'watch');
    expect(watching(path.join(folder, 'proc'))).toEqual([
      { pid: 11, acts: true },
      { pid: 14, acts: false },
    ]);
  });
});
