/** Sigma's texts with `*` and `?`: read once, then held against values in time linear in the value. */

/** `*`, `?` and a dash of the Windows command line in all the shapes that `windash` allows. */
export type Mark = 'any' | 'one' | 'dash';
export type Token = string | { readonly mark: Mark };

/** What a `windash` place may be: hyphen, slash, en dash, em dash, horizontal bar. */
export const DASHES = '-/\u2013\u2014\u2015';
const MARKS: Readonly<Record<string, Mark>> = { '*': 'any', '?': 'one' };

export const ANY: Token = { mark: 'any' };

/** Upper and lower case are one. Σ has two small forms, of which `toLowerCase` takes one by the neighbours; here both are one. */
export function folded(text: string): string {
  const low = text.toLowerCase();
  return low.includes('ς') ? low.replaceAll('ς', 'σ') : low;
}

/** Backslash rules of the specification: it escapes `*`, `?` and itself; before anything else it is itself. */
export function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let plain = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    const next = text.charAt(at + 1);
    const mark = MARKS[char];
    if (char === '\\' && (next === '\\' || MARKS[next] !== undefined)) {
      plain += next;
      at++;
    } else if (mark === undefined) plain += char;
    else {
      if (plain !== '') tokens.push(plain);
      plain = '';
      tokens.push({ mark });
    }
  }
  if (plain !== '') tokens.push(plain);
  return tokens;
}

/** The text, where there is no wildcard in it. */
export function plainText(tokens: readonly Token[]): string | null {
  return tokens.every((token) => typeof token === 'string') ? tokens.join('') : null;
}

/** A dash or slash that begins an option: nothing of a word before it, something of a word behind it. */
export function withDashes(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    if (typeof token !== 'string') return [token];
    const parts: Token[] = [];
    let from = 0;
    for (let at = 0; at < token.length; at++) {
      if (!isOption(token, at)) continue;
      if (at > from) parts.push(token.slice(from, at));
      parts.push({ mark: 'dash' });
      from = at + 1;
    }
    if (from < token.length) parts.push(token.slice(from));
    return parts;
  });
}

function isOption(text: string, at: number): boolean {
  const char = text.charAt(at);
  return (char === '-' || char === '/') && !/\w/.test(text.charAt(at - 1)) && /\w/.test(text.charAt(at + 1));
}

export interface Wildcard {
  readonly cased: boolean;
  /** `value` must be folded already unless the pattern is `cased`. */
  readonly matches: (value: string) => boolean;
  /** Folded texts that all stand in every value that matches. */
  readonly literals: readonly string[];
}

export function wildcard(tokens: readonly Token[], cased: boolean): Wildcard {
  const ready = tokens.map((token) => (typeof token === 'string' && !cased ? folded(token) : token));
  const literals = ready.filter((token) => typeof token === 'string').map((text) => folded(text));
  const simple = ready.every((token) => typeof token === 'string' || token.mark === 'any');
  return { cased, literals, matches: simple ? bySegments(ready) : byCharacters(ready) };
}

/** Only stars: the texts between them are searched one behind the other, the first and last tied to the ends. */
function bySegments(tokens: readonly Token[]): (value: string) => boolean {
  const segments: string[] = [''];
  for (const token of tokens) {
    if (typeof token === 'string') segments[segments.length - 1] += token;
    else segments.push('');
  }
  const first = segments[0] ?? '';
  if (segments.length === 1) return (value) => value === first;
  const last = segments[segments.length - 1] ?? '';
  const middle = segments.slice(1, -1).filter((text) => text !== '');
  const only = middle[0];
  if (first === '' && last === '' && only !== undefined && middle.length === 1) return (value) => value.includes(only);
  return (value) => {
    if (value.length < first.length + last.length || !value.startsWith(first) || !value.endsWith(last)) return false;
    let from = first.length;
    for (const text of middle) {
      const at = value.indexOf(text, from);
      if (at === -1) return false;
      from = at + text.length;
    }
    return from <= value.length - last.length;
  };
}

/** With `?` and dashes: character by character, going back only to the last star. */
function byCharacters(tokens: readonly Token[]): (value: string) => boolean {
  const wanted = tokens.flatMap((token): (string | { readonly mark: Mark })[] => (typeof token === 'string' ? Array.from(token) : [token]));
  return (value) => {
    const chars = Array.from(value);
    let star = -1;
    let resume = 0;
    let at = 0;
    let w = 0;
    while (at < chars.length) {
      const want = wanted[w];
      if (typeof want === 'object' && want.mark === 'any') {
        star = w++;
        resume = at;
      } else if (want !== undefined && fits(want, chars[at] ?? '')) {
        w++;
        at++;
      } else if (star >= 0) {
        w = star + 1;
        at = ++resume;
      } else return false;
    }
    return wanted.slice(w).every((want) => typeof want === 'object' && want.mark === 'any');
  };
}

function fits(want: string | { readonly mark: Mark }, char: string): boolean {
  return typeof want === 'string' ? want === char : want.mark === 'one' || DASHES.includes(char);
}
