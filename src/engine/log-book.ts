/** What was read of each log, and what of it could not be understood: the honest side of the sieve. */

import { counted, grouped, lasted, listed } from '../core/text.ts';
import type { Coverage, Millis } from '../core/words.ts';
import type { SiftCounts } from './sift-counts.ts';

/** More than this share of lines without a syslog header means that it is another kind of log, or damaged. */
const HEADLESS_SHARE = 0.01;
const HOSTS_NAMED = 5;

export interface LogBook {
  add(source: string, counts: SiftCounts): void;
  /** A source without a sieve, whose stamps run ahead. */
  ahead(source: string, aheadMs: Millis): void;
  coverage(): Coverage[];
  /** Of all logs together: lines, those that somebody understands, and the time that the stamps cover. */
  sum(): { readonly lines: number; readonly candidates: number; readonly from: Millis | null; readonly to: Millis | null };
}

/** `host` = whose lines alone were asked for; `named` = these very files were: then a log of which nothing is understood was not read. */
export function logBook(host: string | null = null, named = false): LogBook {
  const books = new Map<string, SiftCounts>();
  const aheads = new Map<string, Millis>();
  return {
    ahead: (source, aheadMs) => void aheads.set(source, Math.max(aheadMs, aheads.get(source) ?? 0)),
    add(source, counts) {
      const book = books.get(source);
      if (!book) return void books.set(source, { ...counts, hosts: new Set(counts.hosts) });
      book.lines += counts.lines;
      book.candidates += counts.candidates;
      book.cut += counts.cut;
      book.headless += counts.headless;
      book.backwards += counts.backwards;
      book.hole += counts.hole;
      book.elsewhere += counts.elsewhere;
      for (const name of counts.hosts) book.hosts.add(name);
      book.aheadMs = Math.max(book.aheadMs, counts.aheadMs);
      book.from = earlier(book.from, counts.from);
      book.to = later(book.to, counts.to);
    },
    coverage: () => [
      ...[...books].map(([source, counts]) => told(source, counts, named)),
      ...[...aheads].map(([source, aheadMs]): Coverage => ({ source, state: 'partial', detail: aheadWords(aheadMs) })),
      ...hostsOf([...books.values()], host),
    ],
    sum: () => {
      const all = [...books.values()];
      return {
        lines: all.reduce((sum, book) => sum + book.lines, 0),
        candidates: all.reduce((sum, book) => sum + book.candidates, 0),
        from: all.reduce<Millis | null>((from, book) => earlier(from, book.from), null),
        to: all.reduce<Millis | null>((to, book) => later(to, book.to), null),
      };
    },
  };
}

function told(source: string, counts: SiftCounts, named: boolean): Coverage {
  const odd = counts.headless > Math.max(1, counts.lines * HEADLESS_SHARE);
  // Nothing but lines of another form; a log of programs that nobody asks for, or that another log has too, was read all the same.
  const foreign = counts.candidates === 0 && (named || (counts.headless > 0 && counts.from === null));
  const said = [
    `${counted(counts.lines, 'line')}, ${grouped(counts.candidates)} of programs that are understood`,
    counts.headless > 0 ? `${counted(counts.headless, 'line')} without a syslog header passed over` : '',
    counts.cut > 0 ? `${counted(counts.cut, 'over-long line')} cut` : '',
    counts.hole > 0 ? `${counted(counts.hole, 'NUL byte')} before lines passed over: a crash or a copy tore a hole` : '',
    counts.backwards > 0 ? `the clock went back ${counted(counts.backwards, 'time')}: times around there are uncertain` : '',
    counts.aheadMs > 0 ? aheadWords(counts.aheadMs) : '',
    counts.elsewhere > 0 ? `${counted(counts.elsewhere, 'line')} of other hosts left out` : '',
  ];
  return {
    source,
    state: odd || foreign || counts.cut + counts.backwards + counts.hole + counts.aheadMs > 0 ? 'partial' : 'read',
    detail: said.filter(Boolean).join('; '),
    lines: counts.lines,
    ...(counts.from === null ? {} : { from: counts.from }),
    ...(counts.to === null ? {} : { to: counts.to }),
  };
}

function aheadWords(aheadMs: Millis): string {
  return `stamps lie up to ${lasted(aheadMs)} in the future: a wrong clock or zone, or forged`;
}

/** `web1` and `web1.example.org` are one host; what is no name (`-`, nothing) is none. */
function hostsOf(books: readonly SiftCounts[], asked: string | null): Coverage[] {
  const names = new Map<string, string>();
  for (const name of books.flatMap((book) => [...book.hosts])) {
    const short = /^[\d.]+$|:/.test(name) ? name : (name.toLowerCase().split('.')[0] ?? '');
    if (short !== '' && short !== '-' && !names.has(short)) names.set(short, name);
  }
  if (names.size < (asked === null ? 2 : 1)) return [];
  const which = `the logs are of ${counted(names.size, 'host')} (${listed([...names.values()], HOSTS_NAMED)})`;
  if (asked !== null) return [{ source: 'hosts', state: 'read', detail: `${which}: only the lines of ${asked} were judged` }];
  const says = 'all were judged as if they were one, so that an attack on one and a log-in on another may look like one story';
  return [{ source: 'hosts', state: 'partial', detail: `${which}: ${says}; --host NAME judges one alone` }];
}

function earlier(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

function later(a: number | null, b: number | null): number | null {
  return a === null ? b : b === null ? a : Math.max(a, b);
}
