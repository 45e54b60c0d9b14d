/**
 * What is said between the side that judges and the hand that acts: one JSON object a line each way. The hand reads a line with
 * `readBatch` and refuses all of it when anything is not exactly as written here. A new verb is a reviewed change, on purpose.
 */

import { type Net, netOf, netText } from './nets.ts';
import { named } from './text.ts';
import type { Millis } from './words.ts';

export const ORDERS_AT_MOST = 100_000;
export const LINE_BYTES_AT_MOST = 32 * 1024 * 1024;
/** Characters of `because` and `decision`: a sentence and an identifier. */
const BECAUSE_AT_MOST = 500;
const DECISION_AT_MOST = 100;
/** ECMA-262 section 21.4.1.1: the last moment that a date can tell. */
const LAST_MOMENT = 8_640_000_000_000_000;

/** `untilMs` is UTC in milliseconds; null = until it is taken back. `wide` is needed for IPv4 wider than /24 and IPv6 wider than /48. */
export interface BanOrder {
  readonly verb: 'ban';
  readonly net: string;
  readonly untilMs: Millis | null;
  readonly because: string;
  /** Which decision of the other side this carries out. */
  readonly decision: string;
  readonly wide?: boolean;
}

export interface UnbanOrder {
  readonly verb: 'unban';
  readonly net: string;
  readonly because: string;
}

export interface AllowOrder {
  readonly verb: 'allow';
  readonly net: string;
  readonly untilMs: Millis | null;
  readonly because: string;
}

export interface DisallowOrder {
  readonly verb: 'disallow';
  readonly net: string;
}

export interface PlainOrder {
  readonly verb: 'list' | 'ping';
}

export type HandOrder = BanOrder | UnbanOrder | AllowOrder | DisallowOrder | PlainOrder;
export type HandVerb = HandOrder['verb'];

export interface Batch {
  readonly id: number;
  readonly orders: readonly HandOrder[];
}

/** One ban as `list` tells it. `packets` and `bytes` = what it has stopped. */
export interface BanTold {
  readonly net: string;
  readonly since: Millis;
  readonly untilMs: Millis | null;
  readonly leftMs: number | null;
  readonly because: string;
  readonly decision: string;
  readonly packets: number;
  readonly bytes: number;
  /** Its time is over, but it keeps sending, so the kernel keeps it out until it has been quiet. */
  readonly lingers?: true;
}

export interface AllowTold {
  readonly net: string;
  readonly untilMs: Millis | null;
  readonly because: string;
}

/** `done`; `already` = it was so before; `refused` = it was not tried; `failed` = it was tried, and what was there before stands. */
export interface HandReceipt {
  readonly verb: HandVerb;
  readonly net?: string;
  readonly state: 'done' | 'already' | 'refused' | 'failed';
  readonly says?: string;
  readonly bans?: readonly BanTold[];
  readonly allows?: readonly AllowTold[];
}

/** One receipt an order, in their order. `refused` = the whole line was not understood, so there is no receipt and nothing was done. */
export interface HandAnswer {
  readonly id: number | null;
  readonly receipts: readonly HandReceipt[];
  readonly refused?: string;
}

/** Said by the hand without being asked. */
export interface HandEvent {
  readonly event: 'ready' | 'put-back' | 'lifted' | 'ledger' | 'never-harm' | 'kernel';
  readonly at: Millis;
  readonly says: string;
  readonly nets?: readonly string[];
}

/** Every verb and the fields that it must have and may have. */
const FIELDS: Readonly<Record<HandVerb, { readonly must: readonly string[]; readonly may: readonly string[] }>> = {
  ban: { must: ['net', 'untilMs', 'because', 'decision'], may: ['wide'] },
  unban: { must: ['net', 'because'], may: [] },
  allow: { must: ['net', 'untilMs', 'because'], may: [] },
  disallow: { must: ['net'], may: [] },
  list: { must: [], may: [] },
  ping: { must: [], may: [] },
};

