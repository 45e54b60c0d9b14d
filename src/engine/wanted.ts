/** Which lines somebody asked for: programs that parsers know, of one host or all. */

import type { Parser } from '../core/contracts.ts';

/** Programs that any parser wants, and a filter by length and first letter that turns most others away unread. */
export interface Wanted {
  readonly programs: ReadonlyMap<string, boolean>;
  readonly shapes: Uint8Array;
  /** Only the lines of this host, by its whole name or its first label; null = of all. */
  readonly host: string | null;
}

export function wantedBy(parsers: readonly Parser[], host: string | null = null): Wanted {
  const programs = new Map<string, boolean>();
  const shapes = new Uint8Array(128 * 128);
  for (const program of parsers.flatMap((parser) => parser.programs)) {
    for (const form of [program, program.toLowerCase(), program.toUpperCase()]) {
      programs.set(form, true);
      shapes[shapeOf(form.length, form.charCodeAt(0))] = 1;
    }
  }
  return { programs, shapes, host: host?.toLowerCase() ?? null };
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

/** `web1` is also `web1.example.org`; null is every host. */
export function isHost(host: string, asked: string | null): boolean {
  if (asked === null) return true;
  const name = host.toLowerCase();
  return name === asked || name.startsWith(`${asked}.`);
}
