/** Guessing of passwords at the doors of web sites: log-in forms, HTTP authentication and XML-RPC, one address at a time. */

import type { Detector } from '../core/contracts.ts';
import { MINUTE_MS, SECOND_MS } from '../core/spans.ts';
import { counted, lasted, named, shown } from '../core/text.ts';
import { pathOf } from '../core/web-answer.ts';
import type { WebRequest } from '../core/web-request.ts';
import { Bounded, Sample } from '../core/window.ts';
import type { EventOf, Evidence, FindingDraft, Millis } from '../core/words.ts';

const DOORS_KEPT = 20_000;
const NAMES_KEPT = 200;
const EVIDENCE_KEPT = 20;
/** A person who mistypes gives up or asks for a new password before this. */
const TRIES = 10;
const SPAN_MS = 10 * MINUTE_MS;
/** Nobody types so many in so short a time. */
const BURST = 5;
const BURST_MS = 20 * SECOND_MS;
/** No person tries so often: what follows is no mistyping. */
const TRIES_OF_NO_PERSON = 30;

/** Where one logs in, by the words that programs use for it. */
const DOOR =
  /(?:^|[/_.?&=-])(?:wp-login\.php|xmlrpc\.php|log-?in|logon|sign-?in|signon|auth(?:enticate|entication|orize|\.php)?|sessions?(?:\/new)?|users?\/sign_in|do_?login|admin(?:istrator)?(?:\/index\.php|\.php|\/?$)|user\/?$|token|j_security_check|account|owa\/auth|password|passwd|index\.php\?(?:route=account|option=com_users|s=api))/i;

interface Door {
  readonly ip: string;
  readonly path: string;
  readonly site: string | null;
  readonly names: Set<string>;
  readonly evidence: Sample<Evidence>;
  /** The newest refusals, at most `TRIES`. */
  readonly recent: Millis[];
  /** How often each status was the answer to a try. */
  readonly answers: Map<number, number>;
  tries: number;
  first: Millis;
  last: Millis;
  /** So many came so fast that it is guessing. */
  guessed: boolean;
  triesBefore: number;
  entered: { readonly at: Millis; readonly evidence: Evidence; readonly name: string | null } | null;
}

type Request = EventOf<'web.request'>;

export const webGuessing: Detector = {
  name: 'web-guessing',
  about: 'Finds addresses that try password after password at the log-in of a web site, and those that then got in.',
  cannotSee:
    'the names and passwords sent to forms, guessing spread over many addresses, and applications that answer right and wrong passwords alike.',
  attack: ['T1110.001'],
  tells: 'attack',
  role: 'entry',
  start() {
    const doors = new Bounded<Door>(DOORS_KEPT, ({ tries, entered }) => tries + (entered ? 10_000 : 0));
    return {
      'web.request': (event) => {
        hear(doors, event);
        return null;
      },
      'sweep.done': () =>
        doors
          .values()
          .filter(({ guessed }) => guessed)
          .map(told),
    };
  },
};

function hear(doors: Bounded<Door>, event: Request): void {
  const { fields } = event;
  const { ip, status, user } = fields;
  if (ip === null || status === null) return;
  const path = pathOf(fields);
  const form = fields.method === 'POST' && DOOR.test(fields.target.slice(0, 300));
  const basic = user !== null && (status === 401 || status < 400);
  if (!form && !basic) return;
  const key = `${ip} ${fields.site ?? ''} ${form ? path : ''}`;
  // A name without a refusal before it is an ordinary visitor of a closed site.
  if (!form && status !== 401 && doors.get(key) === undefined) return;
  const door = doors.open(key, () => newDoor(ip, form ? path : path, fields.site, event.at));
  if (isRefusal(fields, form, door)) refused(door, event);
  else if (door.guessed && door.entered === null && isEntry(fields, form, door)) {
    door.entered = { at: event.at, evidence: evidenceOf(event), name: user };
    door.triesBefore = door.tries;
  }
}

