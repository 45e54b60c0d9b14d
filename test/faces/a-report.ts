/** Reports for the tests of the faces: small ones made by hand, and one whose every string is chosen by an attacker. */

import type { Case, Coverage, Evidence, Fact, Finding, Report, Role, Step } from '../../src/core/words.ts';

/** 2026-03-03 09:40:00 UTC. */
export const AT = Date.UTC(2026, 2, 3, 9, 40, 0);
const MINUTE_MS = 60_000;

export function aStep(role: Role, says: string, more: Partial<Step> = {}): Step {
  return { role, entity: { is: 'address', ip: '203.0.113.9' }, at: AT, says, evidence: [{ source: '/var/log/auth.log', line: 123 }], ...more };
}

export function aFinding(id: string, says: string, more: Partial<Finding> = {}): Finding {
  return {
    id,
    key: id,
    detector: 'entry-after-guessing',
    at: AT,
    severity: 'high',
    confidence: 'strong',
    says,
    culprit: [],
    victim: [],
    evidence: [],
    seen: 1,
    attack: ['T1110.001'],
    tells: 'compromise',
    role: 'entry',
    ...more,
  };
}

export function aFact(id: string, probe: string, says: string, more: Partial<Fact> = {}): Fact {
  return {
    id,
    probe,
    says,
    about: { is: 'account', name: 'backup' },
    at: null,
    leadsTo: [],
    evidence: [],
    confidence: 'strong',
    ...more,
  };
}

export function aCase(more: Partial<Case> = {}): Case {
  return {
    id: 'TOC-0a1b2c3d',
    title: 'account backup was entered from 203.0.113.9 after guessing',
    state: 'open',
    severity: 'critical',
    confidence: 'strong',
    openedAt: AT,
    chain: [],
    findings: [],
    facts: [],
    attack: ['T1110.001'],
    proposes: [],
    gaps: [],
    recommends: [],
    ...more,
  };
}

export function aReport(more: Partial<Report> = {}): Report {
  return {
    version: '0.1.0',
    host: 'web1',
    subject: null,
    from: AT - 60 * MINUTE_MS,
    to: AT + 5 * MINUTE_MS,
    verdict: 'compromised',
    cases: [],
    findings: [],
    coverage: [],
    tookMs: 900,
    ...more,
  };
}

/** What somebody would call a user, a program or a file to get at the terminal, the page or the ticket of the reader. */
export const HOSTILE: readonly string[] = [
  '\u001b[2J\u001b]0;owned\u0007',
  'two\nlines\r\n# COMPROMISED: other-host',
  '<script>alert(1)</script>',
  '</style><img src=x onerror=alert(1)>',
  '" onmouseover="alert(1)',
  "' autofocus onfocus='alert(1)",
  '</title></svg><iframe src="https://evil.example/">',
  'a | b | c',
  '`code` ``` fence',
  '[click](https://evil.example/x) ![x](http://evil.example/y.png)',
  '*bold* _it_ ~~gone~~ # head',
  'photo\u202egpj.exe',
  'zero\u200bwidth\ufeff',
  '\udc80\udcff bytes',
  '\u009b31mC1',
  'line\u2028para\u2029',
  'tag\u{e0041}\u{e007f}filler\u3164',
  '&lt;b&gt; &#60;',
  '- item',
  '1. first',
  '{"json": "\\u0000"}',
  `${'A'.repeat(10_000)}END`,
];

/** Every place of a report where text may come from the looked-at machine, filled with one hostile string. */
export function hostileReport(bad: string): Report {
  const evidence: Evidence[] = [
    { source: bad, line: 7, path: bad, event: bad, at: AT, says: bad },
    { source: `/var/log/${bad}`, line: 8 },
  ];
  const runner = { is: 'process', pid: 4711, startTicks: 99, name: bad } as const;
  const finding = aFinding('f1', bad, {
    culprit: [{ is: 'account', name: bad }, runner],
    victim: [{ is: 'file', path: bad }],
    evidence,
    figures: { [bad]: bad, failures: 12 },
    explained: bad,
  });
  const facts = [
    aFact('p1', 'process-program', bad, { about: runner, evidence, gap: bad }),
    aFact('p2', 'process-parents', `process 4711 was started by 4700 ${bad}`, { about: runner, evidence: [{ source: '/proc/4700', at: AT }] }),
    aFact('p3', 'account-standing', bad, { about: { is: 'account', name: bad } }),
  ];
  const chain: Step[] = [
    aStep('entry', bad, { entity: { is: 'account', name: bad }, evidence }),
    aStep('process', bad, { entity: runner, evidence, at: AT + MINUTE_MS }),
    aStep('victim', bad, { at: null, entity: { is: 'file', path: bad } }),
  ];
  const story = aCase({
    title: bad,
    chain,
    findings: [finding],
    facts,
    gaps: [bad],
    recommends: [bad],
    proposes: [
      { order: { verb: 'quarantine-directory', path: bad }, because: bad, risk: bad, undo: bad },
      { order: { verb: 'lock-account', name: bad }, because: bad, risk: bad, undo: bad },
      { order: { verb: 'save-evidence', pids: [1], paths: [bad, bad] }, because: bad, risk: bad, undo: bad },
    ],
  });
  const coverage: Coverage[] = [
    { source: bad, state: 'read', detail: bad, lines: 3, from: AT, to: AT },
    { source: bad, state: 'unreadable', detail: bad },
  ];
  return aReport({ host: bad, cases: [story, { ...story, id: 'TOC-2', severity: 'low' }], findings: [finding, aFinding('f2', bad)], coverage });
}
