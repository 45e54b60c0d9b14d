/** From the bytes of a query log to the report: what a person reads of a flooded name server. */

import { describe, expect, it } from 'vitest';
import { investigation } from '../src/engine/investigation.ts';
import { detectors, parsers, policies, probes } from '../src/registry.ts';
import { logFiles } from '../src/sources/log-files.ts';
import { chunkOf, fakeEyes, fakeNetworks } from './fake-eyes.ts';
import { ordinary, type Query, queryLine, row, START, together } from './query-visitors.ts';

const plugins = { sources: [logFiles], parsers, detectors, probes, policies };

async function judged(lines: readonly string[]) {
  const chunk = Object.assign(chunkOf('/query.log', `${lines.join('\n')}\n`, START + 86_400_000), { form: 'queries' as const });
  const eyes = fakeEyes({ chunks: [chunk], host: { live: false } });
  return investigation(eyes, plugins, fakeNetworks(), { version: '0', subject: null, since: null, onlyLogs: true }, () => {});
}

const text = (queries: readonly Query[]) => queries.map(queryLine);
const flood = (name: string) => row(5_000, 60, 50, (index) => ({ name, type: 'ANY', flags: '+E', ip: `203.0.113.${index % 90}` }));

describe('the report about a name server', () => {
  it('joins floods into one case, names the domains, and bans nobody', async () => {
    const report = await judged(text(together(ordinary(300, 20, 1), flood('junk.example'), flood('second.test'))));
    expect(report.verdict).toBe('attacked');
    expect(report.cases).toHaveLength(1);
    const [story] = report.cases;
    expect(story?.findings.map(({ detector, culprit }) => [detector, culprit])).toEqual([
      ['amplification-flood', [{ is: 'domain', name: 'junk.example' }]],
      ['amplification-flood', [{ is: 'domain', name: 'second.test' }]],
    ]);
    expect(story?.proposes).toEqual([]);
    expect(story?.recommends.join(' ')).toMatch(/allow-recursion.*errors-per-second 0.*junk\.example and second\.test.*Do not ban/s);
    expect(story?.chain.map(({ says }) => says).join('\n')).toMatch(/addresses were probably targets/);
    expect(story?.gaps.join(' ')).not.toContain('how they came in');
    expect(report.coverage).toContainEqual(expect.objectContaining({ source: '/query.log', state: 'read', lines: 16_000 }));
  });

  it('is clean over ordinary queries', async () => {
    const report = await judged(text(ordinary(600, 60, 2)));
    expect([report.verdict, report.cases, report.findings]).toEqual(['clean', [], []]);
  });

  it('still tells of guessers whose lines stand among the queries', async () => {
    const guess = (second: number) =>
      `Mar  2 10:00:${String(second).padStart(2, '0')} ns1 sshd[7]: Failed password for root from 203.0.113.9 port 4711 ssh2`;
    const query = 'Mar  2 10:00:00 ns1 named[7]: client 192.0.2.9#53: query: a.example IN A +';
    const report = await judged(Array.from({ length: 60 }, (_, second) => [query, guess(second), query]).flat());
    expect(report.findings.map(({ detector }) => detector)).toContain('password-guessing');
    expect(report.coverage).toContainEqual(expect.objectContaining({ source: '/query.log', lines: 180 }));
  });
});
