/** Levels and slopes: which of them leave somebody time to act. */

import { describe, expect, it } from 'vitest';
import type { ConntrackLevel, Event } from '../../src/core/words.ts';
import { conntrackFilling } from '../../src/detectors/conntrack-filling.ts';
import { hear, START } from './hearing.ts';

function level(used: number, before: ConntrackLevel['before'] = null, max = 10_000): Event {
  const fields = { at: START, used, max, before, drop: 0, earlyDrop: 0, insertFailed: 0 };
  return { kind: 'conntrack.level', at: START, source: 'conntrack', fields };
}

/** Ten seconds earlier. */
const from = (used: number) => ({ at: START - 10_000, used });
const severity = (event: Event) => hear(conntrackFilling, [event])[0]?.severity;

describe('conntrack-filling', () => {
  it('judges a level that stands still', () => {
    expect(severity(level(6_999))).toBeUndefined();
    expect(severity(level(7_000))).toBe('medium');
    expect(severity(level(9_000))).toBe('high');
  });

  it('judges a slope by the time that is left', () => {
    // 100 a second, 7,000 left: 70 s.
    expect(severity(level(3_000, from(2_000)))).toBe('high');
    // 4 a second, 7,000 left: 1,750 s.
    expect(severity(level(3_000, from(2_960)))).toBe('medium');
    // 1 a second, 7,000 left: nearly two hours.
    expect(severity(level(3_000, from(2_990)))).toBeUndefined();
  });

  it('is silent for a rise in a table that is almost empty, for a fall, and for two readings at one time', () => {
    expect(severity(level(2_400, from(1_000)))).toBeUndefined();
    expect(severity(level(3_000, from(4_000)))).toBeUndefined();
    expect(severity(level(3_000, { at: START, used: 10 }))).toBeUndefined();
    expect(severity(level(0, null, 0))).toBeUndefined();
  });

  it('tells level, slope and time in figures and words', () => {
    const [finding] = hear(conntrackFilling, [level(5_000, from(4_000))]);
    expect(finding?.figures).toEqual({ used: 5_000, max: 10_000, percent: 50, drop: 0, perSecond: 100, secondsToFull: 50 });
    expect(finding?.says).toBe('the connection-tracking table is 50 % full (5,000 of 10,000), rises by 100 a second and will be full in 50 s');
    expect(hear(conntrackFilling, [level(9_500)])[0]?.figures).toEqual({ used: 9_500, max: 10_000, percent: 95, drop: 0 });
  });
});
