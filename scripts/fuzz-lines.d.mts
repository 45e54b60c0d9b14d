/** What the fuzzing of lines takes and gives, for tests. */

export interface LineReader {
  readonly name: string;
  read(line: string): unknown;
}

export interface Fuzzing {
  readonly lines: readonly string[];
  readonly readers: readonly LineReader[];
  readonly count: number;
  readonly seed: number;
  heard?(lines: number): void;
}

export interface Fuzzed {
  readonly lines: number;
  readonly longest: number;
  readonly crashes: number;
  readonly slow: number;
  readonly worstMs: number;
  readonly worst: string;
  readonly faults: readonly string[];
}

export function mutated(lines: readonly string[], chance: () => number): string;
export function fuzzed(fuzzing: Fuzzing): Fuzzed;
export function wholeLines(text: string): string[];
export function parserReaders(parsers: readonly { readonly name: string; readonly programs: readonly string[]; parse(line: never): unknown }[]): LineReader[];
export function filterReaders(filters: readonly { readonly name: string; feed(line: string): unknown }[]): LineReader[];
