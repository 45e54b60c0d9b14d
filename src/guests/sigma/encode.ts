/** Texts as the bytes that a log shows in Base64: UTF-8, UTF-16, and the three places at which Base64 can begin. */

export type Encoding = 'utf8' | 'utf16le' | 'utf16be' | 'utf16';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function bytesOf(text: string, encoding: Encoding): number[] {
  return encoding === 'utf8' ? utf8(text) : utf16(text, encoding);
}

function utf8(text: string): number[] {
  return Array.from(text).flatMap((char) => {
    const code = char.codePointAt(0) ?? 0;
    if (code < 0x80) return [code];
    if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 63)];
    if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
    return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63)];
  });
}

/** `utf16` alone writes the byte order mark, little end first. */
function utf16(text: string, encoding: Encoding): number[] {
  const bytes: number[] = encoding === 'utf16' ? [0xff, 0xfe] : [];
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    const low = unit & 0xff;
    const high = unit >> 8;
    bytes.push(...(encoding === 'utf16be' ? [high, low] : [low, high]));
  }
  return bytes;
}

/** Bytes as a log that knows nothing of UTF-16 shows them: one character each. */
export function asCharacters(bytes: readonly number[]): string {
  return bytes.map((byte) => String.fromCharCode(byte)).join('');
}

/** RFC 4648, with padding. */
export function base64(bytes: readonly number[]): string {
  let out = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const there = Math.min(3, bytes.length - at);
    for (let place = 0; place < 4; place++) out += place <= there ? ALPHABET.charAt((group >> (18 - 6 * place)) & 63) : '=';
  }
  return out;
}

/** Characters at the start that also hold bits of the bytes before: none, 2 or 3. */
const FOREIGN_AT_START = [0, 2, 3];
/** Characters at the end that also hold bits of the bytes behind, by the length modulo 3. */
const FOREIGN_AT_END = [0, 3, 2];

/** What is the same in Base64 whatever stands around the text: one form for each of three offsets. */
export function base64AtOffsets(bytes: readonly number[]): string[] {
  return FOREIGN_AT_START.map((start, offset) => {
    const all = base64([...Array.from({ length: offset }, () => 0), ...bytes]);
    return all.slice(start, all.length - (FOREIGN_AT_END[(bytes.length + offset) % 3] ?? 0));
  });
}
