/** What scripts get that were written for fail2ban-client: its shapes byte by byte (as version 1.0.2 prints them), its exit codes, its words. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { asFail2ban } from '../../src/faces/bans-commands.ts';
import { called } from '../../src/faces/bans-fail2ban-call.ts';
import { banned, HandOfTests, SINCE } from './bans-hand.ts';

let folder: string;
let hand: HandOfTests;
let out: string;
let err: string;

beforeEach(async () => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-f2b-'));
  hand = await HandOfTests.at(path.join(folder, 'hand.sock'));
});
afterEach(async () => {
  await hand.close();
  fs.rmSync(folder, { recursive: true });
});

const tellers = {
  out: (text: string) => {
    out += text;
  },
  err: (text: string) => {
    err += text;
  },
};

async function client(...words: string[]): Promise<readonly [number, string]> {
  out = '';
  err = '';
  const status = await called(['--hand', path.join(folder, 'hand.sock'), ...words], '0.1.0', tellers);
  return [status, out];
}

describe('fail2ban-client', () => {
  it('answers ping, version and reload', async () => {
    expect(await client('ping')).toEqual([0, 'Server replied: pong\n']);
    expect(await client('version')).toEqual([0, '0.1.0\n']);
    expect(await client('-V')).toEqual([0, '0.1.0\n']);
    expect(await client('reload')).toEqual([0, 'OK\n']);
    expect(await client('reload', 'nowhere')).toEqual([255, "Sorry but the jail 'nowhere' does not exist\n"]);
  });

  it('does not start a hand to answer ping', async () => {
    out = '';
    err = '';
    expect(await called(['--hand', path.join(folder, 'gone'), 'ping'], '0', tellers)).toBe(255);
    expect(out).toBe('');
    expect(err).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} fail2ban {16}\[\d+\]: ERROR {3}Failed to access the socket/);
  });

  it('tells jails and bans in its trees', async () => {
    expect(await client('status')).toEqual([0, 'Status\n|- Number of jail:\t1\n`- Jail list:\ttocsin\n']);
    hand.bans = [banned('203.0.113.9'), banned('2001:db8::/48', { decision: 'JAIL/sshd/4711-1' }), banned('203.0.113.10')];
    expect(await client('status')).toEqual([0, 'Status\n|- Number of jail:\t2\n`- Jail list:\tsshd, tocsin\n']);
    expect(await client('status', 'tocsin')).toEqual([
      0,
      'Status for the jail: tocsin\n|- Filter\n|  |- Currently failed:\t0\n|  |- Total failed:\t0\n|  `- File list:\t\n`- Actions\n' +
        '   |- Currently banned:\t2\n   |- Total banned:\t2\n   `- Banned IP list:\t203.0.113.9 203.0.113.10\n',
    ]);
    expect((await client('status', 'sshd'))[1]).toContain('   `- Banned IP list:\t2001:db8::/48\n');
    expect((await client('status', 'sshd', 'short'))[1]).toMatch(/ {3}`- Total banned:\t1\n$/);
    expect(await client('status', 'nginx')).toEqual([255, "Sorry but the jail 'nginx' does not exist\n"]);
    expect(err).toContain(`ERROR   NOK: ("Sorry but`);
  });

  it('tells who is banned in the forms of Python, a network holding its addresses', async () => {
    hand.bans = [banned('203.0.113.9'), banned('198.51.100.0/24', { decision: 'JAIL/sshd/1' })];
    expect(await client('banned')).toEqual([0, "[{'sshd': ['198.51.100.0/24']}, {'tocsin': ['203.0.113.9']}]\n"]);
    expect(await client('banned', '203.0.113.9', '198.51.100.7', '1.2.3.4')).toEqual([0, "[['tocsin'], ['sshd'], []]\n"]);
    expect(await client('get', 'tocsin', 'banip')).toEqual([0, '203.0.113.9\n']);
    expect(await client('get', 'sshd', 'banned', '198.51.100.7')).toEqual([0, '1\n']);
    expect(await client('get', 'sshd', 'banned', '203.0.113.9')).toEqual([0, '0\n']);
    expect(await client('get', 'tocsin', 'banned')).toEqual([0, "['203.0.113.9']\n"]);
    expect(await client('get', 'tocsin', 'banip', '--with-time')).toEqual([0, '203.0.113.9 \t2026-03-03 09:40:00 + 3600 = 2026-03-03 10:40:00\n']);
    hand.bans = [banned('203.0.113.9', { untilMs: null, since: SINCE }), banned('203.0.113.10')];
    expect(await client('get', 'tocsin', 'banip', ',')).toEqual([0, '203.0.113.9,203.0.113.10\n']);
    expect((await client('get', 'tocsin', 'banip', '--with-time'))[1]).toMatch(/^203\.0\.113\.9 \t2026-03-03 09:40:00 \+ -1 = 9999-12-31 23:59:59\n/);
  });

  it('bans and unbans, and answers with how many it changed', async () => {
    expect(await client('set', 'tocsin', 'banip', '203.0.113.9', '203.0.113.10')).toEqual([0, '2\n']);
    expect(hand.orders[0]).toMatchObject({ verb: 'ban', decision: 'by-hand' });
    expect(await client('set', 'tocsin', 'banip', '203.0.113.9')).toEqual([0, '0\n']);
    expect(await client('set', 'tocsin', 'unbanip', '203.0.113.9', '1.2.3.4')).toEqual([0, '1\n']);
    expect(await client('set', 'tocsin', 'unbanip', '--report-absent', '1.2.3.4')).toEqual([255, "not banned: ['1.2.3.4']\n"]);
    expect(await client('unban', '203.0.113.10', '1.2.3.4')).toEqual([0, '1\n']);
    hand.bans = [banned('203.0.113.9'), banned('2001:db8::/48')];
    expect(await client('unban', '--all')).toEqual([0, '2\n']);
    expect(await client('unban', '--all')).toEqual([0, '0\n']);
    expect(await client('unban')).toEqual([255, 'Invalid command\n']);
  });

  it('keeps to the jail: bans in it carry its name, and those of another stay', async () => {
    hand.bans = [banned('203.0.113.9'), banned('198.51.100.7', { decision: 'JAIL/sshd/1' })];
    expect(await client('set', 'sshd', 'banip', '203.0.113.77')).toEqual([0, '1\n']);
    expect(hand.bans[2]?.decision).toBe('JAIL/sshd/by-hand');
    expect(await client('set', 'sshd', 'unbanip', '203.0.113.9')).toEqual([0, '0\n']);
    expect(await client('set', 'tocsin', 'unbanip', '198.51.100.7')).toEqual([0, '0\n']);
    expect(hand.bans).toHaveLength(3);
    expect(await client('set', 'nginx', 'banip', '203.0.113.78')).toEqual([255, "Sorry but the jail 'nginx' does not exist\n"]);
    expect(await client('reload', '--unban', 'sshd')).toEqual([0, 'OK\n']);
    expect(hand.bans.map(({ net }) => net)).toEqual(['203.0.113.9']);
  });

  it.each(["JAIL/a'b/1", 'JAIL/a\u001b/1', 'JAIL//1', 'JAIL/x', '4711-1', 'a/b'])('takes %j for no jail', async (decision) => {
    hand.bans = [banned('203.0.113.9', { decision })];
    expect(await client('banned')).toEqual([0, "[{'tocsin': ['203.0.113.9']}]\n"]);
  });

  it('says what the hand refused, and bans nothing that is no address', async () => {
    expect(await client('set', 'tocsin', 'banip', '127.0.0.1', '203.0.113.9')).toEqual([255, '1\n']);
    expect(err).toContain('127.0.0.1 was not banned: it is loopback.');
    const before = hand.orders.length;
    expect((await client('set', 'tocsin', 'banip', '203.0.113.11', '--help'))[0]).toBe(255);
    expect(err).toContain('--help is no address');
    expect(hand.orders).toHaveLength(before);
  });

  it('keeps the list of who is allowed', async () => {
    expect(await client('get', 'tocsin', 'ignoreip')).toEqual([0, 'No IP address/network is ignored\n']);
    expect(await client('set', 'tocsin', 'addignoreip', '192.0.2.1', '192.0.2.2')).toEqual([
      0,
      'These IP addresses/networks are ignored:\n|- 192.0.2.1\n`- 192.0.2.2\n',
    ]);
    expect((await client('set', 'tocsin', 'delignoreip', '192.0.2.1'))[1]).toBe('These IP addresses/networks are ignored:\n`- 192.0.2.2\n');
  });

  it.each([
    [['nonsense'], 'Invalid command\n'],
    [['set', 'tocsin', 'bantime', '600'], "Invalid command 'bantime' (no set action or not yet implemented)\n"],
    [['get', 'tocsin', 'failregex'], 'Invalid command (no get action or not yet implemented)\n'],
    [['status', 'tocsin', 'a', 'b'], 'Invalid command (no status)\n'],
    [['constructor'], 'Invalid command\n'],
    [['__proto__'], 'Invalid command\n'],
    [['status', '__proto__'], "Sorry but the jail '__proto__' does not exist\n"],
  ])('ends %j as an invalid command', async (words, says) => expect(await client(...words)).toEqual([255, says]));

  it('takes the options that scripts give', async () => {
    expect((await client('-q', '-s', '/run/fail2ban/fail2ban.sock', '--timeout=3', '--conf', '/etc/x', 'ping'))[0]).toBe(0);
    expect((await client('--unheard'))[0]).toBe(255);
    expect((await client('--help'))[1]).toMatch(/^Usage: /);
    expect((await client())[0]).toBe(255);
  });

  it('is reached by its word only', async () => {
    expect(await asFail2ban(['bans'], '1')).toBeNull();
  });
});
