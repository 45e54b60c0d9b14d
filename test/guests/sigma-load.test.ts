/** Loading Sigma: conditions, collections, filters, logs, and a reason with a line for whatever cannot be used. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadSigma } from '../../src/guests/sigma/load.ts';
import { sigmaReport } from '../../src/guests/sigma/report.ts';
import { loaded, matches, refusals, ruleText } from './sigma-rules.ts';

const PARTS = 'sel_a:\n  a: 1\nsel_b:\n  b: 1\n_hidden:\n  h: 1\nfilter.x-1:\n  f: 1\n';

describe('conditions', () => {
  it.each<[string, Record<string, number>, Record<string, number>]>([
    ['sel_a and sel_b', { a: 1, b: 1 }, { a: 1 }],
    ['sel_a or sel_b', { b: 1 }, { f: 1 }],
    ['sel_a and not filter.x-1', { a: 1 }, { a: 1, f: 1 }],
    ['sel_a or sel_b and filter.x-1', { a: 1 }, { b: 1 }],
    ['(sel_a or sel_b) and filter.x-1', { b: 1, f: 1 }, { a: 1 }],
    ['not sel_a and sel_b', { b: 1 }, { a: 1, b: 1 }],
    ['not (sel_a and sel_b)', { a: 1 }, { a: 1, b: 1 }],
    ['not not sel_a', { a: 1 }, { b: 1 }],
    ['1 of sel_*', { b: 1 }, { f: 1 }],
    ['all of sel_*', { a: 1, b: 1 }, { b: 1 }],
    ['any of sel_*', { a: 1 }, { h: 1 }],
    ['2 of them', { a: 1, f: 1 }, { a: 1, h: 1 }],
    ['1 of them', { f: 1 }, { h: 1 }],
    ['all of them', { a: 1, b: 1, f: 1 }, { a: 1, b: 1, h: 1 }],
    ['sel_a AND NOT 1 OF filter*', { a: 1 }, { a: 1, f: 1 }],
    ['_hidden', { h: 1 }, { a: 1 }],
    ['[sel_a, sel_b]', { b: 1 }, { f: 1 }],
  ])('%s', (condition, yes, no) => {
    const rule = ruleText(`${PARTS}condition: ${condition}`);
    expect([matches(rule, yes), matches(rule, no)]).toEqual([true, false]);
  });

  it.each<[string, string]>([
    ['sel_a and', 'the condition ends too early'],
    ['sel_a sel_b', 'the condition does not go on with “sel_b”'],
    ['(sel_a', 'a parenthesis of the condition is not closed'],
    ['sel_c', 'the condition names “sel_c”, which the detection does not have'],
    ['1 of nothing*', 'no part of the detection is called like “nothing*”'],
    ['1 of', 'the condition lacks a name behind “1 of”'],
    ['and sel_a', 'the condition has “and” where a name is wanted'],
    ['sel_a | near sel_b', 'the aggregation “near sel_b” is not supported: only count() and count(field) are'],
    ['sel_a | count() > 3', 'the condition counts without a timeframe'],
  ])('%s is refused', (condition, reason) => {
    const [refusal = ''] = refusals(ruleText(`${PARTS}condition: ${condition}`));
    expect(refusal).toContain(reason);
  });

  it('parts that the condition does not use are told', () => {
    const [rule] = loaded(ruleText(`${PARTS}condition: sel_a or filter.x-1 or _hidden`)).rules;
    expect(rule?.notes).toEqual(['the condition does not use “sel_b”']);
  });
});

describe('files', () => {
  it.each<[string, string, string]>([
    ['broken YAML', 'title: x\ndetection: [a\n', 'YAML: '],
    ['the same key twice', 'title: x\ntitle: y\n', 'YAML: Map keys must be unique'],
    ['a list', '- a\n- b\n', '1: not a rule: a map of title, logsource and detection is wanted'],
    ['nothing', '', '1: the file is empty'],
    ['neither', 'title: x\n', '1: neither detection nor correlation nor filter'],
    ['no logsource', 'title: x\ndetection:\n  a:\n    b: c\n  condition: a\n', '1: the rule has no logsource'],
    ['an empty logsource', 'title: x\nlogsource:\n  definition: d\ndetection:\n  a:\n    b: c\n  condition: a\n', '2: the logsource names neither'],
    ['no condition', ruleText('sel:\n  a: b'), 'the detection has no condition'],
    ['an unknown anchor', 'a: *nobody\n', 'YAML: '],
  ])('%s', (_name, text, reason) => expect(refusals(text)[0]).toContain(reason));

  it('an anchor bomb is refused', () => {
    const bomb = [
      'a0: &a0 [x, x, x, x, x, x, x, x, x, x]',
      ...Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(10).fill(`*a${n}`).join(', ')}]`),
    ];
    expect(refusals(bomb.join('\n'))[0]).toMatch(/more than 200000 values|Excessive alias/);
  });

  it('one bad rule does not keep the others of its file away', () => {
    const set = loaded(`${ruleText('sel:\n  a|what: 1\ncondition: sel')}---\n${ruleText('sel:\n  a: 1\ncondition: sel')}`);
    expect([set.rules.length, set.refused.map(({ line }) => line)]).toEqual([1, [7]]);
  });

  it('anchors, aliases and merge keys are followed', () => {
    const rule = ruleText('sel: &s\n  a: 1\n  b: 2\nother:\n  <<: *s\n  b: 3\ncondition: other');
    expect([matches(rule, { a: 1, b: 3 }), matches(rule, { a: 1, b: 2 })]).toEqual([true, false]);
  });

  it('old collections: global lies under each rule until reset, repeat under the next', () => {
    const set = loaded(
      [
        'action: global\ntitle: Base\nlogsource: {product: linux}\ndetection:\n  sel: {a: 1}\n',
        'detection:\n  more: {b: 1}\n  condition: sel and more\n',
        'action: repeat\ntitle: Again\ndetection:\n  more: {b: 2}\n',
        'action: reset\n',
        'title: Alone\ndetection:\n  x: {y: 1}\n  condition: x\n',
      ].join('---\n'),
    );
    expect(set.rules.map(({ title, asks }) => [title, asks])).toEqual([
      ['Base', ['a', 'b']],
      ['Again', ['a', 'b']],
    ]);
    expect(set.refused.map(({ title, reason }) => [title, reason])).toEqual([['Alone', 'the rule has no logsource']]);
  });

  it('the head is read', () => {
    const head =
      'title: T\nname: n\nlevel: high\nstatus: test\ntags: [attack.t1059.004, attack.execution, cve.2021-1]\nfalsepositives: [none]\nfields: [a]\nrelated:\n  - {id: r, type: derived}';
    expect(loaded(ruleText('sel:\n  a: 1\ncondition: sel', head)).rules[0]).toMatchObject({
      id: '11111111-2222-3333-4444-555555555555',
      name: 'n',
      level: 'high',
      status: 'test',
      attack: ['T1059.004'],
      falsePositives: ['none'],
      fields: ['a'],
      related: [{ id: 'r', type: 'derived' }],
      notes: [],
    });
  });

  it('no text crashes the loader, and every document is told of', () => {
    const piece = fc.constantFrom(
      'title: x\n',
      'id: 1\n',
      'logsource:\n',
      '  product: linux\n',
      'detection:\n',
      '  sel:\n',
      '    a|re: (\n',
      '    - b\n',
      '  condition: ',
      'sel',
      ' and (',
      '1 of *',
      '---\n',
      '&a ',
      '*a',
      '[',
      '{',
      '? ',
      '\t',
      '"',
      "'",
      '|',
      '%YAML 9\n',
      '!!js ',
      'action: global\n',
      'correlation:\n',
      '  type: temporal\n',
      '  rules: [x]\n',
      'filter:\n',
      '<<: ',
      '\u0000',
      '\ud800',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((parts) => parts.join('')),
        ),
        (text) => {
          const { rules, correlations, filters, refused } = loaded(text);
          const applied = filters.length;
          const told = rules.length + correlations.length + applied + refused.length;
          expect(told + (text.includes('action') ? 1 : 0)).toBeGreaterThan(0);
          for (const { line, reason } of refused) expect([line >= 1, reason !== '']).toEqual([true, true]);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('deep nesting does not end the program', () => {
    for (const text of [
      `a: ${'['.repeat(20_000)}`,
      `a: ${'['.repeat(100)}${']'.repeat(100)}`,
      '- '.repeat(5_000),
      ruleText(`sel:\n  a: 1\ncondition: ${'('.repeat(5_000)}sel`),
    ]) {
      expect(refusals(text).length).toBe(1);
    }
  });
});

describe('filters', () => {
  const filter = (rules: string, source = 'product: linux') =>
    `title: Admins\nlogsource:\n  ${source}\nfilter:\n  rules: ${rules}\n  sel:\n    user|startswith: adm_\n  condition: not sel\n`;
  const rule = ruleText('sel:\n  a: 1\ncondition: sel', 'title: T\nname: known');

  it('take out of a rule what they name', () => {
    for (const rules of ['[known]', '[11111111-2222-3333-4444-555555555555]', 'any']) {
      const text = `${rule}---\n${filter(rules)}`;
      expect([matches(text, { a: 1, user: 'bob' }), matches(text, { a: 1, user: 'adm_bob' })]).toEqual([true, false]);
    }
  });

  it('that fit nothing are refused', () => {
    expect(refusals(`${rule}---\n${filter('[nobody]')}`)[0]).toContain('the filter names “nobody”, and no such rule was loaded');
    expect(refusals(`${rule}---\n${filter('any', 'product: windows')}`)[0]).toContain('no rule has the log source of this filter');
  });
});

describe('the report', () => {
  const log = (source: string, line = 'Image: /x', id = 'r') =>
    `title: ${id}\nid: ${id}\nlogsource: {${source}}\ndetection:\n  sel:\n    ${line}\n  condition: sel\n`;

  it('says of each rule what became of it and why', () => {
    const texts = [
      log('category: process_creation, product: linux'),
      log('category: process_creation, product: windows'),
      log('category: process_creation, product: linux', 'IntegrityLevel: High'),
      log('category: process_creation, product: linux', 'Image|odd: x'),
      `title: some\nid: some\nlogsource: {category: process_creation, product: linux}\ndetection:\n  sel:\n    - IntegrityLevel: High\n    - Image: /x\n  condition: sel\n`,
    ];
    const report = sigmaReport(loadSigma(texts.map((text, n) => ({ path: `${n}.yml`, text }))));
    expect(report.lines.map(({ file, taken, because }) => [file, taken, because[0]])).toEqual([
      ['0.yml', 'taken', 'its id “r” is no UUID'],
      ['1.yml', 'not-applicable', 'no log that Tocsin reads is of product windows, category process_creation'],
      ['2.yml', 'not-applicable', 'no event of this log has IntegrityLevel'],
      ['3.yml', 'refused', 'the modifier “odd” is not known'],
      ['4.yml', 'partly', 'no event of its log has the field IntegrityLevel'],
    ]);
    expect([report.total, report.taken, report.partly, report.notApplicable, report.refused]).toEqual([5, 1, 1, 2, 1]);
  });
});
