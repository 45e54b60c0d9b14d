/** The Markdown report: complete, and with no markup in it that the attacker wrote. */

import { describe, expect, it } from 'vitest';
import { markdown } from '../../src/faces/markdown.ts';
import { AT, aCase, aFinding, aReport, aStep, HOSTILE, hostileReport } from './a-report.ts';

const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/u;
/** With all escaped characters gone, none of these may be left but our own: bold, table bars, headings. */
const unescaped = (text: string) => text.replace(/\\[!-/:-@[-`{-~]/g, '');

describe('the report', () => {
  const text = markdown(
    aReport({
      cases: [
        aCase({
          chain: [aStep('entry', 'it came in'), ...Array.from({ length: 60 }, (_, index) => aStep('effect', `effect number ${index}`))],
          findings: [
            aFinding('f1', 'it came in', { figures: { failures: 12 }, evidence: [{ source: 'auth.log', line: 9, says: 'Accepted password' }] }),
          ],
          proposes: [{ order: { verb: 'ban-address', ip: '203.0.113.9' }, because: 'it guesses', risk: 'none known', undo: 'lift the ban' }],
          recommends: ['Tell the owner.'],
          gaps: ['who it was'],
        }),
      ],
      findings: [aFinding('f2', 'a lonely finding')],
      coverage: [{ source: 'auth.log', state: 'partial', detail: 'cut short', lines: 10, from: AT, to: AT }],
    }),
  );

  it('opens with the verdict', () => expect(text).toMatch(/^# COMPROMISED: web1\n/));

  it('tells every step', () => {
    for (let index = 0; index < 60; index += 1) expect(text).toContain(`effect number ${index} |`);
  });

  it('tells orders, people, gaps, evidence, loose findings and coverage', () => {
    expect(text).toContain('1. **Ban the address 203.0.113.9**\n   - why: it guesses\n   - risk: none known\n   - undo: lift the ban');
    expect(text).toContain('### What a person must do\n\n- Tell the owner.');
    expect(text).toContain('### What is not known\n\n- who it was');
    expect(text).toContain('| auth.log:9 |  | Accepted password |');
    expect(text).toContain('a lonely finding');
    expect(text).toContain('| partial | auth.log | cut short | 10 | 2026-03-03 09:40:00 to 2026-03-03 09:40:00 |');
    expect(text).toContain('failures 12');
  });
});

describe('hostile text', () => {
  it.each(HOSTILE.map((bad) => [JSON.stringify(bad).slice(0, 40), bad]))('%s stays text', (_name, bad) => {
    const text = markdown(hostileReport(bad));
    expect(text).not.toMatch(RAW);
    const left = unescaped(text);
    expect(left).not.toMatch(/[<>`[\]~!$@]|:\/\/|www\./);
    expect(left.replace(/\*\*/g, '')).not.toContain('*');
    for (const line of left.split('\n')) if (/#/.test(line)) expect(line).toMatch(/^#{1,3} [^#]*$/);
  });

  it('gives every row of a table as many cells as its header', () => {
    const lines = unescaped(markdown(hostileReport('a | b \\| c \\'))).split('\n');
    let bars = 0;
    for (const line of lines) {
      if (!line.startsWith('|')) bars = 0;
      else if (bars === 0) bars = line.split('|').length;
      else expect(line.split('|')).toHaveLength(bars);
    }
  });

  it('leaves addresses readable', () => {
    expect(markdown(aReport({ cases: [aCase({ gaps: ['203.0.113.9 was seen'] })] }))).toContain('- 203.0.113.9 was seen');
  });

  it('begins no list, heading or block of its own', () => {
    for (const bad of ['- x', '+ x', '1. x', '23) x', '=== x', '> x', '# x']) {
      const text = markdown(aReport({ cases: [aCase({ gaps: [bad] })] }));
      expect(text).toMatch(/\n- (?:\\[-+=>#]|\d+\\[.)])/);
    }
  });
});
