/** The `%` fields of a date pattern as expressions: strftime's, and fail2ban's exact ones (`%Exd` and so on). */

const MONTHS = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

export function monthNumber(name: string): number {
  return MONTHS.findIndex((month) => month === name.toLowerCase() || month.slice(0, 3) === name.toLowerCase()) + 1;
}

/** 0 = Monday; -1 = none. */
export function weekdayNumber(name: string): number {
  return DAYS.findIndex((day) => day === name.toLowerCase() || day.slice(0, 3) === name.toLowerCase());
}

const NAMED_ZONE = '[A-Z](?:[A-Z]{2,4})?';
const OFFSET = String.raw`[+-][01]\d(?::?\d{2})?`;

function group(name: string, expression: string): string {
  return `(?P<${name}>${expression})`;
}

/** Longest first, so that no name hides one that begins with it. */
function oneOf(names: readonly string[]): string {
  return [...names].sort((a, b) => b.length - a.length).join('|');
}

const FIELDS: Readonly<Record<string, string>> = {
  a: group('a', oneOf(DAYS.map((day) => day.slice(0, 3)))),
  A: group('A', oneOf(DAYS)),
  b: group('b', oneOf(MONTHS.map((month) => month.slice(0, 3)))),
  B: group('B', oneOf(MONTHS)),
  d: group('d', String.raw`[1-2]\d|[0 ]?[1-9]|3[0-1]`),
  f: group('f', '[0-9]{1,6}'),
  G: group('G', String.raw`\d\d\d\d`),
  H: group('H', String.raw`[0-1]?\d|2[0-3]`),
  I: group('I', '1[0-2]|0[1-9]|[1-9]'),
  j: group('j', String.raw`36[0-6]|3[0-5]\d|[1-2]\d\d|0[1-9]\d|00[1-9]|[1-9]\d|0[1-9]|[1-9]`),
  k: ` ?${group('H', String.raw`[0-2]?\d`)}`,
  l: ` ?${group('I', String.raw`1?\d`)}`,
  m: group('m', '0?[1-9]|1[0-2]'),
  M: group('M', String.raw`[0-5]?\d`),
  p: group('p', 'am|pm'),
  S: group('S', String.raw`[0-5]?\d|6[0-1]`),
  u: group('u', '[1-7]'),
  U: group('U', String.raw`5[0-3]|[0-4]\d|\d`),
  V: group('V', String.raw`5[0-3]|0[1-9]|[1-4]\d|\d`),
  w: group('w', '[0-6]'),
  W: group('W', String.raw`5[0-3]|[0-4]\d|\d`),
  y: group('y', String.raw`\d\d`),
  Y: group('Y', String.raw`\d{4}`),
  z: group('z', `Z|UTC|GMT|${OFFSET}`),
  Z: group('Z', 'Z|[A-Z]{3,5}'),
  '%': '%',
  Exd: group('d', String.raw`[1-2]\d|0[1-9]|3[0-1]`),
  Exm: group('m', '0[1-9]|1[0-2]'),
  ExH: group('H', String.raw`[0-1]\d|2[0-3]`),
  Exk: ` ?${group('H', String.raw`[0-1]?\d|2[0-3]`)}`,
  Exl: ` ?${group('I', String.raw`1[0-2]|\d`)}`,
  ExM: group('M', String.raw`[0-5]\d`),
  ExS: group('S', String.raw`[0-5]\d|6[0-1]`),
  Exy: group('y', String.raw`\d{2}`),
  ExZ: group('Z', NAMED_ZONE),
  Exz: group('z', `(?:${NAMED_ZONE})?${OFFSET}|${NAMED_ZONE}`),
};

/** Date, clock and both as the C locale writes them. */
const LOCALE: Readonly<Record<string, string>> = { c: '%a %b %d %H:%M:%S %Y', x: '%m/%d/%y', X: '%H:%M:%S' };

/** `%ExY` takes 2000 up to the decade of three years from now, and always the twenties. */
function year(now: number): string {
  const latest = Math.max(2029, 1970 + Math.floor(now / (365.25 * 86_400_000)) + 3);
  return group('Y', String.raw`20[0-${Math.min(9, Math.floor((latest - 2000) / 10))}]\d`);
}

/** Fills in all fields; null where a `%` begins none of them. */
export function fillFields(pattern: string, now: number): string | null {
  let broken = false;
  const text = pattern.replace(/%(Ex[A-Za-z]|[A-Za-z%])?/g, (written: string, key: string | undefined) => {
    if (key === 'ExY') return year(now);
    const known = key === undefined ? undefined : Object.hasOwn(LOCALE, key) ? (fillFields(LOCALE[key] ?? '', now) ?? undefined) : FIELDS[key];
    if (known === undefined || (key !== undefined && !Object.hasOwn(FIELDS, key) && !Object.hasOwn(LOCALE, key))) broken = true;
    return known ?? written;
  });
  return broken ? null : text;
}
