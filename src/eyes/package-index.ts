/** Which lists of packages may name a path: an index small enough for the millions of paths of a large machine. */

/** Hash of a path → the lists that may have it: a fifth of the memory that the paths take. Directories are in hundreds of lists. */
export type PathIndex = Map<number, number | number[]>;

export function add(index: PathIndex, hash: number, list: number): void {
  const kept = index.get(hash);
  if (typeof kept === 'object') kept.push(list);
  else index.set(hash, kept === undefined ? list : [kept, list]);
}

/** FNV-1a (draft-eastlake-fnv) cut to 30 bits, which V8 keeps without a box; collisions cost a look into a list, never a wrong answer. */
export function hashOf(bytes: Buffer, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let at = start; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193);
  return hash >>> 2;
}
