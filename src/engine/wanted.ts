/** Which lines somebody asked for: programs that parsers know, of one host or all. */

import type { Parser } from '../core/contracts.ts';

/** Programs that any parser wants, and a filter by length and first letter that turns most others away unread. */
export interface Wanted {
  /** One of the needles of its parsers stands in each line that is wanted; null = every line is. */
  readonly programs: ReadonlyMap<string, RegExp | null>;
  readonly shapes: Uint8Array;
  /** Only the lines of this host, by its whole name or its first label; null = of all. */
  readonly host: string | null;
}

export function wantedBy(parsers: readonly Parser[], host: string | null = null): Wanted {
  const needles = new Map<string, Set<string> | null>();
  for (const parser of parsers) for (const program of parser.programs) join(needles, program.toLowerCase(), parser.needles);
  const programs = new Map<string, RegExp | null>();
  const shapes = new Uint8Array(128 * 128);
  for (const program of parsers.flatMap((parser) => parser.programs)) {
    const any = anyOf(needles.get(program.toLowerCase()) ?? null);
    for (const form of [program, program.toLowerCase(), program.toUpperCase()]) {
      programs.set(form, any);
      shapes[shapeOf(form.length, form.charCodeAt(0))] = 1;
    }
  }
  return { programs, shapes, host: host?.toLowerCase() ?? null };
}

function join(all: Map<string, Set<string> | null>, program: string, needles: readonly string[]): void {
  const old = all.get(program);
  if (needles.length === 0 || old === null) all.set(program, null);
  else all.set(program, new Set([...(old ?? []), ...needles]));
}

/** One search for all of them; the words are ours, and nothing in them means anything but itself. */
function anyOf(needles: ReadonlySet<string> | null): RegExp | null {
  return needles && new RegExp([...needles].map((needle) => needle.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'));
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
