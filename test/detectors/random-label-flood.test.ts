import { describe, expect, it } from 'vitest';
import { randomLabelFlood } from '../../src/detectors/random-label-flood.ts';
import { dice, heardBy, ordinary, row, together } from '../query-visitors.ts';

const roll = dice(5);
const label = () => Array.from({ length: 10 }, () => String.fromCharCode(97 + roll(26))).join('');

describe('names that nobody used before', () => {
  it('are told with how many there were, about', () => {
    const flood = row(12_000, 300, 60, (index) => ({ name: `${label()}.victim.example`, ip: `${20 + (index % 60)}.1.${index % 7}.9` }));
    const [finding, ...others] = heardBy(randomLabelFlood, together(ordinary(1_200, 10, 3), flood));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ severity: 'high', confidence: 'medium', culprit: [{ is: 'domain', name: 'victim.example' }], seen: 12_000 });
    const { distinctNames, queriesInBusiestTenSeconds } = finding?.figures ?? {};
    // 9 % standard error.
    expect(Math.abs(Number(distinctNames) - 12_000)).toBeLessThan(3_300);
    expect(queriesInBusiestTenSeconds).toBe(2_000);
  });

  it('are weak and low from one network: a tunnel, or look-ups by hash', () => {
    const tunnel = row(3_000, 300, 200, () => ({ name: `${label()}.t.example`, ip: '10.1.1.7' }));
    expect(heardBy(randomLabelFlood, together(ordinary(1_200, 10, 3), tunnel))).toMatchObject([{ severity: 'low', confidence: 'weak' }]);
  });

  it('are not the names of block lists and reverse zones, nor many hosts of one site', () => {
    const list = row(30_000, 0, 300, (index) => ({ name: `${index % 256}.${(index >> 8) % 256}.7.${index % 250}.list.example`, ip: '10.1.1.7' }));
    const reverse = row(30_000, 0, 300, (index) => ({ name: `${index % 256}.${(index >> 8) % 256}.7.${index % 250}.in-addr.arpa`, type: 'PTR' }));
    const hosts = row(30_000, 0, 300, (index) => ({ name: `host-${index % 3_000}.campus.example`, ip: `10.1.${index % 200}.7` }));
    expect(heardBy(randomLabelFlood, together(list, reverse, hosts))).toEqual([]);
  });

  it('are none in the ordinary queries of a town', () => {
    expect(heardBy(randomLabelFlood, ordinary(1_200, 100, 4))).toEqual([]);
  });
});
