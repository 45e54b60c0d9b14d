/** What web servers escape in their logs, and where a quoted field ends: Apache writes `\"`, `\\`, `\n`, `\xhh`; nginx `\x22` and `\x5C`. */

import { byteAt, textOfBytes } from './bytes-text.ts';

/** ap_escape_logitem() of httpd. */
const LETTERS: Readonly<Record<string, string>> = { b: '\b', n: '\n', r: '\r', t: '\t', v: '\v', '"': '"', '\\': '\\' };
const BACKSLASH = 92;
const QUOTE = 34;

/** Where the field ends that begins at `start`, behind its opening quotation mark; -1 = it does not end. Escaped marks are skipped. */
export function quoteEnd(text: string, start: number): number {
  let at = text.indexOf('"', start);
  while (at > 0 && isEscaped(text, at, start)) at = text.indexOf('"', at + 1);
  return at;
}

/** An odd number of backslashes stands before it. */
function isEscaped(text: string, at: number, start: number): boolean {
  let before = at - 1;
  while (before >= start && text.charCodeAt(before) === BACKSLASH) before -= 1;
  return (at - 1 - before) % 2 === 1;
}

/** The field as it was sent. Bytes of UTF-8 that were escaped one by one become characters again. */
export function unescaped(field: string): string {
  if (!field.includes('\\')) return field;
  let text = '';
  for (let at = 0; at < field.length; ) {
    if (field.charCodeAt(at) !== BACKSLASH) {
      const next = field.indexOf('\\', at);
      text += field.slice(at, next < 0 ? field.length : next);
      at = next < 0 ? field.length : next;
      continue;
    }
    const bytes = bytesAt(field, at);
    if (bytes.length > 0) {
      text += textOfBytes(bytes);
      at += 4 * bytes.length;
      continue;
    }
    const letter = LETTERS[field.charAt(at + 1)];
    text += letter ?? '\\';
    at += letter === undefined ? 1 : 2;
  }
  return text;
}

/** As many `\xhh` as stand there in a row. */
function bytesAt(field: string, start: number): number[] {
  const bytes: number[] = [];
  for (let at = start; field.charCodeAt(at) === BACKSLASH && (field.charCodeAt(at + 1) | 32) === 120; at += 4) {
    const byte = byteAt(field, at + 2);
    if (byte < 0) break;
    bytes.push(byte);
  }
  return bytes;
}

/** A quoted field that begins at `at` with its mark; null = none does. `-` and nothing are null inside. */
export function quotedAt(text: string, at: number): { readonly value: string | null; readonly end: number } | null {
  if (text.charCodeAt(at) !== QUOTE) return null;
  const end = quoteEnd(text, at + 1);
  if (end < 0) return { value: given(unescaped(text.slice(at + 1))), end: text.length };
  return { value: given(unescaped(text.slice(at + 1, end))), end: end + 1 };
}

/** Null for `-` and for nothing: servers write that where a header was not sent. */
export function given(value: string): string | null {
  return value === '' || value === '-' ? null : value;
}
