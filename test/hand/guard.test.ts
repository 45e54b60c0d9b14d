/** Who is never banned. */

import { describe, expect, it } from 'vitest';
import { netOf } from '../../src/core/nets.ts';
import { gateways4, gateways6, resolvers, spared } from '../../src/hand/around.ts';
import { Guard } from '../../src/hand/guard.ts';
import { peersIn } from '../../src/hand/logged-in.ts';
import { neverHarm } from '../../src/hand/never-harm.ts';
import { socketsIn } from '../../src/hand/tcp.ts';

function net(text: string) {
  const read = netOf(text);
  if (typeof read === 'string') throw new Error(`${text} ${read}`);
  return read;
}

const guard = new Guard([
  ...spared(['192.0.2.5', '2001:db8:5::5'], 'an address of this machine'),
  ...spared(['192.0.2.1'], 'a gateway of this machine'),
  { net: net('198.51.100.0/24'), why: 'on your never-harm list (/etc/tocsin/never-harm, line 4)' },
  { net: net('198.51.100.7'), why: 'allowed' },
]);

describe('the guard', () => {
  it.each([
    ['192.0.2.5', 'it is an address of this machine'],
    ['192.0.2.0/24', 'it holds 192.0.2.1, which is a gateway of this machine'],
    ['198.51.100.9', 'it is on your never-harm list (/etc/tocsin/never-harm, line 4)'],
    ['198.51.100.128/25', 'it is on your never-harm list (/etc/tocsin/never-harm, line 4)'],
    ['2001:db8:5::/64', 'it holds 2001:db8:5::5, which is an address of this machine'],
    ['127.0.0.1', 'it is loopback'],
    ['127.9.0.0/24', 'it is loopback'],
    ['::1', 'it is loopback'],
    ['::ffff:127.0.0.1', 'it is loopback'],
    ['0.0.0.0', 'it is no address of a host'],
    ['224.0.0.251', 'it is a multicast address'],
    ['ff02::1', 'it is a multicast address'],
    ['255.255.255.255', 'it is the broadcast address'],
    ['169.254.1.1', 'it is link-local'],
    ['fe80::1', 'it is link-local'],
  ])('refuses %s', (text, why) => expect(guard.objection(net(text), true)).toBe(why));

  it.each(['203.0.113.9', '203.0.113.0/24', '192.0.2.6', '192.0.2.64/26', '2001:db8:6::/64', '2001:db8:7::/48', '10.1.2.3'])(
    'lets %s be banned',
    (text) => expect(guard.objection(net(text), false)).toBeNull(),
  );

  it.each([
    ['203.0.112.0/23', false, /wider than \/24/],
    ['203.0.112.0/23', true, null],
    ['203.0.0.0/16', true, null],
    ['202.0.0.0/15', true, /wider than \/16 is never/],
    ['0.0.0.0/0', true, /never/],
    ['2001:db9::/47', false, /wider than \/48/],
    ['2001:db9::/32', true, null],
    ['2001::/31', true, /never/],
    ['::/0', true, /never/],
  ])('measures the width of %s (asked for: %s)', (text, wide, why) => {
    const objection = guard.objection(net(text), wide);
    if (why === null) expect(objection).toBeNull();
    else expect(objection).toMatch(why);
  });
});

describe('what the guard goes by', () => {
  it('reads gateways of /proc/net/route and ipv6_route', () => {
    const four = 'Iface\tDestination\tGateway\tFlags\nlab0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\nlab0\t000200C0\t00000000\t0001\n';
    expect(gateways4(four)).toEqual(['192.0.2.1']);
    const zero = '0'.repeat(32);
    const six = `${zero} 00 ${zero} 00 20010db8000500000000000000000001 00000400 00000001 00000000 00000003 lab0\n${zero} 00 ${zero} 00 ${zero} ffffffff 1 0 0 lo\n`;
    expect(gateways6(six)).toEqual(['2001:db8:5::1']);
    expect([gateways4(null), gateways6(null)]).toEqual([[], []]);
  });

  it('reads resolvers, and no comment', () => {
    expect(resolvers('# nameserver 203.0.113.1\nnameserver 192.0.2.53\n nameserver   2001:db8::53%eth0\nsearch example.net\n')).toEqual([
      '192.0.2.53',
      '2001:db8::53%eth0',
    ]);
    expect(spared(['2001:db8::53%eth0'], 'x')).toHaveLength(1);
  });

  it('reads established and listening sockets of both families', () => {
    const text = [
      '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode',
      '   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 11 1',
      '   1: 050200C0:0016 097100CB:D431 01 00000000:00000000 00:00000000 00000000     0        0 12 1',
      '   2: 050200C0:0016 0A7100CB:D431 03 00000000:00000000 00:00000000 00000000     0        0 13 1',
      '   3: 0000000000000000FFFF0000050200C0:0016 0000000000000000FFFF0000097100CB:D431 01 0:0 0:0 0 0 0 14 1',
      '   4: B80D0120000000000000000005000000:0016 B80D0120000000000000000009000000:D431 01 0:0 0:0 0 0 0 15 1',
    ].join('\n');
    expect(socketsIn(text)).toEqual([
      { localPort: 22, peer: '0.0.0.0', listens: true, inode: 11 },
      { localPort: 22, peer: '203.0.113.9', listens: false, inode: 12 },
      { localPort: 22, peer: '203.0.113.9', listens: false, inode: 14 },
      { localPort: 22, peer: '2001:db8::9', listens: false, inode: 15 },
    ]);
  });

  it('reads who is logged in from utmp, if the process lives', () => {
    const record = (type: number, pid: number, address: readonly number[]) => {
      const bytes = Buffer.alloc(384);
      bytes.writeInt16LE(type, 0);
      bytes.writeInt32LE(pid, 4);
      Buffer.from(address).copy(bytes, 348);
      return bytes;
    };
    const six = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9];
    const bytes = Buffer.concat([
      record(7, 100, [203, 0, 113, 9]),
      record(7, 101, six),
      record(8, 100, [203, 0, 113, 8]),
      record(7, 999, [203, 0, 113, 7]),
    ]);
    expect(peersIn(bytes, (pid) => pid < 200)).toEqual(['203.0.113.9', '2001:db8::9']);
  });
});

describe('the never-harm list', () => {
  const list = (text: string) => neverHarm('/etc/tocsin/never-harm', { readFileSync: (() => text) as never });

  it('gives each line its number, and tells of lines that spare nobody', () => {
    const read = list('# mine\n\n203.0.113.9   # office\n198.51.100.0/24\nhome.example.net\n10.0.0.1/8\n');
    expect(read.nets.map((one) => one.why)).toEqual([
      'on your never-harm list (/etc/tocsin/never-harm, line 3)',
      'on your never-harm list (/etc/tocsin/never-harm, line 4)',
    ]);
    expect(read.trouble).toContain('line 5 (home.example.net is no address and no network)');
    expect(read.trouble).toContain('line 6 (10.0.0.1/8 has host bits set: write 10.0.0.0/8)');
    expect(read.blind).toBe(false);
  });

  it('is relied on when it is absent, and not when it cannot be read', () => {
    const failing = (code: string) => ({
      readFileSync: (() => {
        throw Object.assign(new Error(`${code}: it is so, open`), { code });
      }) as never,
    });
    expect(neverHarm('/x', failing('ENOENT'))).toEqual({ nets: [], trouble: null, blind: false });
    expect(neverHarm('/x', failing('EIO')).blind).toBe(true);
    expect(list('1'.repeat(2_000_000)).blind).toBe(true);
  });
});
