/** Which entries of the journal a jail asks for (`journalmatch`), and an entry as the line that fail2ban's filters for the journal expect. */

import type { Millis } from '../core/words.ts';
import { boundedLine } from './jail-lines.ts';
import { fieldsOfEntry, textOfField } from './journal-entry.ts';

/** A term of journalctl(1); nothing else gets into its command line. */
const TERM = /^[A-Z_][A-Z0-9_]{0,63}=[^\0]{0,500}$/;
const WORDS = /(?:[^\s"']+|"[^"]*"|'[^']*')+/g;
const ALTERNATIVES_AT_MOST = 100;

/** Alternatives, and the terms of each: terms of one field are alternatives again, those of several fields must all be there. */
export type JournalMatch = readonly (readonly string[])[];

export interface JailEntry {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly at: Millis;
  readonly text: string;
}

/** Null where it is none, or asks for every entry. Each line of it is an alternative, and so is what stands behind a `+`. */
export function journalMatchOf(written: string | null): JournalMatch | null {
  const alternatives: string[][] = [];
  for (const line of (written ?? '').split('\n')) {
    let terms: string[] = [];
    for (const word of line.match(WORDS) ?? []) {
      const plain = word.replace(/["']/g, '');
      if (plain === '+') {
        alternatives.push(terms);
        terms = [];
      } else if (TERM.test(plain)) terms.push(plain);
      else return null;
    }
    alternatives.push(terms);
  }
  const filled = alternatives.filter((terms) => terms.length > 0);
  return filled.length === 0 || filled.length > ALTERNATIVES_AT_MOST ? null : filled;
}

/** Fields that journalctl has to give so that it can be told whose an entry is. */
export function fieldsAsked(match: JournalMatch): string[] {
  return [...new Set(match.flat().map(fieldOf))];
}

export function takes(match: JournalMatch, fields: JailEntry['fields']): boolean {
  return match.some((terms) =>
    fieldsAsked([terms]).every((field) => terms.some((term) => fieldOf(term) === field && has(fields[field], term, field))),
  );
}

function has(value: unknown, term: string, field: string): boolean {
  const wanted = term.slice(field.length + 1);
  return Array.isArray(value) && typeof value[0] === 'string' ? value.includes(wanted) : textOfField(value) === wanted;
}

function fieldOf(term: string): string {
  return term.slice(0, term.indexOf('='));
}

/** `web1 sshd[7]: message`; null for what is no entry. */
export function jailEntryOf(json: string): JailEntry | null {
  const fields = fieldsOfEntry(json);
  if (fields === null) return null;
  const at = Number(fields['_SOURCE_REALTIME_TIMESTAMP'] ?? fields['__REALTIME_TIMESTAMP']);
  const message = textOfField(fields['MESSAGE']);
  if (!at || !Number.isFinite(at) || message === null) return null;
  const program = textOfField(fields['SYSLOG_IDENTIFIER']) || textOfField(fields['_COMM']);
  const pid = textOfField(fields['SYSLOG_PID']) || textOfField(fields['_PID']);
  const tag = program ? `${program}${pid ? `[${pid}]` : ''}:` : '';
  const text = [textOfField(fields['_HOSTNAME']), tag, message].filter((part) => part !== null && part !== '').join(' ');
  return { fields, at: Math.floor(at / 1_000), text: boundedLine(text.replaceAll('\n', '\\n')) };
}
