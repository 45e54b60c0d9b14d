/** How names that an attacker chose are put into sentences: bounded, and with nothing in them that moves a cursor. */

/** Characters that a terminal, a mail or a page could obey: C0, DEL, C1, line separators, bidirectional overrides, zero width, lone surrogates. */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The same text with unsafe characters written as `\n`, `\x1b`, `\u202e`; a byte that was no UTF-8 as `\xff`. Doing it twice changes nothing. */
export function shown(text: string, limit = 1000): string {
  const cut = text.length > limit ? `${text.slice(0, limit)}…` : text;
  return cut.replace(UNSAFE, escaped);
}

function escaped(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  if (character === '\t') return '\\t';
  const code = character.charCodeAt(0);
  const byte = code >= 0xdc80 && code <= 0xdcff ? code - 0xdc00 : code;
  return byte < 0x100 ? `\\x${byte.toString(16).padStart(2, '0')}` : `\\u${byte.toString(16).padStart(4, '0')}`;
}

/** A name in a sentence, in quotation marks when it has anything in it that could be read as part of the sentence. */
export function named(name: string): string {
  const safe = shown(name, 200);
  return /^[\w./:@+%,=~-]+$/.test(safe) ? safe : `"${safe.replaceAll('"', '\\"')}"`;
}

/** "1 address", "1,204 addresses". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** Thousands set off by commas: 1,234,567. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

/** "a, b and c", at most `limit` of them: "a, b and 12 more". For names: each is quoted where it has to be. */
export function listed(names: readonly string[], limit = 5): string {
  return joined(names.slice(0, limit).map(named), names.length - limit);
}

/** The same for phrases that are safe already; `more` are left out and counted. */
export function joined(phrases: readonly string[], more = 0): string {
  const first = more > 0 ? [...phrases, `${grouped(more)} more`] : phrases;
  return first.length < 2 ? first.join('') : `${first.slice(0, -1).join(', ')} and ${first[first.length - 1]}`;
}

/** A span in the unit a person would use: "40 s", "12 min", "3 h", "9 days". */
export function lasted(spanMs: number): string {
  const seconds = Math.max(0, Math.round(spanMs / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} days`;
}

/** An ASCII digit, by its code. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}
