/** The JSON report: its shape is a promise to other programs, and printing it must not move a cursor. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { json } from '../../src/faces/json.ts';
import { AT, aCase, aFact, aFinding, aReport, aStep, HOSTILE, hostileReport } from './a-report.ts';

/** Everything that is no plain printable character, a line break of the pretty print apart. */
const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/u;

describe('the object', () => {
  it('has the keys of the contract and no others', () => {
    expect(Object.keys(JSON.parse(json(aReport())))).toEqual(['tocsin', 'host', 'from', 'to', 'verdict', 'cases', 'findings', 'coverage']);
  });

  it('is pretty printed by two blanks', () => expect(json(aReport())).toMatch(/^\{\n {2}"tocsin": "0\.1\.0",\n/));

  it('tells every time in ISO 8601, UTC, with milliseconds, and an unknown one as null', () => {
    const report = aReport({
      from: null,
      to: AT + 7,
      cases: [
        aCase({
          chain: [aStep('entry', 'a', { evidence: [{ source: 'wtmp', at: AT }] }), aStep('process', 'b', { at: null })],
          facts: [aFact('p', 'account-standing', 'c'), aFact('q', 'account-logins', 'd', { at: AT })],
        }),
      ],
      findings: [aFinding('f', 'e', { from: AT, to: AT + 1000 })],
      coverage: [{ source: 'auth.log', state: 'read', detail: 'all of it', from: AT, to: AT }],
    });
    const told = JSON.parse(json(report));
    const noon = '2026-03-03T09:40:00.000Z';
    expect([told.from, told.to]).toEqual([null, '2026-03-03T09:40:00.007Z']);
    expect(told.cases[0].openedAt).toBe(noon);
    expect(told.cases[0].chain.map((step: { at: unknown }) => step.at)).toEqual([noon, null]);
    expect(told.cases[0].chain[0].evidence).toEqual([{ source: 'wtmp', at: noon }]);
    expect(told.cases[0].facts.map((fact: { at: unknown }) => fact.at)).toEqual([null, noon]);
    expect(told.findings[0]).toMatchObject({ at: noon, from: noon, to: '2026-03-03T09:40:01.000Z' });
    expect(told.coverage[0]).toEqual({ source: 'auth.log', state: 'read', detail: 'all of it', from: noon, to: noon });
  });

  it('leaves numbers of orders alone, where `to` is no time', () => {
    const order = { verb: 'raise-conntrack-limit', to: 262_144 } as const;
    const told = JSON.parse(json(aReport({ cases: [aCase({ proposes: [{ order, because: 'b', risk: 'r', undo: 'u' }] })] })));
    expect(told.cases[0].proposes[0].order).toEqual(order);
  });

  it('keeps who, whom, figures, reason and techniques of a finding', () => {
    const finding = aFinding('f', 'e', {
      culprit: [{ is: 'process', pid: 5, startTicks: 6, name: 'x' }],
      victim: [{ is: 'port', proto: 'tcp', port: 22 }],
      figures: { distinctTargets: 1204 },
      explained: 'a known scanner',
    });
    const told = JSON.parse(json(aReport({ findings: [finding] }))).findings[0];
    expect(told).toMatchObject({
      culprit: finding.culprit,
      victim: finding.victim,
      figures: finding.figures,
      explained: finding.explained,
      attack: ['T1110.001'],
    });
  });

  it('does not fail on a number that is no time', () => {
    expect(JSON.parse(json(aReport({ from: Number.NaN, to: 9e99 })))).toMatchObject({ from: null, to: null });
  });
});

describe('hostile text', () => {
  it.each(HOSTILE.map((bad) => [JSON.stringify(bad).slice(0, 40), bad]))('%s comes back as it was and is printed as plain text', (_name, bad) => {
    const text = json(hostileReport(bad));
    expect(text).not.toMatch(RAW);
    const told = JSON.parse(text);
    expect(told.host).toBe(bad);
    expect(told.cases[0].chain[0].evidence[0]).toMatchObject({ source: bad, path: bad, event: bad, says: bad });
    expect(told.findings[0].culprit[0].name).toBe(bad);
    expect(told.findings[0].figures[bad]).toBe(bad);
    expect(told.coverage[1].detail).toBe(bad);
  });

  it('escapes a byte that was no UTF-8 as the lone surrogate that carries it', () => {
    expect(json(aReport({ host: 'a\udcffb' }))).toContain('"host": "a\\udcffb"');
  });

  it('holds for any string at all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 0xd800, max: 0xdfff }), (text, lone) => {
        const host = `${text}${String.fromCharCode(lone)} `;
        const printed = json(aReport({ host }));
        expect(printed).not.toMatch(RAW);
        expect(JSON.parse(printed).host).toBe(host);
      }),
    );
  });
});
