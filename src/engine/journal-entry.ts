/** One journal entry (`journalctl -o json`) as the same Line that a text log gives. Fields: systemd.journal-fields(7). */

import type { Line } from '../core/words.ts';

const MESSAGE_AT_MOST = 8_192;
const PROGRAM_AT_MOST = 128;

/** Null when the text is no JSON object or lacks message or time. Bytes that are no UTF-8 come as arrays of numbers. */
export function lineOfJournal(text: string, source: string, number: number): Line | null {
  const entry = fieldsOfEntry(text);
  const message = entry && textOfField(entry['MESSAGE']);
  const at = entry && Number(entry['_SOURCE_REALTIME_TIMESTAMP'] ?? entry['__REALTIME_TIMESTAMP']);
  if (!entry || message === null || !at || !Number.isFinite(at)) return null;
  const program = textOfField(entry['SYSLOG_IDENTIFIER']) ?? textOfField(entry['_COMM']) ?? '';
  const pid = Number(entry['_PID'] ?? entry['SYSLOG_PID'] ?? Number.NaN);
  return {
    source,
    line: number,
    at: Math.floor(at / 1000),
    host: textOfField(entry['_HOSTNAME']) ?? '',
    program: program.slice(0, PROGRAM_AT_MOST),
    pid: Number.isInteger(pid) && pid >= 0 ? pid : null,
    message: (message ?? '').slice(0, MESSAGE_AT_MOST),
    raw: `${program}[${Number.isInteger(pid) ? pid : '-'}]: ${message}`.slice(0, MESSAGE_AT_MOST),
  };
}

/** Its fields as journalctl gives them; null for what is no JSON object. */
export function fieldsOfEntry(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    // Checked to be an object; its values stay unknown.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;
  } catch {
    return null;
  }
}

/** A string, the first of several values of one field, or bytes as numbers (then latin1, with bytes above 127 as lone surrogates). */
export function textOfField(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  if (typeof value[0] === 'string') return value[0];
  if (!value.every((byte) => typeof byte === 'number')) return null;
  return value.map((byte: number) => String.fromCharCode(byte < 128 ? byte : 0xdc00 + (byte & 255))).join('');
}
