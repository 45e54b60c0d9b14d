import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Coverage } from '../../src/core/words.ts';
import { Disk } from '../../src/eyes/disk.ts';
import { loginRecords } from '../../src/eyes/login-records.ts';

const made: string[] = [];
afterAll(() => {
  for (const directory of made) fs.rmSync(directory, { recursive: true });
});

interface Written {
  type: number;
  seconds: number;
  line?: string;
  user?: string;
  host?: string;
  pid?: number;
  address?: readonly number[];
}

/** One record as utmp(5) lays it out: offsets by hand from bits/utmp.h, not from the code under test. */
function utmp(written: Written, bytes: 384 | 400 = 384): Buffer {
  const out = Buffer.alloc(bytes);
  out.writeInt16LE(written.type, 0);
  out.writeInt32LE(written.pid ?? 0, 4);
  out.write(written.line ?? '', 8, 32);
  out.write(written.user ?? '', 44, 32);
  out.write(written.host ?? '', 76, 256);
  if (bytes === 384) {
    out.writeUInt32LE(written.seconds, 340);
    out.writeUInt32LE(250_000, 344);
  } else {
    out.writeBigInt64LE(BigInt(written.seconds), 344);
    out.writeBigInt64LE(250_000n, 352);
  }
  Buffer.from(written.address ?? []).copy(out, bytes === 384 ? 348 : 360);
  return out;
}

function look(files: Readonly<Record<string, Buffer | string>>, since: number | null = null) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-logins-'));
  made.push(root);
  for (const [name, content] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(root + name), { recursive: true });
    fs.writeFileSync(root + name, content);
  }
  const coverage = new Map<string, Coverage>();
  return { ...loginRecords(new Disk(root), (entry) => coverage.set(entry.source, entry), since), coverage };
}

/** 2026-03-01 00:00:00 UTC. */
const MARCH = 1_772_323_200;
const V4 = [203, 0, 113, 9];

