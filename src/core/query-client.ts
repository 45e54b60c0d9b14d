/** Who asks, as numbers: the address of a client read from the bytes of a query line, and its network (/24 or /64) as a key. */

const DOT = 46;
const COLON = 58;

/** The last address that was read. One object for all lines: nothing is made for each. */
export class QueryClient {
  /** Four words of 32 bits; IPv4 has its number in the last one and 0 before. */
  readonly words = new Int32Array(4);
  readonly #groups = new Int32Array(8);
  six = false;

  /** Reads the address at `at` and returns the position behind it, or -1 where none stands. Strict in range, not in length. */
  read(bytes: Uint8Array, at: number, end: number): number {
    let value = 0;
    let byte = 0;
    let dots = 0;
    let digits = 0;
    let place = at;
    for (; place < end; place += 1) {
      byte = (bytes[place] as number) - 48; // below `end`
      if (byte >= 0 && byte <= 9) {
        value = value * 10 + byte;
        digits += 1;
        if (value > 255 || digits > 3) return this.#six(bytes, at, end);
      } else if (byte === DOT - 48 && digits > 0 && dots < 3) {
        this.words[3] = ((this.words[3] as number) << 8) | value; // fixed length
        dots += 1;
        value = 0;
        digits = 0;
      } else break;
    }
    if (dots !== 3 || digits === 0) return this.#six(bytes, at, end);
    const words = this.words;
    words[0] = 0;
    words[1] = 0;
    words[2] = 0;
    words[3] = ((words[3] as number) << 8) | value; // three shifts before left nothing of what stood there
    this.six = false;
    return place;
  }

  /** `2001:db8::1`, `fe80::1%eth0`, `::ffff:192.0.2.9` (which is IPv4). */
  #six(bytes: Uint8Array, start: number, end: number): number {
    const groups = this.#groups;
    let count = 0;
    let gap = -1;
    let at = start;
    if (at + 1 < end && bytes[at] === COLON && bytes[at + 1] === COLON) {
      gap = 0;
      at += 2;
    }
    while (at < end && count < 8) {
      let value = 0;
      let digits = 0;
      for (let digit = hex(bytes[at]); digit >= 0 && digits < 5; digit = at < end ? hex(bytes[at]) : -1) {
        value = value * 16 + digit;
        digits += 1;
        at += 1;
      }
      if (digits === 0) break;
      if (digits > 4) return -1;
      if (at < end && bytes[at] === DOT) return this.#mapped(bytes, at - digits, end, count, gap);
      groups[count] = value;
      count += 1;
      if (at >= end || bytes[at] !== COLON) break;
      if (at + 1 < end && bytes[at + 1] === COLON) {
        if (gap >= 0) return -1;
        gap = count;
        at += 1;
      }
      at += 1;
    }
    if (gap < 0 ? count !== 8 : count > 7) return -1;
    this.#spread(count, gap);
    if (at < end && bytes[at] === 37) while (at < end && bytes[at] !== 35 && (bytes[at] as number) > 32 && bytes[at] !== 64) at += 1; // below `end`
    return at;
  }

  #mapped(bytes: Uint8Array, at: number, end: number, count: number, gap: number): number {
    const isMapped = (gap === 0 && count === 1 && this.#groups[0] === 0xffff) || (gap === 0 && count === 0);
    return isMapped && at < end ? this.#four(bytes, at, end) : -1;
  }

  /** Only what `read` takes as IPv4: no way back into this branch. */
  #four(bytes: Uint8Array, at: number, end: number): number {
    let place = at;
    while (place < end && ((bytes[place] as number) === DOT || isDigitByte(bytes[place] as number))) place += 1; // below `end`
    const behind = place - at <= 15 && place - at >= 7 ? this.read(bytes, at, place) : -1;
    return behind === place && !this.six ? place : -1;
  }

  #spread(count: number, gap: number): void {
    const groups = this.#groups;
    const missing = 8 - count;
    const tail = gap < 0 ? 0 : count - gap;
    for (let index = 7; gap >= 0 && index > 7 - tail; index -= 1) groups[index] = groups[index - missing] as number; // index - missing >= gap
    for (let index = 0; gap >= 0 && index < missing; index += 1) groups[gap + index] = 0;
    for (let word = 0; word < 4; word += 1) this.words[word] = ((groups[word * 2] as number) << 16) | (groups[word * 2 + 1] as number);
    this.six = true;
  }
}

function isDigitByte(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function hex(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** An address of four words as people write it (RFC 5952 without the search for the longest run of zeros beyond the first of two or more). */
export function clientText(six: boolean, words: ArrayLike<number>): string {
  const word = (index: number) => (words[index] ?? 0) >>> 0;
  if (!six) return [24, 16, 8, 0].map((shift) => (word(3) >>> shift) & 255).join('.');
  const groups = [0, 1, 2, 3].flatMap((index) => [word(index) >>> 16, word(index) & 0xffff]);
  const text = groups.map((group) => group.toString(16)).join(':');
  const longest = [...text.matchAll(/(?:^|:)0(?::0)+(?=:|$)/g)].sort((a, b) => b[0].length - a[0].length)[0];
  if (!longest) return text;
  const head = text.slice(0, longest.index);
  const tail = text.slice(longest.index + longest[0].length);
  return `${head}::${tail.replace(/^:/, '')}`;
}

/** The /24 or /64 of an address in CIDR form. */
export function networkText(six: boolean, high: number, low: number): string {
  return six ? `${clientText(true, [high, low, 0, 0])}/64` : `${clientText(false, [0, 0, 0, low & ~255])}/24`;
}
