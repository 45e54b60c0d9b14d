/** Clocks of logs: what is a time zone, what a wrong clock, and what says nothing. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Skew, skewOf } from '../../src/core/skew.ts';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/core/spans.ts';

const arrived = Date.UTC(2026, 2, 10, 12);

function heard(distances: readonly number[]): Skew {
  const skew = new Skew();
  for (const distance of distances) skew.hear(arrived, arrived - distance);
  return skew;
}

describe('the clock of a log', () => {
  it('is our own when its lines come within seconds', () => {
    expect(heard([0, 200, 500, 1_000, 3_000]).told()).toEqual({ kind: 'steady', correctionMs: 0, says: '' });
  });

  it('says nothing before a handful of lines came', () => {
    expect(heard([HOUR_MS, HOUR_MS, HOUR_MS, HOUR_MS]).told().kind).toBe('unknown');
    expect(heard([HOUR_MS, HOUR_MS, HOUR_MS, HOUR_MS, HOUR_MS]).told().kind).toBe('zone');
  });

  it('is not moved by lines that are late or forged while they are fewer than the others', () => {
    expect(heard([...Array(60).fill(2 * HOUR_MS + 300), ...Array(40).fill(-30 * 365 * 24 * HOUR_MS)]).told()).toMatchObject({
      kind: 'zone',
      correctionMs: 2 * HOUR_MS,
    });
  });

  it('follows a daemon that is restarted in the right zone', () => {
    const skew = heard(Array(101).fill(HOUR_MS));
    for (let line = 0; line < 60; line += 1) skew.hear(arrived, arrived);
    expect(skew.told().kind).toBe('steady');
  });

  it('is several clocks where the lines lie far apart, and nothing is corrected', () => {
    expect(heard([0, 0, HOUR_MS, HOUR_MS, 2 * HOUR_MS, 2 * HOUR_MS]).told().kind).toBe('unknown');
  });

  it('hears no stamp that is none', () => {
    const skew = heard(Array(5).fill(0));
    for (let line = 0; line < 200; line += 1) skew.hear(arrived, Number.NaN);
    expect(skew.median()).toBe(0);
  });

  it.each([
    [2 * HOUR_MS + 400, 'zone', '2 h behind'],
    [-(5 * HOUR_MS + 30 * MINUTE_MS), 'zone', '5 h 30 min ahead of'],
    [-(5 * HOUR_MS + 45 * MINUTE_MS) + 80 * SECOND_MS, 'zone', '5 h 45 min ahead of'],
    [15 * MINUTE_MS, 'zone', '15 min behind'],
    [7 * MINUTE_MS, 'clock', '7 min behind'],
    [-45 * SECOND_MS, 'clock', '45 s ahead of'],
    [HOUR_MS + 5 * MINUTE_MS, 'clock', '65 min behind'],
    [400 * 24 * HOUR_MS, 'clock', '400 days behind'],
  ] as const)('at a distance of %d ms is a wrong %s: %s', (distance, kind, says) => {
    expect(skewOf(distance)).toMatchObject({ kind, says: expect.stringContaining(`its stamps are ${says} this machine's`) });
  });

  it('once corrected is within the slack of a zone', () => {
    fc.assert(
      fc.property(fc.integer({ min: -30 * 24 * HOUR_MS, max: 30 * 24 * HOUR_MS }), (distance) => {
        expect(Math.abs(distance - skewOf(distance).correctionMs)).toBeLessThanOrEqual(90 * SECOND_MS);
      }),
    );
  });
});
