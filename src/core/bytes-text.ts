/** Bytes of a log's escapes as text: UTF-8, and every byte that is none as a lone surrogate, so that nothing is lost and nothing throws. */

/** Lone surrogates U+DC80..U+DCFF stand for bytes that are no UTF-8, as everywhere in Tocsin. */
const LONE = 0xdc00;

/** How many bytes a UTF-8 character has that begins so, 0 = none begins so (RFC 3629). */
function lengthOf(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}

/** The code point at a place, or -1 where the bytes are no UTF-8. */
function codeAt(bytes: readonly number[], at: number, length: number): number {
  let code = length === 1 ? (bytes[at] ?? 0) : (bytes[at] ?? 0) & (0xff >> (length + 1));
  for (let next = at + 1; next < at + length; next += 1) {
    const byte = bytes[next] ?? 0;
    if ((byte & 0xc0) !== 0x80) return -1;
    code = (code << 6) | (byte & 0x3f);
  }
  const least = [0, 0, 0x80, 0x800, 0x1_0000][length] ?? 0;
  return code < least || code > 0x10_ffff || (code >= 0xd800 && code < 0xe000) ? -1 : code;
}

export function textOfBytes(bytes: readonly number[]): string {
  let text = '';
  for (let at = 0; at < bytes.length; ) {
    const length = lengthOf(bytes[at] ?? 0);
    const code = length === 0 ? -1 : codeAt(bytes, at, length);
    text += code < 0 ? String.fromCharCode(LONE + (bytes[at] ?? 0)) : String.fromCodePoint(code);
    at += code < 0 ? 1 : length;
  }
  return text;
}

/** The value of a hexadecimal digit by its character code, -1 = it is none. */
export function hexOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

/** Two hexadecimal digits as a byte, -1 = they are none. */
export function byteAt(text: string, at: number): number {
  const high = hexOf(text.charCodeAt(at));
  const low = hexOf(text.charCodeAt(at + 1));
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}