/** The batch with every net in its one form, or why nothing of the line is done. */
export function readBatch(line: string): Batch | { readonly id: number | null; readonly refused: string } {
  if (line.length > LINE_BYTES_AT_MOST) return { id: null, refused: 'The line is longer than 32 MB: send the orders in parts.' };
  const said = parsed(line);
  if (said === undefined) return { id: null, refused: 'The line is no JSON.' };
  if (!isRecord(said)) return { id: null, refused: 'The line is no JSON object.' };
  const id = said['id'];
  if (!Number.isSafeInteger(id) || typeof id !== 'number' || id < 0) return { id: null, refused: '"id" must be a whole number, not below 0.' };
  const odd = Object.keys(said).find((key) => key !== 'id' && key !== 'orders');
  if (odd !== undefined) return { id, refused: `The field ${named(odd)} is unknown.` };
  const { orders } = said;
  if (!Array.isArray(orders)) return { id, refused: '"orders" must be a list.' };
  if (orders.length > ORDERS_AT_MOST) return { id, refused: `More than ${ORDERS_AT_MOST} orders in one line: send them in parts.` };
  const read: HandOrder[] = [];
  for (const [at, order] of orders.entries()) {
    const one = readOrder(order);
    if (typeof one === 'string') return { id, refused: `Order ${at + 1} ${one}. Nothing of the line was done.` };
    read.push(one);
  }
  return { id, orders: read };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The order, or what is wrong with it as the end of a sentence. */
function readOrder(order: unknown): HandOrder | string {
  if (!isRecord(order)) return 'is no JSON object';
  const { verb } = order;
  if (typeof verb !== 'string' || !isVerb(verb)) return `has no verb that is known here: ${named(String(verb))}`;
  const fields = FIELDS[verb];
  const missing = fields.must.find((name) => !Object.hasOwn(order, name));
  if (missing !== undefined) return `(${verb}) lacks "${missing}"`;
  const odd = Object.keys(order).find((name) => name !== 'verb' && !fields.must.includes(name) && !fields.may.includes(name));
  if (odd !== undefined) return `(${verb}) has the unknown field ${named(odd)}`;
  const wrong = Object.entries(order).find(([name, value]) => name !== 'verb' && !fits(name, value));
  if (wrong) return `(${verb}) has a "${wrong[0]}" that cannot be: ${WANTED[wrong[0]]}`;
  if (verb === 'list' || verb === 'ping') return { verb };
  const net = netOf(String(order['net']));
  return typeof net === 'string' ? `(${verb}): ${named(String(order['net']))} ${net}` : ordered(verb, net, order);
}

function isVerb(verb: string): verb is HandVerb {
  return Object.hasOwn(FIELDS, verb);
}

const WANTED: Readonly<Record<string, string>> = {
  net: 'an address or a network',
  untilMs: 'UTC in whole milliseconds, or null',
  because: `a text of at most ${BECAUSE_AT_MOST} characters`,
  decision: `a text of at most ${DECISION_AT_MOST} characters`,
  wide: 'true or false',
};

function fits(name: string, value: unknown): boolean {
  switch (name) {
    case 'net':
      return typeof value === 'string';
    case 'untilMs':
      return value === null || (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= LAST_MOMENT);
    case 'because':
      return typeof value === 'string' && value.length <= BECAUSE_AT_MOST;
    case 'decision':
      return typeof value === 'string' && value.length <= DECISION_AT_MOST;
    default:
      return typeof value === 'boolean';
  }
}

/** A fresh object of known fields only: nothing that came along is carried on. */
function ordered(verb: Exclude<HandVerb, 'list' | 'ping'>, net: Net, given: Readonly<Record<string, unknown>>): HandOrder {
  const text = netText(net);
  const because = String(given['because'] ?? '');
  const untilMs = typeof given['untilMs'] === 'number' ? given['untilMs'] : null;
  switch (verb) {
    case 'ban': {
      const wide = given['wide'] === true ? { wide: true } : {};
      return { verb, net: text, untilMs, because, decision: String(given['decision']), ...wide };
    }
    case 'unban':
      return { verb, net: text, because };
    case 'allow':
      return { verb, net: text, untilMs, because };
    case 'disallow':
      return { verb, net: text };
  }
}
