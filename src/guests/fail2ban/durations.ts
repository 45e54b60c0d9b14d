/** Spans of time as fail2ban's files write them: `600`, `10m`, `1h 30m`, `1d12h`, `2 * 3600`, `-1` for ever. Calculated here; nothing is run. */

/** Longest first letters that fail2ban knows for each; a month is the twelfth part of a year of 365.25 days. */
const YEAR_SECONDS = 31_557_600;
const UNITS: readonly (readonly [pattern: RegExp, seconds: number])[] = [
  [/^(?:days?|da|dd?)$/i, 86_400],
  [/^(?:weeks?|wee?|ww?)$/i, 604_800],
  [/^(?:months?|mon?)$/i, YEAR_SECONDS / 12],
  [/^(?:years?|yea?|yy?)$/i, YEAR_SECONDS],
  [/^(?:seconds?|sec?|ss?)$/i, 1],
  [/^(?:minutes?|min?|mm?)$/i, 60],
  [/^(?:hours?|hou?|hh?)$/i, 3_600],
];
const TOKEN = /\s*(?:(\d+(?:\.\d*)?|\.\d+)(?![\d.])|([a-z]+)|([-+*/()]))/giy;
const CHARACTERS_AT_MOST = 200;

/** Seconds, or null when the text is no span of time. */
export function secondsOf(text: string): number | null {
  return calculated(text, true);
}

/** A number or a sum of numbers, without units. */
export function numberOf(text: string): number | null {
  return calculated(text, false);
}

function calculated(text: string, units: boolean): number | null {
  const tokens = tokensOf(text.trim());
  if (tokens === null || tokens.length === 0) return null;
  const sum = new Sum(tokens, units);
  const value = sum.sum();
  return value !== null && sum.finished && Number.isFinite(value) ? value : null;
}

function tokensOf(text: string): string[] | null {
  if (text.length > CHARACTERS_AT_MOST) return null;
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    if (found === null) return null;
    tokens.push(found[0].trim());
  }
  return tokens;
}

/** Sums of products, the usual precedence; numbers beside each other are added. The depth is bounded by the length of the text. */
class Sum {
  readonly #tokens: readonly string[];
  readonly #units: boolean;
  #at = 0;

  constructor(tokens: readonly string[], units: boolean) {
    this.#tokens = tokens;
    this.#units = units;
  }

  get finished(): boolean {
    return this.#at === this.#tokens.length;
  }

  sum(): number | null {
    let total = this.#product();
    while (total !== null && !this.finished && this.#tokens[this.#at] !== ')') {
      const sign = this.#tokens[this.#at];
      const operator = sign === '+' || sign === '-';
      if (operator) this.#at++;
      else if (!this.#units || !startsNumber(sign)) return null;
      const next = this.#product();
      total = next === null ? null : sign === '-' ? total - next : total + next;
    }
    return total;
  }

  #product(): number | null {
    let total = this.#factor();
    for (let sign = this.#tokens[this.#at]; total !== null && (sign === '*' || sign === '/'); sign = this.#tokens[this.#at]) {
      this.#at++;
      const next = this.#factor();
      total = next === null || (sign === '/' && next === 0) ? null : sign === '*' ? total * next : total / next;
    }
    return total;
  }

  #factor(): number | null {
    const token = this.#tokens[this.#at++];
    if (token === '-' || token === '+') {
      const value = this.#factor();
      return value === null ? null : token === '-' ? -value : value;
    }
    if (token === '(') {
      const value = this.sum();
      return this.#tokens[this.#at++] === ')' ? value : null;
    }
    if (!startsNumber(token)) return null;
    return Number(token) * this.#unit();
  }

  #unit(): number {
    const word = this.#tokens[this.#at] ?? '';
    const unit = this.#units ? UNITS.find(([pattern]) => pattern.test(word)) : undefined;
    if (unit === undefined) return 1;
    this.#at++;
    return unit[1];
  }
}

function startsNumber(token: string | undefined): boolean {
  return token !== undefined && /^[\d.]/.test(token);
}
