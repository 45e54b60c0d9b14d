/** A short run of `npm run fuzz`: mutated lines through every parser and the stock filters, where they are installed. */

import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { filterReaders, fuzzed, mutated, parserReaders, wholeLines } from '../../scripts/fuzz-lines.mjs';
import { random } from '../../scripts/random.mjs';
import { readFilter } from '../../src/guests/fail2ban/filter-reader.ts';
import { IniShelf } from '../../src/guests/fail2ban/includes.ts';
import { openFilter } from '../../src/guests/fail2ban/running-filter.ts';
import { parsers } from '../../src/registry.ts';
import { realFiles } from './disk-files.ts';

const SAMPLES = new URL('../samples/', import.meta.url);
const lines = fs.readdirSync(SAMPLES).flatMap((name) => wholeLines(fs.readFileSync(new URL(name, SAMPLES), 'utf8')));

describe('mutated lines', () => {
  it('are the same for the same seed', () => {
    const some = (seed: number) => {
      const chance = random(seed);
      return Array.from({ length: 200 }, () => mutated(lines, chance));
    };
    expect(some(1)).toEqual(some(1));
    expect(some(1)).not.toEqual(some(2));
  });

  it('crash no parser', () => {
    const told = fuzzed({ lines, readers: parserReaders(parsers), count: 3_000, seed: 20_260_310 });
    expect(told.faults.filter((fault) => fault.includes(' threw '))).toEqual([]);
    expect(told.lines).toBe(3_000);
  });

  const names = realFiles.list('/etc/fail2ban/filter.d').filter((name) => name.endsWith('.conf') && !name.endsWith('common.conf'));
  const test = names.length > 0 ? it : it.skip;
  test(`crash no filter${names.length > 0 ? '' : ' (not run: /etc/fail2ban/filter.d is not there)'}`, () => {
    const shelf = new IniShelf(realFiles);
    const filters = names.map((name) =>
      openFilter(readFilter(realFiles, '/etc/fail2ban', name.slice(0, -'.conf'.length), {}, { shelf }), {
        zone: (local) => local,
        now: () => Date.UTC(2026, 2, 10, 12),
      }),
    );
    const told = fuzzed({ lines, readers: filterReaders(filters), count: 500, seed: 20_260_310 });
    expect(told.faults.filter((fault) => fault.includes(' threw '))).toEqual([]);
  }, 60_000);

  it('tell of a reader that throws, and of one that takes too long', () => {
    const until = (ms: number) => {
      const from = performance.now();
      while (performance.now() - from < ms);
    };
    const readers = [
      { name: 'bad', read: () => JSON.parse('{') },
      { name: 'slow', read: () => until(120) },
    ];
    const told = fuzzed({ lines, readers, count: 2, seed: 1 });
    expect(told.crashes).toBe(2);
    expect(told.slow).toBe(2);
    expect(told.faults[0]).toMatch(/^bad threw SyntaxError/);
    expect(told.faults[1]).toMatch(/^slow took \d+ ms for /);
  });
});
