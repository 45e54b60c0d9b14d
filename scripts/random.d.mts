/** Chance that is the same each time, for tests. */

export function random(seed: number): () => number;
