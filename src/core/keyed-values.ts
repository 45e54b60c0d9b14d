/** Keys and values of a log line in JSON or logfmt, nested ones by the last part of their key; what a visitor sent stands in values only, and his headers and parameters are left out. */

export type KeyedValues = ReadonlyMap<string, string>;

const KEYS_AT_MOST = 100;
/** Deeper objects are what somebody sent, not who it was. */
const DEPTH_AT_MOST = 3;
const PAIR = /(?:^|\s)([A-Za-z_@][\w.-]{0,40})=("(?:[^"\\]|\\.)*"|[^\s"]*)/g;
/** Objects that hold what a visitor chose. */
const OF_VISITOR = /^(?:headers?|request_headers|params|query|body|cookies?|form|args|payload|data)$/i;

/** Null = neither of both. */
export function keyedValues(text: string): KeyedValues | null {
  return text.startsWith('{') ? ofJson(text) : ofLogfmt(text);
}

function ofJson(text: string): KeyedValues | null {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
    const values = new Map<string, string>();
    flatten(read, 0, values);
    return values;
  } catch {
    return null;
  }
}

/** Outer values first: an inner one of the same name does not replace them. */
function flatten(whole: object, depth: number, values: Map<string, string>): void {
  const inner: object[] = [];
  for (const [key, value] of Object.entries(whole).slice(0, KEYS_AT_MOST)) {
    if (values.size >= KEYS_AT_MOST) return;
    if (typeof value === 'string' || typeof value === 'number') put(values, key, String(value));
    else if (typeof value === 'object' && value !== null && !Array.isArray(value) && !OF_VISITOR.test(key)) inner.push(value);
  }
  if (depth < DEPTH_AT_MOST) for (const value of inner) flatten(value, depth + 1, values);
}

/** `client.ip` and `meta.remote_ip` are known by their whole key and by its last part. */
function put(values: Map<string, string>, key: string, value: string): void {
  const whole = plainKey(key);
  const last = plainKey(key.slice(key.lastIndexOf('.') + 1));
  for (const name of [whole, last]) if (!values.has(name)) values.set(name, value);
}

/** `clientIp`, `client_ip`, `Client-IP`: one name. */
export function plainKey(key: string): string {
  return key.toLowerCase().replaceAll(/[^a-z\d@$]/g, '');
}

function ofLogfmt(text: string): KeyedValues | null {
  if (!/^[A-Za-z_][\w.-]{0,40}=/.test(text)) return null;
  const values = new Map<string, string>();
  for (const [, key = '', value = ''] of text.matchAll(PAIR)) {
    if (values.size >= KEYS_AT_MOST) break;
    put(values, key, value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value);
  }
  return values;
}
