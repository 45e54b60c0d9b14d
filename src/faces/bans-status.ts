/** The word `tocsin status`: does somebody look, can somebody act, and do the bans stand? It starts nothing and puts nothing back. */

import * as fs from 'node:fs';
import type { HandReceipt } from '../core/orders.ts';
import { counted, named } from '../core/text.ts';
import type { Millis } from '../core/words.ts';
import { type DoorAsked, type HandCall, runningHand } from './bans-door.ts';
import { type KernelSays, kernelCount, kernelOn } from './bans-kernel.ts';
import { type Sheet, sized } from './bans-list.ts';
import { type Watching, watching } from './bans-running.ts';
import { iso, utc } from './when.ts';

export interface StatusOptions extends DoorAsked {
  readonly json?: boolean;
}

export interface State {
  /** Null where no hand runs that this account may speak to. */
  readonly hand: { readonly socket: string; readonly since: Millis | null } | null;
  /** Null where nobody could tell. */
  readonly bans: Standing | null;
  readonly kernel: KernelSays;
  readonly watch: readonly Watching[];
}

export interface Standing {
  readonly bans: number;
  readonly lingering: number;
  readonly allows: number;
  readonly packets: number;
  readonly bytes: number;
  readonly since: Millis | null;
}

/** 0 = a hand answers and its table is in the kernel; 1 = something of that is missing. */
export async function status(options: StatusOptions, sheet: Sheet): Promise<number> {
  const state = await look(options);
  sheet.out(options.json === true ? `${JSON.stringify(stateJson(state))}\n` : stateText(state, sheet.paint));
  return isWhole(state) ? 0 : 1;
}

async function look(options: StatusOptions): Promise<State> {
  const watch = watching();
  const running = await runningHand(options.hand);
  if (running?.door.is === 'socket') {
    const [kernel, bans] = await Promise.all([kernelOn(null), standing(running)]);
    return { hand: { socket: running.door.path, since: openedAt(running.door.path) }, bans, kernel, watch };
  }
  // No hand of this call: it would change the kernel, and one that is just being started would find its ledger taken.
  const [kernel, counts] = await Promise.all([kernelOn(null), options.hand === undefined ? kernelCount() : null]);
  return { hand: null, bans: counts && { ...counts, since: null }, kernel, watch };
}

async function standing(call: HandCall): Promise<Standing | null> {
  let list: HandReceipt | undefined;
  try {
    [list] = await call.order([{ verb: 'list' }]);
  } catch {
    return null;
  } finally {
    await call.end();
  }
  const all = list?.bans ?? [];
  const bans = all.filter(({ lingers }) => !lingers);
  const sum = (of: 'packets' | 'bytes') => all.reduce((before, one) => before + one[of], 0);
  const since = bans.reduce<Millis | null>((first, one) => (first === null || one.since < first ? one.since : first), null);
  const allows = list?.allows?.length ?? 0;
  return { bans: bans.length, lingering: all.length - bans.length, allows, packets: sum('packets'), bytes: sum('bytes'), since };
}

/** The hand makes its socket when it begins to serve. */
function openedAt(socket: string): Millis | null {
  try {
    return fs.statSync(socket).ctimeMs;
  } catch {
    return null;
  }
}

function isWhole({ hand, kernel }: State): boolean {
  return hand !== null && ('unseen' in kernel || kernel.table);
}

function stateJson({ hand, bans, kernel, watch }: State) {
  const table = 'table' in kernel ? kernel.table : null;
  return {
    hand: { running: hand !== null, socket: hand?.socket ?? null, since: iso(hand?.since) },
    bans: bans && { ...bans, since: iso(bans.since) },
    kernel: { table, ...('unseen' in kernel ? { unseen: kernel.unseen } : {}) },
    watch,
  };
}

export function stateText({ hand, bans, kernel, watch }: State, paint: Sheet['paint']): string {
  const yes = (is: boolean, says: string) => (is ? paint.green(says) : paint.yellow(says));
  const acting = watch.some(({ acts }) => acts);
  const pids = watch.map(({ pid }) => pid).join(', ');
  const lines = [
    watch.length === 0
      ? `watch   ${yes(false, 'not running')}: nobody looks at the logs now`
      : `watch   ${yes(true, 'running')} (process ${pids}), ${acting ? 'and acts' : 'tells only, and bans nobody'}`,
    hand === null
      ? `hand    ${yes(false, 'not running')}, or not for this account: bans in the kernel stay till their end, and nobody puts them back`
      : `hand    ${yes(true, 'answers')} at ${named(hand.socket)}, since ${utc(hand.since)}`,
    'unseen' in kernel
      ? `kernel  not looked at: ${kernel.unseen}`
      : `kernel  ${kernel.table ? yes(true, 'has the table inet tocsin') : yes(false, 'has no table inet tocsin: nobody is stopped')}`,
  ];
  if (bans === null) return `${lines.join('\n')}\n`;
  const since = bans.since === null ? '' : `, the oldest since ${utc(bans.since)}`;
  const lingering = bans.lingering === 0 ? '' : `, and ${bans.lingering} whose time is over but who keep sending`;
  lines.push(`bans    ${counted(bans.bans, 'ban')} in force${lingering}${since}; ${counted(bans.allows, 'network')} allowed`);
  lines.push(`stopped ${counted(bans.packets, 'packet')}, ${sized(bans.bytes)}`);
  return `${lines.join('\n')}\n`;
}
