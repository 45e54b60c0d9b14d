/** Making room in a map: always the key that has been there longest, whatever else goes and comes meanwhile. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Oldest } from '../../src/guests/fail2ban/oldest.ts';

describe('the oldest key of a map', () => {
  it('is the first one at any time, also after keys were taken out and put in again, and after a long rest', () => {
    const step = fc.oneof(
      fc.record({ put: fc.integer({ min: 0, max: 20 }) }),
      fc.record({ take: fc.integer({ min: 0, max: 20 }) }),
      fc.constant('ask' as const),
      fc.constant('rest' as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const map = new Map<number, true>();
        const oldest = new Oldest(map);
        for (const one of steps) {
          if (one === 'rest') for (let times = 0; times <= 10_000; times += 1) oldest.pass();
          else if (one === 'ask') {
            const [first] = map.keys();
            const key = oldest.next();
            expect(key).toBe(first);
            if (key !== undefined) map.delete(key);
          } else if ('put' in one) {
            map.delete(one.put);
            map.set(one.put, true);
          } else map.delete(one.take);
        }
      }),
      { numRuns: 300 },
    );
  });
});
