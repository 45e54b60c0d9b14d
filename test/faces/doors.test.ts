/** Open doors are told where nobody is accused, and one report does not contradict itself. */

import { describe, expect, it } from 'vitest';
import type { Case, Finding, Report } from '../../src/core/words.ts';
import { colours } from '../../src/faces/colours.ts';
import { markdown } from '../../src/faces/markdown.ts';
import { terminal } from '../../src/faces/terminal.ts';

const door: Finding = {
  id: 'd-1',
  detector: 'account-that-should-not',
  key: 'account www-data',
  at: 1_000,
  severity: 'medium',
  confidence: 'strong',
  says: 'account www-data should not be as it is: it has a password',
  culprit: [{ is: 'account', name: 'www-data', uid: 33 }],
  victim: [],
  evidence: [],
  seen: 1,
  attack: [],
  tells: 'exposure',
  role: 'account',
  remedy: ['lock its password (passwd -l www-data)'],
};
const story: Case = {
  id: 'TOC-1',
  title: door.says,
  state: 'open',
  severity: 'medium',
  confidence: 'strong',
  openedAt: 1_000,
  chain: [],
  findings: [door],
  facts: [],
  attack: [],
  proposes: [],
  gaps: [],
  recommends: [],
};

function report(more: Partial<Report>): Report {
  const rest = { version: '1', host: 'web1', looked: 'machine', subject: null, from: 0, to: 2_000, verdict: 'clean', tookMs: 1 } as const;
  return { ...rest, cases: [], findings: [door], coverage: [{ source: 'accounts', state: 'read', detail: '3 accounts' }], ...more };
}

const text = (one: Report) => terminal(one, colours(false), 200, false);

describe('an open door', () => {
  it('is named in the first sentence and told with what shuts it', () => {
    const said = text(report({}));
    expect(said).toContain('CLEAN');
    expect(said).toContain('1 door stands open: www-data');
    expect(said).toContain('No case to act on');
    expect(said).toMatch(/OPEN DOORS[\s\S]*passwd -l www-data/);
    expect(markdown(report({}))).toContain('Open doors');
  });

  it('is no case to act on when somebody asks about it', () => {
    const said = text(report({ subject: { is: 'account', name: 'www-data' }, cases: [story] }));
    expect(said).toContain('No case to act on');
    expect(said).toContain('NO CASE, BUT AN OPEN DOOR');
    expect(said).not.toContain('CASE 1 OF 1');
  });

  it('is not told of where there is none, where it is small, or where a case has it', () => {
    const accused = { ...story, findings: [door, { ...door, id: 'k-1', tells: 'compromise' as const }] };
    for (const one of [
      report({ findings: [] }),
      report({ findings: [{ ...door, severity: 'low' }] }),
      report({ cases: [accused], verdict: 'compromised' }),
    ])
      expect(text(one)).not.toContain('OPEN DOORS');
  });
});
