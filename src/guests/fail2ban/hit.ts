/** What a filter says of a line, and what it says of itself while it runs. */

import { type Captures, textOf } from './captures.ts';
import type { Place, RegexLine, Trouble } from './definition.ts';
import type { SharedDates } from './shared-dates.ts';

/** One expression of a filter. */
export interface PatternAt {
  /** In the filter's list. */
  readonly index: number;
  readonly source: string;
  readonly place: Place;
}

export interface FilterHit {
  readonly filter: string;
  /** Milliseconds; null = the line has no date and none came shortly before it. */
  readonly at: number | null;
  /** Canonical; null where only a name or another mark of the stranger is known. */
  readonly ip: string | null;
  /** A host's name that nobody resolved. */
  readonly host: string | null;
  /** What failures are counted by: `<F-ID>`, else the address (as network where a length stands behind it), else the name. */
  readonly id: string | null;
  readonly user: string | null;
  /** All who were tried on the connection. */
  readonly users: readonly string[];
  /** How many lines told of it. */
  readonly attempts: number;
  readonly captures: Readonly<Record<string, string>>;
  readonly pattern: PatternAt;
  /** An ignoreregex spares it. */
  readonly ignored: boolean;
  /** The expression fits, but the line alone is no failure, or nobody knows yet whose. Only where all are asked for. */
  readonly waits: boolean;
}

/** A line that was too costly for an expression: it was given up for this line, the others went on. */
export interface Blind {
  readonly filter: string;
  readonly option: 'prefregex' | 'failregex' | 'ignoreregex' | 'datepattern';
  readonly pattern: PatternAt;
  /** The line's beginning. */
  readonly line: string;
  readonly lineLength: number;
}

/** How far one expression came with a line. */
export interface Tried {
  readonly option: 'prefregex' | 'failregex' | 'ignoreregex';
  readonly pattern: PatternAt;
  readonly result: 'matched' | 'missed' | 'over-budget';
  /** Characters of the text up to which it fitted; null where it matched or that is not known. */
  readonly reached: number | null;
  /** How much of the expression was satisfied there, as far as that is known. */
  readonly fitted: string | null;
  readonly captures: Readonly<Record<string, string>>;
}

/** A line looked at without counting it. */
export interface Probed {
  readonly date: { readonly text: string; readonly at: number | null } | null;
  /** What the failregexes were tried on: the line without its date, or what the prefregex leaves of it. */
  readonly text: string;
  readonly tried: readonly Tried[];
}

export interface RunningFilter {
  readonly name: string;
  /** A line without any of these texts cannot match; null = it must run on each line. */
  readonly needles: readonly string[] | null;
  /** The needles are in small letters and stand for either case. */
  readonly needlesFold: boolean;
  /** In small letters, for either case: a line must hold one text of each of these lists, too. */
  readonly furtherNeedles: readonly (readonly string[])[];
  readonly troubles: readonly Trouble[];
  /** Lines given up so far, and the last of them. */
  readonly blind: { readonly count: number; readonly last: Blind | null };
  feed(text: string, at?: number | null): readonly FilterHit[];
  /** For `tocsin explain`: nothing is remembered of the line. */
  probe(text: string): Probed;
}

export interface FilterSettings {
  /** From local milliseconds to UTC, by the zone of the log (`logtimezone`) or else of the machine. */
  zone(localMs: number): number;
  now(): number;
  /** Every expression is tried on every line, as fail2ban's own tests do. */
  readonly all?: boolean;
  /** Where several filters read one log: its dates are found once for all of them. */
  readonly dates?: SharedDates;
}

/** Captures as they are shown: those that took part, without the lines that were only skipped. */
export function shownCaptures(captures: Captures): Record<string, string> {
  const shown: Record<string, string> = {};
  captures.forEach((value, name) => {
    const text = textOf(value);
    if (text === null || name.startsWith('skiplines')) return;
    // A file may call a group so.
    if (name !== '__proto__') shown[name] = text;
  });
  return shown;
}

export function patternAt(index: number, { source, place }: RegexLine): PatternAt {
  return { index, source, place };
}
