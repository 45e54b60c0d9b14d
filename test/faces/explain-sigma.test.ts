/** `explain --sigma`: a folder of rules and a file of events in, one line of JSON for each event out. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explainSigma } from '../../src/faces/explain-sigma.ts';

let folder: string;
beforeAll(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-sigma-'));
  const rules = path.join(folder, 'rules', 'deep');
  fs.mkdirSync(rules, { recursive: true });
  const rule = (name: string, value: string) =>
    `title: ${name}\nname: ${name}\nid: ${name}\nlogsource: {product: linux}\ndetection:\n  sel: {what: ${value}}\n  condition: sel\n`;
  fs.writeFileSync(path.join(rules, 'one.yml'), rule('one', 'a'));
  fs.writeFileSync(path.join(rules, 'bad.yaml'), 'title: [');
  fs.writeFileSync(path.join(rules, 'notes.txt'), 'title: [');
  fs.writeFileSync(
    path.join(folder, 'rules', 'count.yml'),
    'title: c\nid: c\ncorrelation: {type: event_count, rules: [one], timespan: 1m, group-by: [ip], condition: {gte: 2}}\n',
  );
});
afterAll(() => fs.rmSync(folder, { recursive: true }));

async function explained(events: readonly string[], rules = 'rules'): Promise<{ status: number; lines: unknown[]; aside: string[] }> {
  const file = path.join(folder, 'events.jsonl');
  fs.writeFileSync(file, events.join('\n'));
  const lines: unknown[] = [];
  const aside: string[] = [];
  const status = await explainSigma(
    path.join(folder, rules),
    file,
    (line) => lines.push(JSON.parse(line)),
    (line) => aside.push(line),
  );
  return { status, lines, aside };
}

describe('explain --sigma', () => {
  it('tells the ids of the rules that match each event, and what was refused', async () => {
    const event = (seconds: number, what: string) =>
      JSON.stringify({ id: `e${seconds}`, '@timestamp': `2024-01-01T00:00:${10 + seconds}Z`, what, ip: 'x' });
    const { status, lines, aside } = await explained([event(0, 'a'), '', event(1, 'b'), 'no json', event(2, 'a')]);
    expect(status).toBe(0);
    expect(aside).toEqual([expect.stringMatching(/deep\/bad\.yaml, line \d+, is not used: YAML: /)]);
    expect(lines).toEqual([
      { n: 1, id: 'e0', rules: ['one'], quiet: ['one'] },
      { n: 2, id: 'e1', rules: [] },
      { n: 3, rules: [], error: 'no JSON' },
      { n: 4, id: 'e2', rules: ['one', 'c'], quiet: ['one'] },
    ]);
  });

  it('an event may be wrapped with its id', async () => {
    const { lines } = await explained([JSON.stringify({ id: 7, event: { what: 'a' } })]);
    expect(lines.at(-1)).toEqual({ n: 1, id: 7, rules: ['one'], quiet: ['one'] });
  });

  it('rules or events that are not there are no clean answer', async () => {
    expect((await explained([], 'nowhere')).status).toBe(2);
    expect(
      await explainSigma(
        path.join(folder, 'rules'),
        path.join(folder, 'nothing'),
        () => {},
        () => {},
      ),
    ).toBe(2);
  });
});
