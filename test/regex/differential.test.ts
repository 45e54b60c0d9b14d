/** Answers compared with Python's own, on small random patterns and on all that fail2ban's filters bring. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compile } from '../../src/regex/pattern.ts';
import { answerOf, askEach, enginesOf } from './ask.ts';
import { RICH_PATTERN, WILD_TEXT } from './patterns.ts';
import { askFail2ban, askPython, hasFail2ban, hasPython, type Question } from './python.ts';

const PATTERNS = 3000;
const TOKENS = [
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '*',
  '+',
  '?',
  '|',
  '^',
  '$',
  '.',
  '\\',
  'a',
  '-',
  ',',
  '1',
  '(?',
  '(?:',
  '(?P<a>',
  '(?P=a)',
  '(?(1)',
  '(?=',
  '(?i)',
  '(?i:',
  '(?-i:',
  '(?x)',
  '(?#',
  '\\1',
  '\\x4',
  '\\b',
  '[^',
  '[a-',
  '{2,1}',
  '{2}',
  '{,3}',
  '\\q',
  '#',
  '\n',
];

describe.skipIf(!hasPython)('answers of Python (skipped where /usr/bin/python3 is absent)', () => {
  it(`are ours on ${PATTERNS} small patterns`, () => {
    const texts = fc.array(WILD_TEXT, { minLength: 4, maxLength: 4 });
    const questions: Question[] = fc.sample(fc.record({ source: RICH_PATTERN, flags: fc.constantFrom(0, 0, 2, 8, 16), texts }), {
      numRuns: PATTERNS,
      seed: 11,
    });
    const replies = askPython(questions);
    let compared = 0;
    let over = 0;
    questions.forEach(({ source, flags, texts: asked }, i) => {
      const reply = replies[i];
      const options = { ignoreCase: (flags & 2) !== 0, multiline: (flags & 8) !== 0, dotAll: (flags & 16) !== 0 };
      if (reply === undefined || 'error' in reply) {
        expect(() => compile(source, options), source).toThrow();
        return;
      }
      asked.forEach((text, j) => {
        compared++;
        for (const [engine, answer] of askEach(source, text, options)) {
          // a back reference forbids to remember, so a few exploding patterns end with the budget
          if (answer === 'over-budget' && source.endsWith('\\1')) over++;
          else expect(answer, `${engine}: ${source} on ${JSON.stringify(text)}`).toEqual(reply.answers[j]);
        }
      });
    });
    expect(compared).toBeGreaterThan(PATTERNS);
    expect(over / compared).toBeLessThan(0.01);
  });

  it('are ours on what is a pattern at all', () => {
    const sources = fc.sample(
      fc.array(fc.constantFrom(...TOKENS), { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
      { numRuns: PATTERNS, seed: 12 },
    );
    const replies = askPython(sources.map((source) => ({ source, flags: 0, texts: ['a1 a'] })));
    sources.forEach((source, i) => {
      const reply = replies[i];
      if (reply === undefined || 'error' in reply) expect(() => compile(source), source).toThrow();
      else expect(answerOf(compile(source).search('a1 a')), source).toEqual(reply.answers[0]);
    });
  });
});

describe.skipIf(!hasFail2ban)("answers on fail2ban's filters (skipped where Debian's fail2ban is absent)", () => {
  it('are ours for every expanded regex on every sample line', () => {
    const { lines, patterns } = askFail2ban();
    expect(patterns.length).toBeGreaterThan(200);
    const wrong: string[] = [];
    let compared = 0;
    for (const { source, multiline, hits } of patterns) {
      const pattern = compile(source, { multiline });
      lines.forEach((line, i) => {
        compared++;
        const given = answerOf(pattern.search(line));
        if (JSON.stringify(given) !== JSON.stringify(hits[String(i)] ?? null)) wrong.push(`${source} on ${line}`);
      });
    }
    expect(wrong).toEqual([]);
    expect(compared).toBe(lines.length * patterns.length);
  });

  it('come from both engines alike', () => {
    const { lines, patterns } = askFail2ban();
    for (const { source, multiline, hits } of patterns) {
      const asked = enginesOf(source, { multiline });
      for (const [i, hit] of Object.entries(hits)) {
        for (const [engine, answer] of asked(lines[Number(i)] ?? '')) expect(answer, `${engine}: ${source}`).toEqual(hit);
      }
    }
  });

  it('need a literal in nearly every filter', () => {
    const { patterns } = askFail2ban();
    const without = patterns.filter(({ source, multiline }) => compile(source, { multiline }).needles === null);
    expect(without.length / patterns.length).toBeLessThan(0.1);
  });
});
