import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ipv6Text } from '../../src/eyes/netlink.ts';
import { networks } from '../../src/eyes/networks.ts';

const around = networks(['192.0.2.9', '127.0.0.1', 'fe80::1%eth0']);

describe('networks', () => {
  it.each([
    ['192.0.2.9', 'own'],
    ['127.0.0.1', 'loopback'],
    ['10.1.2.3', 'private'],
    ['100.64.1.1', 'private'],
    ['fd00::1', 'private'],
    ['169.254.1.1', 'link-local'],
    ['fe80::1', 'own'],
    ['224.0.0.1', 'multicast'],
    ['203.0.113.7', 'documentation'],
    ['2001:db8::1', 'documentation'],
    ['8.8.8.8', 'public'],
    ['::ffff:8.8.8.8', 'public'],
    ['0.0.0.0', 'reserved'],
    ['008.8.8.8', 'invalid'],
    ['8.8.8', 'invalid'],
    ['x', 'invalid'],
  ])('%s is %s', (ip, kind) => expect(around.classOf(ip)).toBe(kind));

  it('takes /24 and /64 for one place, and IPv4 in IPv6 clothes for IPv4', () => {
    expect(around.networkOf('203.0.113.77')).toBe('203.0.113.0/24');
    expect(around.networkOf('::ffff:203.0.113.77')).toBe('203.0.113.0/24');
    expect(around.networkOf('2001:db8:1:2:3::9')).toBe('2001:db8:1:2::/64');
    expect(around.networkOf('not an address')).toBe('not an address');
  });

  it('writes the addresses that the kernel gives as groups in the canonical form', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff })), { minLength: 8, maxLength: 8 }), (groups) => {
        expect(ipv6Text(groups)).toBe(around.canonical(groups.map((group) => group.toString(16)).join(':')));
      }),
    );
  });
});
