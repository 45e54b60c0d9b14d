/**
 * What a sentence of an unknown program says of a log-in: refused or let in, from which address, as whom. By the words that programs use for it,
 * whatever order they stand in. Cannot see: other languages, host names; where two addresses stand nobody can say which is the client's, so none is told.
 */

import { accountIn } from './account-words.ts';
import { addressOf } from './peer.ts';

export interface LoginSaid {
  readonly ip: string | null;
  readonly account: string | null;
  readonly outcome: 'success' | 'failure' | null;
}

/** Longer sentences are traces and dumps; what a visitor sent stands far behind. */
const READ_CHARACTERS = 1_500;

const MATTER =
  '(?:log-?(?:in|on)s?|log(?:ged|ging)? ?(?:in|on)|sign(?:ed|ing)?[- ]?in|auth|authn|authenticat(?:e|ed|ing|ion)|authentification|credentials?|passwords?|passwd|passphrase|passcode|token|2fa|otp|totp|mfa|pin)';
const NO =
  '(?:fail(?:ed|ure|s|ing)?|refused|rejected|denied|unsuccessful|invalid|incorrect|wrong|bad|mismatch(?:ed)?|unable|(?:not|never) (?:valid|correct|accepted|match(?:ed)?|recognized)|(?:does|did|do)(?: not|n.t) match)';
const YES = '(?:success(?:ful(?:ly)?)?|succeed(?:ed|s)?|accepted|granted)';
/** Words that may stand between the two. */
const BETWEEN = '(?:[^\\n.]|\\.(?! )){0,60}?';

const REFUSED = new RegExp(
  `\\b${MATTER}\\b${BETWEEN}\\b${NO}\\b|\\b${NO}\\b${BETWEEN}\\b${MATTER}\\b|\\b(?:unknown|no such|invalid|non-?existent) (?:user(?:name)?|account|login)\\b|\\b(?:user(?:name)?|account) (?:\\S{1,256} )?(?:was )?(?:not found|unknown|(?:does|did)(?: not|n.t) exist|is (?:locked|disabled|unknown|banned|invalid))\\b|\\b(?:login|auth(?:entication)?)[ -]error\\b|\\btoo many (?:failed )?(?:log-?in|auth\\w{0,12}|password)|\\bnt status (?:wrong password|no such user|logon failure|account)`,
  'i',
);
const LET_IN = new RegExp(
  `\\b${MATTER}\\b${BETWEEN}\\b${YES}\\b|\\b${YES}\\b${BETWEEN}\\b${MATTER}\\b|\\blogged[ -](?:in|on)\\b|\\bLogin: (?=user)|\\bsigned in\\b|\\bok login\\b`,
  'i',
);
const OF_LOGIN = new RegExp(`\\b${MATTER}\\b`, 'i');
/** `0 failed logins`, `no failed log-ins since`. */
const NONE = /\b(?:no|zero|0|without) (?:failed|invalid|bad)\b/i;

