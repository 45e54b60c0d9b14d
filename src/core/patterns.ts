/** The table that a parser is made of: patterns tried by the first letter of the message, so that a line is looked at once. */

import type { EventDraft, Line } from './words.ts';

/** One form of message. `begins` are the fixed words it opens with; `['']` = it opens with a name. */
export interface Pattern {
  readonly name: string;
  readonly begins: readonly string[];
  /** `at` is where the fixed words end. Null = not this form after all. */
  read(message: string, at: number, line: Line): EventDraft | null;
}

type Row = { readonly begin: string; readonly pattern: Pattern };

/** Log messages open with ASCII; whatever does not is tried against the patterns that open with a name. */
/** sshd's mark of whoever is not logged in yet. */
export const PREAUTH = ' [preauth]';

const LETTERS = 128;

/** What a table made of a line, for people who ask: the form that took it, and those that begin like it and did not. */
export interface Tried {
  readonly taken: string | null;
  readonly near: readonly { readonly name: string; readonly begin: string }[];
}

/** Asked by `explain` only: the way of the lines never looks here. */
const tables = new WeakMap<(line: Line) => EventDraft | null, (line: Line) => Tried>();

/** How a parser's own table sees the line; null for a parser without one. */
export function triedBy(parse: (line: Line) => EventDraft | null, line: Line): Tried | null {
  return tables.get(parse)?.(line) ?? null;
}

/**
 * What a parser does with a line: the first pattern that takes the message wins. `levels` are words like `error: ` that may come before;
 * `bared` takes off what else may stand there.
 */
export function firstOf(
  patterns: readonly Pattern[],
  levels: readonly string[] = [],
  bared: (line: Line) => Line = (line) => line,
): (line: Line) => EventDraft | null {
  const rows: readonly Row[] = patterns.flatMap((pattern) => pattern.begins.map((begin) => ({ begin, pattern })));
  const other = rows.filter((row) => row.begin === '');
  const byLetter = Array.from({ length: LETTERS }, (_, code) => rows.filter((row) => row.begin === '' || row.begin.charCodeAt(0) === code));
  function take(message: string, line: Line): EventDraft | null {
    const level = levels.find((word) => message.startsWith(word));
    const said = level === undefined ? message : message.slice(level.length);
    for (const { begin, pattern } of byLetter[said.charCodeAt(0)] ?? other) {
      if (!said.startsWith(begin)) continue;
      const draft = pattern.read(said, begin.length, line);
      if (draft) return draft;
    }
    return null;
  }
  const parse = (whole: Line): EventDraft | null => {
    const line = bared(whole);
    const message = line.message.trim();
    const again = message.startsWith('message repeated ') ? repeated(message) : null;
    const draft = take(again ? again.message : message, line);
    return draft && again ? multiplied(draft, again.times) : draft;
  };
  tables.set(parse, (whole) => {
    const line = bared(whole);
    const message = line.message.trim();
    return tried(rows, levels, (message.startsWith('message repeated ') ? repeated(message)?.message : undefined) ?? message, line);
  });
  return parse;
}

function tried(rows: readonly Row[], levels: readonly string[], message: string, line: Line): Tried {
  const level = levels.find((word) => message.startsWith(word));
  const said = level === undefined ? message : message.slice(level.length);
  const near: { name: string; begin: string }[] = [];
  for (const { begin, pattern } of rows) {
    if (!said.startsWith(begin)) continue;
    if (pattern.read(said, begin.length, line)) return { taken: pattern.name, near: [] };
    if (begin !== '') near.push({ name: pattern.name, begin });
  }
  return { taken: null, near };
}

/** rsyslog's `message repeated N times: [ MESSAGE]`: N more of the line that stands before it. */
function repeated(message: string): { readonly times: number; readonly message: string } | null {
  const found = /^message repeated (\d{1,9}) times?: \[ ?/.exec(message);
  if (!found || !message.endsWith(']')) return null;
  return { times: Math.max(1, Number(found[1])), message: message.slice(found[0].length, -1).trim() };
}

/** The same so many times, where the event counts anything. */
export function multiplied(draft: EventDraft, times: number): EventDraft {
  if (!('times' in draft.fields)) return draft;
  // Only the number changes: kind and fields still belong together, which spreading a union loses.
  return { kind: draft.kind, fields: { ...draft.fields, times: draft.fields.times * times } } as EventDraft;
}

/** A visitor who is told by his address; without a literal one there is nobody to speak of. */
export function probed(service: string, how: string, ip: string | null, account: string | null, pid: number | null): EventDraft | null {
  return ip === null ? null : { kind: 'login.probed', fields: { ip, account, how, service, times: 1, pid } };
}
