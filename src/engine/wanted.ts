/** Which lines somebody asked for: programs that parsers know, of one host or all. */

import type { Parser } from '../core/contracts.ts';
import type { Event, Line } from '../core/words.ts';
import { EVERY_LINE } from '../scan/needles.ts';

/** Programs that any parser wants, and a filter by length and first letter that turns most others away unread. */
export interface Wanted {
  /** One of the needles of its parsers stands in each line that is wanted; null = every line is. */
  readonly programs: ReadonlyMap<string, RegExp | null>;
  readonly shapes: Uint8Array;
  /** By program and by needle, a bit for each parser. */
  readonly readers: ReadonlyMap<string, number>;
  readonly needles: ReadonlyMap<string, number>;
  /** Only the lines of this host, by its whole name or its first label; null = of all. */
  readonly host: string | null;
}

/** Who hears of what went through. */
export interface Taking {
  line(line: Line): void;
  /** Of a line that was understood at once, without a `Line` being made of it. The event is lent: the next one is the same object. */
  told(event: Event): void;
  /** That was all of this piece; its bytes may change from now on. */
  pieceEnds?(): void;
}

/** More parsers than that share bits, which costs nothing but time. */
const BITS = 30;

export function wantedBy(parsers: readonly Parser[], host: string | null = null): Wanted {
  const byProgram = new Map<string, number>();
  const needles = new Map<string, number>();
  parsers.forEach((parser, index) => {
    const bit = 1 << (index % BITS);
    const bits = parser.needles.length === 0 ? bit | EVERY_LINE : bit;
    for (const name of parser.programs) byProgram.set(name.toLowerCase(), (byProgram.get(name.toLowerCase()) ?? 0) | bits);
    for (const needle of parser.needles) needles.set(needle, (needles.get(needle) ?? 0) | bit);
  });
  const programs = new Map<string, RegExp | null>();
  const readers = new Map<string, number>();
  const shapes = new Uint8Array(128 * 128);
  for (const program of parsers.flatMap((parser) => parser.programs)) {
    const bits = byProgram.get(program.toLowerCase()) ?? 0;
    for (const form of [program, program.toLowerCase(), program.toUpperCase()]) {
      if (!programs.has(form)) programs.set(form, anyOf(bits, needles));
      readers.set(form, bits);
      shapes[shapeOf(form.length, form.charCodeAt(0))] = 1;
    }
  }
  return { programs, shapes, readers, needles, host: host?.toLowerCase() ?? null };
}

/** One search for all of them; the words are ours, and nothing in them means anything but itself. */
function anyOf(bits: number, needles: ReadonlyMap<string, number>): RegExp | null {
  if ((bits & EVERY_LINE) !== 0) return null;
  const words = [...needles].flatMap(([needle, own]) => ((own & bits) === 0 ? [] : needle.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')));
  return new RegExp(words.join('|'));
}

function shapeOf(length: number, first: number): number {
  return ((length & 127) << 7) | (first & 127);
}

/** Is the program that stands in the text from `start` to `end` asked for? Most are turned away without a string being made. */
export function wantsProgram(wanted: Wanted, text: string, start: number, end: number, skip: ReadonlySet<string>): boolean {
  if (wanted.shapes[shapeOf(end - start, text.charCodeAt(start))] !== 1) return false;
  const program = text.slice(start, end);
  return wanted.programs.has(program) && !skip.has(program.toLowerCase());
}

/** May a parser of this program take the line? Not where none of its needles stands in it. */
export function mayTell(wanted: Wanted, program: string, text: string): boolean {
  return wanted.programs.get(program)?.test(text) ?? true;
}

/** `web1` is also `web1.example.org`; null is every host. */
export function isHost(host: string, asked: string | null): boolean {
  if (asked === null) return true;
  const name = host.toLowerCase();
  return name === asked || name.startsWith(`${asked}.`);
}
