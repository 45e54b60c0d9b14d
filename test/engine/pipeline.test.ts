/** The pipeline moves events along, keeps one finding a key, and outlives its plugins' faults. */

import { describe, expect, it } from 'vitest';
import type { Detector, Parser } from '../../src/core/contracts.ts';
import type { Event, FindingDraft, Line } from '../../src/core/words.ts';
import { pipeline } from '../../src/engine/pipeline.ts';
import { fakeSurroundings } from '../fake-eyes.ts';

const around = fakeSurroundings();
const quiet = { since: null, hear: () => {} };
const draft = (key: string, seen: number): FindingDraft => ({
  key,
  at: 1,
  severity: 'low',
  confidence: 'weak',
  says: 'x',
  culprit: [],
  victim: [],
  evidence: [],
  seen,
});
const promiscuous = (at: number): Event => ({ kind: 'kernel.promiscuous', at, source: 'kern', fields: { device: 'eth0', on: true } });
const line = (message: string, at = 5): Line => ({
  source: 'log',
  line: 3,
  at,
  host: 'h',
  program: 'Kernel',
  pid: null,
  message,
  raw: `raw ${message}`,
});

function detector(name: string, start: Detector['start']): Detector {
  return { name, about: '', cannotSee: '', attack: ['T1040'], tells: 'oddity', role: 'effect', start };
}

const parser: Parser = {
  name: 'kernel',
  about: '',
  cannotSee: '',
  programs: ['kernel'],
  needles: ['mode'],
  parse: (given) => {
    if (given.message === 'boom') throw new Error('bad line');
    return given.message.includes('mode') ? { kind: 'kernel.promiscuous', fields: { device: given.message, on: true } } : null;
  },
};

describe('findings', () => {
  it('are one for a key: the newer word replaces the older and keeps its name', () => {
    let seen = 0;
    const way = pipeline({ parsers: [], detectors: [detector('d', () => ({ 'kernel.promiscuous': () => draft('same', ++seen) }))] }, around, quiet);
    way.event(promiscuous(1));
    way.event(promiscuous(2));
    expect(way.findings().map((finding) => [finding.id, finding.seen])).toEqual([['d-1', 2]]);
  });

  it('take detector, techniques and role from who said them, and let a draft overrule', () => {
    const way = pipeline(
      {
        parsers: [],
        detectors: [detector('d', () => ({ 'kernel.promiscuous': () => [draft('a', 1), { ...draft('b', 1), role: 'entry', attack: ['T1078'] }] }))],
      },
      around,
      quiet,
    );
    way.event(promiscuous(1));
    expect(way.findings().map((finding) => [finding.detector, finding.role, finding.attack])).toEqual([
      ['d', 'effect', ['T1040']],
      ['d', 'entry', ['T1078']],
    ]);
  });

  it('are bounded for each detector, and the rest is counted', () => {
    let count = 0;
    const way = pipeline(
      { parsers: [], detectors: [detector('d', () => ({ 'kernel.promiscuous': () => draft(String(++count), 1) }))] },
      around,
      quiet,
    );
    for (let n = 0; n < 6_000; n += 1) way.event(promiscuous(n));
    expect(way.findings()).toHaveLength(5_000);
    expect(way.dropped()).toBe(1_000);
  });
});

describe('lines', () => {
  it('reach the parser of their program, whatever its case, and carry where they came from', () => {
    const heard: Event[] = [];
    const way = pipeline({ parsers: [parser], detectors: [] }, around, { since: null, hear: (event) => heard.push(event) });
    way.line(line('promiscuous mode'));
    way.line(line('something else'));
    expect(heard).toEqual([
      { kind: 'kernel.promiscuous', fields: { device: 'promiscuous mode', on: true }, at: 5, source: 'log', line: 3, raw: 'raw promiscuous mode' },
    ]);
  });

  it('older than asked for are not heard', () => {
    const heard: Event[] = [];
    const way = pipeline({ parsers: [parser], detectors: [] }, around, { since: 10, hear: (event) => heard.push(event) });
    way.line(line('mode', 9));
    way.line(line('mode', 10));
    expect(heard.map((event) => event.at)).toEqual([10]);
  });
});

describe('a plugin that throws', () => {
  it('loses that line only, and is named', () => {
    const failing = detector('bad', () => ({
      'kernel.promiscuous': () => {
        throw new Error('oops');
      },
    }));
    const good = detector('good', () => ({ 'kernel.promiscuous': () => draft('g', 1) }));
    const way = pipeline({ parsers: [parser], detectors: [failing, good] }, around, quiet);
    way.line(line('boom'));
    way.line(line('mode'));
    expect(way.findings().map((finding) => finding.detector)).toEqual(['good']);
    expect(way.faults()).toEqual([
      { plugin: 'kernel', times: 1, says: 'Error: bad line' },
      { plugin: 'bad', times: 1, says: 'Error: oops' },
    ]);
  });
});
