/**
 * About how many different things there were, in a few bytes each (HyperLogLog, Flajolet 2007): 128 registers, standard error 9 %. Whoever
 * chooses names so that their hashes collide can only make himself look smaller.
 */

export const REGISTERS = 128;
const INDEX_BITS = 7;
/** Flajolet's constant for 128 registers. */
const ALPHA = 0.7213 / (1 + 1.079 / REGISTERS);

/** Hears the hash of one thing; `place` is where the registers begin. */
export function hearSketch(registers: Uint8Array, place: number, hash: number): void {
  const register = place + (hash & (REGISTERS - 1));
  const rank = Math.clz32((hash >>> INDEX_BITS) | 0) - INDEX_BITS + 1;
  if ((registers[register] as number) < rank) registers[register] = rank; // the caller's place is inside
}

/** About how many different hashes were heard. Small numbers are counted by the registers that are still empty. */
export function sketched(registers: Uint8Array, place: number): number {
  let sum = 0;
  let empty = 0;
  for (let index = place; index < place + REGISTERS; index += 1) {
    const rank = registers[index] ?? 0;
    sum += 2 ** -rank;
    if (rank === 0) empty += 1;
  }
  const raw = (ALPHA * REGISTERS * REGISTERS) / sum;
  return Math.round(raw <= 2.5 * REGISTERS && empty > 0 ? REGISTERS * Math.log(REGISTERS / empty) : raw);
}
