import { describe, expect, it } from 'vitest';
import { ByPid } from '../../src/core/by-pid.ts';
import { evidenceOfLine, Quotes } from '../../src/core/quotes.ts';
import { Shows } from '../../src/core/shows.ts';
import { Sample } from '../../src/core/window.ts';
import type { Evidence } from '../../src/core/words.ts';

const LINES = 60_000;
const PIECE_BYTES = 8_192;

describe('lines that are kept to be shown', () => {
  it('are the same as if each were an object, through all making of room', () => {
    const quotes = new Quotes();
    const sizes = [50, 3, 4, 12, 0];
    const shows = new Shows(quotes);
    const shown = sizes.map((size) => shows.open(size));
    const plain = sizes.map((size) => new Sample<Evidence>(size));
    const piece = Buffer.alloc(PIECE_BYTES);
    let used = 0;
    for (let line = 1; line <= LINES; line += 1) {
      const raw = `line ${line} ${'x'.repeat(line % 400)}`;
      if (used + raw.length > piece.length) {
        quotes.pieceEnds();
        piece.fill(0);
        used = 0;
      }
      const start = used;
      used += piece.write(raw, start, 'latin1');
      const event = { source: `/log${line % 3}`, at: line * 10, line, raw, ascii: line % 7 === 0 ? null : { bytes: piece, start, end: used } };
      const quote = quotes.add(event);
      quotes.hold(quote);
      shown.forEach((one, index) => {
        if (line % (index + 1) !== 0) return;
        shows.add(one, quote);
        plain[index]?.add(evidenceOfLine(event));
      });
      quotes.release(quote);
    }
    expect(shown.map((one) => shows.all(one))).toEqual(plain.map((one) => one.all()));
  });

  it('make room when their owner goes', () => {
    const quotes = new Quotes();
    const shows = new Shows(quotes);
    const [first, second] = [shows.open(4), shows.open(4)];
    const told = (line: number) => ({ source: '/log', at: line, line, raw: `line ${line}` });
    shows.add(first, quotes.add(told(1)));
    shows.add(second, quotes.add(told(2)));
    shows.close(first);
    shows.add(second, quotes.add(told(3)));
    expect(shows.all(second).map(({ says }) => says)).toEqual(['line 2', 'line 3']);
  });
});

describe('what is known by pid', () => {
  it('is found by its own number only, and told of when another takes its place', () => {
    const gone: string[] = [];
    const known = new ByPid(
      () => ({ name: '' }),
      ({ name }) => gone.push(name),
    );
    known.claim(7).name = 'seven';
    expect([known.get(7)?.name, known.get(7 + 32_768)]).toEqual(['seven', undefined]);
    known.claim(7 + 32_768).name = 'other';
    expect([gone, known.get(7), known.get(7 + 32_768)?.name]).toEqual([['seven'], undefined, 'other']);
    known.remove(7);
    expect(known.entries().map(([pid]) => pid)).toEqual([7 + 32_768]);
    known.remove(7 + 32_768);
    expect(known.entries()).toEqual([]);
  });
});
