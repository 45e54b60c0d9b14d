/** What people type after `ban`, `unban` and `allow`, read strictly, and the hand's answers to it, told one by one. */

import * as fs from 'node:fs';
import * as os from 'node:os';
import { UserError } from '../core/errors.ts';
import { type Net, netOf, netText } from '../core/nets.ts';
import type { HandReceipt } from '../core/orders.ts';
import { counted, joined, named, shown } from '../core/text.ts';
import type { Millis } from '../core/words.ts';

/** One order each; a list that is longer is given in parts. */
const NETS_AT_MOST = 250_000;
const INPUT_BYTES_AT_MOST = 32 << 20;
const WRONG_TOLD = 5;

/** Canonical texts, each once, `-` standing for standard input. Throws UserError before anything is ordered when one of them is none. */
export function netsOf(words: readonly string[], input: () => string = standardInput): string[] {
  const all = words.flatMap((word) => (word === '-' ? wordsIn(input()) : [word]));
  if (all.length === 0) throw new UserError('no address was given', 'Give addresses or networks: 203.0.113.9 198.51.100.0/24 2001:db8::/48.');
  if (all.length > NETS_AT_MOST) throw new UserError(`more than ${NETS_AT_MOST} networks were given`, 'Give them in parts, or as wider networks.');
  const nets = new Set<string>();
  const wrong: string[] = [];
  for (const word of all) {
    const net = netOf(word);
    if (typeof net === 'string') wrong.push(`${named(word)} ${net}`);
    else nets.add(netText(net));
  }
  if (wrong.length === 0) return [...nets];
  const told = joined(wrong.slice(0, WRONG_TOLD), Math.max(0, wrong.length - WRONG_TOLD));
  throw new UserError(told, 'Nothing was done. Addresses and networks are taken, names are not: 203.0.113.9, 198.51.100.0/24, 2001:db8::/48.');
}

export function oneNet(word: string): Net {
  const net = netOf(word);
  if (typeof net !== 'string') return net;
  throw new UserError(`${named(word)} ${net}`, 'Give an address or a network: 203.0.113.9, 198.51.100.0/24, 2001:db8::/48.');
}

function wordsIn(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const word = line.split('#', 1)[0]?.trim() ?? '';
    return word === '' ? [] : [word];
  });
}

function standardInput(): string {
  const text = fs.readFileSync(0, 'utf8');
  if (text.length > INPUT_BYTES_AT_MOST) throw new UserError('standard input is longer than 32 MB', 'Give the networks in parts.');
  return text;
}

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** When `1h` from now ends; null for `ever`. Throws UserError. */
export function untilOf(word: string, now: Millis): Millis | null {
  if (word === 'ever' || word === 'forever') return null;
  const span = /^([1-9]\d{0,5})\s?(s|m|min|h|d|w)$/.exec(word);
  if (span) return now + Number(span[1]) * (UNITS_MS[span[2]?.[0] ?? ''] ?? 0);
  throw new UserError(`${named(word)} is no span of time`, 'Give it like 90m, 12h, 3d, 2w or ever.');
}

/** The account that a person came in with, also behind sudo. */
export function whoOrders(environment: NodeJS.ProcessEnv = process.env): string {
  const { SUDO_USER: before } = environment;
  if (before !== undefined && /^[\w.@-]{1,32}$/.test(before)) return before;
  try {
    return shown(os.userInfo().username, 32);
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`;
  }
}

/** The hand takes at most so much; a reason that is cut would be half a reason. */
const BECAUSE_AT_MOST = 500;

export function becauseOf(given: string | undefined): string {
  if (given === undefined) return `by hand (${whoOrders()})`;
  if (given.length <= BECAUSE_AT_MOST) return given;
  throw new UserError(`a reason has at most ${BECAUSE_AT_MOST} characters`, 'Say it shorter, or name where it is written.');
}

export interface Told {
  /** Word for `done`, as in "banned 203.0.113.9". */
  readonly done: string;
  /** What stands behind the net when it was done. */
  readonly tail: string;
}

export interface Tellers {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** Every receipt is shown; 1 when one of them was not carried out. */
export function tellReceipts(receipts: readonly HandReceipt[], { done, tail }: Told, json: boolean, { out, err }: Tellers): number {
  const failed = receipts.filter(({ state }) => state === 'refused' || state === 'failed');
  if (json) {
    const told = receipts.map(({ verb, net, state, says }) => ({ verb, net, state, ...(says === undefined ? {} : { says }) }));
    out(`${JSON.stringify({ receipts: told })}\n`);
    return failed.length > 0 ? 1 : 0;
  }
  let text = '';
  for (const { net = '', state, says } of receipts) {
    const more = says === undefined ? '' : shown(says, 600);
    if (state === 'done') text += `${done} ${shown(net)}${tail}${more === '' ? '' : `. ${more}`}\n`;
    else if (state === 'already') text += `${more === '' ? `${shown(net)}: it is so already` : more}\n`;
  }
  if (text !== '') out(text);
  if (failed.length > 0) err(failed.map(({ net = '', says }) => `tocsin: ${shown(says ?? `${net} was not carried out`, 600)}\n`).join(''));
  if (receipts.length > 1 && failed.length > 0)
    err(`tocsin: ${counted(failed.length, 'order')} of ${receipts.length} ${failed.length === 1 ? 'was' : 'were'} not carried out\n`);
  return failed.length > 0 ? 1 : 0;
}
