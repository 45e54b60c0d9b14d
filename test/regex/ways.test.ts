/** The bound on steps is never below what a backtracking engine really takes: our own one is run without its memory and counted. */

import * as fs from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readFilter } from '../../src/guests/fail2ban/filter-reader.ts';
import { expandTags } from '../../src/guests/fail2ban/tags.ts';
import type { Node } from '../../src/regex/ast.ts';
import { Machine } from '../../src/regex/bounded.ts';
import { withoutConditions } from '../../src/regex/conditionals.ts';
import { parse } from '../../src/regex/parse.ts';
import { makeProgram } from '../../src/regex/program.ts';
import { Tally, WorstCase } from '../../src/regex/tally.ts';
import { waysOf } from '../../src/regex/ways.ts';
import { realFiles } from '../guests/disk-files.ts';

/** The machine counts a split, a mark and a place as steps of their own. */
const STEPS_PER_STEP = 8;
const FEW = 50_000;
const tally = new Tally();

interface Made {
  readonly source: string;
  readonly root: Node;
  readonly groups: number;
}

function made(source: string): Made {
  const { root, names } = parse(source);
  return { source, root: withoutConditions(root) ?? root, groups: names.length };
}

/** Null where the text is not promised to be cheap. */
function stepsAndBound({ root, groups }: Made, text: string): { readonly steps: number; readonly bound: number } | null {
  const ways = waysOf(root);
  const program = makeProgram(root, groups);
  if (ways === null || program === null) return null;
  tally.take('');
  tally.take(text);
  const bound = ways(tally);
  if (!tally.ascii || bound > FEW) return null;
  const machine = new Machine({ ...program, remembers: false });
  const found = machine.search(text, 0);
  return { steps: found === 'over-budget' ? Number.POSITIVE_INFINITY : machine.steps, bound };
}

function holds(pattern: Made, text: string): boolean {
  const counted = stepsAndBound(pattern, text);
  if (counted === null) return false;
  expect(counted.steps, `${pattern.source} on ${JSON.stringify(text)}`).toBeLessThanOrEqual(counted.bound * STEPS_PER_STEP + 100);
  return true;
}

const PATTERNS = [
  '^.*a.*b.*c$',
  '^(?:\\S+\\s+)?(?:\\S+\\s+)?(?:\\[\\S+\\]\\s+)?x$',
  '(?:a|ab)(?:c|bcd)(?:d*)e',
  '^\\s*(?:<[^.]+\\.[^.]+>\\s+)?(?:\\S+\\s+)?kernel: .*!$',
  '[\\w.-]*\\w@[\\w.-]*\\w$',
  '^user (\\S+|.*?) from (?:(?:[0-9a-f]{1,4}:{1,2}|::){1,7}[0-9a-f]{1,4}|[\\w.-]*\\w)(?: (?:port \\d+|on \\S+)){0,3}\\s*$',
  '^(?:(?! from ).)*? from (?=.*x.*y)\\w+$',
  '^a{0,5}a{0,5}a{3}b',
].map(made);

const LETTERS = ['a', 'b', 'c', 'd', ' ', '.', ':', '[', ']', '<', '>', '1', 'x', '@', 'kernel: ', ' from ', 'user ', ' port 2', ' on a', '::', '\n'];
const textOf = fc.array(fc.constantFrom(...LETTERS), { maxLength: 30 }).map((parts) => parts.join(''));

describe('the bound on steps', () => {
  it.each(PATTERNS)('holds for $source', (pattern) => {
    let tried = 0;
    fc.assert(
      fc.property(textOf, (text) => {
        if (holds(pattern, text)) tried += 1;
      }),
      { numRuns: 500 },
    );
    expect(tried).toBeGreaterThan(50);
  });

  it('is higher for the worst text of the same kind', () => {
    for (const pattern of PATTERNS) {
      const ways = waysOf(pattern.root);
      if (ways === null) continue;
      fc.assert(
        fc.property(textOf, (text) => {
          tally.take('');
          tally.take(text);
          const worst = new WorstCase({ ...tally.features, present: tally.features.present.slice() });
          expect(ways(worst)).toBeGreaterThanOrEqual(ways(tally));
        }),
      );
    }
  });

  const names = fs.existsSync('/etc/fail2ban/filter.d')
    ? realFiles.list('/etc/fail2ban/filter.d').flatMap((name) => (name.endsWith('.conf') ? [name.slice(0, -'.conf'.length)] : []))
    : [];
  const test = names.length > 0 ? it : it.skip;
  test(`holds for expressions of stock filters${names.length > 0 ? '' : ' (not run: /etc/fail2ban/filter.d is not there)'}`, () => {
    const patterns = names
      .flatMap((name) => {
        const { prefregex, failregex, ignoreregex, usedns } = readFilter(realFiles, '/etc/fail2ban', name);
        return [...(prefregex === null ? [] : [prefregex]), ...failregex, ...ignoreregex].map(({ source }) => expandTags(source, usedns));
      })
      .map(made);
    const line = fc
      .array(
        fc.constantFrom(
          'host',
          ' ',
          'sshd[7]: ',
          'Failed password for ',
          'x',
          '(a)',
          '[b]',
          ' from ',
          '192.0.2.1',
          '::1',
          ' port 22',
          '<1.2> ',
          '"',
          ': ',
        ),
        {
          minLength: 3,
          maxLength: 20,
        },
      )
      .map((parts) => `${parts.join('')}\n`);
    let tried = 0;
    fc.assert(
      fc.property(line, fc.nat(), (text, which) => {
        for (let step = 0; step < 20; step += 1) {
          const pattern = patterns[(which + step) % patterns.length];
          if (pattern !== undefined && holds(pattern, text)) tried += 1;
        }
      }),
      { numRuns: 300 },
    );
    expect(tried).toBeGreaterThan(1000);
  }, 60_000);
});