describe('login records', () => {
  it('ends a session by its line, by the next login there, by shutdown and by boot', () => {
    const { records } = look({
      '/var/log/wtmp': Buffer.concat([
        utmp({ type: 2, seconds: MARCH, line: '~', user: 'reboot' }),
        utmp({ type: 7, seconds: MARCH + 10, line: 'pts/0', user: 'ann', address: V4, host: 'somewhere.example', pid: 71 }),
        utmp({ type: 7, seconds: MARCH + 20, line: 'pts/1', user: 'bob', host: '2001:DB8:0::1' }),
        utmp({ type: 8, seconds: MARCH + 30, line: 'pts/0' }),
        utmp({ type: 7, seconds: MARCH + 40, line: 'tty1', user: 'cleo' }),
        utmp({ type: 7, seconds: MARCH + 50, line: 'tty1', user: 'dan' }),
        utmp({ type: 2, seconds: MARCH + 60, line: '~', user: 'reboot' }),
        utmp({ type: 7, seconds: MARCH + 70, line: 'pts/0', user: 'eve' }),
      ]),
    });
    const seconds = (at: number | null) => (at === null ? null : (at - 250) / 1000 - MARCH);
    expect(records.map(({ account, ip, at, endedAt, record }) => [account, ip, seconds(at), seconds(endedAt), record])).toEqual([
      ['ann', '203.0.113.9', 10, 30, 2],
      ['bob', '2001:db8::1', 20, 60, 3],
      ['cleo', null, 40, 50, 5],
      ['dan', null, 50, 60, 6],
      ['eve', null, 70, null, 8],
    ]);
    expect(records[0]).toMatchObject({ source: '/var/log/wtmp', line: 'pts/0', pid: 71, failed: false });
  });

  it('carries open sessions over a rotation and reads IPv6', () => {
    const six = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xab, 0xcd];
    const { records, coverage } = look({
      '/var/log/wtmp.1': utmp({ type: 7, seconds: MARCH, line: 'pts/3', user: 'ann', address: six }),
      '/var/log/wtmp': utmp({ type: 8, seconds: MARCH + 5, line: 'pts/3' }),
      '/var/log/wtmp.2.gz': 'packed',
    });
    expect(records).toMatchObject([{ source: '/var/log/wtmp.1', ip: '2001:db8::abcd', endedAt: (MARCH + 5) * 1000 + 250 }]);
    expect(coverage.get('/var/log/wtmp.2.gz')?.state).toBe('unreadable');
    expect(coverage.get('/var/log/wtmp')).toMatchObject({ state: 'read', lines: 1, from: (MARCH + 5) * 1000 + 250 });
    expect(coverage.get('/var/log/btmp')?.state).toBe('absent');
    expect(coverage.get('/var/log/lastlog')?.state).toBe('absent');
  });

  it('reads failed tries, records of 400 bytes, and an IPv4 address mapped into IPv6', () => {
    const mapped = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 198, 51, 100, 7];
    const { records } = look({
      '/var/log/btmp': Buffer.concat([
        utmp({ type: 6, seconds: MARCH, line: 'ssh:notty', user: 'admin', address: V4 }, 400),
        utmp({ type: 6, seconds: MARCH + 1, line: 'ssh:notty', user: 'root', address: mapped }, 400),
      ]),
    });
    expect(records.map(({ account, ip, at, failed }) => [account, ip, at, failed])).toEqual([
      ['admin', '203.0.113.9', MARCH * 1000 + 250, true],
      ['root', '198.51.100.7', (MARCH + 1) * 1000 + 250, true],
    ]);
  });

  it('tells 384 from 400 bytes where both divide the size', () => {
    // 25 records of 384 bytes and 24 of 400 are both 9,600 bytes.
    const short = Array.from({ length: 25 }, (_, turn) => utmp({ type: 7, seconds: MARCH + turn, line: `pts/${turn}`, user: 'ann' }));
    const long = Array.from({ length: 24 }, (_, turn) => utmp({ type: 7, seconds: MARCH + turn, line: `pts/${turn}`, user: 'ann' }, 400));
    expect(look({ '/var/log/wtmp': Buffer.concat(short) }).records).toHaveLength(25);
    expect(look({ '/var/log/wtmp': Buffer.concat(long) }).records).toHaveLength(24);
  });

  it('leaves out what was over before the wanted time, and keeps what was still open', () => {
    const files = {
      '/var/log/wtmp': Buffer.concat([
        utmp({ type: 7, seconds: MARCH, line: 'pts/0', user: 'gone' }),
        utmp({ type: 7, seconds: MARCH, line: 'pts/1', user: 'open' }),
        utmp({ type: 7, seconds: MARCH, line: 'pts/2', user: 'late' }),
        utmp({ type: 8, seconds: MARCH + 10, line: 'pts/0' }),
        utmp({ type: 8, seconds: MARCH + 99, line: 'pts/2' }),
      ]),
      '/var/log/btmp': utmp({ type: 6, seconds: MARCH, line: 'ssh:notty', user: 'old' }),
    };
    expect(look(files, (MARCH + 50) * 1000).records.map(({ account }) => account)).toEqual(['open', 'late']);
  });

  it('says what is damaged, wiped or cut, and reads the rest', () => {
    const { records, coverage } = look({
      '/var/log/wtmp': Buffer.concat([
        utmp({ type: 7, seconds: MARCH, line: 'pts/0', user: 'ann' }),
        Buffer.alloc(384),
        utmp({ type: 77, seconds: MARCH, line: 'pts/9', user: 'bad' }),
        Buffer.alloc(100, 1),
      ]),
      '/var/log/btmp': '',
    });
    expect(records.map(({ account }) => account)).toEqual(['ann']);
    expect(coverage.get('/var/log/wtmp')).toMatchObject({ state: 'partial', lines: 1 });
    expect(coverage.get('/var/log/wtmp')?.detail).toMatch(/100 bytes.*1 record overwritten with zeros.*1 damaged record/);
    expect(coverage.get('/var/log/btmp')).toMatchObject({ state: 'read', lines: 0 });
  });

  it('knows the newest login of each uid, from lastlog or from wtmp', () => {
    const lastlog = Buffer.alloc(292 * 1002);
    lastlog.writeUInt32LE(MARCH + 100, 292 * 1000);
    lastlog.write('pts/4', 292 * 1000 + 4);
    lastlog.write('198.51.100.7', 292 * 1000 + 36);
    lastlog.writeUInt32LE(MARCH, 292 * 1001);
    const { last } = look({
      '/etc/passwd': 'ann:x:1000:1000::/home/ann:/bin/sh\nbob:x:1001:1001::/home/bob:/bin/sh\nroot:x:0:0::/root:/bin/sh\n',
      '/var/log/lastlog': lastlog,
      '/var/log/wtmp': Buffer.concat([
        utmp({ type: 7, seconds: MARCH + 50, line: 'pts/1', user: 'ann', address: V4 }),
        utmp({ type: 7, seconds: MARCH + 60, line: 'tty1', user: 'bob' }),
      ]),
    });
    expect([...last]).toEqual([
      [1000, { at: (MARCH + 100) * 1000, from: '198.51.100.7' }],
      [1001, { at: (MARCH + 60) * 1000 + 250, from: 'tty1' }],
    ]);
  });
});
