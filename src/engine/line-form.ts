/**
 * What stands around a log line's message, whatever wrote it: a syslog header, the stamp of a program's own log, or nothing. For single
 * lines that a person asks about; whole logs go through the sieve.
 */

import { contained } from '../core/container-line.ts';
import { type Ecs, known } from '../core/ecs-words.ts';
import { type OwnForm, ownFormOf } from '../core/own-forms.ts';
import type { Line, Millis } from '../core/words.ts';
import { type Header, readHeader } from './header.ts';
import { lineOfJournal } from './journal-entry.ts';
import type { Stamps } from './stamp.ts';

/** A line with what is known of it. `form` says in a word what was recognized. */
export interface Headed {
  readonly form: string;
  readonly at: Millis | null;
  readonly line: Line;
  /** What the form itself tells in ECS names, before any parser read the message. */
  readonly facts: Ecs;
  /** The program is a guess: the line does not name one. */
  readonly guessed: boolean;
}

export interface Where {
  readonly source: string;
  readonly n: number;
  readonly stamps: Stamps;
  toUtc(localMs: Millis): Millis;
  /** Taken where the line names no program. */
  readonly as: string | null;
}

/** What a syslog tag may look like; a sentence taken for a tag has other characters or is none of these. */
const EMPTY: Header = { stampStart: 0, tagStart: 0, tagEnd: 0, pid: -1, hostStart: 0, hostEnd: 0, messageStart: 0 };

export function headedOf(raw: string, where: Where): Headed {
  const inner = contained(raw);
  if (inner === null) return uncovered(raw, where);
  const headed = uncovered(inner.line, where);
  const at = inner.stamp?.at ?? null;
  return headed.at === null && at !== null ? { ...headed, at, line: { ...headed.line, at } } : headed;
}

function uncovered(raw: string, where: Where): Headed {
  const own = ownFormOf(raw);
  // Web servers and proxies write access logs by syslog too: then its header says who it was.
  const carried = own?.program === 'web-access' ? sysloged(raw, where) : null;
  if (own) return carried ?? ownForm(raw, own, where);
  return journalled(raw, where) ?? sysloged(raw, where) ?? bare(raw, where);
}

function journalled(raw: string, where: Where): Headed | null {
  if (!raw.startsWith('{')) return null;
  const line = lineOfJournal(raw, where.source, where.n);
  return line && { form: 'journal', at: line.at, line, facts: factsOf(line), guessed: false };
}

function sysloged(raw: string, where: Where): Headed | null {
  const header = { ...EMPTY };
  if (!readHeader(raw, 0, raw.length, header)) return null;
  const at = where.stamps.read(raw, header.stampStart);
  if (at === null) return null;
  const program = raw.slice(header.tagStart, header.tagEnd);
  const line: Line = {
    source: where.source,
    line: where.n,
    at,
    host: raw.slice(header.hostStart, header.hostEnd),
    program,
    pid: header.pid < 0 ? null : header.pid,
    message: raw.slice(header.messageStart),
    raw,
  };
  return { form: 'syslog', at, line, facts: factsOf(line), guessed: false };
}

function factsOf(line: Line): Ecs {
  return known({ 'host.hostname': line.host, 'process.name': line.program.replace(/\(pam_unix\)$/, ''), 'process.pid': line.pid });
}

function ownForm(raw: string, own: OwnForm, where: Where): Headed {
  const at = own.stamp === null ? null : own.stamp.utc ? own.stamp.at : where.toUtc(own.stamp.at);
  const line: Line = {
    source: where.source,
    line: where.n,
    at: at ?? 0,
    host: '',
    program: own.program ?? where.as ?? '',
    pid: own.pid,
    message: own.message,
    raw,
  };
  const process = own.program === null ? {} : { 'process.name': own.process ?? null, 'process.pid': own.pid };
  return { form: own.form, at, line, facts: known({ ...process, ...own.facts }), guessed: own.program === null };
}

function bare(raw: string, where: Where): Headed {
  const line: Line = { source: where.source, line: where.n, at: 0, host: '', program: where.as ?? '', pid: null, message: raw, raw };
  return { form: 'bare', at: null, line, facts: {}, guessed: where.as === null };
}
