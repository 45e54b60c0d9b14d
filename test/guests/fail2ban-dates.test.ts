/** Dates of log lines as filters of fail2ban find and read them. Expected times are those that the stamp says, by hand. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { civil, midnightOf, weekdayOf } from '../../src/guests/fail2ban/calendar.ts';
import { templatesOf } from '../../src/guests/fail2ban/date-defaults.ts';
import { DateDetector } from '../../src/guests/fail2ban/date-detector.ts';
import { finderOf } from '../../src/guests/fail2ban/date-finder.ts';

/** Noon of 10 March 2026, UTC. */
const NOW = Date.UTC(2026, 2, 10, 12);
const CLOCK = { zone: (local: number) => local, now: () => NOW };

function detector(pattern: string, clock = CLOCK): DateDetector {
  const finders = templatesOf(pattern, NOW).templates.map((template) => finderOf(template, clock));
  return new DateDetector(
    finders.flatMap((finder) => (typeof finder === 'string' ? [] : [finder])),
    () => NOW,
  );
}

function read(pattern: string, line: string, clock = CLOCK): { readonly at: number | null; readonly rest: string } | null {
  const found = detector(pattern, clock).find(line);
  return found && { at: found.at(), rest: line.slice(0, found.cutStart) + line.slice(found.cutEnd) };
}

describe('the default forms', () => {
  const cases: readonly (readonly [string, number, string])[] = [
    ['2026-03-09T08:07:06.5+01:00 host x', Date.UTC(2026, 2, 9, 7, 7, 6), ' host x'],
    ['2026/03/09 08:07:06 host', Date.UTC(2026, 2, 9, 8, 7, 6), ' host'],
    ['Mar  9 08:07:06 host x', Date.UTC(2026, 2, 9, 8, 7, 6), ' host x'],
    ['[Mon Mar 09 08:07:06.123 2026] [error]', Date.UTC(2026, 2, 9, 8, 7, 6), '[] [error]'],
    ['192.0.2.1 - - [09/Mar/2026:08:07:06 +0200] "GET /"', Date.UTC(2026, 2, 9, 6, 7, 6), '192.0.2.1 - - [] "GET /"'],
    ['09-Mar-2026 08:07:06.123 client', Date.UTC(2026, 2, 9, 8, 7, 6), ' client'],
    ['23/01/26 08:07:06 x', Date.UTC(2026, 0, 23, 8, 7, 6), ' x'],
    ['260309 08:07:06 x', Date.UTC(2026, 2, 9, 8, 7, 6), ' x'],
    ['20260309T080706Z x', Date.UTC(2026, 2, 9, 8, 7, 6), ' x'],
    ['Mar 9, 2026 8:07:06 PM x', Date.UTC(2026, 2, 9, 20, 7, 6), ' x'],
    ['<03/09/26@08:07:06> x', Date.UTC(2026, 2, 9, 8, 7, 6), ' x'],
    ['type=AVC msg=audit(1773043626.125:7): x', 1_773_043_626_125, 'type=AVC msg=audit(:7): x'],
    // 2^62 seconds stand for 1970 in TAI64N; leap seconds are not taken off.
    [`@4${(1_773_043_626).toString(16).padStart(15, '0')}00000000 x`, 1_773_043_626_000, ' x'],
    ['PDT Mar 09 08:07:06 x', Date.UTC(2026, 2, 9, 15, 7, 6), ' x'],
  ];
  it.each(cases)('%s', (line, at, rest) => expect(read('{DEFAULT}', line)).toEqual({ at, rest }));

  it('takes a month that lies ahead for last year, and up to a day ahead for another zone', () => {
    expect(read('{DEFAULT}', 'Dec 31 23:59:59 x')?.at).toBe(Date.UTC(2025, 11, 31, 23, 59, 59));
    expect(read('{DEFAULT}', 'Mar 11 11:59:59 x')?.at).toBe(Date.UTC(2026, 2, 11, 11, 59, 59));
    expect(read('{DEFAULT}', 'Mar 11 12:00:01 x')?.at).toBe(Date.UTC(2025, 2, 11, 12, 0, 1));
  });
  it('takes a clock without a day for yesterday if it is ahead', () => {
    expect(read('{DEFAULT}', '11:00:00 x')?.at).toBe(Date.UTC(2026, 2, 10, 11));
    expect(read('{DEFAULT}', '13:00:00 x')?.at).toBe(Date.UTC(2026, 2, 9, 13));
  });
  it('finds what looks like a date and is none', () => {
    expect(read('{DEFAULT}', '2026-02-30 08:00:00 x')).toEqual({ at: null, rest: ' x' });
    expect(read('{DEFAULT}', 'Feb 29 08:00:00 x')?.at).toBeNull();
  });
  it('asks the zone for stamps without one', () => {
    const clock = { zone: (local: number) => local - 3_600_000, now: () => NOW };
    expect(read('{DEFAULT}', 'Mar  9 08:00:00 x', clock)?.at).toBe(Date.UTC(2026, 2, 9, 7));
    expect(read('{DEFAULT}', '2026-03-09T08:00:00Z x', clock)?.at).toBe(Date.UTC(2026, 2, 9, 8));
  });
});

