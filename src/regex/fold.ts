/** Upper and lower case as Python sees them: which characters count as the same letter when case is ignored. */

/** One-letter lower case; U+0130 is the only letter whose full lower case has two characters (its simple one is `i`). */
export function lowerOf(code: number): number {
  if (code < 128) return code >= 65 && code <= 90 ? code + 32 : code;
  if (code === 0x130) return 0x69;
  return String.fromCodePoint(code).toLowerCase().codePointAt(0) ?? code;
}

/** Beyond this no script has case (Unicode 15 ends with Adlam, U+1E943). */
const LAST_CASED = 0x1e943;

let table: ReadonlyMap<number, readonly number[]> | null = null;

/** Letters of one kind: equal lower case, or lower cases that share their upper case (`s` and long s, `i` and dotless i). */
function classes(): ReadonlyMap<number, readonly number[]> {
  if (table !== null) return table;
  const byKey = new Map<string, number[]>();
  for (let code = 0; code <= LAST_CASED; code++) {
    if (code === 0xd800) code = 0xe000;
    const text = String.fromCodePoint(code);
    const lower = lowerOf(code);
    if (lower === code && text.toUpperCase() === text) continue;
    const key = String.fromCodePoint(lower).toUpperCase();
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [code]);
    else known.push(code);
  }
  const built = new Map<number, readonly number[]>();
  for (const members of byKey.values()) for (const code of members) built.set(code, members);
  table = built;
  return built;
}

/** Non-ASCII letters that an ASCII letter is equal to: dotted and dotless i, Kelvin sign, long s. */
const EXTRA: Readonly<Record<number, readonly number[]>> = { 105: [0x130, 0x131], 107: [0x212a], 115: [0x17f] };

/** All characters equal to this one when case is ignored, itself among them. */
export function sameLetter(code: number, ascii: boolean): readonly number[] {
  if (code < 128) {
    const lower = lowerOf(code);
    if (lower < 97 || lower > 122) return [code];
    return ascii ? [lower, lower - 32] : [lower, lower - 32, ...(EXTRA[lower] ?? [])];
  }
  return ascii ? [code] : (classes().get(code) ?? [code]);
}

/** What a range grows to when case is ignored. */
export function foldedRange(low: number, high: number, ascii: boolean): readonly (readonly [number, number])[] {
  const grown: (readonly [number, number])[] = [[low, high]];
  for (let code = low; code <= Math.min(high, 127); code++) for (const same of sameLetter(code, ascii)) grown.push([same, same]);
  if (high < 128 || ascii) return grown;
  for (const [code, members] of classes()) {
    if (code < low || code > high) continue;
    for (const same of members) if (same < low || same > high) grown.push([same, same]);
  }
  return grown;
}
