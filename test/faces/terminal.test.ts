/** The terminal report: what comes first, what is never left out, and that no name can paint the reader's screen. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Case, Step } from '../../src/core/words.ts';
import { colours } from '../../src/faces/colours.ts';
import { columns } from '../../src/faces/flow.ts';
import { terminal } from '../../src/faces/terminal.ts';
import { AT, aCase, aFinding, aReport, aStep, HOSTILE, hostileReport } from './a-report.ts';

const plain = colours(false);
const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/u;

function told(story: Case, details = false, width = 100): string {
  return terminal(aReport({ cases: [story] }), plain, width, details);
}

describe('the first lines', () => {
  it('say verdict, host, number of cases and the time looked at', () => {
    const lines = terminal(aReport({ cases: [aCase(), aCase({ severity: 'low' })] }), plain, 200, false).split('\n');
    expect(lines[0]).toMatch(/COMPROMISED .*web1: /);
    expect(lines[1]).toContain('1 case to act on, 1 of little or no weight');
    expect(lines[1]).toContain('2026-03-03 08:40:00 UTC to 2026-03-03 09:45:00 UTC (65 min)');
  });

  it('do not claim a span where no log was read', () => {
    expect(terminal(aReport({ from: null }), plain, 200, false)).toContain('no log of earlier times could be read');
  });
});

describe('a case', () => {
  it('tells a step in one line: clock time in UTC, role, sentence, evidence', () => {
    const lines = told(aCase({ chain: [aStep('entry', '203.0.113.9 guessed the password of backup')] })).split('\n');
    expect(
      lines.some((line) => /^ {2}2026-03-03 09:40:00 +way in +203\.0\.113\.9 guessed the password of backup \[auth\.log:123\]$/.test(line)),
    ).toBe(true);
  });

  it('tells orders with reason, risk and undo, and what is left to people', () => {
    const order = { verb: 'freeze-tree', pid: 4711, startTicks: 5, alike: [] } as const;
    const text = told(
      aCase({ proposes: [{ order, because: 'it scans', risk: 'mail stops', undo: 'thaw it' }], recommends: ['Rebuild it.'], gaps: ['the way in'] }),
    );
    expect(text).toMatch(/ 1 Freeze process 4711 and all that it started\.\n +why: +it scans\n +risk: +mail stops\n +undo: +thaw it\n/);
    expect(text).toMatch(/WHAT A PERSON MUST DO\n +• Rebuild it\./);
    expect(text).toMatch(/WHAT IS NOT KNOWN\n +\? the way in/);
  });

  it('groups neighbours of one kind and keeps the order of orders', () => {
    const order = (verb: 'freeze-tree' | 'kill-tree', pid: number) => ({
      order: { verb, pid, startTicks: 1, alike: [] },
      because: 'b',
      risk: verb,
      undo: 'u',
    });
    const text = told(aCase({ proposes: [order('freeze-tree', 1), order('freeze-tree', 2), order('kill-tree', 1)] }), false, 160);
    expect(text).toMatch(/ 1 Freeze process 1 .*Likewise: process 2\./);
    expect(text).toMatch(/ 2 End process 1 /);
  });

  it('of low weight takes one line', () => {
    const story = aCase({ severity: 'low', title: 'a scanner knocked', chain: [aStep('entry', 'hidden sentence')] });
    const text = terminal(aReport({ verdict: 'attacked', cases: [story] }), plain, 100, false);
    expect(text).toContain('  low   a scanner knocked TOC-0a1b2c3d');
    expect(text).not.toContain('hidden sentence');
  });

  it('that is explained says why', () => {
    const story = aCase({ severity: 'low', title: 'an odd name', findings: [aFinding('f', 'x', { explained: 'the package mailer brought it' })] });
    expect(terminal(aReport({ cases: [story] }), plain, 100, false)).toContain('an odd name (the package mailer brought it)');
  });
});

describe('a long chain', () => {
  const tries = Array.from({ length: 40 }, (_, index): Step => {
    const ip = `198.51.100.${index + 1}`;
    return aStep('entry', `${ip} tried ${index + 3} passwords`, { at: AT - 1000 * (50 - index), entity: { is: 'address', ip } });
  });
  const oddities = Array.from({ length: 30 }, (_, index) => aStep('account', `deed ${'x'.repeat(index + 1)} of backup`, { at: AT + index }));
  const kept = [
    aStep('entry', 'backup was entered from 203.0.113.9', { at: AT }),
    aStep('foothold', 'a kit lies in /var/tmp/.x', { at: AT + 60_000 }),
    aStep('process', 'a scanner runs', { at: AT + 61_000 }),
    aStep('effect', 'it scans port 22', { at: AT + 62_000 }),
    aStep('victim', '900 addresses were targets', { at: AT + 63_000 }),
  ];
  const findings = [
    ...tries.map((step, index) => aFinding(`t${index}`, step.says, { tells: 'attack', severity: 'medium' })),
    aFinding('e', 'backup was entered from 203.0.113.9', { severity: 'critical' }),
  ];
  const story = aCase({ chain: [...tries, ...oddities, ...kept], findings });

  it('keeps the way in that worked, foothold, process, effect and victims, in at most 12 steps', () => {
    const text = told(story, false, 200);
    for (const step of kept) expect(text).toContain(step.says);
    expect(text.match(/^ {2}2026-03-03 /gm)).toHaveLength(12);
  });

  it('folds equal tries into one and says how many', () => {
    expect(told(story, false, 200)).toMatch(/tried \d+ passwords — and 39 more like this: 198\.51\.100\.\d+, .* and 36 more/);
  });

  // 1 folded step for the tries, 30 deeds, 5 kept: 36, of which 12 are told.
  it('says how many steps are left out, and where they are', () => {
    expect(told(story, false, 200)).toContain('… and 24 more steps: --details, --json or --html show all');
  });

  it('tells every step with details', () => {
    const text = told(story, true, 200);
    for (const step of story.chain) expect(text).toContain(step.says);
    expect(text).not.toContain('more steps');
  });
});

describe('what was looked at', () => {
  const coverage = [
    { source: '/var/log/auth.log', state: 'read', detail: 'whole', lines: 1200 },
    { source: 'journal', state: 'absent', detail: 'no journal here' },
    { source: '/var/log/btmp', state: 'unreadable', detail: 'EACCES' },
    { source: 'processes', state: 'partial', detail: 'not root' },
  ] as const;

  it('names all that was not seen, one line each, the worst first', () => {
    const text = terminal(aReport({ coverage }), plain, 120, false);
    const lines = text.split('\n').filter((line) => /^ {4}(unreadable|partial|absent) /.test(line));
    expect(lines).toEqual(['    unreadable /var/log/btmp: EACCES', '    partial    processes: not root']);
    expect(text).toContain('  Not there: journal.');
    expect(text).toContain('Read: 2 sources, 1,200 lines.');
  });

  it('says with --details why each thing was not there', () => {
    expect(terminal(aReport({ coverage }), plain, 120, true)).toContain('    absent     journal: no journal here');
  });

  it('is told source by source when the machine is called clean', () => {
    const text = terminal(aReport({ verdict: 'clean', coverage }), plain, 120, false);
    expect(text).toContain('CLEAN');
    expect(text).toContain('nothing was found in what could be looked at');
    expect(text.replace(/\s+/g, ' ')).toContain('2 sources could not be read, or only in part');
    expect(text).toContain('    /var/log/auth.log: whole');
    expect(text).toContain('    unreadable /var/log/btmp: EACCES');
  });
});

describe('a clean machine', () => {
  it('is not called clean without a word when nothing could be read', () => {
    const text = terminal(
      aReport({ verdict: 'clean', coverage: [{ source: 'auth.log', state: 'unreadable', detail: 'EACCES' }] }),
      plain,
      120,
      false,
    );
    expect(text).toContain('nothing could be read either');
  });

  it('with small cases does not claim that nothing was found', () => {
    const report = aReport({ verdict: 'clean', cases: [aCase({ severity: 'info' })], coverage: [{ source: 'a', state: 'read', detail: 'b' }] });
    expect(terminal(report, plain, 120, false)).toContain('nothing that needs you was found');
  });
});

describe('lines', () => {
  it.each([40, 80, 132])('are never wider than %i columns', (width) => {
    for (const bad of [...HOSTILE, '漢字'.repeat(300), '/a/very/long/path'.repeat(60)]) {
      for (const details of [false, true]) {
        for (const line of terminal(hostileReport(bad), plain, width, details).split('\n')) expect(columns(line)).toBeLessThanOrEqual(width);
      }
    }
  });

  it('have no blanks from a name that could draw columns of its own', () => {
    expect(told(aCase({ title: `a${' '.repeat(60)}2026-03-03` }))).toContain('a\\x20');
  });
});

describe('hostile text', () => {
  it.each(HOSTILE.map((bad) => [JSON.stringify(bad).slice(0, 40), bad]))('%s moves no cursor', (_name, bad) => {
    for (const details of [false, true]) expect(terminal(hostileReport(bad), plain, 80, details)).not.toMatch(UNSAFE);
  });

  it('holds for any string at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (bad) => {
        expect(terminal(hostileReport(bad), plain, 80, true)).not.toMatch(UNSAFE);
      }),
      { numRuns: 50 },
    );
  });

  it('adds no line: a name cannot forge a step or a verdict', () => {
    const lines = terminal(hostileReport('x\n COMPROMISED  other'), plain, 80, true).split('\n');
    expect(lines.filter((line) => line.startsWith(' COMPROMISED  '))).toHaveLength(1);
  });
});

describe('colours', () => {
  it('change nothing but the colours', () => {
    const report = hostileReport('plain');
    const painted = terminal(report, colours(true), 80, true);
    expect(painted).toContain('\u001b[');
    expect(painted.replace(/\u001b\[[\d;]*m/g, '')).toBe(terminal(report, plain, 80, true));
  });

  it('are closed by what opened them', () => {
    const paint = colours(true);
    expect(paint.bold(paint.red('x'))).toBe('\u001b[1m\u001b[31mx\u001b[39m\u001b[22m');
    expect(colours(false).alarm('x')).toBe('x');
  });
});
