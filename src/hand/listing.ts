/** All bans with what each has stopped, and those whose time is over but who keep sending. */

import { netOf } from '../core/nets.ts';
import type { AllowTold, BanTold } from '../core/orders.ts';
import type { Book } from './book.ts';
import type { Tallies } from './nft.ts';
import { tallyOf } from './spreads.ts';
import { AGAIN, elementOf, setOf, type Tally } from './table.ts';
import type { Clock, Held } from './words.ts';

/** What the packet path holds is made by senders: so many of them are told. */
const LINGERING_AT_MOST = 1000;
const NONE: Tally = { packets: 0, bytes: 0 };

export function listing(book: Book, tallies: Tallies, clock: Clock): BanTold[] {
  const inNets = { net4: tallyOf(tallies.get('net4')), net6: tallyOf(tallies.get('net6')) };
  const told: BanTold[] = [];
  for (const held of book.all('ban')) {
    if (!book.lives(held)) continue;
    const set = setOf('ban', held.net);
    const tally = set === 'net4' || set === 'net6' ? inNets[set](held.net) : (tallies.get(set)?.get(elementOf(held.net)) ?? NONE);
    told.push(toldOf(held, tally, clock));
  }
  return [...told, ...lingering(book, tallies, clock)];
}

function toldOf(held: Held, tally: Tally, clock: Clock): BanTold {
  const { text, since, untilMs, because, decision, endsAt } = held;
  const leftMs = endsAt === null ? null : Math.round(endsAt - clock.steady());
  return { net: text, since, untilMs, leftMs, because, decision, ...tally };
}

function lingering(book: Book, tallies: Tallies, clock: Clock): BanTold[] {
  const found: BanTold[] = [];
  for (const set of AGAIN) {
    for (const [ip, tally] of tallies.get(set) ?? []) {
      const net = netOf(ip);
      if (typeof net === 'string' || found.length >= LINGERING_AT_MOST || book.touching('ban', net).length > 0) continue;
      const at = clock.wall();
      found.push({
        net: ip,
        since: at,
        untilMs: null,
        leftMs: null,
        because: 'its ban is over, but it keeps sending',
        decision: '',
        ...tally,
        lingers: true,
      });
    }
  }
  return found;
}

export function allowed(book: Book): AllowTold[] {
  return [...book.all('allow')].flatMap((held) => (book.lives(held) ? [{ net: held.text, untilMs: held.untilMs, because: held.because }] : []));
}
