import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Stamps } from '../../src/engine/stamp.ts';

const utc = (firstYear: number, latest = Date.UTC(2100, 0, 1)) => new Stamps({ firstYear, toUtc: (local) => local, latest });
const read = (stamps: Stamps, text: string) => stamps.read(text, 0);

describe('stamps', () => {
  it('gives a stamp without year the year that is carried on over New Year', () => {
    const stamps = utc(2025);
    expect(read(stamps, 'Dec 31 23:59:59 h a: b')).toBe(Date.UTC(2025, 11, 31, 23, 59, 59));
    expect(read(stamps, 'Jan  1 00:00:01 h a: b')).toBe(Date.UTC(2026, 0, 1, 0, 0, 1));
    expect(read(stamps, 'Feb 29 00:00:01 h a: b')).toBe(Date.UTC(2026, 1, 29, 0, 0, 1));
  });

  it('puts a late line of the old year where it belongs and does not count New Year twice', () => {
    const stamps = utc(2025);
    read(stamps, 'Dec 31 23:59:59 h a: b');
    read(stamps, 'Jan  1 00:00:01 h a: b');
    expect(read(stamps, 'Dec 31 23:59:58 h a: b')).toBe(Date.UTC(2025, 11, 31, 23, 59, 58));
    expect(read(stamps, 'Jan  1 00:00:02 h a: b')).toBe(Date.UTC(2026, 0, 1, 0, 0, 2));
  });

  it('does not take a clock that was set back within a year for a new year', () => {
    const stamps = utc(2026);
    read(stamps, 'Aug 10 10:00:00 h a: b');
    expect(read(stamps, 'Jul  1 10:00:00 h a: b')).toBe(Date.UTC(2026, 6, 1, 10));
  });

  it('goes on in the same year after a silence from spring to autumn', () => {
    const stamps = utc(2025);
    read(stamps, 'Feb 10 10:00:00 h a: b');
    expect(read(stamps, 'Oct 10 10:00:00 h a: b')).toBe(Date.UTC(2025, 9, 10, 10));
    expect(read(stamps, 'Feb  1 10:00:00 h a: b')).toBe(Date.UTC(2026, 1, 1, 10));
    expect(read(stamps, 'Jul  1 10:00:00 h a: b')).toBe(Date.UTC(2026, 6, 1, 10));
    expect(read(stamps, 'Oct  1 10:00:00 h a: b')).toBe(Date.UTC(2026, 9, 1, 10));
  });

  it('comes back from a board that begins at 1 January until it hears the time, and counts the true New Year once', () => {
    const stamps = utc(2025);
    read(stamps, 'Oct 20 10:00:00 h a: b');
    read(stamps, 'Jan  1 00:00:05 h a: b');
    expect(read(stamps, 'Oct 20 10:05:00 h a: b')).toBe(Date.UTC(2025, 9, 20, 10, 5));
    expect(read(stamps, 'Nov 20 10:05:00 h a: b')).toBe(Date.UTC(2025, 10, 20, 10, 5));
    expect(read(stamps, 'Jan 20 10:05:00 h a: b')).toBe(Date.UTC(2026, 0, 20, 10, 5));
  });

  it('reads ISO stamps with zone, fraction and Z', () => {
    const at = Date.UTC(2026, 2, 3, 8, 40, 0);
    expect(read(utc(1), '2026-03-03T09:40:00+01:00 h a: b')).toBe(at);
    expect(read(utc(1), '2026-03-03T09:40:00.123456+0100 h a: b')).toBe(at + 123);
    expect(read(utc(1), '2026-03-03T08:40:00Z h')).toBe(at);
    expect(read(utc(1), '2026-03-03T04:10:00-04:30 h')).toBe(at);
  });

  it('converts stamps without a zone from the local time of the machine', () => {
    const stamps = new Stamps({ firstYear: 2026, toUtc: (local) => local - 7_200_000, latest: Date.UTC(2100, 0, 1) });
    expect(read(stamps, 'Jul  1 10:00:00 h a: b')).toBe(Date.UTC(2026, 6, 1, 8));
  });

  it('holds a forged future stamp at the moment it was received', () => {
    const latest = Date.UTC(2026, 0, 1);
    expect(read(utc(2026, latest), '2099-01-01T00:00:00Z h a: b')).toBe(latest);
  });

  it('keeps stamps of the future where nothing bounds them, and says how far ahead they are', () => {
    const received = Date.UTC(2026, 0, 1);
    const stamps = new Stamps({ firstYear: 2026, toUtc: (local) => local, latest: Number.POSITIVE_INFINITY, received });
    expect(read(stamps, '2026-01-02T00:00:00Z h a: b')).toBe(received + 86_400_000);
    expect(read(stamps, '2025-01-02T00:00:00Z h a: b')).toBe(Date.UTC(2025, 0, 2));
    expect(stamps.aheadMs).toBe(86_400_000);
  });

  it('reads the stamps of the short forms of journalctl', () => {
    const at = Date.UTC(2026, 2, 3, 9, 40, 0);
    expect(read(utc(2026), 'Mar 03 09:40:00.123456 h a: b')).toBe(at + 123);
    expect(read(utc(2026), 'Mar  3 09:40:00.9 h a: b')).toBe(at + 900);
    expect(read(utc(1), '1772530800.123456 h a: b')).toBe(at + 123);
    const east = () => new Stamps({ firstYear: 2026, toUtc: (local) => local - 7_200_000, latest: Date.UTC(2100, 0, 1) });
    expect(read(east(), '2026-03-03 09:40:00 UTC h a: b')).toBe(at);
    expect(read(east(), '2026-03-03 09:40:00 CEST h a: b')).toBe(at - 7_200_000);
    expect(read(east(), '2026-03-03 12:40:00 +03 h a: b')).toBe(at);
    expect(read(east(), '2026-03-03 06:10:00 -0330 h a: b')).toBe(at);
  });

  it.each(['', 'Foo 10 10:00:00', 'Jan 99 10:00:00', 'Jan 10 25:00:00', 'Jan 10 10-00-00', '2026-13-01T00:00:00', '2026-01-01', 'xxxx'])(
    'refuses %j',
    (text) => expect(read(utc(2026), text)).toBeNull(),
  );

  it('never throws, whatever stands there', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => void utc(2026).read(text, 0)));
  });

  it('agrees with Date.parse on any moment written in ISO', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date(Date.UTC(2099, 0, 1)), noInvalidDate: true }), (date) => {
        expect(read(utc(1), `${date.toISOString()} h a: b`)).toBe(date.getTime());
      }),
    );
  });
});
