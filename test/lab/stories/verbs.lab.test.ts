/** The verbs by which a person uses bans, live: with a hand of one call, with the hand of a watch, and beside fail2ban's own client. */

import * as fs from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answers, elements } from '../hand.ts';
import { LabHost } from '../host.ts';
import { Street } from '../network.ts';
import { tocsin } from '../product.ts';

const VICTIM = '10.77.1.10';
const OUTSIDE = '10.77.2.10';
const BANNED = '203.0.113.9';
const LEDGER = '/var/lib/tocsin/hand/ledger';

describe('the verbs for bans', () => {
  let street: Street;
  let host: LabHost;
  let outside: LabHost;
  const said = async (...words: string[]) => tocsin(host, words);
  const json = async (...words: string[]) => JSON.parse((await said(...words, '--json')).out);
  const nets = async () => (await json('bans')).bans.map(({ net }: { net: string }) => net).sort();
  const ledger = () => (fs.existsSync(host.inside(LEDGER)) ? host.read(LEDGER) : null);

  beforeAll(async () => {
    [street, host, outside] = await Promise.all([Street.lay(), LabHost.start('verbs'), LabHost.start('verbs-outside')]);
    await street.join(host, { address: VICTIM });
    await street.join(outside, { address: OUTSIDE, also: [BANNED] });
    host.write('/etc/tocsin/never-harm', '# ours\n192.0.2.77\n');
  }, 60_000);
  afterAll(async () => Promise.all([host?.stop(), outside?.stop(), street?.stop()]));

  it('changes nothing when it is only asked', async () => {
    expect(await said('status')).toMatchObject({ status: 1, out: expect.stringContaining('has no table inet tocsin') });
    expect(await said('bans')).toMatchObject({ status: 0, out: 'nobody is banned\n' });
    expect(await said('why', BANNED)).toMatchObject({ status: 0, out: expect.stringContaining(`${BANNED} is not banned`) });
    expect((await said('fail2ban-client', 'status')).status).toBe(0);
    expect(await host.must(['nft', 'list', 'ruleset'])).not.toContain('tocsin');
    expect(ledger()).toBeNull();
  });

  it('bans without any daemon, tells why and what was stopped, and lets in again', async () => {
    expect(await answers(outside, 'tcp', BANNED, VICTIM)).toBe(true);
    expect(await said('ban', BANNED, '--for', '2h', '--because', 'spam')).toMatchObject({
      status: 0,
      out: expect.stringContaining(`banned ${BANNED} until`),
    });
    expect(await answers(outside, 'tcp', BANNED, VICTIM)).toBe(false);
    expect(await answers(outside, 'tcp', OUTSIDE, VICTIM)).toBe(true);
    const [told] = (await json('bans', BANNED)).bans;
    expect(told).toMatchObject({ net: BANNED, because: 'spam', decision: 'by-hand' });
    expect(told.packets).toBeGreaterThan(0);
    expect((await said('why', BANNED)).out).toMatch(
      /is banned\n {2}by {7}itself, since [\s\S]*because {2}spam[\s\S]*its packets are dropped \(set ban4\)/,
    );
    expect(await json('status')).toMatchObject({ hand: { running: false }, kernel: { table: true }, bans: { bans: 1 } });
    expect(await said('unban', BANNED)).toMatchObject({ status: 0, out: `unbanned ${BANNED}\n` });
    expect(await answers(outside, 'tcp', BANNED, VICTIM)).toBe(true);
    expect(await nets()).toEqual([]);
  });

  it('refuses with the sentence of the hand, and tells the same when asked before', async () => {
    const before = ledger();
    for (const [net, reason] of [
      ['192.0.2.77', 'it is on your never-harm list (/etc/tocsin/never-harm, line 2)'],
      [VICTIM, 'it is an address of this machine'],
    ] as const) {
      expect(await said('ban', net)).toMatchObject({ status: 1, err: `tocsin: ${net} was not banned: ${reason}.\n` });
      expect((await json('why', net)).order).toEqual({ be: 'refused', says: reason });
    }
    expect((await json('why', '198.51.100.7')).order).toEqual({ be: 'done' });
    expect((await json('why', '198.18.0.0/20')).order).toEqual({ be: 'wide' });
    expect((await said('ban', '198.18.0.0/20')).status).toBe(1);
    expect(ledger()).toBe(before);
    expect(await nets()).toEqual([]);
    expect(await host.run(['/opt/tocsin/bin/tocsin', 'ban', BANNED], { user: 'nobody' })).toMatchObject({ status: 2, out: '' });
  });

  it('lets in who is allowed, and bans them no more', async () => {
    await said('ban', '203.0.113.0/24');
    expect(await answers(outside, 'tcp', BANNED, VICTIM)).toBe(false);
    expect((await said('allow', BANNED, '--because', 'the office')).status).toBe(0);
    expect(await answers(outside, 'tcp', BANNED, VICTIM)).toBe(true);
    expect((await said('why', BANNED)).out).toMatch(
      /is banned, but let in[\s\S]*by {7}203\.0\.113\.0\/24[\s\S]*the office[\s\S]*are let in \(set allow4\)/,
    );
    expect((await said('ban', BANNED)).status).toBe(1);
    expect((await said('allow', '--remove', BANNED)).status).toBe(0);
    expect(await answers(outside, 'tcp', BANNED, VICTIM)).toBe(false);
    expect(await said('unban', '--all')).toMatchObject({ status: 0, out: '1 ban lifted\n' });
    expect(await elements(host, 'net4')).toEqual([]);
  });

  it('serves many calls at once, one after the other', async () => {
    const many = Array.from({ length: 12 }, (_, at) => `198.51.100.${at + 1}`);
    const all = await Promise.all(many.map((net) => said('ban', net)));
    expect(all.map(({ status, err }) => `${status}${err}`)).toEqual(many.map(() => '0'));
    expect(await nets()).toEqual([...many].sort());
    expect(await elements(host, 'ban4')).toEqual([...many].sort());
    expect((await said('unban', ...many)).status).toBe(0);
  });

  it('waits for another hand that is about to end, and says who holds the ledger when it does not', async () => {
    const hold = (seconds: number) => host.spawn(['bash', '-c', `sleep ${seconds} | exec /opt/tocsin/bin/tocsin-hand --stdio`]);
    const held = () => host.until('the ledger to be held', async () => (await host.run(['pgrep', '-f', 'tocsin-hand --stdio'])).status === 0);
    hold(3);
    await held();
    expect(await said('ban', BANNED)).toMatchObject({ status: 0, err: '' });
    hold(15);
    await held();
    expect(await said('unban', BANNED)).toMatchObject({ status: 2, err: expect.stringMatching(/Another hand \(process \d+\) holds/) });
    await host.must(['kill', host.read('/var/lib/tocsin/hand/held-by').split(' ', 1)[0] ?? '']);
    expect((await said('unban', BANNED)).status).toBe(0);
  });

  it('takes and gives back a list of thousands', async () => {
    const list = Array.from({ length: 20_000 }, (_, at) => `198.18.${at >> 8}.${at & 255}`);
    expect((await tocsin(host, ['ban', '-', '--because', 'a list'], { input: list.join('\n') })).status).toBe(0);
    expect(await nets()).toEqual([...list].sort());
    expect((await said('bans', '198.18.1.1')).out.split('\n')).toHaveLength(4);
    expect((await said('unban', '--all')).out).toBe('20,000 bans lifted\n');
    expect(await elements(host, 'ban4')).toEqual([]);
  });

  it('finds the hand of a running watch, and no second one is started beside it', async () => {
    host.write('/var/log/auth.log', '');
    host.spawn(['/opt/tocsin/bin/tocsin', 'watch', '--mode', 'act']);
    await host.until('the watch and its hand', async () => (await said('status')).status === 0);
    expect(await json('status')).toMatchObject({ hand: { running: true }, watch: [{ acts: true }], kernel: { table: true } });
    expect(await said('fail2ban-client', 'ping')).toMatchObject({ status: 0, out: 'Server replied: pong\n' });
    expect((await said('ban', BANNED)).status).toBe(0);
    expect(await answers(outside, 'tcp', BANNED, VICTIM)).toBe(false);
    expect((await host.run(['pgrep', '-fc', 'bin/tocsin-hand --'])).out).toBe('1\n');
    const many = Array.from({ length: 20 }, (_, at) => `198.51.100.${at + 1}`);
    const all = await Promise.all(many.map((net) => said('ban', net)));
    expect(all.map(({ status, err }) => `${status}${err}`)).toEqual(many.map(() => '0'));
    expect((await said('fail2ban-client', 'unban', '--all')).out).toBe('21\n');
    expect(await answers(outside, 'tcp', BANNED, VICTIM)).toBe(true);
  });

  it('answers scripts as fail2ban-client itself does', async () => {
    const asked = [
      ['ping'],
      ['status'],
      ['set', 'tocsin', 'banip', BANNED, '2001:db8:9::1'],
      ['set', 'tocsin', 'banip', '2001:db8:9::1'],
      ['status', 'tocsin'],
      ['status', 'tocsin', 'short'],
      ['status', 'nowhere'],
      ['banned'],
      ['banned', BANNED, '198.51.100.7'],
      ['get', 'tocsin', 'banned'],
      ['get', 'tocsin', 'banned', BANNED],
      ['get', 'tocsin', 'ignoreip'],
      ['set', 'tocsin', 'unbanip', BANNED],
      ['set', 'tocsin', 'unbanip', '--report-absent', BANNED],
      ['get', 'tocsin', 'banip'],
      ['set', 'tocsin', 'addignoreip', '198.51.100.8'],
      ['unban', BANNED, '2001:db8:9::1'],
      ['unban', '--all'],
      ['unban'],
      ['set', 'nowhere', 'banip', BANNED],
      ['set', 'tocsin', 'nonsense', '1'],
      ['get', 'tocsin', 'nonsense'],
      ['reload'],
      ['nonsense'],
    ];
    host.write('/tmp/f2b/fail2ban.conf', CONF);
    host.write('/tmp/f2b/jail.conf', '[DEFAULT]\n[tocsin]\nenabled = true\nbackend = polling\nfilter = x\nlogpath = /tmp/f2b/empty\nbantime = 600\n');
    host.write('/tmp/f2b/filter.d/x.conf', '[Definition]\nfailregex = ^ bad <HOST>$\n');
    host.write('/tmp/f2b/empty', '');
    const theirs = ['fail2ban-client', '-c', '/tmp/f2b', '-s', '/tmp/f2b/sock', '-p', '/tmp/f2b/pid'];
    await host.must([...theirs, 'start']);
    await host.must(['ln', '-s', '/opt/tocsin/bin/tocsin', '/tmp/f2b/fail2ban-client']);
    for (const words of asked) {
      const its = await host.run([...theirs, ...words]);
      const ours = await host.run(['/tmp/f2b/fail2ban-client', ...words], {
        environment: { PATH: `${process.execPath.replace(/\/node$/, '')}:/usr/sbin:/usr/bin:/sbin:/bin` },
      });
      expect({ words, status: ours.status, out: known(ours.out) }).toEqual({ words, status: its.status, out: known(its.out) });
    }
    await host.run([...theirs, 'stop']);
  });
});

/** fail2ban remembers how many it has banned since its start, here it is as many as are banned; and its jail has a file. */
function known(out: string): string {
  return out.replace(/(Total banned:\t)\d+/, '$1N').replace('/tmp/f2b/empty', '');
}

const CONF = `[Definition]
loglevel = INFO
logtarget = /tmp/f2b/log
syslogsocket = auto
socket = /tmp/f2b/sock
pidfile = /tmp/f2b/pid
dbfile = None
dbpurgeage = 1d
dbmaxmatches = 10
[Thread]
`;
