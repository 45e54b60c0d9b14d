/** Botnets below every threshold, and the many honest people who each mistype. */

import { describe, expect, it } from 'vitest';
import { spreadGuessing } from '../../src/detectors/spread-guessing.ts';
import { accepted, failed, HOUR, hear, MINUTE, START, tries } from './hearing.ts';

function from(addresses: number, each: number, account: (index: number) => string, known = true) {
  return Array.from({ length: addresses }, (_, index) =>
    tries(each, HOUR, { at: START + index * MINUTE, ip: `198.51.${index}.7`, account: account(index), pid: index * 100, known }),
  ).flat();
}

describe('spread-guessing', () => {
  it('tells of ten addresses with two tries each on one account', () => {
    const [finding, ...more] = hear(
      spreadGuessing,
      from(10, 2, () => 'service'),
    );
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ key: 'account service', severity: 'medium', seen: 20, victim: [{ is: 'account', name: 'service' }] });
    expect(finding?.culprit).toHaveLength(10);
    expect(finding?.figures).toMatchObject({ failures: 20, addresses: 10, spanMs: HOUR + 9 * MINUTE, most24h: 20 });
  });

  it('is silent with nine addresses, or with nineteen tries', () => {
    expect(
      hear(
        spreadGuessing,
        from(9, 4, () => 'service'),
      ),
    ).toEqual([]);
    expect(hear(spreadGuessing, [...from(9, 2, () => 'service'), failed({ at: START, account: 'service' })])).toEqual([]);
  });

  it('leaves out addresses that guess all by themselves', () => {
    const loud = Array.from({ length: 3 }, (_, index) =>
      tries(8, 1000, { at: START, ip: `192.0.3.${index}`, account: 'service', pid: 9000 + index * 100 }),
    );
    expect(hear(spreadGuessing, [...from(8, 2, () => 'service'), ...loud.flat()])).toEqual([]);
  });

  it('weighs an account less that does not exist', () => {
    expect(
      hear(
        spreadGuessing,
        from(12, 2, () => 'oracle', false),
      )[0],
    ).toMatchObject({ key: 'account oracle', severity: 'low' });
  });

  it('does not accuse one person of her twelve places, where she got in each time', () => {
    const logins = Array.from({ length: 12 }, (_, index) =>
      accepted({ at: START + index * MINUTE + 3 * HOUR, ip: `198.51.${index}.7`, account: 'anna' }),
    );
    expect(hear(spreadGuessing, [...from(12, 2, () => 'anna'), ...logins])).toEqual([]);
  });

  it('tells of the host when thirty addresses try sixty times, each another name', () => {
    const findings = hear(
      spreadGuessing,
      from(30, 2, (index) => `name${index}`, false),
    );
    expect(findings.map((finding) => finding.key)).toEqual(['host']);
    expect(findings[0]).toMatchObject({ severity: 'medium', seen: 60, victim: [] });
    expect(
      hear(
        spreadGuessing,
        from(29, 3, (index) => `name${index}`, false),
      ),
    ).toEqual([]);
    expect(
      hear(
        spreadGuessing,
        from(40, 1, (index) => `name${index}`, false),
      ),
    ).toEqual([]);
  });

  it('names forty culprits at most', () => {
    const [finding] = hear(
      spreadGuessing,
      from(60, 2, () => 'root'),
    );
    expect(finding?.culprit).toHaveLength(40);
    expect(finding?.figures).toMatchObject({ addresses: 60 });
  });
});

it('says that it were more, since when and how often, where not all addresses could be kept', () => {
  const count = 52_000;
  const events = Array.from({ length: count }, (_, index) =>
    failed({ at: START + index * 1_000, ip: `${11 + (index >> 16)}.${(index >> 8) & 255}.${index & 255}.7`, account: 'root', pid: index }),
  );
  const host = hear(spreadGuessing, events).find((finding) => finding.key === 'host');
  expect(host).toMatchObject({ from: START, to: START + (count - 1) * 1_000, seen: count });
  expect(host?.says).toContain('more than 50,000 addresses');
});
