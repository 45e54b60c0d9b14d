/** Full tables, told once though two logs have it. */

import { describe, expect, it } from 'vitest';
import type { Event } from '../../src/core/words.ts';
import { conntrackFull } from '../../src/detectors/conntrack-full.ts';
import { hear, MINUTE, START } from './hearing.ts';

const full = (at: number, times = 1, source = '/var/log/kern.log'): Event => ({
  kind: 'kernel.conntrack-full',
  at,
  source,
  line: 1,
  raw: 'nf_conntrack: table full, dropping packet',
  fields: { times },
});

describe('conntrack-full', () => {
  it('tells times, first and last', () => {
    const [finding, ...more] = hear(conntrackFull, [full(START), full(START + MINUTE, 9), full(START + 5 * MINUTE)]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ key: 'table', severity: 'medium', seen: 11, from: START, to: START + 5 * MINUTE, culprit: [], victim: [] });
    expect(finding?.evidence).toHaveLength(3);
  });

  it('does not count again what the ring has too, but what only the ring has', () => {
    const log = [full(START), full(START + MINUTE)];
    const ring = [full(START + 300, 1, '/dev/kmsg'), full(START + MINUTE + 300, 1, '/dev/kmsg'), full(START + 2 * MINUTE, 1, '/dev/kmsg')];
    expect(hear(conntrackFull, [...log, ...ring])[0]).toMatchObject({ seen: 3, to: START + 2 * MINUTE });
    expect(hear(conntrackFull, ring)[0]).toMatchObject({ seen: 3 });
  });

  it('keeps fifty lines of a flood, and is silent when nothing was said', () => {
    expect(
      hear(
        conntrackFull,
        Array.from({ length: 500 }, (_, index) => full(START + index * 5000)),
      )[0]?.evidence,
    ).toHaveLength(50);
    expect(hear(conntrackFull, [])).toEqual([]);
  });
});