/** `CUSTOMER_LOGIN_FAILED`, `AuthFailed`, `login-failed` as words; `/api/login` is no word of the program. */
function wordsOf(text: string): string {
  return text
    .replaceAll(/(?<![\w<])\/[\w./?=&%-]{1,300}/g, ' ')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll(/[_`'"]/g, ' ');
}

export function outcomeSaid(text: string): LoginSaid['outcome'] {
  const words = wordsOf(text.slice(0, READ_CHARACTERS));
  if (REFUSED.test(words) && !NONE.test(words)) return 'failure';
  return LET_IN.test(words) ? 'success' : null;
}

export function loginSaid(message: string): LoginSaid {
  const text = withoutSpeech(message.slice(0, READ_CHARACTERS));
  const named = accountIn(text);
  // A name that looks like an address is the visitor's word.
  const rest = named === null ? text : `${text.slice(0, named.start)}?${text.slice(named.end)}`;
  return { ip: clientIn(rest, false), account: named?.account ?? null, outcome: outcomeSaid(text) };
}

/** Is there talk of log-ins at all? */
export function ofLogin(text: string): boolean {
  return OF_LOGIN.test(wordsOf(text.slice(0, READ_CHARACTERS)));
}

/**
 * What is quoted and has blanks in it is somebody's speech: a request, a user agent, a name made to deceive. So is all that follows a request without
 * quotation marks, or a mark that nothing closes.
 */
function withoutSpeech(text: string): string {
  const own = text.replaceAll(/"([^"\n]{0,1000})"/g, (whole, said: string) => (/\s/.test(said.trim()) ? '``' : whole.replaceAll('"', '`')));
  const open = own.search(OPEN);
  return open < 0 ? own : own.slice(0, open);
}

/** A request line, or a mark without its partner. */
const OPEN = /"|\b(?:GET|HEAD|POST|PUT|DELETE|PATCH|OPTIONS|CONNECT|PROPFIND) [/*a-z]/;

const IPV4 = '\\d{1,3}(?:\\.\\d{1,3}){3}';
const IPV6 = '[\\da-f]{0,4}(?::[\\da-f]{0,4}){2,7}(?:\\.\\d{1,3}){0,3}';
const ADDRESS = new RegExp(`(?<![\\w.:/@-])(?:ipv[46]:)?\\[?(${IPV4}|${IPV6})\\]?(?![\\w]|[.:][\\w]*[a-z])`, 'gi');
/** What comes before an address that is not the client's. */
const NOT_CLIENT =
  /(?:\blip|\blocal[ _]?(?:host|addr(?:ess)?|ip)?|\bto|->|=>|\bon|\bat|\bserver|\bdst(?:_?ip)?|\bdaddr|\bladdr|\blisten\w*|\bproxy|\bvia|\bagainst|\bbind\w*|\bversion|\bgateway|\bi(?==))["']?\s{0,2}[=:]?\s{0,2}["'[(]{0,2}(?:ipv[46]:)?$/i;
/** What programs write before the address of whoever came. */
const CLIENT =
  /(?:\bfrom|\bclient|\bremote|\brhost|\brip|\boip|\bsrc|\bsource|\bpeer|\bby|ip|addr(?:ess)?|\bhost|\bvisitor)["']?(?:[ _-]?(?:ip|addr(?:ess)?|host))?["']?\s{0,2}[=:]?\s{0,2}["'[(`]{0,2}(?:ipv[46]:)?$/i;
const BEFORE_CHARACTERS = 40;
/** Where servers listen; nobody comes from there. */
const NOWHERE: ReadonlySet<string> = new Set(['0.0.0.0', '::']);
/** Keys that no program writes before another address than the client's. */
const SURE =
  /(?:^|[\s;,([{|])(?:src(?:_?ip)?|source_?ip|client_?ip|remote_?(?:ip|addr)|rhost|rip|oip|remip)=["[]?([\da-f:.]{2,45}?)(?=[\s"\];,|]|$)/i;

/** The one address that can be the client's; with `labelled`, only where the program's words say that it is. */
export function clientIn(text: string, labelled: boolean): string | null {
  const found = new Set<string>();
  for (const match of text.matchAll(ADDRESS)) {
    const ip = addressOf(match[1] ?? '') ?? addressOf((match[1] ?? '').replace(/:$/, ''));
    const before = text.slice(Math.max(0, match.index - BEFORE_CHARACTERS), match.index + match[0].indexOf(match[1] ?? ''));
    if (ip === null || !/\d/.test(match[1] ?? '') || NOT_CLIENT.test(before)) continue;
    const after = text.slice(match.index + match[0].length, match.index + match[0].length + 7);
    if (labelled && !CLIENT.test(before) && !/^\W{0,2}$/.test(before) && !/^:\d{1,5}\b/.test(after)) continue;
    if (NOWHERE.has(ip)) continue;
    found.add(ip);
  }
  const [first] = found;
  return found.size === 1 ? (first ?? null) : null;
}

/** The first address behind such a key. For facts only: a visitor can write one into his name. */
export function keyedClient(text: string): string | null {
  return addressOf(SURE.exec(text.slice(0, READ_CHARACTERS))?.[1] ?? '');
}
