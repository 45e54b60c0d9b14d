/** Judges what of the logs can be seen: there, readable, written to, by a clock that agrees with ours. Pure. */

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../core/spans.ts';
import type { DoctorLine, LogStanding, Standing } from '../core/standing.ts';
import { lasted, listed, named } from '../core/text.ts';
import type { Millis } from '../core/words.ts';
import type { FileClock } from '../core/world.ts';
import { headedOf } from './line-form.ts';
import { Stamps } from './stamp.ts';

/** A server that is open to the world is knocked at within minutes; cron alone writes a line an hour into auth.log. */
const SILENT_MS = 2 * HOUR_MS;
const DEAD_MS = DAY_MS;
/** The last line is written when the file is: a stamp farther from that is of another clock or zone. Buffered writers are some seconds late. */
const SKEW_MS = 2 * MINUTE_MS;
const QUARTER_MS = 15 * MINUTE_MS;
const AUTH = ['/var/log/auth.log', '/var/log/secure'];

export function logLines(standing: Standing): DoctorLine[] {
  const { logs, logsGiven } = standing;
  const there = logs.filter((log) => log.there);
  const gone = logsGiven ? logs.filter((log) => !log.there).map(({ path }) => missing(path)) : [];
  return [...source(standing), ...there.map((log) => logLine(log, standing)), ...gone];
}

function missing(path: string): DoctorLine {
  return {
    topic: 'log',
    state: 'warning',
    says: `${named(path)} is not there; it is followed as soon as it is`,
    next: 'See that the name is right: /etc/default/tocsin.',
  };
}

/** Where log-ins are seen: in a file, or in the journal. */
function source({ logs, logsGiven, journal, loggers }: Standing): DoctorLine[] {
  if (logsGiven) return [];
  const topic = 'log-ins';
  const auth = logs.find((log) => log.there && AUTH.includes(log.path));
  if (auth) {
    if (loggers.length > 0) return [{ topic, state: 'ok', says: `seen in ${auth.path}, written by ${listed(loggers)}` }];
    const next = 'Start rsyslog, or move the old file away so that the journal is followed; then restart tocsin.';
    return [{ topic, state: 'fault', says: `${auth.path} is there and followed, but no syslog daemon runs that would write to it`, next }];
  }
  if (!journal.program)
    return [
      {
        topic,
        state: 'fault',
        says: 'there is neither an auth.log nor a journal: no log-in is seen',
        next: 'Install rsyslog, or name the right log: OPTIONS=--log FILE in /etc/default/tocsin.',
      },
    ];
  if (journal.kept === null)
    return [
      {
        topic,
        state: 'fault',
        says: 'journalctl is there, but no journal is kept: no log-in is seen',
        next: 'See that systemd-journald runs, or install rsyslog.',
      },
    ];
  const kept = journal.kept === 'memory' ? ', which is lost at each boot (mkdir /var/log/journal keeps it)' : '';
  return [{ topic, state: 'ok', says: `seen in the journal${kept}, half a second later than in a file` }];
}

function logLine(log: LogStanding, { now, logsGiven }: Standing): DoctorLine {
  const topic = 'log';
  const name = named(log.path);
  const ageMs = now - log.modifiedAt;
  if (log.readable === false)
    return {
      topic,
      state: 'fault',
      says: `${name} cannot be read by the side that judges`,
      next: 'On a network disk root is nobody: give the account tocsin the right to read it.',
    };
  if (log.sizeBytes === 0) return { topic, state: 'ok', says: `${name} is empty` };
  const skew = skewOf(log);
  if (skew !== null)
    return {
      topic,
      state: 'warning',
      says: `${name}: ${skew}`,
      next: 'It is measured and corrected while watching; set the zone of the daemon that writes it, and restart that daemon.',
    };
  const last = `its last line is ${ageMs < 1000 ? 'from now' : `${lasted(ageMs)} old`}`;
  const silent = ageMs > (logsGiven || !AUTH.includes(log.path) ? Number.POSITIVE_INFINITY : SILENT_MS);
  if (silent)
    return {
      topic,
      state: ageMs > DEAD_MS ? 'fault' : 'warning',
      says: `${name} does not grow: ${last}`,
      next: 'See that what writes it runs: `logger -p auth.info test` must add a line.',
    };
  const tried = log.readable === null ? '; whether the side that judges may read it, only root can try' : '';
  return { topic, state: 'ok', says: `${name} can be read, ${last}${tried}` };
}

function skewOf({ lastStampAt, modifiedAt }: LogStanding): string | null {
  if (lastStampAt === null) return null;
  const skewMs = lastStampAt - modifiedAt;
  if (Math.abs(skewMs) <= SKEW_MS) return null;
  // Something touched the file, or rotated it, after its last line: old lines say nothing about a clock.
  if (skewMs < -DAY_MS) return null;
  const zone = Math.abs(skewMs - Math.round(skewMs / QUARTER_MS) * QUARTER_MS) <= SKEW_MS ? ', as in another time zone' : '';
  return `its last line is stamped ${lasted(Math.abs(skewMs))} ${skewMs > 0 ? 'after' : 'before'} it was written${zone}`;
}

/** When a line says that it was written, however far in the future that is. */
export function stampOf(line: string, firstYear: number, toUtc: FileClock['toUtc']): Millis | null {
  const stamps = new Stamps({ firstYear, toUtc, latest: Number.POSITIVE_INFINITY });
  return headedOf(line, { source: '', n: 1, stamps, toUtc, as: null }).at;
}
