/** Reads fail2ban's annotated sample logs: each line of a log with what its filter must make of it, and the options to try it with. */

export interface Expected {
  readonly match: boolean;
  /** Local time as ISO 8601; null = not asked for. */
  readonly time: string | null;
  /** `host`, `user`, `users`, `attempts` and whatever else is to be found, as written. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly constraint: string | null;
}

export interface Sample {
  readonly line: string;
  /** From 1. */
  readonly number: number;
  readonly expected: Expected;
  /** Marked lines say what is expected of them; others must not match. */
  readonly marked: boolean;
  /** Null = those that were in force before, in an earlier file of the same filter if there was one. */
  readonly options: readonly SampleOptions[] | null;
}

export type SampleOptions = Readonly<Record<string, string>>;

export interface SampleFile {
  readonly samples: readonly Sample[];
  /** Other files that hold samples for the same filter. */
  readonly more: readonly string[];
  /** Marks that are no JSON. */
  readonly broken: readonly string[];
}

/** Said of a sample, not found in its line. */
const ABOUT = ['time', 'match', 'desc', 'constraint'];

export function readSamples(text: string): SampleFile {
  const lines = text.split(/\r*\n/);
  if (lines.at(-1) === '') lines.pop();
  const samples: Sample[] = [];
  const more: string[] = [];
  const broken: string[] = [];
  let common: SampleOptions = {};
  let options: readonly SampleOptions[] | null = null;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, mark, json = ''] = /^#+ ?(failJSON|fileOptions|filterOptions|addFILE):(.+)$/.exec(line) ?? [];
    const value = mark === undefined ? undefined : jsonOf(json);
    if (mark !== undefined && value === undefined) broken.push(`line ${at + 1}: ${line.slice(0, 100)}`);
    else if (mark === 'fileOptions') common = optionsIn(value);
    else if (mark === 'filterOptions') options = listed(value).map((one) => ({ ...common, ...optionsIn(one) }));
    else if (mark === 'addFILE') more.push(String(value));
    else if (mark === 'failJSON') {
      at += 1;
      samples.push({ line: lines[at] ?? '', number: at + 1, expected: expectedOf(value), marked: true, options });
    } else if (!line.startsWith('#') && line.trim() !== '') {
      samples.push({ line, number: at + 1, expected: expectedOf({}), marked: false, options });
    }
  }
  return { samples, more, broken };
}

function jsonOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function listed(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function optionsIn(value: unknown): SampleOptions {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)])) : {};
}

export function expectedOf(value: unknown): Expected {
  const said = isRecord(value) ? value : {};
  const text = (key: string): string | null => (typeof said[key] === 'string' ? said[key] : null);
  const fields = Object.fromEntries(Object.entries(said).filter(([key]) => !ABOUT.includes(key)));
  return { match: said['match'] === true, time: text('time'), fields, constraint: text('constraint') };
}

/**
 * Whether a condition holds: comparisons of `name`, `opts.get('x')` and texts, with `and`, `or`, `not`. fail2ban writes them in Python;
 * null = not understood.
 */
export function holdsThat(condition: string, name: string, options: SampleOptions): boolean | null {
  const any = condition.split(/\bor\b/);
  if (any.length > 1) return combined(any, name, options, true);
  const every = condition.split(/\band\b/);
  if (every.length > 1) return combined(every, name, options, false);
  const denied = /^\s*not\s+(.*)$/.exec(condition)?.[1];
  if (denied !== undefined) {
    const held = holdsThat(denied, name, options);
    return held === null ? null : !held;
  }
  const [, left = '', sign, right = ''] = /^([^=!]+)(==|!=)([^=!]+)$/.exec(condition) ?? [];
  const one = termValue(left.trim(), name, options);
  const other = termValue(right.trim(), name, options);
  if (sign === undefined || one === undefined || other === undefined) return null;
  return (one === other) === (sign === '==');
}

function combined(parts: readonly string[], name: string, options: SampleOptions, enough: boolean): boolean | null {
  const held = parts.map((part) => holdsThat(part, name, options));
  if (held.includes(null)) return null;
  return enough ? held.includes(true) : !held.includes(false);
}

/** Undefined = not understood; null = Python's None. */
function termValue(term: string, name: string, options: SampleOptions): string | null | undefined {
  if (term === 'name') return name;
  if (term === 'None') return null;
  const [, quoted] = /^(?:'([^']*)'|"[^"]*")$/.exec(term) ?? [];
  if (/^(['"]).*\1$/.test(term)) return quoted ?? term.slice(1, -1);
  const [, key, instead] = /^opts\.get\(\s*['"]([^'"]*)['"](?:\s*,\s*['"]([^'"]*)['"])?\s*\)$/.exec(term) ?? [];
  return key === undefined ? undefined : (options[key] ?? instead ?? null);
}
