/** The word `tocsin bans`: who is shut out, why, since when, for how long, and what that has stopped. */

import { holds, type Net, netOf, overlap } from '../core/nets.ts';
import type { BanTold } from '../core/orders.ts';
import { counted, grouped, lasted, shown } from '../core/text.ts';
import { callHand, type DoorAsked } from './bans-door.ts';
import type { Tellers } from './bans-words.ts';
import type { Colours } from './colours.ts';
import { visible } from './visible.ts';
import { clock, iso } from './when.ts';

export type Sorting = 'net' | 'since' | 'left' | 'packets';

export interface BansOptions extends DoorAsked {
  readonly sort: Sorting;
  readonly json?: boolean;
}

export interface Sheet extends Tellers {
  readonly paint: Colours;
  /** Columns of the terminal; null where lines may be as long as they are. */
  readonly width: number | null;
}

const LOT_ROWS = 2000;
/** Reasons are not cut below this: then the terminal wraps the line. */
const BECAUSE_AT_LEAST = 16;
/** The hand takes 500 characters, and some are written as four. */
const BECAUSE_AT_MOST = 2000;

export async function bans(word: string | undefined, options: BansOptions, sheet: Sheet): Promise<number> {
  const call = await callHand({ ...options, reading: true });
  let all: readonly BanTold[];
  try {
    const [list] = await call.order([{ verb: 'list' }]);
    all = list?.bans ?? [];
  } finally {
    await call.end();
  }
  const rows = sorted(word === undefined ? all : all.filter(about(word)), options.sort);
  if (options.json === true) tellJson(rows, sheet);
  else tellTable(rows, all.length, word, sheet);
  return 0;
}

/** An address finds what it lies in and a network what lies in it too; any other word is looked for in net, reason and decision. */
export function about(word: string): (one: BanTold) => boolean {
  const net = netOf(word);
  if (typeof net !== 'string') {
    return (one) => {
      const its = netOf(one.net);
      return typeof its !== 'string' && overlap(its, net);
    };
  }
  const text = word.toLowerCase();
  return ({ net: its, because, decision }) => [its, because, decision].some((field) => field.toLowerCase().includes(text));
}

/** By net as numbers; newest, shortest and most first. */
export function sorted(rows: readonly BanTold[], by: Sorting): BanTold[] {
  if (by === 'since') return [...rows].sort((a, b) => b.since - a.since);
  if (by === 'left') return [...rows].sort((a, b) => (a.leftMs ?? Number.POSITIVE_INFINITY) - (b.leftMs ?? Number.POSITIVE_INFINITY) || 0);
  if (by === 'packets') return [...rows].sort((a, b) => b.packets - a.packets);
  const known = rows.map((row) => ({ row, net: netOf(row.net) }));
  return known.sort((a, b) => (typeof a.net === 'string' || typeof b.net === 'string' ? 0 : byNet(a.net, b.net))).map(({ row }) => row);
}

function byNet(a: Net, b: Net): number {
  if (a.family !== b.family) return a.family - b.family;
  if (a.first !== b.first) return a.first < b.first ? -1 : 1;
  return holds(a, b) ? -1 : 1;
}

export function banJson({ net, since, untilMs, leftMs, because, decision, packets, bytes, lingers }: BanTold) {
  const stopped = { packets, bytes };
  return { net, since: iso(since), until: iso(untilMs), leftMs, because, decision, ...stopped, ...(lingers ? { lingers } : {}) };
}

function tellJson(rows: readonly BanTold[], { out }: Sheet): void {
  out('{"bans":[');
  for (let from = 0; from < rows.length; from += LOT_ROWS) {
    const lot = rows.slice(from, from + LOT_ROWS).map((row) => JSON.stringify(banJson(row)));
    out(`${from === 0 ? '' : ','}\n${lot.join(',\n')}`);
  }
  out('\n]}\n');
}

const HEAD = ['BANNED', 'SINCE (UTC)', 'LEFT', 'PACKETS', 'BYTES', 'BECAUSE'] as const;
const TO_THE_RIGHT = [false, false, true, true, true, false];

function tellTable(rows: readonly BanTold[], all: number, word: string | undefined, { out, paint, width }: Sheet): void {
  if (rows.length === 0) {
    out(all === 0 ? 'nobody is banned\n' : `none of ${counted(all, 'ban')} is about ${visible(word ?? '', 80)}\n`);
    return;
  }
  const widths = HEAD.map((name) => name.length);
  for (const row of rows) for (const [at, cell] of figuresOf(row).entries()) if (cell.length > (widths[at] ?? 0)) widths[at] = cell.length;
  const before = widths.slice(0, -1).reduce((sum, one) => sum + one + 2, 0);
  const room = width === null ? BECAUSE_AT_MOST : Math.max(BECAUSE_AT_LEAST, width - before);
  out(`${paint.bold(laid(HEAD, widths, room))}\n`);
  for (let from = 0; from < rows.length; from += LOT_ROWS) {
    const lot = rows.slice(from, from + LOT_ROWS).map((row) => `${laid(cellsOf(row), widths, room)}\n`);
    out(lot.join(''));
  }
  const packets = rows.reduce((sum, one) => sum + one.packets, 0);
  out(`${paint.dim(`${counted(rows.length, 'ban')}${rows.length === all ? '' : ` of ${grouped(all)}`}, ${counted(packets, 'packet')} stopped`)}\n`);
}

function cellsOf(row: BanTold): string[] {
  return [...figuresOf(row), visible(row.because, BECAUSE_AT_MOST)];
}

/** All but the reason, which nothing stands behind. */
function figuresOf({ net, since, leftMs, packets, bytes, lingers }: BanTold): string[] {
  const left = lingers ? 'over' : leftMs === null ? 'ever' : lasted(leftMs);
  return [shown(net, 64), lingers ? '-' : clock(since), left, grouped(packets), sized(bytes)];
}

function laid(cells: readonly string[], widths: readonly number[], room: number): string {
  const parts = cells.slice(0, -1).map((cell, at) => (TO_THE_RIGHT[at] ? cell.padStart(widths[at] ?? 0) : cell.padEnd(widths[at] ?? 0)));
  const last = cells[cells.length - 1] ?? '';
  return [...parts, last.length > room ? `${last.slice(0, room - 1)}…` : last].join('  ');
}

const SIZES = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** In steps of 1,000, as network traffic is counted. */
export function sized(bytes: number): string {
  let step = 0;
  let value = bytes;
  for (; value >= 999.5 && step < SIZES.length - 1; step += 1) value /= 1000;
  return `${step === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${SIZES[step]}`;
}
