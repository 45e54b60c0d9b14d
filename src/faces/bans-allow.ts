/** The word `tocsin allow`: addresses and networks that are let in whatever is banned, and that no order can ban. */

import { UserError } from '../core/errors.ts';
import type { AllowTold, HandOrder } from '../core/orders.ts';
import { shown } from '../core/text.ts';
import { callHand, type DoorAsked } from './bans-door.ts';
import { becauseOf, netsOf, type Tellers, tellReceipts, untilOf } from './bans-words.ts';
import { iso, utc } from './when.ts';

export interface AllowOptions extends DoorAsked {
  readonly for: string;
  readonly because?: string;
  readonly remove?: boolean;
  readonly json?: boolean;
}

/** Without addresses it tells which are allowed. */
export async function allow(words: readonly string[], options: AllowOptions, tellers: Tellers): Promise<number> {
  if (words.length === 0 && options.remove === true) throw new UserError('no address was given', 'Give what is to be allowed no more.');
  const nets = words.length === 0 ? [] : netsOf(words);
  const untilMs = untilOf(options.for, Date.now());
  const because = becauseOf(options.because);
  const orderOf = (net: string): HandOrder => (options.remove === true ? { verb: 'disallow', net } : { verb: 'allow', net, untilMs, because });
  const json = options.json === true;
  const call = await callHand({ ...options, reading: nets.length === 0 });
  try {
    const receipts = await call.order(nets.length === 0 ? [{ verb: 'list' }] : nets.map(orderOf));
    if (nets.length === 0) return tellAllowed(receipts[0]?.allows ?? [], json, tellers);
    if (options.remove === true) return tellReceipts(receipts, { done: 'allowed no more:', tail: '' }, json, tellers);
    const tail = untilMs === null ? ' until that is removed' : ` until ${utc(untilMs)}`;
    return tellReceipts(receipts, { done: 'allowed', tail }, json, tellers);
  } finally {
    await call.end();
  }
}

function tellAllowed(allows: readonly AllowTold[], json: boolean, { out }: Tellers): number {
  if (json) out(`${JSON.stringify({ allows: allows.map((one) => ({ ...one, untilMs: undefined, until: iso(one.untilMs) })) })}\n`);
  else if (allows.length === 0) out('nobody is on the list of allowed networks\n');
  else
    out(
      allows
        .map(({ net, untilMs, because }) => `${shown(net)}  ${untilMs === null ? 'ever' : `until ${utc(untilMs)}`}  ${shown(because)}\n`)
        .join(''),
    );
  return 0;
}
