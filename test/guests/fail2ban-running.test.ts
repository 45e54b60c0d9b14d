/** Sample lines mangled by chance, judged by us and by fail2ban's own filter: the same expression, stranger and time. Skipped by name where it is not installed. */

import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Disk } from '../../src/eyes/disk.ts';
import { zoneOf } from '../../src/eyes/zone.ts';
import { canonicalAddress } from '../../src/guests/fail2ban/address.ts';
import type { FilterDefinition } from '../../src/guests/fail2ban/definition.ts';
import { readFilter } from '../../src/guests/fail2ban/filter-reader.ts';
import { openFilter } from '../../src/guests/fail2ban/running-filter.ts';
import { readSamples } from '../../src/guests/fail2ban/sample-file.ts';
import { SAMPLE_NOW_MS } from '../../src/guests/fail2ban/sample-suite.ts';
import { realFiles } from './disk-files.ts';
import { absent, CONFIGURATION, SAMPLES } from './fail2ban-oracle.ts';

const LINES_A_JOB = 40;
const missing = absent() ?? (fs.existsSync(SAMPLES) ? null : `${SAMPLES} is not there`);
const { toUtc } = zoneOf(new Disk(''), () => {}, 'Europe/Zurich');

/** Feeds fail2ban's Filter; a host's name is not resolved, and nothing is too old. */
const ORACLE = `
import sys, json, os, time, logging
os.environ['TZ'] = 'Europe/Zurich'; time.tzset()
sys.path.insert(0, sys.argv[1])
logging.disable(logging.CRITICAL)
from fail2ban.server.filter import Filter
from fail2ban.server.mytime import MyTime
now = int(sys.argv[2])
MyTime.setAlternateNow(now); MyTime.setTime(now)
out = []
for job in json.load(sys.stdin):
    f = Filter(None); f.returnRawHost = True; f.checkFindTime = False; f.active = True
    if job['maxlines'] > 1: f.setMaxLines(job['maxlines'])
    if job['prefregex']: f.prefRegex = job['prefregex']
    for one in job['failregex']: f.addFailRegex(one)
    for one in job['ignoreregex']: f.addIgnoreRegex(one)
    if job['datepattern']: f.setDatePattern(job['datepattern'])
    said = []
    for line in job['lines']:
        try:
            hits = f.processLine(('', '', line), now) if job['journal'] else f.processLine(line)
            said.append([[h[0], str(h[1]), h[2]] for h in hits])
        except Exception as fault:
            said.append(None)
    out.append(said)
json.dump(out, sys.stdout)
`;

const STAMPS = [
  'Aug 14 11:59:59',
  '2005-08-14T11:58:00.123Z',
  '2005-02-30 10:00:00',
  '1124013500',
  '[14/Aug/2005:11:00:00 +0000]',
  'audit(1124013500.1:2):',
  '23:59:59',
  'CEST Aug 14 11:12:13',
  '050814 11:12:13',
  ' 3/08/2005 01:02:03',
];
const STUFF = [' ', '[', ']', '"', 'ü', '\u00a0', '0', '::', '\t', 'from 203.0.113.4 ', '😀'];
const STRANGERS = ['2001:db8::1', '::ffff:203.0.113.4', 'host.example.com', '[2001:DB8::2]', '999.1.1.1', '203.0.113.4.5'];

/** Small numbers in a row that is always the same (a linear congruential generator). */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return (state >> 8) % below;
  };
}

function mangled(line: string, other: string, below: (limit: number) => number, stamps: boolean): string {
  const at = below(line.length + 1);
  const pick = (texts: readonly string[]): string => texts[below(texts.length)] ?? '';
  const way = below(stamps ? 8 : 6);
  if (way === 0) return line.slice(0, at) + line.slice(at + 1 + below(3));
  if (way === 1) return line.slice(0, at) + other.slice(below(other.length + 1));
  if (way === 2) return line.slice(0, at) + pick(STUFF) + line.slice(at);
  if (way === 3) return line.replace(/\d+\.\d+\.\d+\.\d+/, pick(STRANGERS));
  if (way === 6) return `${pick(STAMPS)} ${line.replace(/^\S+ +\S+ \S+ /, '')}`;
  if (way === 7) return `${line.slice(0, at)} ${pick(STAMPS)} ${line.slice(at)}`;
  return line;
}

interface Job {
  readonly definition: FilterDefinition;
  readonly lines: readonly string[];
}

