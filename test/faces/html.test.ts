/** The page: whole in one file, nothing loaded, nothing run, and no tag in it that we did not write. */

import { describe, expect, it } from 'vitest';
import { html } from '../../src/faces/html.ts';
import { AT, aCase, aFact, aFinding, aReport, aStep, HOSTILE, hostileReport } from './a-report.ts';

const RAW = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]|\p{Surrogate}/u;

/** All tags with their attributes, values taken out, each once. */
function tagsOf(page: string): string[] {
  const body = page.replace(/<style>[^<]*<\/style>/, '<style></style>');
  return [...new Set([...body.matchAll(/<[^>]*>/g)].map(([tag]) => tag.replace(/"[^"]*"/g, '""')))].sort();
}

const full = html(
  aReport({
    cases: [
      aCase({
        chain: [aStep('entry', 'it came in'), aStep('effect', 'it scans', { at: AT + 60_000 }), aStep('victim', 'no time', { at: null })],
        findings: [aFinding('f1', 'it came in', { figures: { failures: 12 }, culprit: [{ is: 'process', pid: 4711, startTicks: 1, name: 'scan' }] })],
        facts: [aFact('p', 'account-standing', 'backup is in the group sudo')],
        proposes: [{ order: { verb: 'lock-account', name: 'backup' }, because: 'it was entered', risk: 'backups stop', undo: 'unlock it' }],
        recommends: ['Tell the owner.'],
        gaps: ['who it was'],
      }),
    ],
    coverage: [{ source: 'journal', state: 'absent', detail: 'no journal here' }],
  }),
);

describe('the page', () => {
  it('may load and run nothing', () => {
    expect(full).toContain(`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">`);
    expect(full).not.toMatch(/<script|<link|<iframe|<object|src=|url\(|@import|javascript:|\son\w+=/i);
    expect([...full.matchAll(/href="([^"]*)"/g)].filter(([, target]) => !target?.startsWith('#'))).toEqual([]);
  });

  it('names its language, has headings in order and headers in every table', () => {
    expect(full).toContain('<html lang="en">');
    expect(full.match(/<h1>/g)).toHaveLength(1);
    expect(full.match(/<table>/g)?.length).toBe(full.match(/<thead><tr><th scope="col">/g)?.length);
  });

  it('tells chain, evidence, orders, people, gaps, figures, techniques, facts and coverage', () => {
    const wanted = ['it came in', '<code>/var/log/auth.log:123</code>', 'Lock the account backup', 'backups stop', 'unlock it', 'Tell the owner.'];
    for (const text of [...wanted, 'who it was', 'failures&nbsp;12', 'T1110.001', 'backup is in the group sudo', 'no journal here'])
      expect(full).toContain(text);
    expect(full).toContain('<time class="when" datetime="2026-03-03T09:40:00.000Z">2026-03-03 09:40:00</time>');
    expect(full).toContain('<b>4711</b> scan');
  });

  it('closes what it opens', () => {
    const open: string[] = [];
    for (const [, closing, name = '', own] of full.replace(/<style>[^<]*<\/style>|<!DOCTYPE html>/g, '').matchAll(/<(\/?)([a-z0-9]+)[^>]*?(\/?)>/g)) {
      if (own || ['meta', 'br'].includes(name)) continue;
      if (!closing) open.push(name);
      else expect(open.pop()).toBe(name);
    }
    expect(open).toEqual([]);
  });

  it('says so when nothing was looked at', () => expect(html(aReport({ verdict: 'clean' }))).toContain('Nothing was looked at.'));
});

describe('hostile text', () => {
  const honest = tagsOf(html(hostileReport('honest')));

  it.each(HOSTILE.map((bad) => [JSON.stringify(bad).slice(0, 40), bad]))('%s makes no tag and no attribute', (_name, bad) => {
    const page = html(hostileReport(bad));
    expect(page).not.toMatch(RAW);
    expect(tagsOf(page)).toEqual(honest);
  });

  it('is shown, not swallowed', () => {
    expect(html(hostileReport('<script>alert(1)</script>'))).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html(hostileReport('x\u202egpj'))).toContain('x\\u202egpj');
    expect(html(hostileReport('\udcff'))).toContain('\\xff');
  });

  it('of any length makes a page of bounded length', () => {
    expect(html(hostileReport('A'.repeat(1_000_000))).length).toBeLessThan(200_000);
  });
});
