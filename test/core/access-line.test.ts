import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unescaped } from '../../src/core/access-escape.ts';
import { readAccess } from '../../src/core/access-line.ts';
import { isAccessText } from '../../src/core/access-text.ts';
import { anyTime } from '../../src/core/access-time.ts';

const STAMP = '[02/Mar/2026:10:00:00 +0100]';
const TEN_UTC = Date.UTC(2026, 2, 2, 10);

describe('readAccess', () => {
  it('takes the stamp that a request follows, whatever name a visitor logs in with', () => {
    const read = readAccess(`192.0.2.9 - x [01/Jan/2001:00:00:00 +0000] y ${STAMP} "GET / HTTP/1.1" 200 5`);
    expect(read).toMatchObject({
      stamp: { at: TEN_UTC - 3_600_000, utc: true },
      request: { ip: '192.0.2.9', user: 'x [01/Jan/2001:00:00:00 +0000] y' },
    });
  });

  it.each([
    ['"[2001:db8::1]:4711" without quotes', `[2001:db8::1]:4711 - - ${STAMP} "GET / HTTP/1.1" 200 5`, '2001:db8::1'],
    ['an IPv4 address in IPv6', `::ffff:192.0.2.9 - - ${STAMP} "GET / HTTP/1.1" 200 5`, '192.0.2.9'],
    ['a site with a port before it', `example.org:80 192.0.2.9 - - ${STAMP} "GET / HTTP/1.1" 200 5`, '192.0.2.9'],
    ['a name in place of an address', `visitor.example.net - - ${STAMP} "GET / HTTP/1.1" 200 5`, null],
  ])('reads %s', (_, line, ip) => expect(readAccess(line)?.request.ip).toBe(ip));

  it('reads a request that a cut line has no end of', () => {
    const read = readAccess(`192.0.2.9 - - ${STAMP} "GET /${'a'.repeat(9_000)}`);
    expect(read?.request).toMatchObject({ method: 'GET', status: null });
  });

  it.each(['', '-', 'GET / HTTP/1.1', '[', `${STAMP}`, '{"a":1}', '{', '192.0.2.9 - - [no stamp] "GET / HTTP/1.1" 200 5'])(
    'says nothing of %s',
    (line) => expect(readAccess(line)).toBeNull(),
  );

  it('never throws', () => {
    const bit = fc.constantFrom('"', '\\', '\\x', '[', ']', '] "', ' ', '{', '}', ':', STAMP, '192.0.2.9', 'GET', 'HTTP/1.1', '200', '-');
    fc.assert(fc.property(fc.array(fc.oneof(bit, fc.string()), { maxLength: 30 }), (bits) => void readAccess(bits.join(''))));
  });

  it('gives back what a server wrote, whatever was asked', () => {
    const target = fc.string({ maxLength: 60 }).filter((text) => !/[\s"\\\p{C}]/u.test(text));
    fc.assert(
      fc.property(target, (text) => {
        expect(readAccess(`192.0.2.9 - - ${STAMP} "GET /${text} HTTP/1.1" 200 5 "-" "x"`)?.request.target).toBe(`/${text}`);
      }),
    );
  });
});

describe('escapes', () => {
  it.each([
    ['\\x22\\x5C', '"\\'],
    ['\\"\\\\', '"\\'],
    ['\\xE2\\x82\\xAC', '€'],
    ['\\xff', '\udcff'],
    ['\\q\\', '\\q\\'],
    ['a\\nb', 'a\nb'],
  ])('%s is %s', (raw, plain) => expect(unescaped(raw)).toBe(plain));
});

describe('times', () => {
  it.each([
    STAMP.replace('+0100', '+0000'),
    '2026-03-02T10:00:00Z',
    '2026-03-02T11:00:00+01:00',
    '1772445600',
    '1772445600.000',
    '1772445600000',
    '2026-03-02T10:00:00.000Z',
  ])('%s', (text) => expect(anyTime(text)).toEqual({ at: TEN_UTC, utc: true }));
  it('knows which have no zone', () => expect(anyTime('2026-03-02 10:00:00')).toEqual({ at: TEN_UTC, utc: false }));
});

describe('isAccessText', () => {
  const line = `192.0.2.9 - - ${STAMP} "GET / HTTP/1.1" 200 5`;
  it('is told by most of the first lines', () => {
    expect(isAccessText(`${line}\n${line}\ngarbage\n`)).toBe(true);
    expect(isAccessText(`${line}\ngarbage\ngarbage\n`)).toBe(false);
    expect(isAccessText(`${line}\n${line.slice(0, 20)}`)).toBe(true);
  });
  it.each([
    `Mar  2 10:00:00 web1 nginx[7]: ${line}\n`,
    'Mar  2 10:00:00 web1 sshd[7]: Failed password for root\n',
    '{"MESSAGE":"x","PRIORITY":"6"}\n',
    '',
  ])('is not %s', (text) => expect(isAccessText(text)).toBe(false));
});

describe('lines of proxies and application servers', () => {
  it.each([
    ['192.0.2.9, 10.0.0.5, 10.0.0.1 - alice [03/Mar/2026:09:40:00 +0000] "GET / HTTP/1.1" 401 5 "-" "-"', '192.0.2.9', 'alice'],
    ['203.0.113.66, 192.0.2.9, 10.0.0.1 - - [03/Mar/2026:09:40:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-"', '192.0.2.9', null],
    ['10.0.0.2, 10.0.0.1, 192.0.2.9 - - [03/Mar/2026:09:40:00 +0000] "GET / HTTP/1.1" 200 5 "-" "-"', '192.0.2.9', null],
    ['[03/Mar/2026:09:40:00 +0000] shop.example 192.0.2.9 0.227 "GET / HTTP/2.0" 200 125 440 - x', '192.0.2.9', null],
    ['INFO:     192.0.2.9:4711 - "GET /items HTTP/1.1" 200 OK', '192.0.2.9', null],
    ['1772530800.123    200 192.0.2.9 TCP_MISS/200 3974 GET http://example.com/ bob HIER_DIRECT/198.51.100.1 text/html', '192.0.2.9', 'bob'],
  ])('%s', (line, ip, user) => {
    expect(readAccess(line)?.request).toMatchObject({ ip, user });
  });
});
