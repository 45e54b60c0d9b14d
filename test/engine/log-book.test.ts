import { describe, expect, it } from 'vitest';
import type { Parser } from '../../src/core/contracts.ts';
import type { Line } from '../../src/core/words.ts';
import { type LogBook, logBook } from '../../src/engine/log-book.ts';
import { wantedBy } from '../../src/engine/wanted.ts';
import { chunkOf, siftLines } from '../fake-eyes.ts';

const now = Date.UTC(2026, 5, 1);
const parser: Parser = { name: 'p', about: '', cannotSee: '', programs: ['sshd'], needles: [], parse: () => null };

function put(book: LogBook, source: string, text: string, host: string | null = null): Line[] {
  const taken: Line[] = [];
  book.add(
    source,
    siftLines(chunkOf(source, text, now), wantedBy([parser], host), (line) => taken.push(line)),
  );
  return taken;
}

const on = (host: string) => `Mar  3 09:40:00 ${host} sshd[7]: x\n`;

describe('the book of logs', () => {
  it('names several hosts, in one file or in two, and what that means', () => {
    const book = logBook();
    put(book, '/a', on('web1') + on('web2'));
    expect(book.coverage().find((entry) => entry.source === 'hosts')).toMatchObject({ state: 'partial' });
    const two = logBook();
    put(two, '/a', on('web1'));
    put(two, '/b', on('web2'));
    const said = two.coverage().find((entry) => entry.source === 'hosts')?.detail;
    expect(said).toContain('2 hosts (web1 and web2)');
    expect(said).toContain('--host');
  });

  it.each([
    ['one host', on('web1') + on('web1')],
    ['its long and its short name', on('web1') + on('WEB1.example.org')],
    ['a host and no host', `${on('web1')}<38>1 2026-03-03T09:40:00Z - sshd 7 - - x\n`],
  ])('says nothing of hosts for %s', (_what, text) => {
    const book = logBook();
    put(book, '/a', text);
    expect(book.coverage().map((entry) => entry.source)).toEqual(['/a']);
  });

  it('bounds the names of hosts', () => {
    const book = logBook();
    put(book, '/a', Array.from({ length: 500 }, (_, index) => on(`h${index}`)).join(''));
    expect(book.coverage()[1]?.detail.length).toBeLessThan(400);
  });

  it('counts what is of other hosts than the one asked for', () => {
    const book = logBook('web1');
    expect(put(book, '/a', on('web1') + on('web2') + on('web1.example.org'), 'web1').map((line) => line.host)).toEqual(['web1', 'web1.example.org']);
    expect(book.coverage()[0]?.detail).toContain('1 line of other hosts left out');
    expect(book.coverage()[1]).toMatchObject({ source: 'hosts', state: 'read' });
  });

  it('says that stamps lie in the future', () => {
    const book = logBook();
    put(book, '/a', '2026-07-01T00:00:00Z h sshd[7]: x\n');
    // 30 days and the minute of skew that clocks may have.
    expect(book.coverage()[0]).toMatchObject({ state: 'partial', detail: expect.stringContaining('30 days in the future') });
    book.ahead('journal', 7_200_000);
    expect(book.coverage()[1]).toMatchObject({ source: 'journal', state: 'partial', detail: expect.stringContaining('2 h in the future') });
  });

  it('says that a crash left a hole', () => {
    const book = logBook();
    put(book, '/a', `${'\u0000'.repeat(4096)}${on('h')}`);
    expect(book.coverage()[0]).toMatchObject({ state: 'partial', lines: 1, detail: expect.stringContaining('4,096 NUL bytes') });
  });

  it('calls a named log of which nothing is understood read in part, one of a machine only when it is another kind of log', () => {
    for (const [text, named, state] of [
      ['Mar  3 09:40:00 h ntpd[7]: x\n', true, 'partial'],
      ['Mar  3 09:40:00 h ntpd[7]: x\n', false, 'read'],
      ['{"a":1}\n', false, 'partial'],
    ] as const) {
      const book = logBook(null, named);
      put(book, '/a', text);
      expect(book.coverage()[0]?.state).toBe(state);
    }
  });

  it('sums up lines and time over all files', () => {
    const book = logBook();
    put(book, '/a', 'Mar  3 09:40:00 h sshd[7]: x\n');
    put(book, '/b', 'Mar  1 09:40:00 h sshd[7]: x\nMar  2 09:40:00 h ntpd[7]: x\n');
    expect(book.sum()).toEqual({ lines: 3, candidates: 2, from: Date.UTC(2026, 2, 1, 9, 40), to: Date.UTC(2026, 2, 3, 9, 40) });
  });
});
