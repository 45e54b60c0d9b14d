/** What was read of each log, and what of it could not be understood: the honest side of the sieve. */

import { counted, grouped } from '../core/text.ts';
import type { Coverage } from '../core/words.ts';
import type { SiftCounts } from './sieve.ts';

/** More than this share of lines without a syslog header means that it is another kind of log, or damaged. */
const HEADLESS_SHARE = 0.01;

export interface LogBook {
  add(source: string, counts: SiftCounts): void;
  coverage(): Coverage[];
}

export function logBook(): LogBook {
  const books = new Map<string, SiftCounts>();
  return {
    add(source, counts) {
      const book = books.get(source);
      if (!book) return void books.set(source, { ...counts });
      book.lines += counts.lines;
      book.candidates += counts.candidates;
      book.cut += counts.cut;
      book.headless += counts.headless;
      book.backwards += counts.backwards;
      book.from = earlier(book.from, counts.from);
      book.to = later(book.to, counts.to);
    },
    coverage: () => [...books].map(([source, counts]) => told(source, counts)),
  };
}

function told(source: string, counts: SiftCounts): Coverage {
  const odd = counts.headless > Math.max(1, counts.lines * HEADLESS_SHARE);
  const said = [
    `${counted(counts.lines, 'line')}, ${grouped(counts.candidates)} of programs that are understood`,
    counts.headless > 0 ? `${counted(counts.headless, 'line')} without a syslog header passed over` : '',
    counts.cut > 0 ? `${counted(counts.cut, 'over-long line')} cut` : '',
    counts.backwards > 0 ? `the clock went back ${counted(counts.backwards, 'time')}: times around there are uncertain` : '',
  ];
  return {
    source,
    state: odd || counts.cut > 0 || counts.backwards > 0 ? 'partial' : 'read',
    detail: said.filter(Boolean).join('; '),
    lines: counts.lines,
    ...(counts.from === null ? {} : { from: counts.from }),
    ...(counts.to === null ? {} : { to: counts.to }),
  };
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

function later(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
