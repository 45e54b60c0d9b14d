import { spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { attackIn } from '../../src/core/web-attack.ts';
import { filtersOf } from '../../src/engine/asked-filters.ts';
import { explainer, listenersOf } from '../../src/engine/explain.ts';
import { filterGuest } from '../../src/engine/filter-guest.ts';
import { namedLines } from '../../src/eyes/named-lines.ts';
import { networks } from '../../src/eyes/networks.ts';
import { commandLine } from '../../src/faces/cli.ts';
import { completion } from '../../src/faces/completion.ts';
import { type ExplainAsked, explain } from '../../src/faces/explain.ts';
import { detectors, parsers } from '../../src/registry.ts';

const FAILED = 'Mar  3 09:40:00 web1 sshd[811]: Failed password for root from 192.0.2.9 port 4711 ssh2';
let folder = '';
let printed = '';

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tocsin-explain-'));
  printed = '';
});
afterEach(() => {
  fs.rmSync(folder, { recursive: true });
  vi.restoreAllMocks();
});

const files = {
  read: (name: string) => (fs.existsSync(name) ? fs.readFileSync(name, 'utf8') : null),
  list: (name: string) => (fs.existsSync(name) ? fs.readdirSync(name) : []),
};

function open({ year, zone, filters, filterDirectory }: ExplainAsked) {
  const lines = namedLines(year, zone);
  const { definitions, troubles } = filtersOf(files, { names: filters, directory: filterDirectory ?? folder, whole: filterDirectory !== null });
  const listeners = listenersOf(detectors, networks([]));
  return {
    ...lines,
    explainer: explainer({ parsers, listeners, guests: [filterGuest(definitions, lines.toUtc, Date.UTC(2026, 5, 1))], attackIn }),
    troubles,
  };
}

const asking = (words: readonly string[], options = {}) =>
  explain(open, null, words, { year: 2026, zone: 'UTC', ...options }, (text) => {
    printed += text;
  });

describe('tocsin explain', () => {
  it('prints one object a line, that of a line which nobody takes too', async () => {
    fs.writeFileSync(path.join(folder, 'a.log'), `${FAILED}\nMar  3 09:41:00 web1 unheard[1]: of\n`);
    expect(await asking([path.join(folder, 'a.log')], { json: true })).toBe(0);
    const told = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(told.map(({ n, at, attack, address }) => ({ n, at, attack, address }))).toEqual([
      { n: 1, at: '2026-03-03T09:40:00.000Z', attack: true, address: '192.0.2.9' },
      { n: 2, at: '2026-03-03T09:41:00.000Z', attack: false, address: null },
    ]);
    expect(Object.keys(told[0])).toEqual(['n', 'at', 'event', 'attack', 'address', 'user', 'outcome', 'class', 'by']);
  });

  it('ends with 1 where nobody takes any line', async () => {
    expect(await asking(['Mar  3 09:41:00 web1 unheard[1]: of'])).toBe(1);
    expect(printed).toContain('nobody');
  });

  it('counts a file, and shows the shapes that nobody takes', async () => {
    const lines = [FAILED, FAILED, ...[1, 2, 3].map((n) => `Mar  3 09:41:0${n} web1 unheard[${n}]: of ${n} things`)];
    fs.writeFileSync(path.join(folder, 'a.log'), `${lines.join('\n')}\n`);
    expect(await asking([path.join(folder, 'a.log')])).toBe(0);
    expect(printed).toContain('lines: 5, matched 2 by 1 pattern, ignored 0, missed 3');
    expect(printed).toContain('unheard: of <n> things');
  });

  it('asks a filter by name, with its expression, its groups, and what it spares', async () => {
    fs.mkdirSync(path.join(folder, 'filter.d'));
    const words =
      '[Definition]\nfailregex = ^\\s*\\S+ thing\\[\\d+\\]: refused <F-USER>\\S+</F-USER> from <HOST>$\nignoreregex = from 192\\.0\\.2\\.7$\n';
    fs.writeFileSync(path.join(folder, 'filter.d/mine.conf'), words);
    const line = (ip: string) => `Mar  3 09:40:00 web1 thing[1]: refused alice from ${ip}`;
    expect(await asking([line('192.0.2.9')], { json: true, filters: folder, filter: ['mine'] })).toBe(0);
    const told = JSON.parse(printed);
    expect(told).toMatchObject({ attack: true, address: '192.0.2.9', user: 'alice', outcome: 'failure' });
    expect(told.by[0]).toMatchObject({ kind: 'filter', name: 'mine' });
    expect(told.by[0].pattern).toContain('refused');
    printed = '';
    expect(await asking([line('192.0.2.7')], { filters: folder, filter: ['mine'] })).toBe(1);
    expect(printed).toContain('passed over');
    printed = '';
    expect(await asking(['Mar  3 09:40:00 web1 thing[1]: refused alice at noon'], { filters: folder, filter: ['mine'] })).toBe(1);
    expect(printed).toContain('nearly');
  });

  it('control characters of a line never reach the terminal', async () => {
    await asking(['Mar  3 09:40:00 web1 x[1]: \u001b[2J\u202e evil']);
    expect(printed).not.toMatch(/[\u001b\u202e]/);
  });

  it('a missing file, and --events without rules, are told in a sentence', async () => {
    await expect(asking([path.join(folder, 'gone.log')])).rejects.toThrow(/no such file/);
    await expect(asking([], { events: 'x' })).rejects.toThrow(/needs rules/);
  });
});

describe('its place on the command line', () => {
  it('is known to completion, and the shell understands it', () => {
    const script = completion('bash');
    expect(script).toContain('explain');
    expect(spawnSync('/bin/bash', ['-n'], { input: script }).status).toBe(0);
  });

  it('bad options end with 2', async () => {
    vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const nobody = () => {
      throw new Error('not asked');
    };
    expect(await commandLine({ version: '1', open: nobody, explain: { open, events: null } }, ['explain', '--year', '26', 'a b'])).toBe(2);
  });
});
