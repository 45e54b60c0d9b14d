/** Reads `sshd[mode=aggressive, x="a,b"]`, and a list of such: how jails name their filter and their actions. */

export interface Call {
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

const NAME_END = /[[\s]/;
const BLANK = /\s/;
const OPTION_NAME = /[\w.-]/;

/** Gives a sentence where the words cannot be read. */
export function callOf(text: string): Call | { readonly says: string } {
  const open = text.indexOf('[');
  if (open < 0) return text === '' ? { says: 'no name' } : { name: text, options: {} };
  const close = text.lastIndexOf(']');
  if (open === 0 || close < open || text.slice(close + 1).trim() !== '') return { says: 'brackets that do not fit' };
  const options = optionsOf(text.slice(open + 1, close));
  return 'says' in options ? options : { name: text.slice(0, open), options: options.found };
}

function optionsOf(text: string): { readonly found: Record<string, string> } | { readonly says: string } {
  // Without a prototype: an option may be called "constructor".
  const found: Record<string, string> = Object.create(null);
  for (let at = 0; ; ) {
    const start = skip(text, at, BLANK);
    if (start >= text.length || (text[at] === ',' && skip(text, at + 1, BLANK) >= text.length)) return { found };
    const nameEnd = skip(text, start, OPTION_NAME);
    if (nameEnd === start || text[nameEnd] !== '=') return { says: `"${text.slice(start, start + 25)}" is no option=value` };
    const value = valueAt(text, nameEnd + 1);
    const next = afterValue(text, value.end);
    if (next === null) return { says: `"${text.slice(value.end, value.end + 25)}" follows the value of ${text.slice(start, nameEnd)}` };
    found[text.slice(start, nameEnd)] = value.value.trim();
    at = next;
  }
}

/** In quotes, or up to a comma or bracket. */
function valueAt(text: string, at: number): { readonly value: string; readonly end: number } {
  const quote = text[at];
  if (quote === '"' || quote === "'") {
    const end = text.indexOf(quote, at + 1);
    if (end >= 0) return { value: text.slice(at + 1, end), end: end + 1 };
  }
  let end = at;
  while (end < text.length && text[end] !== ',' && text[end] !== ']') end++;
  return { value: text.slice(at, end), end };
}

/** Past the comma, or past `] [` that starts another group. */
function afterValue(text: string, at: number): number | null {
  if (at >= text.length || (at === text.length - 1 && text[at] === '\n')) return text.length;
  if (text[at] === ',') return at + 1;
  if (text[at] !== ']') return null;
  const open = skip(text, at + 1, BLANK);
  return text[open] === '[' ? open + 1 : null;
}

function skip(text: string, from: number, what: RegExp): number {
  let at = from;
  while (at < text.length && what.test(text.charAt(at))) at++;
  return at;
}

/** The single calls of a list, one a line or blanks between them; line ends within brackets are part of a call. */
export function callsIn(text: string): string[] {
  const calls: string[] = [];
  for (let at = skip(text, 0, BLANK); at < text.length; at = skip(text, at, BLANK)) {
    let end = at;
    while (end < text.length && !NAME_END.test(text.charAt(end))) end++;
    const open = skip(text, end, BLANK);
    const close = end > at && text[open] === '[' ? bracketsEnd(text, open) : null;
    if (close !== null && (close === text.length || BLANK.test(text.charAt(close)))) end = close;
    else while (end < text.length && !BLANK.test(text.charAt(end))) end++;
    calls.push(text.slice(at, end));
    at = end;
  }
  return calls;
}

/** Past the closing bracket, also of further groups; null when there is none or the options cannot be read. */
function bracketsEnd(text: string, open: number): number | null {
  for (let at = open + 1; at < text.length; ) {
    at = skip(text, at, BLANK);
    if (text[at] === ']') {
      const next = skip(text, at + 1, BLANK);
      if (text[next] !== '[') return at + 1;
      at = next + 1;
      continue;
    }
    const equals = skip(text, at, OPTION_NAME);
    if (equals === at || text[equals] !== '=') return null;
    at = skip(text, valueAt(text, equals + 1).end, BLANK);
    if (text[at] === ',') at++;
    else if (text[at] !== ']') return null;
  }
  return null;
}
