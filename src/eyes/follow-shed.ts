/** When the reader of a log cannot keep up: the oldest unread lines are passed over, counted and told, so that what happens now is seen. */

import { grouped } from '../core/text.ts';
import type { Held } from './follow-held.ts';

/** Of what is unread the oldest part goes, so that half of what may wait is left. `held` are the files of one log, oldest first. */
export function shed(held: readonly Held[], backlogBytes: number): void {
  // How much a packed file holds is not known; it does not grow.
  const plain = held
    .filter(({ strand }) => !strand.still)
    .map(({ strand, quiet }) => ({ strand, quiet, unread: Math.max(0, strand.measure() - strand.offset) }));
  let surplus = plain.reduce((sum, { unread }) => sum + unread, 0) - backlogBytes;
  if (surplus <= 0 || plain.some(({ quiet }) => quiet)) return;
  surplus += Math.ceil(backlogBytes / 2);
  for (const { strand, unread } of plain) {
    const part = Math.min(surplus, unread);
    strand.skipTo(strand.offset + part, `skipped because more than ${grouped(backlogBytes)} bytes of this log waited to be read`);
    surplus -= part;
  }
}
