/** Breaks sentences into lines of a terminal's width, with the following lines indented, and colours that do not count as width. */

import type { Paint } from './colours.ts';
import { visible } from './visible.ts';

export interface Piece {
  readonly text: string;
  readonly paint?: Paint;
}

/** Narrower than this nothing can be read; wider than this no eye finds the next line. */
const NARROWEST = 40;
const WIDEST = 160;

export function roomOf(width: number): number {
  return Number.isFinite(width) ? Math.min(WIDEST, Math.max(NARROWEST, Math.floor(width))) : WIDEST;
}

/**
 * `head` comes before the text of the first line, and the following lines begin with `indent` blanks. Runs of blanks in the text are
 * written out: a name full of blanks must not be able to draw columns of its own.
 */
export function flow(head: readonly Piece[], body: readonly Piece[], width: number, indent: number): string[] {
  const room = roomOf(width);
  const lines: Piece[][] = [];
  let line: Piece[] = [...head];
  let used = head.reduce((sum, piece) => sum + columns(piece.text), 0);
  let gap = 0;
  for (const word of body.flatMap((piece) => wordsOf(piece, room - indent))) {
    if (used > indent && used + gap + columns(word.text) > room) {
      lines.push(line);
      line = [{ text: ' '.repeat(indent) }];
      used = indent;
      gap = 0;
    }
    append(line, word, gap);
    used += gap + columns(word.text);
    gap = 1;
  }
  return [...lines, line].map((pieces) => pieces.map(painted).join('').trimEnd());
}

/** Words of one colour are painted in one go, so that the output stays readable where somebody saves it. */
function append(line: Piece[], word: Piece, gap: number): void {
  const last = line[line.length - 1];
  if (last && gap > 0 && last.paint === word.paint) line[line.length - 1] = { ...last, text: `${last.text} ${word.text}` };
  else line.push(...(gap > 0 ? [{ text: ' ' }] : []), word);
}

function painted(piece: Piece): string {
  return piece.paint ? piece.paint(piece.text) : piece.text;
}

function wordsOf(piece: Piece, room: number): Piece[] {
  const words = visible(piece.text).split(' ').filter(Boolean);
  return words.flatMap((word) => cut(word, Math.max(10, room))).map((text) => ({ ...piece, text }));
}

/** A path longer than a line is cut hard: nothing may run over the edge and look like a line of ours. */
function cut(word: string, room: number): string[] {
  if (columns(word) <= room) return [word];
  const parts: string[] = [];
  let part = '';
  let used = 0;
  for (const character of word) {
    const wide = columns(character);
    if (used + wide > room && part !== '') {
      parts.push(part);
      part = '';
      used = 0;
    }
    part += character;
    used += wide;
  }
  return [...parts, part];
}

/** Terminal columns: none for combining marks, two for East Asian wide characters and emoji (UAX #11, in broad strokes). */
export function columns(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  let sum = 0;
  for (const character of text) sum += /\p{Mark}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return sum;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;
