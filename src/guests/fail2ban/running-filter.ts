/**
 * One filter of fail2ban at work on the lines of one log: the date is cut out, prefregex narrows, the first failregex that fits wins,
 * lines of one connection are put together. Nothing is resolved, and what is remembered is bounded.
 */

import type { Captures } from './captures.ts';
import { DateDetector } from './date-detector.ts';
import type { FilterDefinition, RegexLine, Trouble } from './definition.ts';
import type { Found } from './expression.ts';
import { type Part, type Parts, partsOf } from './filter-parts.ts';
import { type Blind, type FilterHit, type FilterSettings, type PatternAt, type Probed, patternAt, type RunningFilter } from './hit.ts';
import { hitOf, whoIn } from './judge.ts';
import { Connections, type Failure, failureOf } from './mlf.ts';
import { furtherNeedles, needlesOf } from './needles.ts';
import { probed } from './probe.ts';
import type { Dates } from './shared-dates.ts';
import { type CutLine, joinedLines, takenBy } from './window.ts';

/** A line without a date is taken to be as old as the last one that had one, if that was at most so long ago. */
const SAME_TIME_MS = 60_000;
/** Of a line that is told of. */
const SHOWN_CHARACTERS = 200;
/** Where a filter names no pattern of its own. */
const BUILT_IN_DATES: RegexLine = { source: '{DEFAULT}', place: { file: '', line: 0 } };

export function openFilter(definition: FilterDefinition, settings: FilterSettings): RunningFilter {
  return new Runner(definition, settings);
}

interface Dated {
  readonly text: string;
  readonly at: number | null;
}

class Runner implements RunningFilter {
  readonly name: string;
  readonly needles: readonly string[] | null;
  readonly needlesFold: boolean;
  readonly furtherNeedles: readonly (readonly string[])[];
  readonly troubles: readonly Trouble[];
  readonly #definition: FilterDefinition;
  readonly #settings: FilterSettings;
  readonly #parts: Parts;
  readonly #dispatch: Dispatch;
  readonly #dates: Dates;
  readonly #connections = new Connections();
  #window: CutLine[] = [];
  #lastAt: number | null = null;
  /** The line that is being looked at. */
  #line = '';
  #blind: { count: number; last: Blind | null } = { count: 0, last: null };

