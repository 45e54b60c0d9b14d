/**
 * Networks that lie in one another, as parts that do not: the kernel's interval sets take no two elements that overlap. Each part
 * lasts as long as the longest of the networks that hold it. Pure.
 */

export interface Spread {
  readonly first: bigint;
  readonly last: bigint;
  /** Null = for ever. */
  readonly endsAt: number | null;
}

/**
 * The parts in order. CIDR networks lie in one another or apart, never across: a stack of the open ones is enough. Neighbours are not
 * joined, so that the kernel counts for each network by itself.
 */
export function cover(spreads: readonly Spread[]): Spread[] {
  const inOrder = [...spreads].sort((a, b) => compare(a.first, b.first) || compare(b.last, a.last));
  const parts: Spread[] = [];
  const open: Spread[] = [];
  let at = 0n;
  const upTo = (end: bigint) => {
    const top = open[open.length - 1];
    if (top && at <= end) parts.push({ first: at, last: end, endsAt: top.endsAt });
    at = end + 1n;
  };
  const close = (before: bigint | null) => {
    for (let top = open[open.length - 1]; top && (before === null || top.last < before); top = open[open.length - 1]) {
      upTo(top.last);
      open.pop();
    }
  };
  for (const spread of inOrder) {
    close(spread.first);
    const top = open[open.length - 1];
    if (top && at < spread.first) upTo(spread.first - 1n);
    at = spread.first;
    // What lies inside of something that lasts longer lasts as long as that.
    open.push(top && longer(top.endsAt, spread.endsAt) ? { ...spread, endsAt: top.endsAt } : spread);
  }
  close(null);
  return parts;
}

function longer(a: number | null, b: number | null): boolean {
  return a === null ? b !== null : b !== null && a > b;
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
