/** The word `tocsin unban`: lets addresses and networks in again, one by one or all of them. */

import { UserError } from '../core/errors.ts';
import type { HandOrder, HandReceipt } from '../core/orders.ts';
import { counted } from '../core/text.ts';
import { callHand, type DoorAsked, type HandCall } from './bans-door.ts';
import { becauseOf, netsOf, type Tellers, tellReceipts } from './bans-words.ts';

export interface UnbanOptions extends DoorAsked {
  readonly all?: boolean;
  readonly because?: string;
  readonly json?: boolean;
}

/** Of those that only linger in the kernel a list tells a thousand at most, so all of them may take several lists. */
const ROUNDS_AT_MOST = 100;

export async function unban(words: readonly string[], options: UnbanOptions, tellers: Tellers): Promise<number> {
  if (options.all === true && words.length > 0) throw new UserError('--all and addresses do not go together', 'Give one of them.');
  if (options.all !== true && words.length === 0) throw new UserError('no address was given', 'Give addresses or networks, or --all.');
  const nets = options.all === true ? null : netsOf(words);
  const because = becauseOf(options.because);
  const call = await callHand(options);
  try {
    const receipts = nets === null ? await unbanAll(call, because) : await call.order(nets.map((net) => unbanOrder(net, because)));
    if (nets !== null || options.json === true) return tellReceipts(receipts, { done: 'unbanned', tail: '' }, options.json === true, tellers);
    const done = receipts.filter(({ state }) => state === 'done').length;
    tellers.out(done === 0 ? 'nobody was banned\n' : `${counted(done, 'ban')} lifted\n`);
    return tellReceipts(
      receipts.filter(({ state }) => state !== 'done' && state !== 'already'),
      { done: '', tail: '' },
      false,
      tellers,
    );
  } finally {
    await call.end();
  }
}

export function unbanOrder(net: string, because: string): HandOrder {
  return { verb: 'unban', net, because };
}

/** Whoever is banned now; the receipts of all of them. */
export async function unbanAll(call: HandCall, because: string): Promise<readonly HandReceipt[]> {
  const receipts: HandReceipt[] = [];
  for (let round = 0; round < ROUNDS_AT_MOST; round += 1) {
    const [list] = await call.order([{ verb: 'list' }]);
    const bans = list?.bans ?? [];
    const done = bans.length === 0 ? [] : await call.order(bans.map(({ net }) => unbanOrder(net, because)));
    for (const receipt of done) receipts.push(receipt);
    if (!bans.some(({ lingers }) => lingers) || done.some(({ state }) => state !== 'done')) break;
  }
  return receipts;
}
