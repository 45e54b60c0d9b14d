/** Names that differ only in blanks are told apart: a directory called `. ` or `..  ` is an old hiding place, and reports fold blanks. */

import { shown } from '../core/text.ts';

/** Runs of blanks, blanks at either end, and any blank that is not U+0020: our own sentences have none of these. */
const ODD_BLANKS = /^\s+|\s+$|\s{2,}|[^\S ]/g;

/** Drawn as nothing or as a blank, though no white space to Unicode: fillers, the empty braille cell, tags (Unicode 15, Default_Ignorable). */
const UNDRAWN = /[\u115f\u1160\u180e\u2800\u3164\uffa0]|[\u{e0000}-\u{e0fff}]/gu;

/** `shown`, with such blanks written as `\x20`, `\xa0`, `\u3000`. Doing it twice changes nothing. */
export function visible(text: string, limit = 1000): string {
  return shown(text, limit)
    .replace(ODD_BLANKS, (blanks) => [...blanks].map(escaped).join(''))
    .replace(UNDRAWN, escaped);
}

function escaped(blank: string): string {
  const code = blank.codePointAt(0) ?? 0;
  if (code > 0xffff) return `\\u{${code.toString(16)}}`;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}
