/**
 * Does one request attack? The answer names the class and the shape, for detectors and for `tocsin explain`. Judged on target, referrer and agent.
 * Cannot see: bodies, cookies and other headers, which access logs do not have, and attacks that look like ordinary use.
 */

import { JAVA, NODE, SSRF } from './web-attack-code.ts';
import { REMOTE, TRAVERSAL } from './web-attack-files.ts';
import { PHP } from './web-attack-php.ts';
import { BACKDOOR, PROBE, SCANNER, SCRIPT_AMONG_DATA } from './web-attack-probe.ts';
import { XSS } from './web-attack-script.ts';
import { SHELL } from './web-attack-shell.ts';
import { SQL } from './web-attack-sql.ts';
import { WINDOWS } from './web-attack-windows.ts';
import { type Spoken, spoken, unbased } from './web-decode.ts';
import type { WebRequest } from './web-request.ts';
import { fits, type Shape } from './web-shapes.ts';
import { Bounded } from './window.ts';

export type AttackClass = 'rce' | 'lfi' | 'rfi' | 'php' | 'java' | 'node' | 'ssrf' | 'xss' | 'sqli' | 'scanner' | 'probe' | 'webshell' | 'protocol';

export interface WebAttack {
  readonly class: AttackClass;
  /** Name of the shape that fits. */
  readonly pattern: string;
  /** False for shapes that innocent links have too. */
  readonly sure: boolean;
  /** `header` = only the referrer or the agent has it, which most programs never look at. */
  readonly where: 'target' | 'header';
}

/** In the order in which they are asked: the narrow ones first, so that a class names what it is and not what it also looks like. */
const TABLES: readonly (readonly [AttackClass, readonly Shape[]])[] = [
  ['scanner', SCANNER],
  ['webshell', BACKDOOR],
  ['java', JAVA],
  ['ssrf', SSRF],
  ['rfi', REMOTE],
  ['php', PHP],
  ['node', NODE],
  ['sqli', SQL],
  ['xss', XSS],
  ['rce', WINDOWS],
  ['rce', SHELL],
  ['lfi', TRAVERSAL],
  ['webshell', [SCRIPT_AMONG_DATA]],
  ['probe', PROBE],
];

/** More parameters than this are not looked at one by one; the query as a whole still is. */
const PARAMETERS_AT_MOST = 100;
/** What people type into a search engine is not meant for the site that they found by it. */
const SEARCH =
  /^https?:\/\/(?:[\w-]{1,30}\.){0,4}(?:google|bing|yahoo|duckduckgo|baidu|yandex|ecosia|startpage|qwant|ask|aol|sogou|naver|search)\.[a-z.]{2,8}(?:[/?]|$)/i;
const SEARCHED: ReadonlySet<string> = new Set(['q', 'p', 'query', 'text', 'wd', 'oq', 'as_q', 'rdata', 's', 'k', 'word']);

/** So many texts each of targets, referrers and agents; longer ones are judged anew. Two megabytes for each of the three. */
const JUDGEMENTS_KEPT = 4_000;
const KEPT_CHARACTERS = 500;

/** Several detectors ask about the same request, one after the other. */
let last: { readonly request: WebRequest | null; readonly attack: WebAttack | null } = { request: null, attack: null };

export function attackIn(request: WebRequest): WebAttack | null {
  if (last.request !== request) last = { request, attack: judged(request) };
  return last.attack;
}

function judged({ method, target, referrer, agent, status }: WebRequest): WebAttack | null {
  if (method === null) return strange(target);
  const refused = status !== null && status >= 400 && status < 500;
  const mark = refused ? 'r' : 'a';
  const asked = targets.of(keyOf(mark, target), () => new Judgement(targetTexts(target), refused));
  if (asked.sure() < NONE) return told(asked.sure(), true, 'target');
  const led = referrers.of(keyOf(mark, referrer), () => new Judgement(referrerTexts(referrer), refused));
  const came = agents.of(keyOf(mark, agent), () => new Judgement(agentTexts(agent), refused));
  const sent = Math.min(led.sure(), came.sure());
  if (sent < NONE) return told(sent, true, 'header');
  if (asked.weak() < NONE) return told(asked.weak(), false, 'target');
  return told(Math.min(led.weak(), came.weak()), false, 'header');
}

function told(place: number, sure: boolean, where: WebAttack['where']): WebAttack | null {
  const row = ROWS[place];
  return row === undefined ? null : { class: row.class, pattern: row.shape.name, sure, where };
}

/** Which row of the tables fits some texts first, among the sure ones, and where none of them does among the weak. */
class Judgement {
  #texts: readonly Spoken[];
  readonly #refused: boolean;
  #sure = -1;
  #weak = -1;

  constructor(texts: readonly Spoken[], refused: boolean) {
    this.#texts = texts;
    this.#refused = refused;
  }

