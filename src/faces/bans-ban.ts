/** The word `tocsin ban`: shuts addresses and networks out, by the hand, which decides whether it may be and says so. */

import type { HandOrder } from '../core/orders.ts';
import { callHand, type DoorAsked } from './bans-door.ts';
import { becauseOf, netsOf, type Tellers, tellReceipts, untilOf } from './bans-words.ts';
import { utc } from './when.ts';

export interface BanOptions extends DoorAsked {
  readonly for: string;
  readonly because?: string;
  readonly wide?: boolean;
  readonly json?: boolean;
}

/** What stands as `decision` in bans that no policy has decided. */
export const BY_HAND = 'by-hand';

export async function ban(words: readonly string[], options: BanOptions, tellers: Tellers): Promise<number> {
  const nets = netsOf(words);
  const untilMs = untilOf(options.for, Date.now());
  const because = becauseOf(options.because);
  const wide = options.wide === true ? { wide: true } : {};
  const orders = nets.map((net): HandOrder => ({ verb: 'ban', net, untilMs, because, decision: BY_HAND, ...wide }));
  const call = await callHand(options);
  try {
    const receipts = await call.order(orders);
    const tail = untilMs === null ? ' until it is unbanned' : ` until ${utc(untilMs)}`;
    return tellReceipts(receipts, { done: 'banned', tail }, options.json === true, tellers);
  } finally {
    await call.end();
  }
}
