/** Whom a report with a subject is about. */

import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/core/words.ts';
import { aboutSubject } from '../../src/engine/about-subject.ts';
import { aCase, aFact, aFinding, aStep } from '../faces/a-report.ts';

const kim = { is: 'account', name: 'kim' } as const;
const eve = { is: 'account', name: 'eve' } as const;
const says = 'cleared: kim had 2 log-ins';
const broken: Case = aCase({
  id: 'TOC-1',
  title: 'eve was entered',
  chain: [aStep('explanation', says, { entity: kim })],
  facts: [aFact('f', 'cleared-accounts', says, { about: eve, entity: kim })],
  findings: [aFinding('e', 'entered', { culprit: [eve] })],
});
const own: Case = aCase({
  id: 'TOC-2',
  title: 'what is known of kim',
  chain: [],
  facts: [aFact('g', 'account-standing', 'x', { about: kim })],
  findings: [],
});

describe('a report about one thing', () => {
  it('leaves out the case in which that account was only cleared, and says so', () => {
    const [story, ...more] = aboutSubject([broken, own], kim);
    expect(more).toEqual([]);
    expect(story?.id).toBe('TOC-2');
    expect(story?.chain.at(-1)?.says).toContain('account kim was looked at and cleared in case TOC-1 (eve was entered)');
  });

  it('keeps the case of whoever is accused in it', () => {
    expect(aboutSubject([broken, own], eve)).toEqual([broken]);
    const both = { ...broken, findings: [aFinding('e', 'entered', { culprit: [eve], victim: [kim] })] };
    expect(aboutSubject([both, own], kim)).toEqual([both, own]);
  });
});
