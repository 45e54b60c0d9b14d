/**
 * Logs of applications that write keys and values (JSON objects, or `key=value` as logfmt has it): the client, the account and the message by
 * the names that such programs use. Keys are the program's own; what a visitor sent stands in values only.
 */

import { anyTime, type Stamp } from './access-time.ts';
import { type Ecs, known } from './ecs-words.ts';
import { type KeyedValues, keyedValues } from './keyed-values.ts';
import { type LoginSaid, loginSaid, outcomeSaid } from './login-words.ts';
import { addressOf } from './peer.ts';
import { passwordRefused } from './web-login-answer.ts';

interface KeyedForm {
  readonly form: string;
  readonly program: string;
  readonly pid: number | null;
  readonly stamp: Stamp | null;
  readonly message: string;
  readonly facts: Ecs;
}

/** Without case and signs, the most certain first. */
const ADDRESS =
  'clientip remoteip remoteaddr remoteaddress clientaddress clientaddr ipaddress ipaddr sourceip srcip sourceipaddress remip remotehost clienthost peeraddr peerip rhost remote userip ip src oip addr hostname'.split(
    ' ',
  );
const USER =
  'username user uname login accountname account clientaccount targetuser targetusername principalname principal useremail email userid acct accountid'.split(
    ' ',
  );
const MESSAGE = 'msg message event error logdesc action type eventname eventtype reason result status errormessage description outcome'.split(' ');
const TIME = 'time t ts timestamp @timestamp eventtime datetime date $date'.split(' ');
const STATUS = ['status', 'statuscode'];
/** An object with one of these and a message is a log of this kind; others are where they tell of a log-in. */
const LEVEL = ['level', 'lvl', 'severity', 's', 'loglevel', 'levelname', 'priority'];
/** What programs write for nobody. */
const NOBODY = /^(?:-+|0|n\/a|null|none|undefined|<nil>|unknown|anonymous|)$/i;
const WORDS_AT_MOST = 1_500;

interface Read {
  readonly values: KeyedValues;
  readonly said: LoginSaid;
  readonly message: string;
}

export function keyedForm(text: string): KeyedForm | null {
  const read = readKeyed(text);
  if (read === null) return null;
  const { values, said, message } = read;
  const time = first(values, TIME);
  const facts = known({
    'log.level': first(values, LEVEL),
    'source.ip': said.ip,
    'user.name': said.account,
    'event.outcome': said.outcome,
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

/** The same values for the parser: who, and that he was refused. */
export function keyedRefusal(text: string): { readonly ip: string; readonly account: string | null } | null {
  const said = readKeyed(text)?.said;
  return said?.outcome === 'failure' && said.ip !== null ? { ip: said.ip, account: said.account } : null;
}

function readKeyed(text: string): Read | null {
  const values = keyedValues(text);
  if (values === null) return null;
  const words = MESSAGE.flatMap((name) => values.get(name) ?? []);
  const message = [...new Set(words)].join(': ').slice(0, WORDS_AT_MOST);
  const whole = loginSaid(values.get('msg') ?? values.get('message') ?? values.get('event') ?? message);
  const ip = clientOf(values) ?? whole.ip;
  const said = {
    ip,
    account: accountOf(values) ?? whole.account,
    outcome: words.map(outcomeSaid).find((one) => one === 'failure') ?? words.map(outcomeSaid).find((one) => one !== null) ?? null,
  };
  if (said.outcome === null && passwordRefused(requestIn(values))) return { values, said: { ...said, outcome: 'failure' }, message };
  if (message === '' || (first(values, LEVEL) === null && (ip === null || said.outcome === null))) return null;
  return { values, said, message };
}

/** `msg="Request Completed" method=POST path=/login status=401`. */
function requestIn(values: KeyedValues): Parameters<typeof passwordRefused>[0] {
  const target = values.get('path') ?? values.get('uri') ?? values.get('url') ?? '';
  return { method: values.get('method') ?? null, target, status: numberOf(first(values, STATUS)), user: null };
}

/** The first key that holds an address: `host` and `remote` may hold a name. */
function clientOf(values: KeyedValues): string | null {
  for (const name of ADDRESS) {
    const ip = hostOf(values.get(name) ?? '');
    if (ip !== null) return ip;
  }
  return null;
}

function accountOf(values: KeyedValues): string | null {
  for (const name of USER) {
    const value = values.get(name);
    if (value !== undefined && !NOBODY.test(value) && value.length <= 320) return value;
  }
  return null;
}

function first(values: KeyedValues, names: readonly string[]): string | null {
  for (const name of names) {
    const value = values.get(name);
    if (value) return value;
  }
  return null;
}

/** `192.0.2.9`, `192.0.2.9:4711`, `[2001:db8::9]:4711`, samba's `ipv4:192.0.2.9:4711`, asterisk's `IPV4/UDP/192.0.2.9/5060`. */
function hostOf(text: string): string | null {
  const bare = text
    .slice(0, 80)
    .replace(/^(?:ipv[46]:|IPV[46]\/[A-Z]{2,4}\/|ip\/)/i, '')
    .replace(/\/\d{1,5}$/, '');
  return addressOf(bare) ?? addressOf(/^\[?([^\]]{2,45}?)\]?:\d{1,5}$/.exec(bare)?.[1] ?? '');
}

function numberOf(text: string | null): number | null {
  return text !== null && /^\d{3}$/.test(text) ? Number(text) : null;
}