  constructor(definition: FilterDefinition, settings: FilterSettings) {
    this.name = definition.name;
    this.#definition = definition;
    this.#settings = settings;
    this.#parts = partsOf(definition, settings, () => this.#giveUp('datepattern', patternAt(0, definition.datepattern ?? BUILT_IN_DATES)));
    this.#dispatch = new Dispatch(this.#parts.fail);
    const now = () => settings.now();
    const { finders } = this.#parts;
    this.#dates = settings.dates?.of(definition.datepattern?.source ?? '', finders, now) ?? new DateDetector(finders, now);
    this.troubles = [...definition.troubles, ...this.#parts.troubles];
    const { needles, fold } = needlesOf(this.#parts, definition);
    this.needles = needles;
    this.needlesFold = fold;
    this.furtherNeedles = furtherNeedles(this.#parts, definition);
  }

  get blind(): { readonly count: number; readonly last: Blind | null } {
    return this.#blind;
  }

  feed(text: string, at: number | null = null): readonly FilterHit[] {
    if (this.#parts.fail.length === 0) return [];
    this.#line = text;
    const hits = this.#hits(this.#cut(text, at));
    this.#line = '';
    return hits;
  }

  probe(text: string): Probed {
    return probed(text, this.#parts, this.#definition, this.#settings);
  }

  /** Lines of the journal come without a date: what looks like one is part of the message. */
  #cut(text: string, at: number | null): Dated {
    if (at !== null) this.#lastAt = at;
    if (at !== null && this.#definition.logtype === 'journal') return { text, at };
    const date = this.#dates.find(text);
    if (date === null) return { text, at: at ?? this.#recent() };
    const empty = date.cutEnd === date.cutStart;
    const rest = empty ? text : text.slice(0, date.cutStart) + text.slice(date.cutEnd);
    if (at !== null) return { text: rest, at };
    if (empty) return { text, at: this.#recent() ?? this.#settings.now() };
    const found = date.at();
    // What looks like a date and is none stays in the line if another line's date stands for it.
    if (found === null) return this.#recent() === null ? { text: rest, at: null } : { text, at: this.#recent() };
    this.#lastAt = found;
    return { text: rest, at: found };
  }

  #recent(): number | null {
    return this.#lastAt !== null && this.#lastAt > this.#settings.now() - SAME_TIME_MS ? this.#lastAt : null;
  }

  #hits({ text, at }: Dated): FilterHit[] {
    const { fail, ignore, pref, lines } = this.#parts;
    const all = this.#settings.all === true;
    const org = lines > 1 ? [...this.#window, { text }].slice(-lines) : [{ text }];
    this.#window = lines > 1 ? org : [];
    let left: readonly CutLine[] = org;
    const whole = joinedLines(org);
    // Few ignoreregexes are asked first.
    if (ignore.length > 0 && ignore.length < fail.length - 2 && this.#ignores(whole)) return [];
    const before = pref === null ? null : this.#search(pref, whole);
    if (pref !== null && before === null) return [];
    const preFields = pref === null || before === null ? null : mergedOf(pref, before);
    const content = preFields?.get('content');
    preFields?.delete('content');
    if (typeof content === 'string' && content !== '') left = this.#narrowed(content);
    let buffer = left === org ? whole : joinedLines(left);
    const hits: FilterHit[] = [];
    for (const part of all || lines > 1 ? fail : this.#dispatch.of(buffer)) {
      const found = this.#search(part, buffer);
      if (found === null) continue;
      const taken = takenBy(buffer, found, org);
      const ignored = ignore.length > 0 && this.#ignores(lines > 1 ? joinedLines(taken.matched) : buffer);
      if (!all || lines > 1) {
        this.#window = lines > 1 ? taken.unmatched : [];
        buffer = joinedLines(taken.unmatched);
      }
      const fields = preFields === null ? mergedOf(part, found) : laidOver(all ? new Map(preFields) : preFields, part, found);
      const hit = ignored ? this.#spared(part, fields, at) : this.#judged(part, fields, taken.matched.length, at);
      if (hit !== null) hits.push(hit);
      if (!all) break;
    }
    return hits;
  }

  #narrowed(content: string): CutLine[] {
    const narrowed = [{ text: content }];
    if (this.#parts.lines > 1) this.#window = narrowed;
    return narrowed;
  }

  #spared(part: Part, fields: Captures, at: number | null): FilterHit {
    return hitOf(failureOf(fields), { filter: this.name, at, pattern: part.pattern, ignored: true, waits: false });
  }

  /** Null for what is no failure, or none yet. */
  #judged(part: Part, fields: Captures, lines: number, at: number | null): FilterHit | null {
    const all = this.#settings.all === true;
    const id = fields.get('mlfid') ?? null;
    const fresh = failureOf(fields);
    // Samples of one connection may be years apart: fail2ban's own tests go by the clock.
    const moment = all ? null : at;
    const failure = id === null ? fresh : this.#connections.merge(String(id), fresh, lines, moment ?? this.#settings.now());
    if (id === null) failure.lines = lines;
    const nofail = isNoFailure(failure, id !== null || all);
    if (!all && nofail) return null;
    const nobody = whoIn(failure.fields).id === null;
    if (nobody) failure.pending = true;
    if (!all && nobody) return null;
    return hitOf(failure, { filter: this.name, at, pattern: part.pattern, ignored: false, waits: nofail || nobody });
  }

  #ignores(text: string): boolean {
    return this.#parts.ignore.some((part) => this.#search(part, text) !== null);
  }

  #search(part: Part, text: string): Found | null {
    const found = part.regex.find(text);
    if (found !== 'over-budget') return found;
    this.#giveUp(part.option, part.pattern);
    return null;
  }

  #giveUp(option: Blind['option'], pattern: PatternAt): void {
    const line = ` ${this.#line.slice(0, SHOWN_CHARACTERS)}`.slice(1);
    this.#blind = { count: this.#blind.count + 1, last: { filter: this.name, option, pattern, line, lineLength: this.#line.length } };
  }
}

/** Without a connection to wait for, fail2ban counts what is marked as no failure all the same. */
function isNoFailure(failure: Failure, counts: boolean): boolean {
  const mark = failure.fields.get('nofail');
  return counts && mark !== null && mark !== undefined && mark.length > 0;
}

function mergedOf(part: Part, found: Found): Captures {
  const captures = found.captures();
  part.merging.merge(captures);
  return captures;
}

/** What an expression captured, above what another one did. */
function laidOver(under: Captures, part: Part, found: Found): Captures {
  if (part.merging.none) found.addTo(under);
  else for (const [name, value] of mergedOf(part, found)) under.set(name, value);
  return under;
}

/** For each first character of a text the expressions that may match it; the rest are bound to other beginnings. */
class Dispatch {
  readonly #parts: readonly Part[];
  readonly #known: (readonly Part[] | undefined)[] = [];

  constructor(parts: readonly Part[]) {
    this.#parts = parts;
  }

  of(text: string): readonly Part[] {
    const code = text.charCodeAt(0);
    // What is not ASCII is rare, and of too many kinds to remember.
    if (!(code < 128)) return this.#parts;
    const known = this.#known[code];
    if (known !== undefined) return known;
    const found = this.#parts.filter((part) => part.regex.mayBegin(code));
    this.#known[code] = found;
    return found;
  }
}
