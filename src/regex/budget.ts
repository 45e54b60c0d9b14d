/** What one search of the bounded engine may cost, in steps, text and memory. */

/** Longer texts are not searched: 64 KiB of UTF-16 units is more than any log daemon writes in a line. */
export const TEXT_AT_MOST = 65_536;
/** Marks of one search at most (32 MiB). */
export const BITS_AT_MOST = 268_435_456;
/** Steps of a search that remembers where it failed: enough for some hundred choices at every character. */
const STEPS_BASE = 1_000_000;
const STEPS_PER_UNIT = 250;
/** Steps of a search that may not remember (back references). */
const BLIND_STEPS_BASE = 200_000;
const BLIND_STEPS_PER_UNIT = 50;

export function stepBudget(remembers: boolean, length: number): number {
  return remembers ? STEPS_BASE + STEPS_PER_UNIT * length : BLIND_STEPS_BASE + BLIND_STEPS_PER_UNIT * length;
}
