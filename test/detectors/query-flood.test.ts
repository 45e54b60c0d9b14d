import { describe, expect, it } from 'vitest';
import { amplificationFlood } from '../../src/detectors/amplification-flood.ts';
import { queryFlood } from '../../src/detectors/query-flood.ts';
import { randomLabelFlood } from '../../src/detectors/random-label-flood.ts';
import { heardBy, ordinary, row, together } from '../query-visitors.ts';

const flood = row(30_000, 5 * 3_600, 120, (index) => ({ name: 'one.victim.example', ip: `203.0.113.${index % 50}` }));
/** Some queries in each of seven hours. */
const hours = row(14_000, 0, 7 * 3_600, (index) => ({ name: `www.site${index % 700}.example`, ip: `10.0.${index % 200}.1` }));

describe('the same name over and over', () => {
  it('is told where it is far more than in the other hours', () => {
    const [finding, ...others] = heardBy(queryFlood, together(hours, flood));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      key: 'domain victim.example',
      severity: 'medium',
      culprit: [{ is: 'domain', name: 'victim.example' }],
      seen: 30_000,
    });
    expect(finding?.figures).toMatchObject({ topType: 'A', queriesInBusiestTenSeconds: 2_500, distinctNames: 1, clientNetworks: 1 });
  });

  it('is low where nobody knows what is usual', () => {
    expect(heardBy(queryFlood, flood)).toMatchObject([{ severity: 'low' }]);
  });

  it('is not told of a name that all the world asks for, nor twice', () => {
    const popular = row(60_000, 5 * 3_600, 120, (index) => ({ name: 'www.news.example', ip: `${1 + (index % 211)}.${index % 97}.3.4` }));
    expect(heardBy(queryFlood, together(hours, popular))).toEqual([]);
    const large = row(30_000, 5 * 3_600, 120, () => ({ name: 'junk.example', type: 'ANY' }));
    expect(heardBy(queryFlood, together(hours, large))).toEqual([]);
    expect(heardBy(amplificationFlood, together(hours, large))).toHaveLength(1);
    expect(heardBy(amplificationFlood, together(hours, flood))).toEqual([]);
    expect(heardBy(randomLabelFlood, together(hours, flood))).toEqual([]);
  });

  it('is none in the ordinary queries of a town, nor on the server of one busy domain', () => {
    expect(heardBy(queryFlood, ordinary(1_200, 100, 6))).toEqual([]);
    const own = row(100_000, 0, 900, (index) => ({
      name: `${['www', 'mail', 'shop'][index % 3]}.own.example`,
      ip: `${1 + (index % 199)}.${index % 89}.${index % 5}.4`,
    }));
    expect(heardBy(queryFlood, own)).toEqual([]);
  });
});
