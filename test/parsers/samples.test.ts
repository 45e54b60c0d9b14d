import { afterEach, describe, expect, it, vi } from 'vitest';
import { guessers, parsers as ofPrograms } from '../../src/registry.ts';

const parsers = [...ofPrograms, ...guessers];

import { patternsOf, sampleFiles, samplesOf } from './harness.ts';

afterEach(() => vi.restoreAllMocks());

it('there is one sample file for each parser, and none without one', () => {
  expect([...sampleFiles()].sort()).toEqual(parsers.map((parser) => parser.name).sort());
});

describe.each(parsers.map((parser) => [parser.name, parser] as const))('%s', (name, parser) => {
  const samples = samplesOf(name);

  it.each(samples.map((sample) => [sample.where, sample] as const))('%s gives what stands above it', (_where, { text, line, expected }) => {
    expect(expected, 'no expectation stands above this line').toBeDefined();
    expect(parser.programs).toContain(line.program);
    expect(parser.parse(line)).toEqual(expected);
    if (expected !== null)
      expect(
        parser.needles.some((needle) => text.includes(needle)),
        'no needle is in this line: the sieve would drop it',
      ).toBe(true);
  });

  it('has a sample for each pattern', async () => {
    const patterns = await patternsOf(name);
    const spies = patterns.map((pattern) => ({ name: pattern.name, read: vi.spyOn(pattern, 'read') }));
    for (const sample of samples) parser.parse(sample.line);
    const missed = spies.filter(({ read }) => !read.mock.results.some((result) => result.value !== null)).map((spy) => spy.name);
    expect(patterns.length).toBeGreaterThan(0);
    expect(new Set(patterns.map((pattern) => pattern.name)).size).toBe(patterns.length);
    expect(missed).toEqual([]);
  });

  it('has a look-alike that is none of its lines', () => {
    expect(samples.some((sample) => sample.expected === null)).toBe(true);
  });
});
