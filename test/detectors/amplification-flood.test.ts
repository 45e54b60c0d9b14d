import { describe, expect, it } from 'vitest';
import { amplificationFlood } from '../../src/detectors/amplification-flood.ts';
import { heardBy, ordinary, row, START, together } from '../query-visitors.ts';

const flood = (count: number, seconds: number, type = 'ANY', flags = '+E(0)') =>
  row(count, 600, seconds, (index) => ({ name: 'junk.example', type, flags, ip: `203.0.${113 + (index % 2)}.${index % 100}` }));

describe('queries for large answers', () => {
  it('are told with name, type, rates and senders, who are victims and not culprits', () => {
    const [finding, ...others] = heardBy(amplificationFlood, together(ordinary(1_800, 10, 1), flood(6_000, 60)));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ key: 'domain junk.example', severity: 'medium', culprit: [{ is: 'domain', name: 'junk.example' }], seen: 6_000 });
    expect(finding?.from).toBe(START + 600_000);
    expect(finding?.figures).toMatchObject({
      queries: 6_000,
      sharePercent: 25,
      queriesInBusiestHour: 6_000,
      queriesInBusiestTenSeconds: 1_000,
      topType: 'ANY',
      provenPercent: 0,
      recursionAskedPercent: 100,
      clientNetworks: 2,
    });
    expect(finding?.says).toContain(
      'junk.example was asked for 6,000 times, 100 % of them of type ANY: 25 % of all queries, 6,000 in the busiest hour',
    );
    expect(finding?.says).toContain('may be forged');
    expect(finding?.victim.map((entity) => entity.is === 'address' && entity.ip.startsWith('203.0.11'))).toEqual([true, true]);
    expect(finding?.evidence.length).toBeGreaterThan(2);
    expect(finding?.evidence[0]?.says).toContain('query: junk.example IN ANY');
  });

  it('have no victims where the senders are known by TCP or a cookie', () => {
    const [finding] = heardBy(amplificationFlood, flood(6_000, 60, 'ANY', '+E(0)V'));
    expect(finding).toMatchObject({ victim: [], figures: { provenPercent: 100 } });
    expect(finding?.says).not.toContain('forged');
  });

  it('are graver the more there are', () => {
    expect(heardBy(amplificationFlood, flood(40_000, 100))[0]?.severity).toBe('high');
    expect(heardBy(amplificationFlood, flood(25_000, 3_000))[0]?.severity).toBe('high');
    expect(heardBy(amplificationFlood, flood(600, 1_200))[0]?.severity).toBe('low');
    expect(heardBy(amplificationFlood, flood(400, 1_200))).toEqual([]);
  });

  it('are told when they are slow but a good part of everything, for a long time', () => {
    const month = row(6_000, 0, 30 * 86_400, () => ({ name: 'junk.example', type: 'ANY', ip: '203.0.113.1' }));
    const quiet = row(20_000, 0, 30 * 86_400, (index) => ({ name: `www${index % 5_000}.site${index % 900}.example` }));
    expect(heardBy(amplificationFlood, together(month, quiet))[0]?.severity).toBe('low');
  });

  it('may be TXT or DNSKEY from a few networks over and over, but not from a world of resolvers', () => {
    expect(heardBy(amplificationFlood, flood(20_000, 120, 'TXT'))[0]?.severity).toBe('medium');
    const world = row(20_000, 0, 120, (index) => ({ name: 'zone.example', type: 'DNSKEY', ip: `${1 + (index % 200)}.${index % 97}.3.4` }));
    expect(heardBy(amplificationFlood, world)).toEqual([]);
  });

  it('are none in the ordinary queries of a town', () => {
    expect(heardBy(amplificationFlood, ordinary(1_200, 100, 2))).toEqual([]);
  });
});