describe('patterns of a filter', () => {
  const at = Date.UTC(2026, 2, 9, 8, 7, 6);
  const cases: readonly (readonly [string, string, number, string])[] = [
    ['^%Y:%m:%d-%H:%M:%S', '2026:03:09-08:07:06 x', at, ' x'],
    ['^[^\\[]*\\[({DATE})', 'a b [09/Mar/2026:08:07:06 +0000] c', at, 'a b [] c'],
    ['^<W>{DATE}', '<W>2026-03-09 08:07:06.1 c', at, ' c'],
    ['%ExY(?P<_sep>[-/.])%m(?P=_sep)%d %ExH:%ExM:%ExS', 'at 2026.03.09 08:07:06 c', at, 'at  c'],
    ['^%b %d, %ExY %I:%M:%S %p', 'Mar 9, 2026 12:07:06 AM c', Date.UTC(2026, 2, 9, 0, 7, 6), ' c'],
    ['{^LN-BEG}Epoch', '[1773043626] c', 1_773_043_626_000, '[] c'],
    ['LEPOCH', '1773043626125 c', 1_773_043_626_125, ' c'],
    ['^x={EPOCH};', 'x=1773043626; c', 1_773_043_626_000, ' c'],
    ['%j/%Y %H:%M', '068/2026 08:07 c', Date.UTC(2026, 2, 9, 8, 7), ' c'],
    ['%d/%m %k:%M:%S**', '09/03 08:07:06c', at, 'c'],
    ['%Exz %Y-%m-%d %H:%M:%S', 'CET 2026-03-09 09:07:06 c', at, ' c'],
  ];
  it.each(cases)('%s', (pattern, line, when, rest) => expect(read(pattern, line)).toEqual({ at: when, rest }));

  it('{^LN-BEG} finds dates at the beginning of the line only, behind two signs at most', () => {
    expect(read('{^LN-BEG}', '- Mar  9 08:07:06 c')).toEqual({ at, rest: '-  c' });
    expect(read('{^LN-BEG}', 'x Mar  9 08:07:06 c')).toBeNull();
  });
  it('{NONE} finds an empty date in each line', () => expect(read('{NONE}', 'Mar  9 08:07:06 c')?.rest).toBe('Mar  9 08:07:06 c'));
  it('{UNB} takes away the bounds', () => {
    expect(read('%H:%M:%S', 'x08:07:06y')).toBeNull();
    expect(read('{UNB}%H:%M:%S', 'x08:07:06y')?.rest).toBe('xy');
  });
  it('tells of a % that begins no field', () => expect(templatesOf('^%Q', NOW)).toEqual({ templates: [], broken: ['^%Q'] }));
});

describe('one log', () => {
  it('keeps to the form that fitted before when the message tells of another date', () => {
    const dates = detector('{DEFAULT}');
    const first = dates.find('Mar  9 08:07:06 host x');
    const second = dates.find('Mar  9 08:07:07 host x 2020-01-01 00:00:00');
    expect([first?.at(), second?.at()]).toEqual([Date.UTC(2026, 2, 9, 8, 7, 6), Date.UTC(2026, 2, 9, 8, 7, 7)]);
  });
  it('takes another form up when the log changes it', () => {
    const dates = detector('{DEFAULT}');
    for (let second = 0; second < 9; second += 1) dates.find(`Mar  9 08:07:0${second} host x`);
    expect(dates.find('2026-03-09T08:08:00Z host x')?.at()).toBe(Date.UTC(2026, 2, 9, 8, 8));
    expect(dates.find('Mar  9 08:09:00 host x')?.at()).toBe(Date.UTC(2026, 2, 9, 8, 9));
  });
});

describe('the calendar', () => {
  it('is that of JavaScript', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true }), (date) => {
        const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate()];
        expect(civil(date.getTime())).toEqual({ year, month, day });
        const midnight = new Date(date).setUTCHours(0, 0, 0, 0);
        expect(midnightOf(year, month, day)).toBe(midnight);
        expect(weekdayOf(date.getTime())).toBe((date.getUTCDay() + 6) % 7);
      }),
    );
  });
  it('knows no 30 February', () => expect(midnightOf(2026, 2, 30)).toBeNull());
});
