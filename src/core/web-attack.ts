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

/** Several detectors ask about the same request, one after the other. */
let last: { readonly request: WebRequest | null; readonly attack: WebAttack | null } = { request: null, attack: null };

export function attackIn(request: WebRequest): WebAttack | null {
  if (last.request !== request) last = { request, attack: judged(request) };
  return last.attack;
}

function judged(request: WebRequest): WebAttack | null {
  if (request.method === null) return strange(request.target);
  const target = targetTexts(request.target);
  const headers = headerTexts(request.referrer, request.agent);
  const refused = request.status !== null && request.status >= 400 && request.status < 500;
  const ask = (sure: boolean) => first(target, sure, refused, 'target') ?? first(headers, sure, refused, 'header');
  return ask(true) ?? ask(false);
}

/** Is anything wrong with a referrer or an agent alone? */
export function headersAttack(referrer: string | null, agent: string | null): boolean {
  return first(headerTexts(referrer, agent), true, false, 'header') !== null;
}

function first(texts: readonly Spoken[], sure: boolean, refused: boolean, where: WebAttack['where']): WebAttack | null {
  for (const [name, shapes] of TABLES)
    for (const shape of shapes)
      if ((shape.weak !== true) === sure && (refused || !shape.refused) && texts.some((text) => fits(shape, text)))
        return { class: name, pattern: shape.name, sure, where };
  return null;
}

/** What is no HTTP at all: TLS or other protocols on a plain port, and machine code. An empty line is a connection that was opened ahead. */
function strange(line: string): WebAttack | null {
  if (line === '' || line === '-') return null;
  const tls = line.startsWith('\u0016\u0003') || line.startsWith('\u0080');
  const found = first([spoken('path', line, false)], true, true, 'target');
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

function headerTexts(referrer: string | null, agent: string | null): Spoken[] {
  const texts = agent === null ? [] : [spoken('agent', agent, false)];
  if (referrer === null) return texts;
  const asks = referrer.indexOf('?');
  if (SEARCH.test(referrer)) return asks < 0 ? texts : [...texts, ...queryTexts(referrer.slice(asks + 1), SEARCHED).map(asReferrer)];
  return [...texts, spoken('referrer', referrer, true), ...(asks < 0 ? [] : queryTexts(referrer.slice(asks + 1), null).map(asReferrer))];
}

/** Addresses in a referrer's parameters are what pages are for: only what must stand in a text of the referrer counts. */
function asReferrer(text: Spoken): Spoken {
  const led = (form: string) => `=${form}`;
  return { ...text, where: 'referrer', text: led(text.text), bare: led(text.bare), shell: led(text.shell) };
}
