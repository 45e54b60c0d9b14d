/** A chain is told in the order of time, without repeats, and a thousand guessers do not hide what they led to. */

import { describe, expect, it } from 'vitest';
import type { Fact, Finding } from '../../src/core/words.ts';
import { chainOf } from '../../src/engine/chain.ts';

function finding(n: number, more: Partial<Finding> = {}): Finding {
  return {
    id: `f-${n}`,
    detector: 'password-guessing',
    key: String(n),
    at: 1_000 + n,
    from: n,
    severity: 'low',
    confidence: 'strong',
    says: `guess ${n}`,
    culprit: [{ is: 'address', ip: `198.51.100.${n}` }],
    victim: [],
    evidence: [{ source: 'log', line: n }],
    seen: n,
    attack: [],
    tells: 'attack',
    role: 'entry',
    ...more,
  };
}

const entry = finding(200, { detector: 'entry-after-guessing', tells: 'compromise', says: 'came in', at: 5_000 });
const scan = finding(201, {
  detector: 'outbound-scan',
  tells: 'compromise',
  role: 'effect',
  says: 'scans',
  at: 9_000,
  victim: [
    { is: 'address', ip: '203.0.113.1' },
    { is: 'address', ip: '203.0.113.2' },
  ],
  figures: { distinctTargets: 90 },
});

describe('chainOf', () => {
  it('tells the loudest guessers one by one and the rest in one step', () => {
    const chain = chainOf([...Array.from({ length: 30 }, (_, n) => finding(n + 1)), entry, scan], []);
    const guesses = chain.filter((step) => step.role === 'entry' && step.says !== 'came in');
    expect(guesses).toHaveLength(9);
    expect(guesses.some((step) => step.says.startsWith('22 more addresses guessed too') && step.says.includes('253 tries in all'))).toBe(true);
    expect(chain.map((step) => step.says).indexOf('came in')).toBeGreaterThan(chain.map((step) => step.says).indexOf('guess 30'));
    expect(chain.at(-2)?.says).toBe('scans');
  });

  it('names whom it hit, with the full count beside the sample', () => {
    const victims = chainOf([scan], []).filter((step) => step.role === 'victim');
    expect(victims.map((step) => step.says)).toEqual(['90 addresses were targets: 203.0.113.1 and 203.0.113.2 among others']);
  });

  it('puts explanations last, whatever their time, and says why something is harmless', () => {
    const chain = chainOf([finding(1, { tells: 'oddity', role: 'process', explained: 'it is the backup', at: 1 }), scan], []);
    expect(chain.at(-1)).toMatchObject({ role: 'explanation', says: 'guess 1 (it is the backup)' });
  });

  it('tells what was done to an account by the finding alone, where that has all its lines', () => {
    const lines = [7, 8].map((line) => ({ source: '/var/log/auth.log', line }));
    const made = finding(202, {
      detector: 'account-changed',
      tells: 'compromise',
      role: 'persistence',
      says: 'made and put into wheel',
      evidence: lines,
    });
    const fact = (says: string, line: number): Fact => ({
      id: says,
      probe: 'account-deeds',
      about: { is: 'account', name: 'kim' },
      says,
      at: line,
      role: 'account',
      leadsTo: [],
      evidence: [{ source: '/var/log/auth.log', line }],
      confidence: 'strong',
    });
    const says = chainOf([made], [fact('was made', 7), fact('was put into wheel', 8), fact('lost its group', 9)]).map((step) => step.says);
    expect(says).toEqual(['lost its group', 'made and put into wheel']);
  });

  it('tells the same thing once', () => {
    const fact = {
      id: 'a',
      probe: 'p',
      about: { is: 'address', ip: '198.51.100.1' },
      says: 'same',
      at: 5,
      role: 'entry',
      leadsTo: [],
      evidence: [],
      confidence: 'strong',
    } as const;
    expect(chainOf([], [fact, { ...fact, id: 'b' }])).toHaveLength(1);
  });
});

describe('guessers in a chain', () => {
  it('counts an address and its tries once, though two detectors told of them', () => {
    const guessing = Array.from({ length: 10 }, (_, n) => [
      finding(n + 1, { seen: 60 }),
      finding(n + 1, { id: `u-${n}`, detector: 'user-enumeration', says: `names ${n + 1}`, seen: 60 }),
    ]);
    const says = chainOf(guessing.flat(), []).map((step) => step.says);
    expect(says.filter((one) => one.includes('guessed too'))).toEqual([expect.stringMatching(/^2 more addresses .* 120 tries in all$/)]);
    expect(says.filter((one) => one.startsWith('guess ')).length).toBe(8);
  });

  it('does not tell the addresses of one account again beside those of the whole host', () => {
    const many = (from: number) => Array.from({ length: 40 }, (_, n) => ({ is: 'address', ip: `192.0.2.${from + n}` }) as const);
    const host = finding(1, { detector: 'spread-guessing', culprit: many(0), seen: 900, figures: { addresses: 400 } });
    const accounts = Array.from({ length: 12 }, (_, n) =>
      finding(n + 2, {
        detector: 'spread-guessing',
        culprit: many(n),
        seen: 50,
        victim: [{ is: 'account', name: `a${n}` }],
        figures: { addresses: 40 },
      }),
    );
    expect(chainOf([host, ...accounts], []).some((step) => step.says.includes('guessed too'))).toBe(false);
  });
});
