/** Places between characters: line ends, text ends, word borders. */

import { inClass } from './charset.ts';
import { lowerOf } from './fold.ts';
import { PLACES } from './steps.ts';

/** The UTF-16 unit at a position; -1 at the end. */
export function unitAt(text: string, at: number): number {
  return at < text.length ? text.charCodeAt(at) : -1;
}

/** Whether a position splits a character beyond U+FFFF. */
export function insidePair(text: string, at: number): boolean {
  const low = text.charCodeAt(at);
  if (low < 0xdc00 || low > 0xdfff || at === 0) return false;
  const high = text.charCodeAt(at - 1);
  return high >= 0xd800 && high <= 0xdbff;
}

/** `count` characters back from a position; -1 when the text begins sooner. */
export function stepBack(text: string, at: number, count: number): number {
  let place = at;
  for (let i = 0; i < count; i++) {
    place--;
    if (place < 0) return -1;
    if (insidePair(text, place)) place--;
  }
  return place;
}

function wordAt(text: string, at: number, ascii: boolean): boolean {
  if (at < 0 || at >= text.length) return false;
  return inClass('w', text.codePointAt(insidePair(text, at) ? at - 1 : at) ?? 0, ascii);
}

/** Whether a position is the place with this number (index in PLACES). */
export function inPlace(text: string, at: number, place: number, ascii: boolean): boolean {
  switch (PLACES[place]) {
    case 'start':
      return at === 0;
    case 'end':
      return at === text.length;
    case 'lastLine':
      return at === text.length || (at === text.length - 1 && text.charCodeAt(at) === 10);
    case 'lineStart':
      return at === 0 || text.charCodeAt(at - 1) === 10;
    case 'lineEnd':
      return at === text.length || text.charCodeAt(at) === 10;
    case 'word':
      return wordAt(text, at - 1, ascii) !== wordAt(text, at, ascii);
    default:
      // Python before 3.14: an empty text has no \B
      return text !== '' && wordAt(text, at - 1, ascii) === wordAt(text, at, ascii);
  }
}

/** Whether two stretches of a text are equal, case set aside if so wished. */
export function sameText(text: string, first: number, second: number, length: number, fold: boolean): boolean {
  for (let i = 0; i < length; i++) {
    const a = text.charCodeAt(first + i);
    const b = text.charCodeAt(second + i);
    if (a !== b && (!fold || lowerOf(a) !== lowerOf(b))) return false;
  }
  return true;
}
