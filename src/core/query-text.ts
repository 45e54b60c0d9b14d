/** Is a text the beginning of a name server's query log? Asked of the first lines of a file, because names say nothing. */

import { NO_LINE, QUERY_LINE, QUERY_LINE_AT_MOST, QueryReader } from './query-line.ts';

/** Starts of the server and cut lines may stand among the first ones. */
const LINES_LOOKED_AT = 200;
const NEWLINE = 10;

/** Years and zones are of no weight here. */
const NO_CLOCK = { firstYear: 1970, toUtc: (local: number) => local, latest: Number.POSITIVE_INFINITY };

/** At least one query, and most of the first lines are of the name server: in a common syslog it has a voice among many. */
export function isQueryText(bytes: Uint8Array): boolean {
  const reader = new QueryReader(NO_CLOCK);
  let lines = 0;
  let queries = 0;
  let own = 0;
  for (let start = 0; start < bytes.length && lines < LINES_LOOKED_AT; ) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    if (end > start) {
      const kind = reader.read(bytes, start, Math.min(end, start + QUERY_LINE_AT_MOST));
      lines += 1;
      if (kind !== NO_LINE) own += 1;
      if (kind === QUERY_LINE) queries += 1;
    }
    start = end + 1;
  }
  return queries > 0 && own * 2 >= lines;
}