function newDoor(ip: string, path: string, site: string | null, at: Millis): Door {
  return {
    ip,
    path,
    site,
    names: new Set(),
    evidence: new Sample(EVIDENCE_KEPT),
    recent: [],
    answers: new Map(),
    tries: 0,
    first: at,
    last: at,
    guessed: false,
    triesBefore: 0,
    entered: null,
  };
}

/** Forms answer a wrong password with 401 or 403, or with the form again (200). What redirects to where it comes from cannot be told from a success until it has come often. */
function isRefusal({ status }: WebRequest, form: boolean, door: Door): boolean {
  if (status === null) return false;
  if (!form) return status === 401;
  if (status === 401 || status === 403 || status === 400 || status === 422 || status === 429 || status === 200) return true;
  return isRedirect(status) && (door.answers.get(status) ?? 0) >= door.tries / 2 && !(door.guessed && (door.answers.get(status) ?? 0) === 0);
}

function isEntry({ status, target }: WebRequest, form: boolean, door: Door): boolean {
  if (status === null) return false;
  if (!form) return status < 400;
  // XML-RPC answers everything with 200.
  return isRedirect(status) && !door.answers.has(status) && !/xmlrpc/i.test(target);
}

function isRedirect(status: number): boolean {
  return status === 302 || status === 303 || status === 301 || status === 307;
}

function refused(door: Door, event: Request): void {
  const { fields, at } = event;
  if (fields.status !== null) door.answers.set(fields.status, (door.answers.get(fields.status) ?? 0) + 1);
  door.tries += 1;
  door.first = Math.min(door.first, at);
  door.last = Math.max(door.last, at);
  if (fields.user !== null && door.names.size < NAMES_KEPT) door.names.add(fields.user);
  door.evidence.add(evidenceOf(event));
  door.recent.push(at);
  if (door.recent.length > TRIES) door.recent.shift();
  const burst = door.recent.at(-BURST);
  if (door.recent.length === TRIES && at - (door.recent[0] ?? at) <= SPAN_MS) door.guessed = true;
  if (burst !== undefined && door.recent.length >= BURST && at - burst <= BURST_MS) door.guessed = true;
}

function evidenceOf({ source, line, at, fields }: Request): Evidence {
  const who = fields.user === null ? '' : ` as ${named(fields.user)}`;
  return {
    source,
    ...(line === undefined ? {} : { line }),
    at,
    says: `${fields.method ?? '-'} ${shown(fields.target, 200)}${who} → ${fields.status ?? '-'}`,
  };
}

function told(door: Door): FindingDraft {
  const { ip, path, site, tries, first, last, names, entered } = door;
  const place = `${site === null ? '' : named(site)}${named(path)}`;
  const many = names.size > 1 ? ` with ${counted(names.size, 'name')}` : '';
  const got =
    entered === null
      ? ''
      : `, and got in after ${counted(door.triesBefore, 'try', 'tries')}${entered.name === null ? '' : ` as ${named(entered.name)}`}`;
  const sure = entered !== null && door.triesBefore >= TRIES;
  return {
    key: `door ${ip} ${site ?? ''} ${path}`,
    at: entered?.at ?? first,
    from: first,
    to: Math.max(last, entered?.at ?? last),
    tells: entered ? 'compromise' : 'attack',
    severity: entered ? (sure ? 'high' : 'medium') : tries >= TRIES_OF_NO_PERSON ? 'medium' : 'low',
    confidence: tries >= TRIES_OF_NO_PERSON ? 'strong' : 'medium',
    says: `${named(ip)} tried ${counted(tries, 'password')} at ${place}${many} within ${lasted(last - first)}${got}`,
    culprit: [{ is: 'address', ip }],
    victim: site === null ? [] : [{ is: 'site', name: site }],
    evidence: [...(entered ? [entered.evidence] : []), ...door.evidence.all()],
    seen: tries,
    attack: names.size > 5 ? ['T1110.001', 'T1110.003'] : ['T1110.001'],
    figures: { failures: tries, names: names.size, spanMs: last - first },
  };
}
