/** Logins that the login records have and of whose time the authentication log has no line at all: somebody deleted or stopped it. */

import type { Detector, Ears } from '../core/contracts.ts';
import { isOfLine } from '../core/quotes.ts';
import { counted, listed, named } from '../core/text.ts';
import type { Event, EventOf, FindingDraft, Millis } from '../core/words.ts';

/** A login writes several lines in the same second; this is for clocks that were set meanwhile. */
const AROUND_MS = 10 * 60_000;
/** Forty years of such spans with a line in each. */
const SPANS_AT_MOST = 2_000_000;
const LOGINS_AT_MOST = 10_000;
const SHOWN = 10;

type Recorded = EventOf<'record.login'>;

export const deletedLogs: Detector = {
  name: 'deleted-logs',
  about: 'Finds logins in wtmp of whose time the authentication log, which should be there, has no line.',
  cannotSee: 'single lines that were cut out of a log, and logs that were deleted together with wtmp.',
  attack: ['T1070.002'],
  tells: 'oddity',
  role: 'effect',
  start: () => ears(),
};

function ears(): Ears {
  const spans = new Set<number>();
  const logins: Recorded[] = [];
  const missing: EventOf<'auth-log.missing'>[] = [];
  let last = Number.NaN;
  const line = (event: Event): null => {
    const span = Math.floor(event.at / AROUND_MS);
    if (span === last || !isOfLine(event) || /tmp$/.test(event.source.replace(/[.-]\d+$/, ''))) return null;
    last = span;
    if (spans.size < SPANS_AT_MOST) spans.add(span);
    return null;
  };
  return {
    'login.accepted': line,
    'login.failed': line,
    'login.probed': line,
    'session.opened': line,
    'session.closed': line,
    'privilege.used': line,
    'auth-log.missing': (event) => {
      missing.push(event);
      return null;
    },
    'record.login': (event) => {
      const { failed, ip, account } = event.fields;
      if (!failed && ip !== null && account !== '' && logins.length < LOGINS_AT_MOST) logins.push(event);
      return null;
    },
    'sweep.done': () => told(logins, spans, missing[0] ?? null),
  };
}

/** What is older than the logs was rotated away; what lies between or after their lines was not. */
function told(logins: readonly Recorded[], spans: ReadonlySet<number>, missing: EventOf<'auth-log.missing'> | null): FindingDraft | null {
  let first = Number.POSITIVE_INFINITY;
  for (const span of spans) first = Math.min(first, span);
  if (spans.size === 0 && missing === null) return null;
  const silent = logins.filter(({ at }) => {
    const span = Math.floor(at / AROUND_MS);
    return (spans.size === 0 || span > first) && ![span - 1, span, span + 1].some((near) => spans.has(near));
  });
  const from = silent.reduce((least, { at }) => Math.min(least, at), Number.POSITIVE_INFINITY);
  if (silent.length === 0) return null;
  return draft(silent, from, missing);
}

function draft(silent: readonly Recorded[], from: Millis, missing: EventOf<'auth-log.missing'> | null): FindingDraft {
  const accounts = [...new Set(silent.map(({ fields }) => fields.account))];
  const log = missing ? `${named(missing.fields.path)} is missing or empty, though ${missing.fields.because}` : 'the log has lines before that time';
  return {
    key: 'authentication log',
    at: from,
    from,
    to: silent.reduce((most, { at }) => Math.max(most, at), from),
    severity: missing ? 'medium' : 'low',
    confidence: 'medium',
    says: `the login records have ${counted(silent.length, 'login')} (${listed(accounts)}) of whose time the authentication log has no line: ${log}; somebody may have deleted it`,
    // Who deleted them is not recorded: this belongs to the one break-in, where there is only one.
    culprit: [],
    victim: [],
    evidence: [
      ...silent.slice(0, SHOWN).map(({ source, line, at, fields }) => ({
        source,
        ...(line === undefined ? {} : { line }),
        at,
        says: `login of ${named(fields.account)} from ${named(fields.ip ?? '-')} on ${named(fields.line || '-')}`,
      })),
    ],
    seen: silent.length,
    figures: { logins: silent.length, log: missing?.fields.path ?? '' },
  };
}
