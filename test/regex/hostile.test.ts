/** Lines of 64 KB written to stall us cost a bounded number of steps. */

import { describe, expect, it } from 'vitest';
import { Machine } from '../../src/regex/bounded.ts';
import { stepBudget, TEXT_AT_MOST } from '../../src/regex/budget.ts';
import { withoutConditions } from '../../src/regex/conditionals.ts';
import { parse } from '../../src/regex/parse.ts';
import { compile } from '../../src/regex/pattern.ts';
import { makeProgram } from '../../src/regex/program.ts';
import { costOf, nativeIsSafe } from '../../src/regex/safety.ts';
import { askFail2ban, hasFail2ban } from './python.ts';

const LONG = 65_536;

function machineOf(source: string): Machine {
  const { root, names } = parse(source);
  const program = makeProgram(withoutConditions(root) ?? root, names.length);
  if (program === null) throw new Error('too large');
  return new Machine(program);
}

/** Exponential and polynomial patterns with the line that brings each to its knees. */
const CASES: readonly (readonly [string, string])[] = [
  ['(a+)+$', `${'a'.repeat(LONG - 1)}!`],
  ['(?:a|a)*b', 'a'.repeat(LONG)],
  ['(.*?)*x', 'a'.repeat(LONG)],
  ['.*.*.*=', 'a'.repeat(LONG)],
  ['(a*)*b', 'a'.repeat(LONG)],
  ['^(?:\\s*\\S*\\s*)*$X', 'a '.repeat(LONG / 2)],
  ['(?:a?){30}a{30}b', 'a'.repeat(LONG)],
  ['^(?:(?:\\S+|-)\\s+)*(?:\\[[^\\]]*\\]\\s*)*sshd', '- [a] '.repeat(LONG / 6)],
];

describe('a hostile line', () => {
  it.each(CASES)('%s is searched to its end within the budget', (source, line) => {
    const machine = machineOf(source);
    expect(machine.search(line, 0)).toBeNull();
    expect(machine.steps).toBeLessThanOrEqual(stepBudget(true, line.length));
  });

  it.each(CASES)('%s costs twice the steps for twice the line', (source, line) => {
    const machine = machineOf(source);
    machine.search(line.slice(0, LONG / 4), 0);
    const quarter = machine.steps;
    machine.search(line.slice(0, LONG / 2), 0);
    expect(machine.steps).toBeLessThan(quarter * 2.2);
  });

  it.each(CASES)('%s never goes to the engine that would stall', (source) => {
    expect(nativeIsSafe(costOf(parse(source).root), LONG)).toBe(false);
  });

  it('ends with the budget where a back reference forbids to remember', () => {
    const machine = machineOf('(\\w+)\\s*\\1x');
    expect(machine.search('a'.repeat(LONG), 0)).toBe('over-budget');
    expect(machine.steps).toBeLessThanOrEqual(stepBudget(false, LONG) + LONG);
  });

  it('beyond 64 KiB is said to be over the budget, not searched', () => {
    expect(machineOf('a').search('a'.repeat(TEXT_AT_MOST + 1), 0)).toBe('over-budget');
    expect(compile('(b*)*a').search('a'.repeat(TEXT_AT_MOST + 1))).toBe('over-budget');
  });
});

describe('what may go to the native engine', () => {
  it.each([
    ['^Failed password for (\\S+) from ([0-9.]+)$', true],
    ['^(?:\\w+=\\d+;)*$', true],
    ['(a+)+$', false],
    ['(?:a|ab)*c', false],
    ['^(?:b(?:a?)?)*$', false],
    ['(?:a{1,20}b?)*$', false],
    ['(?:(?:a|b)*,?)*;', false],
  ] as const)('%s: %s', (source, native) => {
    expect(compile(source).engine).toBe(native ? 'native' : 'bounded');
  });

  it('shrinks with each open run that may end anywhere', () => {
    const one = costOf(parse('^.*=').root);
    const three = costOf(parse('^.*a.*b.*=').root);
    expect(nativeIsSafe(one, 1000)).toBe(true);
    expect(nativeIsSafe(three, 1000)).toBe(false);
    expect(nativeIsSafe(three, 60)).toBe(true);
  });
});

/** What a log's prefix patterns (host, program, process number, structured fields of RFC 5424) chew on longest. */
const CHEWED = [' ', ' : ', 'a ', '1:', '- ', '[[]]: ', '<a.b> x[1]: ', '<34>1 - h sshd 1 - [x@1 a="b"] ', 'kernel: [1.2] ', 'for a from ::'];

describe.skipIf(!hasFail2ban)("all of fail2ban's filters (skipped where Debian's fail2ban is absent)", () => {
  it('take 64 KB of what they chew on longest within their budget', { timeout: 120_000 }, () => {
    const { patterns } = askFail2ban();
    expect(patterns.some(({ source }) => source.includes('sshd'))).toBe(true);
    for (const { source } of patterns) {
      const machine = machineOf(source);
      for (const piece of CHEWED) {
        const line = piece.repeat(Math.floor(LONG / piece.length));
        const outcome = machine.search(line, 0);
        expect(machine.steps, source).toBeLessThanOrEqual(stepBudget(machine.program.remembers, line.length) + LONG);
        if (machine.program.remembers) expect(outcome, source).not.toBe('over-budget');
      }
    }
  });
});
