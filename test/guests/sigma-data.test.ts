/** Public Sigma rules and the events that came with them, where they lie on this machine. */

import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRules } from '../../src/faces/explain-sigma.ts';
import { SigmaEvent } from '../../src/guests/sigma/event.ts';
import { loadSigma } from '../../src/guests/sigma/load.ts';
import { SigmaMatcher } from '../../src/guests/sigma/match.ts';

const DATA = process.env['TOCSIN_DATA'] ?? new URL('../../../shared/data', import.meta.url).pathname;

/** Skipped by a name that says why, where the data is not there. */
function itWith(file: string, name: string, test: (file: string) => void): void {
  const place = `${DATA}/${file}`;
  if (fs.existsSync(place)) it(`${file}: ${name}`, () => test(place));
  else it.skip(`${file}: ${name} (not run: the data is not there; set TOCSIN_DATA)`, () => {});
}

describe('public rules', () => {
  itWith('sigma/rules', 'all of them load', (folder) => {
    const { files, passed } = readRules(folder);
    const { rules, correlations, refused } = loadSigma(files);
    expect([passed, refused]).toEqual([[], []]);
    expect(rules.length + correlations.length).toBeGreaterThanOrEqual(files.length);
  });

  itWith('sigma/regression-events.jsonl', 'every rule matches the event that came with it', (file) => {
    const missed: string[] = [];
    for (const line of fs.readFileSync(file, 'utf8').trim().split('\n')) {
      const row: { readonly id: string; readonly rule_yaml: string; readonly match_count: number | null; readonly events: readonly unknown[] } =
        JSON.parse(line);
      const { rules, refused } = loadSigma([{ path: row.id, text: row.rule_yaml }]);
      const matcher = new SigmaMatcher(rules);
      const count = row.events.filter((event) => matcher.match(new SigmaEvent(event)).length > 0).length;
      if (refused.length > 0 || count < (row.match_count ?? 1) || (row.match_count === 0 && count > 0)) missed.push(row.id);
    }
    expect(missed).toEqual([]);
  });
});
