/**
 * The name that a query asks for, cut into the domain and what stands below it, and both as hashes. The domain is the last two labels, or
 * three where the one before a country's is of a kind that registries keep for themselves (`example.co.uk`).
 * Cannot see: other public suffixes (`github.io`, `kyoto.jp`): what is registered below them counts as one domain.
 */

const DOT = 46;
const BACKSLASH = 92;
/** FNV-1a; letters in either case are one (RFC 4343), because clients write them at random (DNS 0x20). */
const FNV_START = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
const CASE = 32;

/** Second-level labels that countries keep for registration below them, by their letters as one number. */
const KEPT = new Set(['co', 'com', 'net', 'org', 'gov', 'edu', 'ac', 'or', 'ne', 'go', 'mil', 'gob', 'gouv'].map(packed));

function packed(label: string): number {
  let number = 0;
  for (let index = label.length - 1; index >= 0; index -= 1) number = (number << 8) | label.charCodeAt(index);
  return number;
}

/** The name that was cut last. */
export class NameCut {
  domainStart = 0;
  domainHash = 0;
  nameHash = 0;
  /** Bytes of the leftmost label where it is below the domain, else 0. */
  below = 0;

  cut(bytes: Uint8Array, start: number, end: number): void {
    let hash = FNV_START;
    let at = end - 1;
    let dots = 0;
    let dot = end;
    this.domainStart = start;
    for (; at >= start; at -= 1) {
      const byte = bytes[at] as number; // between `start` and `end`
      if (byte === DOT && !isEscaped(bytes, start, at)) {
        dots += 1;
        if ((dots === 2 && !isKept(bytes, at + 1, dot, end)) || dots === 3) break;
        dot = at;
      }
      hash = Math.imul(hash ^ (byte | CASE), FNV_PRIME);
    }
    this.domainHash = mixed(hash);
    this.below = 0;
    if (at > start) {
      this.domainStart = at + 1;
      dot = at;
      for (; at >= start; at -= 1) {
        const byte = bytes[at] as number; // between `start` and `end`
        if (byte === DOT && !isEscaped(bytes, start, at)) dot = at;
        hash = Math.imul(hash ^ (byte | CASE), FNV_PRIME);
      }
      this.below = dot - start;
    }
    this.nameHash = mixed(hash);
  }
}

/** A dot of the label itself: an odd number of backslashes before it. */
function isEscaped(bytes: Uint8Array, start: number, dot: number): boolean {
  let at = dot;
  while (at > start && bytes[at - 1] === BACKSLASH) at -= 1;
  return ((dot - at) & 1) === 1;
}

/** Is the label from `start` to `dot` one that a country's registry keeps? */
function isKept(bytes: Uint8Array, start: number, dot: number, end: number): boolean {
  const length = dot - start;
  if (end - dot !== 3 || length > 4 || length < 2) return false;
  let number = 0;
  for (let at = dot - 1; at >= start; at -= 1) number = (number << 8) | ((bytes[at] as number) | CASE); // inside the name
  return KEPT.has(number);
}

/** Every bit of the hash depends on each of the name (MurmurHash3's last step). */
export function mixed(number: number): number {
  let hash = number ^ (number >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
