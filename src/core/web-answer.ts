/** What an answer says about an attack: whether it did what was wanted, judged by its status and its size beside those of other answers. */

import type { AttackClass, WebAttack } from './web-attack.ts';
import { SCRIPT_AMONG_DATA } from './web-attack-probe.ts';
import type { WebRequest } from './web-request.ts';

/** One answered attack, as it is kept for the judgement at the end. */
export interface Answered {
  readonly attack: WebAttack;
  readonly method: string | null;
  readonly path: string;
  readonly site: string;
  readonly query: boolean;
  readonly bytes: number;
}

/** Sizes of two runs of the same page differ by tokens and times in it. */
const SAME_BYTES = 64;
const SAME_SHARE = 0.02;
/** Different attacks that got the same page: the page does not depend on them. */
const ALIKE_AT_LEAST = 2;
/** Classes of which the answer's body is the loot. */
const READ: ReadonlySet<AttackClass> = new Set(['lfi', 'rce', 'php', 'rfi', 'ssrf', 'webshell', 'java', 'node', 'probe']);
/** Pages that answer every parameter with themselves. */
const FRONT = /^\/(?:[\w.-]{1,30}\/)?(?:index\.\w{1,5})?$/;

export function pathOf({ target }: WebRequest): string {
  const asks = target.indexOf('?');
  return (asks < 0 ? target : target.slice(0, asks)).slice(0, 300);
}

/** Was it given something? Redirections and refusals give nothing; what stands only in a header tells nothing by its answer. */
export function given({ status, bytes }: WebRequest, attack: WebAttack): boolean {
  return status !== null && status >= 200 && status < 300 && (bytes ?? 0) > 0 && attack.where === 'target' && READ.has(attack.class);
}

export function sameSize(one: number, other: number): boolean {
  return Math.abs(one - other) <= Math.max(SAME_BYTES, SAME_SHARE * Math.max(one, other));
}

/** The judgement: `lone` = nobody else asked for this script, and no page of the site leads to it; `others` are all answers that this site gave with success to requests that are known, attacks or not. */
export function didIt(
  answer: Answered,
  others: readonly { readonly path: string; readonly bytes: number }[],
  lone: boolean,
): 'yes' | 'perhaps' | 'no' {
  if (SCRIPT_AMONG_DATA.at.test(answer.path.toLowerCase())) return answer.attack.sure || (lone && answer.method === 'POST') ? 'yes' : 'no';
  const alike = others.filter(({ bytes }) => sameSize(bytes, answer.bytes));
  if (!answer.query || isInPath(answer))
    return alike.filter(({ path }) => path !== answer.path).length >= ALIKE_AT_LEAST - 1 ? 'no' : answer.attack.sure ? 'yes' : 'no';
  const here = others.filter(({ path }) => path === answer.path);
  if (alike.filter(({ path }) => path === answer.path).length >= ALIKE_AT_LEAST) return 'no';
  if (here.length > alike.length) return 'yes';
  return FRONT.test(answer.path) ? 'no' : 'perhaps';
}

/** Files and programs that are asked for by the path itself. */
function isInPath({ path }: Answered): boolean {
  return /\.\.|%2e|%252e|\/\./i.test(path);
}
