/**
 * Tells a copied disk from the disk itself: on a copy every file's time of change (ctime) is the copy's, and says nothing of what happened.
 * Cannot see: a copy made as an image of the whole disk, which keeps all times.
 */

import type { Coverage, Millis } from '../core/words.ts';
import type { Eyes } from '../core/world.ts';

const LOOKED_AT = '/etc';
const FILES_AT_MOST = 2_000;
/** Fewer say nothing: a small system may have been set up in one go. */
const FILES_AT_LEAST = 10;
const SHARE = 0.8;
/** Long enough for a copy of a large disk to have passed one directory. */
const WITHIN_MS = 3_600_000;

/** `newest` = the last line of the logs: what changed nearly everything after that was no installation. */
export function copiedDisk(eyes: Pick<Eyes, 'host' | 'list'>, newest: Millis | null): Coverage | null {
  if (eyes.host.live || newest === null) return null;
  const times = (eyes.list(LOOKED_AT, FILES_AT_MOST)?.entries ?? []).map((entry) => entry.changedAt).sort((a, b) => a - b);
  const needed = Math.ceil(times.length * SHARE);
  if (times.length < FILES_AT_LEAST) return null;
  const begin = times.find((at, index) => at > newest && (times[index + needed - 1] ?? Number.POSITIVE_INFINITY) <= at + WITHIN_MS);
  if (begin === undefined) return null;
  return {
    source: 'file times',
    state: 'partial',
    detail: `most files of ${LOOKED_AT} have a time of change (ctime) within an hour after the newest log line: this is a copy, and such times here are those of the copying`,
    from: begin,
  };
}
