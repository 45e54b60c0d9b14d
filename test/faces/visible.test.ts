/** Blanks that hide a name are written out, those of a sentence are not. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { html } from '../../src/faces/html.ts';
import { markdown } from '../../src/faces/markdown.ts';
import { visible } from '../../src/faces/visible.ts';
import { quote } from '../../src/faces/wording.ts';
import { aCase, aReport } from './a-report.ts';

describe('blanks', () => {
  it.each([
    ['a plain sentence stays', 'a plain sentence stays'],
    ['"/tmp/..  "', '"/tmp/..\\x20\\x20"'],
    ['/tmp/.  /x', '/tmp/.\\x20\\x20/x'],
    [' lead', '\\x20lead'],
    ['trail ', 'trail\\x20'],
    ['no\u00a0break', 'no\\xa0break'],
    ['wide\u3000one', 'wide\\u3000one'],
    ['root\u3164', 'root\\u3164'],
    ['root\u{e0041}', 'root\\u{e0041}'],
    ['tab\there', 'tab\\there'],
  ])('%j becomes %j', (text, told) => expect(visible(text)).toBe(told));

  it('are the same after a second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 100 }), (text) => {
        expect(visible(visible(text))).toBe(visible(text));
      }),
    );
  });

  it('of a syslog stamp are no hiding place', () => {
    expect(quote({ source: 'auth.log', says: 'Mar  3 09:40:00 web1 sshd[1]: x' })).toBe('Mar 3 09:40:00 web1 sshd[1]: x');
    expect(quote({ source: 'auth.log', says: 'ls  3 x' })).toBe('ls  3 x');
  });

  it("of sudo's padding are no hiding place, those behind it are", () => {
    const padded = 'TTY=pts/0 ; PWD=/srv/a  b ; USER=root ; COMMAND=/bin/ls';
    for (const stamp of ['Mar 13 09:40:00 web1 ', '2026-03-03T09:40:00.123456+01:00 web1 ', ''])
      expect(quote({ source: 'auth.log', says: `${stamp}sudo:      bob : ${padded}` })).toBe(`${stamp}sudo: bob : ${padded}`);
    expect(quote({ source: 'auth.log', says: 'Mar 13 09:40:00 web1 visudo:  x' })).toBe('Mar 13 09:40:00 web1 visudo:  x');
  });

  it('reach the page and the ticket', () => {
    const report = aReport({ cases: [aCase({ title: 'a kit lies in "/tmp/.  "' })] });
    expect(html(report)).toContain('/tmp/.\\x20\\x20&quot;');
    expect(markdown(report)).toContain('/tmp/.\\\\x20\\\\x20"');
  });
});
