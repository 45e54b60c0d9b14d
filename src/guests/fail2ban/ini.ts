/** Reads one file in the dialect of Python's configparser, as fail2ban sets it up: sections, `key = value`, continuation lines, comments. */

import type { Place, Trouble } from './definition.ts';
import { FILE_CHARACTERS_AT_MOST, OPTIONS_AT_MOST } from './files.ts';

/** A value as written, before anything in it is filled in. `lines` holds the line number of each of its lines. */
export interface RawValue {
  readonly value: string;
  readonly place: Place;
  readonly lines: readonly number[];
}

export type Section = Map<string, RawValue>;

export interface IniFile {
  readonly defaults: Section;
  readonly sections: Map<string, Section>;
  readonly troubles: readonly Trouble[];
}

/** What Python's str.strip() takes away, which differs from JavaScript's trim(). */
const SPACE = '\\t-\\r\\x1c- \\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const SPACES_BEFORE = new RegExp(`^[${SPACE}]+`);
const ONE_SPACE = new RegExp(`[${SPACE}]`);
const NO_SPACE = new RegExp(`[^${SPACE}]`);

export function strip(text: string): string {
  return stripEnd(text.replace(SPACES_BEFORE, ''));
}

/** Backwards by hand: a pattern anchored at the end looks at every run of blanks again. */
function stripEnd(text: string): string {
  let end = text.length;
  while (end > 0 && ONE_SPACE.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Collects values line by line; everything that is known of where we are in the file. */
class Reading {
  readonly defaults: Section = new Map();
  readonly sections = new Map<string, Section>();
  readonly troubles: Trouble[] = [];
  readonly #file: string;
  #section: Section | null = null;
  #option: string | null = null;
  #parts: string[] = [];
  #lines: number[] = [];
  #indent = 0;
  #count = 0;
  #seen = new Set<string>();

  constructor(file: string) {
    this.#file = file;
  }

  /** False when the file is not to be read further. */
  take(line: string, number: number): boolean {
    const cut = commentStart(line);
    const text = strip(cut === null ? line : line.slice(0, cut));
    if (text === '') {
      if (cut === null && this.#option !== null) this.#continue('', number);
      return true;
    }
    const indent = line.search(NO_SPACE);
    if (this.#option !== null && indent > this.#indent) {
      this.#continue(text, number);
      return true;
    }
    this.#indent = indent;
    return this.#begin(text, number);
  }

  #continue(text: string, number: number): void {
    this.#parts.push(text);
    this.#lines.push(number);
  }

  #begin(text: string, number: number): boolean {
    this.finish();
    const header = sectionOf(text);
    if (header !== null) {
      this.#open(header, number);
      return true;
    }
    if (this.#section === null) {
      this.complain(number, '', 'the line stands before any [section] and was left out');
      return true;
    }
    const delimiter = text.search(/[=:]/);
    const option = strip(text.slice(0, Math.max(0, delimiter))).toLowerCase();
    if (option === '') {
      this.complain(number, '', 'the line is neither a section nor "option = value" and was left out');
      return true;
    }
    if (++this.#count > OPTIONS_AT_MOST) {
      this.complain(number, option, `more than ${OPTIONS_AT_MOST} options: the rest of the file was not read`);
      return false;
    }
    this.#option = option;
    this.#parts = [strip(text.slice(delimiter + 1))];
    this.#lines = [number];
    return true;
  }

  #open(header: string, number: number): void {
    this.#seen = new Set();
    if (header === 'DEFAULT') {
      this.#section = this.defaults;
      return;
    }
    const there = this.sections.get(header);
    if (there !== undefined) this.complain(number, `[${header}]`, 'the section stands twice in this file: both were put together');
    this.#section = there ?? new Map();
    this.sections.set(header, this.#section);
  }

  /** Puts the value that is being collected into its section. */
  finish(): void {
    const option = this.#option;
    this.#option = null;
    if (option === null || this.#section === null) return;
    const line = this.#lines[0] ?? 0;
    if (this.#seen.has(option)) this.complain(line, option, 'the option stands twice in one section: the later one counts');
    this.#seen.add(option);
    const value = stripEnd(this.#parts.join('\n'));
    this.#section.set(option, { value, place: { file: this.#file, line }, lines: this.#lines });
  }

  complain(line: number, option: string, says: string): void {
    if (this.troubles.length < 100) this.troubles.push({ place: { file: this.#file, line }, option, says, weight: 'partly' });
  }
}

export function readIni(text: string, file: string): IniFile {
  const reading = new Reading(file);
  const whole = text.length <= FILE_CHARACTERS_AT_MOST;
  const lines = (whole ? text : text.slice(0, FILE_CHARACTERS_AT_MOST)).replace(/^\ufeff/, '').split(/\r\n|\r|\n/);
  // What follows the last line end is a line only when something stands there.
  if (lines.at(-1) === '') lines.pop();
  for (const [index, line] of lines.entries()) if (!reading.take(line, index + 1)) break;
  reading.finish();
  if (!whole) reading.complain(lines.length, '', `the file is larger than ${FILE_CHARACTERS_AT_MOST} characters: the rest was not read`);
  return { defaults: reading.defaults, sections: reading.sections, troubles: reading.troubles };
}

/** Where a comment starts: 0 for a whole line, a `;` after a blank within one; null where there is none. */
function commentStart(line: string): number | null {
  const first = line.search(NO_SPACE);
  if (first >= 0 && (line[first] === '#' || line[first] === ';')) return 0;
  for (let at = line.indexOf(';'); at >= 0; at = line.indexOf(';', at + 1)) {
    if (at === 0 || ONE_SPACE.test(line.charAt(at - 1))) return at;
  }
  return null;
}

function sectionOf(text: string): string | null {
  if (!text.startsWith('[')) return null;
  const end = text.lastIndexOf(']');
  return end > 1 ? text.slice(1, end) : null;
}
