/**
 * Logs of applications that write keys and values (JSON objects, or `key=value` as logfmt has it): the client, the account and the message by
 * the names that such programs use. Keys are the program's own; what a visitor sent stands in values only.
 */

import { anyTime, type Stamp } from './access-time.ts';
import { type Ecs, known } from './ecs-words.ts';
import { addressOf } from './peer.ts';

interface KeyedForm {
  readonly form: string;
  readonly program: string;
  readonly pid: number | null;
  readonly stamp: Stamp | null;
  readonly message: string;
  readonly facts: Ecs;
}

const ADDRESS = ['client_ip', 'remote_ip', 'remote_addr', 'remoteAddr', 'remote_address', 'clientIp', 'client_address', 'ip', 'src'];
const USER = ['username', 'user', 'uname', 'login', 'user_name'];
const MESSAGE = ['msg', 'message', 'error', 'logdesc'];
const TIME = ['time', 't', 'ts', 'timestamp', '@timestamp'];
const STATUS = ['status', 'status_code'];
const KEYS_AT_MOST = 100;
/** An object with one of these and a message is a log of this kind. */
const LEVEL = ['level', 'lvl', 'severity'];
const PAIR = /(?:^|\s)([A-Za-z_@][\w.-]{0,40})=("(?:[^"\\]|\\.)*"|[^\s"]*)/g;

export function keyedForm(text: string): KeyedForm | null {
  const values = text.startsWith('{') ? ofJson(text) : ofLogfmt(text);
  if (values === null || first(values, LEVEL) === null || first(values, MESSAGE) === null) return null;
  const time = first(values, TIME);
  const ip = hostOf(first(values, ADDRESS) ?? '');
  const message = MESSAGE.flatMap((name) => values.get(name) ?? []).join(': ');
  const facts = known({
    'log.level': first(values, LEVEL),
    'source.ip': ip,
    'user.name': first(values, USER),
    'http.request.method': values.get('method'),
    'url.path': values.get('path'),
    'http.response.status_code': numberOf(first(values, STATUS)),
    message,
  });
  return {
    form: text.startsWith('{') ? 'JSON log' : 'key=value log',
    program: 'keyed',
    pid: null,
    stamp: time === null ? null : anyTime(time),
    message: text,
    facts,
  };
}

/** The same values for the parser: who, and what is said of him. */
export function keyedRefusal(text: string): { readonly ip: string; readonly account: string | null } | null {
  const form = keyedForm(text);
  const ip = form?.facts['source.ip'];
  const message = form?.facts['message'];
  const account = form?.facts['user.name'];
  if (typeof ip !== 'string' || typeof message !== 'string' || !REFUSED.test(message)) return null;
  return { ip, account: typeof account === 'string' ? account : namedIn(message) };
}

/** In the words of programs, which stand in values that they alone write. */
const REFUSED =
  /\b(?:[Ii]nvalid (?:credentials|username or password|user(?:name)? or password|password)|[Uu]nsuccessful \w{1,20} authentication|[Ff]ailed (?:to (?:log|sign) ?in|login|authentication)|[Ll]ogin (?:failed|fail|attempt failed)|[Aa]uthentication (?:failed|failure)|user not found|[Ww]rong password)\b/;

function namedIn(message: string): string | null {
  return /\b(?:user|username|account)(?: (?:input|name))? ['"]([^'"\s]{1,256})['"]/.exec(message.slice(0, 500))?.[1] ?? null;
}

function ofJson(text: string): Map<string, string> | null {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== 'object' || read === null || Array.isArray(read)) return null;
    const values = new Map<string, string>();
    for (const [key, value] of Object.entries(read).slice(0, KEYS_AT_MOST))
      if (typeof value === 'string' || typeof value === 'number') values.set(key, String(value));
    return values;
  } catch {
    return null;
  }
}

function ofLogfmt(text: string): Map<string, string> | null {
  if (!/^[A-Za-z_][\w.-]{0,40}=/.test(text)) return null;
  const values = new Map<string, string>();
  for (const [, key = '', value = ''] of text.matchAll(PAIR)) {
    if (values.size >= KEYS_AT_MOST) break;
    if (!values.has(key)) values.set(key, value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value);
  }
  return values;
}

function first(values: ReadonlyMap<string, string>, names: readonly string[]): string | null {
  for (const name of names) {
    const value = values.get(name);
    if (value) return value;
  }
  return null;
}

function hostOf(text: string): string | null {
  return addressOf(text) ?? addressOf(/^\[?([^\]]{2,45}?)\]?:\d{1,5}$/.exec(text)?.[1] ?? '');
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d{3}$/.test(text) ? Number(text) : null;
}