  sure(): number {
    if (this.#sure >= 0) return this.#sure;
    this.#sure = first(this.#texts, true, this.#refused);
    // Nobody asks on where one is sure.
    if (this.#sure < NONE) this.#texts = [];
    return this.#sure;
  }

  weak(): number {
    if (this.#weak >= 0) return this.#weak;
    this.#weak = first(this.#texts, false, this.#refused);
    this.#texts = [];
    return this.#weak;
  }
}

/** Attackers, and links, ask for the same again and again, in whatever order: judgements are kept, of the newest texts. */
class Judgements {
  readonly #kept = new Bounded<Judgement>(JUDGEMENTS_KEPT, null);

  of(key: string, make: () => Judgement): Judgement {
    return key.length > KEPT_CHARACTERS ? make() : this.#kept.open(key, make);
  }
}

/** What was not sent is not the same as nothing. */
function keyOf(mark: string, text: string | null): string {
  return text === null ? mark : `${mark}=${text}`;
}

const targets = new Judgements();
const referrers = new Judgements();
const agents = new Judgements();

/** Is anything wrong with a referrer or an agent alone? */
export function headersAttack(referrer: string | null, agent: string | null): boolean {
  return first([...agentTexts(agent), ...referrerTexts(referrer)], true, false) < NONE;
}

/** The place of the first row that fits one of the texts; `NONE` where none does. */
function first(texts: readonly Spoken[], sure: boolean, refused: boolean): number {
  let best = NONE;
  for (const text of texts) {
    for (const row of rowsFor(text, sure, refused)) {
      if (row.place >= best) break;
      if (!fits(row.shape, text)) continue;
      best = row.place;
      break;
    }
  }
  return best;
}

interface Row {
  readonly place: number;
  readonly class: AttackClass;
  readonly shape: Shape;
}

const ROWS: readonly Row[] = TABLES.flatMap(([name, shapes]) => shapes.map((shape) => [name, shape] as const)).map(([name, shape], place) => {
  return { place, class: name, shape };
});
const NONE = ROWS.length;

/** The rows that have to be asked of texts of one kind; most are of no concern to plain texts, or to texts that stand elsewhere. */
const concerned = new Map<Spoken['where'], (readonly Row[] | undefined)[]>();

function rowsFor({ where, simple }: Spoken, sure: boolean, refused: boolean): readonly Row[] {
  let kinds = concerned.get(where);
  if (kinds === undefined) {
    kinds = [];
    concerned.set(where, kinds);
  }
  const kind = (simple ? 4 : 0) | (sure ? 2 : 0) | (refused ? 1 : 0);
  kinds[kind] ??= ROWS.filter(
    ({ shape }) =>
      (shape.weak !== true) === sure &&
      (refused || !shape.refused) &&
      (!simple || shape.simple === true) &&
      (shape.where === undefined || shape.where.includes(where)),
  );
  return kinds[kind];
}

/** What is no HTTP at all: TLS or other protocols on a plain port, and machine code. An empty line is a connection that was opened ahead. */
function strange(line: string): WebAttack | null {
  if (line === '' || line === '-') return null;
  const tls = line.startsWith('\u0016\u0003') || line.startsWith('\u0080');
  const found = told(first([spoken('path', line, false)], true, true), true, 'target');
  return found ?? { class: 'protocol', pattern: tls ? 'tls-on-plain-port' : 'not-http', sure: false, where: 'target' };
}

function targetTexts(target: string): Spoken[] {
  const asks = target.indexOf('?');
  const path = asks < 0 ? target : target.slice(0, asks);
  return [spoken('path', pathOf(path), false), ...(asks < 0 ? [] : queryTexts(target.slice(asks + 1), null))];
}

/** `http://site/path` of a proxy's log, or of somebody who tries whether this is one. */
function pathOf(path: string): string {
  return /^https?:\/\/[^/]{1,255}(\/.*)$/s.exec(path)?.[1] ?? path;
}

function queryTexts(query: string, without: ReadonlySet<string> | null): Spoken[] {
  const texts: Spoken[] = [];
  let at = 0;
  for (let count = 0; at <= query.length && count < PARAMETERS_AT_MOST; count += 1) {
    const end = query.indexOf('&', at);
    const pair = query.slice(at, end < 0 ? query.length : end);
    at = end < 0 ? query.length + 1 : end + 1;
    if (pair !== '') texts.push(...pairTexts(pair, without));
  }
  if (at <= query.length) texts.push(spoken('value', query.slice(at), true));
  return texts;
}

function pairTexts(pair: string, without: ReadonlySet<string> | null): Spoken[] {
  const equals = pair.indexOf('=');
  const name = spoken('name', equals < 0 ? pair : pair.slice(0, equals), true);
  if (equals < 0 || without?.has(name.text)) return [name];
  const raw = pair.slice(equals + 1);
  const texts = [name, spoken('value', raw, true), spoken('pair', pair, true)];
  const plain = unbased(raw.replaceAll('%3D', '='));
  return plain === null ? texts : [...texts, spoken('value', plain, false)];
}

function agentTexts(agent: string | null): Spoken[] {
  return agent === null ? [] : [spoken('agent', agent, false)];
}

function referrerTexts(referrer: string | null): Spoken[] {
  if (referrer === null) return [];
  const asks = referrer.indexOf('?');
  if (SEARCH.test(referrer)) return asks < 0 ? [] : queryTexts(referrer.slice(asks + 1), SEARCHED).map(asReferrer);
  return [spoken('referrer', referrer, true), ...(asks < 0 ? [] : queryTexts(referrer.slice(asks + 1), null).map(asReferrer))];
}

/** Addresses in a referrer's parameters are what pages are for: only what must stand in a text of the referrer counts. */
function asReferrer(text: Spoken): Spoken {
  const led = (form: string) => `=${form}`;
  return { ...text, where: 'referrer', text: led(text.text), bare: led(text.bare), shell: led(text.shell) };
}
