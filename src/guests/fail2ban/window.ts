/** The last lines of a log that an expression may span, and which of them it took. */

/** One line, with its date cut out. */
export interface CutLine {
  readonly text: string;
}

/** Where a match lies in the joined lines, and what `<SKIPLINES>` left out in it. */
export interface Span {
  readonly start: number;
  readonly end: number;
  readonly skipped: string;
}

export interface Taken {
  readonly matched: CutLine[];
  readonly unmatched: CutLine[];
}

/** Expressions see lines with their ends. */
export function joinedLines(lines: readonly CutLine[]): string {
  return lines.length === 1 && lines[0] ? `${lines[0].text}\n` : `${lines.map((line) => line.text).join('\n')}\n`;
}

function countBreaks(text: string, to: number): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) count += 1;
  return count;
}

/** Which of `lines` a match in `text` took; those that it skipped stay for later lines. */
export function takenBy(text: string, span: Span, lines: readonly CutLine[]): Taken {
  if (lines.length <= 1) return { matched: [...lines], unmatched: [] };
  const from = countBreaks(text, text.lastIndexOf('\n', span.start) + 1);
  const lastBreak = text.indexOf('\n', Math.max(0, span.end - 1));
  const to = countBreaks(text, lastBreak < 0 ? text.length : lastBreak + 1);
  const matched = lines.slice(from, to);
  const unmatched = lines.slice(0, from);
  let place = 0;
  for (const skipped of span.skipped === '' ? [] : span.skipped.replace(/\n$/, '').split('\n')) {
    const found = matched.findIndex((line, index) => index >= place && line.text === skipped);
    if (found < 0) continue;
    unmatched.push(...matched.splice(found, 1));
    place = found;
  }
  unmatched.push(...lines.slice(to));
  return { matched, unmatched };
}