function jobs(): Job[] {
  const below = chance(20_260_310);
  const names = realFiles
    .list(`${CONFIGURATION}/filter.d`)
    .flatMap((name) => (/(?<!common)\.conf$/.test(name) ? [name.slice(0, -'.conf'.length)] : []));
  const samples = new Map(names.map((name) => [name, readSamples(realFiles.read(`${SAMPLES}/${name}`) ?? '').samples]));
  const all = [...samples.values()].flatMap((several) => several.map(({ line }) => line));
  const pick = (lines: readonly string[]): string => lines[below(lines.length)] ?? '';
  return names.flatMap((name) => {
    const own = samples.get(name) ?? [];
    const written = own
      .flatMap(({ options }) => options ?? [])
      .map((one) => JSON.stringify(Object.entries(one).filter(([key]) => !key.startsWith('test.'))));
    // With rfc5424 fail2ban's own engine may take for ever with one line of sshd.
    const chosenOnce = [...new Set(['[]', ...written])].filter((chosen) => !chosen.includes('rfc5424'));
    return chosenOnce.map((chosen) => {
      const definition = readFilter(realFiles, CONFIGURATION, name, Object.fromEntries(JSON.parse(chosen)));
      // fail2ban forgets connections by the clock, we by the lines: their stamps stay as they are.
      const stamps = definition.prefregex?.source.includes('<F-MLFID>') !== true;
      const lines = Array.from({ length: LINES_A_JOB }, () =>
        mangled(own.length > 0 && below(4) > 0 ? (own[below(own.length)]?.line ?? '') : pick(all), pick(all), below, stamps),
      );
      return { definition, lines };
    });
  });
}

type Said = readonly (readonly [number, string, number | null])[] | null;

function fail2ban(all: readonly Job[]): readonly (readonly Said[])[] {
  const input = all.map(({ definition: { maxlines, prefregex, failregex, ignoreregex, datepattern, logtype }, lines }) => ({
    maxlines,
    prefregex: prefregex?.source ?? null,
    failregex: failregex.map(({ source }) => source),
    ignoreregex: ignoreregex.map(({ source }) => source),
    datepattern: datepattern?.source ?? null,
    journal: logtype === 'journal',
    lines,
  }));
  const code = SAMPLES.slice(0, -'/fail2ban/tests/files/logs'.length);
  const out = execFileSync('/usr/bin/python3', ['-c', ORACLE, code, String(SAMPLE_NOW_MS / 1000)], {
    input: JSON.stringify(input),
    maxBuffer: 1 << 28,
    timeout: 90_000,
    encoding: 'utf8',
  });
  return JSON.parse(out);
}

/** IPv6 has a spelling with an IPv4 tail, which Python's system writes for small addresses. */
function plain(id: string): string {
  const [, head, a, b, c, d] = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(id) ?? [];
  const tail = head === undefined ? id : `${head}${(Number(a) * 256 + Number(b)).toString(16)}:${(Number(c) * 256 + Number(d)).toString(16)}`;
  return canonicalAddress(tail) ?? id;
}

describe('filters beside those of fail2ban', () => {
  const title = 'mangled sample lines are judged alike';
  if (missing !== null) {
    it.skip(`${title} (not run: ${missing})`, () => {});
    return;
  }
  it(title, () => {
    const all = jobs();
    const theirs = fail2ban(all);
    const different: unknown[] = [];
    let hits = 0;
    all.forEach(({ definition, lines }, job) => {
      const running = openFilter(definition, { zone: toUtc, now: () => SAMPLE_NOW_MS });
      lines.forEach((line, index) => {
        const ours = running.feed(line, definition.logtype === 'journal' ? SAMPLE_NOW_MS : null).filter((hit) => !hit.ignored);
        const said = theirs[job]?.[index];
        // fail2ban itself breaks off at some dates.
        if (said === null || said === undefined) return;
        hits += said.length;
        const want = said.map(([pattern, id, at]) => [pattern, plain(id), at === null ? null : Math.round(at * 1000)]);
        const got = ours.map(({ pattern, id, at }) => [pattern.index, plain(id ?? ''), at === null ? null : Math.round(at)]);
        if (JSON.stringify(want) !== JSON.stringify(got)) different.push({ filter: definition.name, options: definition.options, line, want, got });
      });
    });
    expect(different).toEqual([]);
    expect(hits).toBeGreaterThan(500);
  }, 120_000);
});
