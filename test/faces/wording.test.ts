/** A verdict about one thing speaks of that thing. */

import { describe, expect, it } from 'vitest';
import { verdictWords } from '../../src/faces/wording.ts';
import { aCase, aFact, aReport } from './a-report.ts';

const read = [{ source: '/var/log/auth.log', state: 'read', detail: '' }] as const;
const subject = { is: 'account', name: 'kim' } as const;
const about = (gap: string | null) => [aCase({ facts: [aFact('f', 'account-logins', 'x', { about: subject, ...(gap === null ? {} : { gap }) })] })];

describe('the verdict about a subject', () => {
  it('names it, whatever the verdict', () => {
    expect(verdictWords(aReport({ subject }))).toBe('account kim has to do with a case: somebody got in, or a foreign program runs here');
    expect(verdictWords(aReport({ subject, verdict: 'clean', coverage: read, cases: about(null) }))).toContain('found of account kim');
    expect(verdictWords(aReport())).toBe('somebody got in, or a foreign program runs here');
  });

  it('says that nothing was seen of it, when only a gap is known', () => {
    expect(verdictWords(aReport({ subject, verdict: 'clean', coverage: read, cases: about('no list of accounts was read') }))).toBe(
      'nothing was seen of account kim in what was read',
    );
  });
});
