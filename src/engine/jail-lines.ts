/** Goes over the lines of a piece of log as fail2ban reads them: whole lines, without their ends, bounded in length. */

import type { Chunk } from '../core/world.ts';

/** As long as the follower gives lines at most. */
const LINE_BYTES_AT_MOST = 1 << 16;
/** No address, port and host name together is longer. */
const ADDRESS_BYTES = 300;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/** How many lines there were. */
export function eachLine(chunk: Chunk, hear: (text: string, line: number) => void): number {
  const { bytes, firstLine } = chunk;
  const whole = chunk.ascii === true ? chunk.text : null;
  let line = firstLine;
  for (let start = 0; start < bytes.length; line += 1) {
    const newline = bytes.indexOf(LINE_FEED, start);
    const next = newline < 0 ? bytes.length : newline;
    let from = start;
    // A crash leaves holes of NULs, which belong to no line.
    while (bytes[from] === 0 && from < next) from += 1;
    const to = endOf(bytes, from, next);
    hear(whole === null ? chunk.line(from, to) : whole.slice(from, to), line);
    start = next + 1;
  }
  return line - firstLine;
}

/** Who sets the length of a line must not turn 192.0.2.17 into 192.0.2.1 by it. */
function endOf(bytes: Uint8Array, from: number, next: number): number {
  if (next - from > LINE_BYTES_AT_MOST) {
    let cut = from + LINE_BYTES_AT_MOST;
    const least = cut - ADDRESS_BYTES;
    while (cut > least && isOfAddress(bytes[cut - 1] ?? 0)) cut -= 1;
    return cut;
  }
  let end = next;
  while (end > from && bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
  return end;
}

/** A text that is a line already, cut likewise. */
export function boundedLine(text: string): string {
  if (text.length <= LINE_BYTES_AT_MOST) return text;
  let cut = LINE_BYTES_AT_MOST;
  while (cut > LINE_BYTES_AT_MOST - ADDRESS_BYTES && isOfAddress(text.charCodeAt(cut - 1))) cut -= 1;
  return text.slice(0, cut);
}

/** Digits, letters, `.`, `:`, `-` and `%`: of addresses and host names. */
function isOfAddress(code: number): boolean {
  const lower = code | 32;
  return (code >= 48 && code <= 58) || (lower >= 97 && lower <= 122) || code === 46 || code === 45 || code === 37;
}
