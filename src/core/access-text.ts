/** Is a text the beginning of an access log? Asked of the first lines of a file, because names say nothing. */

import { looksLikeAccess } from './access-line.ts';

/** Garbage, cut lines and comments may stand among the first ones. */
const LINES_LOOKED_AT = 20;

/** A syslog header before the form of an access log: the lines go the way of syslog, where their program is known. */
const SYSLOG = /^(?:<\d{1,3}>)?(?:1 )?(?:[A-Z][a-z]{2} [ \d]\d (?:\d{4} )?\d\d:\d\d:|\d{4}-\d\d-\d\d[T ]\d\d:)/;

/** Most of the first lines have the shape. The last one may be cut, unless it is the only one. */
export function isAccessText(text: string): boolean {
  const lines = text.split('\n', LINES_LOOKED_AT + 1).filter((line) => line.trim() !== '');
  const whole = lines.length > 1 && !text.endsWith('\n') && lines.length <= LINES_LOOKED_AT ? lines.slice(0, -1) : lines;
  const fitting = whole.filter((line) => !SYSLOG.test(line) && looksLikeAccess(line)).length;
  return fitting > 0 && fitting * 2 >= whole.length;
}
