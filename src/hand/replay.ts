/** Reads a ledger from its beginning: what stands now, and what was torn or cannot be read. */

import { netOf, netText } from '../core/nets.ts';
import { counted, named } from '../core/text.ts';
import { type Act, type Entry, keyOf } from './words.ts';

export interface Replay {
  /** What stands at the end, each with nothing before it. */
  readonly acts: readonly Act[];
  readonly lastTurn: number;
  readonly lines: number;
  /** Up to the end of the last whole line. */
  readonly goodBytes: number;
  readonly said: readonly string[];
}

type Said = Readonly<Record<string, unknown>>;
const NEWLINE = 10;

export function replayed(bytes: Uint8Array, file: string): Replay {
  const state = new Map<string, Act>();
  const said: string[] = [];
  let open: Act[] = [];
  let openTurn = -1;
  let sealed: { turn: number; acts: readonly Act[] } | null = null;
  let lastTurn = 0;
  let lines = 0;
  let odd = 0;
  let goodBytes = 0;
  for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, goodBytes)) {
    const line = lineOf(bytes, goodBytes, end);
    goodBytes = end + 1;
    lines += 1;
    const turn = line === null ? null : line['turn'];
    if (line === null || typeof turn !== 'number') {
      odd += 1;
      continue;
    }
    if (turn !== openTurn) open = [];
    openTurn = turn;
    lastTurn = Math.max(lastTurn, turn);
    if ('sealed' in line) {
      for (const act of open) set(state, act, act.now);
      sealed = { turn, acts: open };
      open = [];
    } else if ('outcome' in line) {
      if (line['outcome'] === 'failed' && sealed?.turn === turn) for (const act of [...sealed.acts].reverse()) set(state, act, act.was);
    } else {
      const act = actOf(line);
      if (act) open.push(act);
      else odd += 1;
    }
  }
  if (goodBytes < bytes.length) said.push(`The last line of ${named(file)} was torn: it was never acted upon and is left out.`);
  if (open.length > 0)
    said.push(`${counted(open.length, 'order')} at the end of ${named(file)} were not sealed: they were never acted upon and are left out.`);
  if (odd > 0) said.push(`${counted(odd, 'line')} of ${named(file)} cannot be read and were left out: look at the disk.`);
  return { acts: [...state.values()], lastTurn, lines, goodBytes, said };
}

function lineOf(bytes: Uint8Array, start: number, end: number): Said | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('utf8'));
    // An object by the check before; its fields are looked at one by one.
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Said) : null;
  } catch {
    return null;
  }
}

function set(state: Map<string, Act>, { kind, net }: Act, now: Entry | null): void {
  const key = keyOf(kind, net);
  state.delete(key);
  if (now !== null) state.set(key, { kind, net, now, was: null });
}

function actOf(line: Said): Act | null {
  const { kind, net } = line;
  if ((kind !== 'ban' && kind !== 'allow') || typeof net !== 'string') return null;
  const read = netOf(net);
  const now = entryOf(line['now']);
  const was = entryOf(line['was']);
  if (typeof read === 'string' || now === undefined || was === undefined) return null;
  return { kind, net: netText(read), now, was };
}

function entryOf(value: unknown): Entry | null | undefined {
  if (value === null) return null;
  if (typeof value !== 'object' || value === undefined) return undefined;
  // An object by the check before; its fields are looked at one by one.
  const { since, untilMs, because, decision } = value as Said;
  const until = untilMs === null || typeof untilMs === 'number' ? untilMs : undefined;
  if (typeof since !== 'number' || until === undefined || typeof because !== 'string' || typeof decision !== 'string') return undefined;
  return { since, untilMs: until, because, decision };
}
