import { isIP } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressOf, peerAt, peerBefore, peerWithColon } from '../../src/core/peer.ts';

describe('addressOf', () => {
  it('takes literal addresses, without interface and without the IPv4 mapping', () => {
    expect(addressOf('192.0.2.9')).toBe('192.0.2.9');
    expect(addressOf('2001:DB8::9')).toBe('2001:db8::9');
    expect(addressOf('fe80::1%eth0')).toBe('fe80::1');
    expect(addressOf('::ffff:192.0.2.9')).toBe('192.0.2.9');
    expect(addressOf('::')).toBe('::');
  });

  it.each([
    '',
    '1',
    'web.example.net',
    '192.0.2',
    '192.0.2.256',
    '192.030.0.6',
    '1.2.3.4.5',
    '1..2.3',
    ':',
    ':::',
    '1:2',
    'UNKNOWN',
    '192.0.2.9%eth0',
    '::1::',
  ])('leaves %s alone', (text) => {
    expect(addressOf(text)).toBeNull();
  });

  it('is as strict as the system library', () => {
    const address = fc.oneof(fc.ipV4(), fc.ipV6(), fc.string({ unit: fc.constantFrom(...'01289afF:.'), maxLength: 40 }));
    fc.assert(
      fc.property(address, (text) => {
        expect(addressOf(text) !== null).toBe(isIP(text) !== 0);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('peers', () => {
  it('are read backwards from the end, with and without a port', () => {
    expect(peerBefore('x from 192.0.2.9 port 22', 24)).toEqual({ start: 7, ip: '192.0.2.9', port: 22 });
    expect(peerBefore('x from 192.0.2.9', 16)).toEqual({ start: 7, ip: '192.0.2.9', port: null });
    expect(peerBefore('x from 192.0.2.9 port 70000', 27)).toMatchObject({ ip: null, port: null });
    expect(peerBefore('', 0)).toMatchObject({ ip: null, port: null });
  });

  it('are read forwards up to the first blank or colon', () => {
    expect(peerAt('with 2001:db8::9 port 22: no', 5)).toEqual({ start: 5, ip: '2001:db8::9', port: 22 });
    expect(peerAt('192.0.2.9: 203.0.113.9', 0)).toEqual({ start: 0, ip: '192.0.2.9', port: null });
  });

  it("are read in dropbear's form", () => {
    expect(peerWithColon('[2001:db8::9]:5678')).toEqual({ start: 0, ip: '2001:db8::9', port: 5678 });
    expect(peerWithColon('2001:db8::9:5678')).toMatchObject({ ip: '2001:db8::9', port: 5678 });
    expect(peerWithColon('nothing')).toMatchObject({ ip: null });
  });
});
