/** What each order of a batch comes to before anything is done: an act with its undo, or the reason why there is none. */

import { type Net, netOf, overlap } from '../core/nets.ts';
import type { AllowOrder, BanOrder, HandOrder, HandReceipt, PlainOrder, UnbanOrder } from '../core/orders.ts';
import { counted } from '../core/text.ts';
import type { Book } from './book.ts';
import { type Guard, tooWideToAllow } from './guard.ts';
import { type Act, type Clock, type Entry, type Held, type Kind, keyOf } from './words.ts';

type NetOrder = Exclude<HandOrder, PlainOrder>;

/** Memory of the kernel and of this program; a list longer than this is another tool's work. */
const BANS_AT_MOST = 250_000;
const ALLOWS_AT_MOST = 10_000;
const LOOKS_AT_MOST = 50;

export interface Judged {
  readonly receipt: HandReceipt;
  readonly act: Act | null;
}

/** Who asks the guard once for a whole batch; `lingers` = the packet path holds it though no ban does. */
export interface Sight {
  readonly guard: Guard | string;
  readonly lingers: (ip: string) => boolean;
}

/** The book as it will be when the orders before this one are done. */
export class Judge {
  readonly #book: Book;
  readonly #clock: Clock;
  readonly #sight: Sight;
  readonly #pending = new Map<string, Entry | null>();
  readonly #freshAllows: Net[] = [];
  #looks = 0;
  #growth = { ban: 0, allow: 0 };

  constructor(book: Book, clock: Clock, sight: Sight) {
    this.#book = book;
    this.#clock = clock;
    this.#sight = sight;
  }

  judge(order: HandOrder): Judged {
    if (isPlain(order)) return { receipt: { verb: order.verb, state: 'done' }, act: null };
    const net = netOf(order.net);
    if (typeof net === 'string') return answer(order, 'refused', `${order.net} ${net}.`);
    switch (order.verb) {
      case 'ban':
        return this.#ban(order, net);
      case 'unban':
        return this.#unban(order, net);
      case 'allow':
        return this.#allow(order, net);
      case 'disallow':
        return this.#entry('allow', order.net) === null
          ? answer(order, 'already', `${order.net} was not on the list of allowed networks.`)
          : this.#act(order, 'allow', order.net, null);
    }
  }

  #ban(order: BanOrder, net: Net): Judged {
    const not = `${order.net} was not banned`;
    const { guard } = this.#sight;
    if (typeof guard === 'string') return answer(order, 'refused', `${not}: ${guard}.`);
    const objection = guard.objection(net, order.wide === true) ?? this.#allowedNow(net);
    if (objection !== null) return answer(order, 'refused', `${not}: ${objection}.`);
    if (this.#over(order.untilMs))
      return answer(order, 'refused', `${not}: the end of its time has passed already; look at the clock of this machine.`);
    const before = this.#entry('ban', order.net);
    if (before !== null && lastsAsLong(before, order.untilMs)) {
      return answer(order, 'already', `${order.net} is banned already${until(before)}; to shorten that, unban it first.`);
    }
    if (before === null && this.#book.count('ban') + this.#growth.ban >= BANS_AT_MOST) {
      return answer(order, 'refused', `${not}: ${counted(BANS_AT_MOST, 'ban')} are in force, which is the limit; unban some, or ban networks.`);
    }
    const { untilMs, because, decision } = order;
    return this.#act(order, 'ban', order.net, { since: this.#clock.wall(), untilMs, because, decision });
  }

  #unban(order: UnbanOrder, net: Net): Judged {
    const wider = this.#book.around('ban', net);
    if (this.#entry('ban', order.net) !== null) {
      const says = wider ? `${order.net} still lies inside ${wider.text}, which is banned: unban that too, or allow ${order.net}.` : undefined;
      return this.#act(order, 'ban', order.net, null, says);
    }
    if (wider) return answer(order, 'refused', `${order.net} is not banned by itself but inside ${wider.text}: unban that, or allow ${order.net}.`);
    if (!this.#sight.lingers(order.net)) return answer(order, 'already', `${order.net} was not banned.`);
    const says = 'Its time was over, but it was kept out because it kept sending; that has ended.';
    return this.#act(order, 'ban', order.net, null, says);
  }

  #allow(order: AllowOrder, net: Net): Judged {
    const not = `${order.net} was not allowed`;
    const objection = tooWideToAllow(net);
    if (objection !== null) return answer(order, 'refused', `${not}: ${objection}.`);
    if (this.#over(order.untilMs)) return answer(order, 'refused', `${not}: the end of its time has passed already.`);
    const before = this.#entry('allow', order.net);
    if (before !== null && lastsAsLong(before, order.untilMs)) return answer(order, 'already', `${order.net} is allowed already${until(before)}.`);
    if (before === null && this.#book.count('allow') + this.#growth.allow >= ALLOWS_AT_MOST) {
      return answer(order, 'refused', `${not}: ${counted(ALLOWS_AT_MOST, 'network')} are allowed, which is the limit.`);
    }
    const idle = this.#idle(net);
    const says =
      idle === 0 ? undefined : `${counted(idle, 'ban')} that it touches ${idle === 1 ? 'has' : 'have'} no effect on it as long as it is allowed.`;
    this.#freshAllows.push(net);
    const { untilMs, because } = order;
    return this.#act(order, 'allow', order.net, { since: this.#clock.wall(), untilMs, because, decision: '' }, says);
  }

  /** How many bans an allowed network makes idle; to see that, all bans are gone through, so not for each of very many orders. */
  #idle(net: Net): number {
    this.#looks += 1;
    return this.#looks > LOOKS_AT_MOST ? 0 : this.#book.touching('ban', net).length;
  }

  /** What was allowed by an order before this one in the same batch; older ones are known to the guard. */
  #allowedNow(net: Net): string | null {
    return this.#freshAllows.some((one) => overlap(one, net)) ? 'it is allowed by an order before this one' : null;
  }

  #over(untilMs: number | null): boolean {
    return untilMs !== null && untilMs <= this.#clock.wall();
  }

  #entry(kind: Kind, net: string): Entry | null {
    const key = keyOf(kind, net);
    const pending = this.#pending.get(key);
    if (pending !== undefined) return pending;
    const held = this.#book.get(kind, net);
    return held && this.#book.lives(held) ? held : null;
  }

  #act(order: NetOrder, kind: Kind, net: string, now: Entry | null, says?: string): Judged {
    const key = keyOf(kind, net);
    const pending = this.#pending.get(key);
    // What only waits to be forgotten is still in the kernel: it counts as having been there.
    const was = pending === undefined ? plain(this.#book.get(kind, net)) : pending;
    this.#growth[kind] += (now === null ? 0 : 1) - (was === null ? 0 : 1);
    this.#pending.set(key, now);
    return { receipt: { verb: order.verb, net, state: 'done', ...(says === undefined ? {} : { says }) }, act: { kind, net, now, was } };
  }
}

function answer(order: NetOrder, state: 'refused' | 'already', says: string): Judged {
  return { receipt: { verb: order.verb, net: order.net, state, says }, act: null };
}

export function isPlain(order: HandOrder): order is PlainOrder {
  return order.verb === 'list' || order.verb === 'ping';
}

function plain(held: Held | null): Entry | null {
  return held && { since: held.since, untilMs: held.untilMs, because: held.because, decision: held.decision };
}

function lastsAsLong(before: Entry, untilMs: number | null): boolean {
  return before.untilMs === null || (untilMs !== null && before.untilMs >= untilMs);
}

function until({ untilMs }: Entry): string {
  return untilMs === null ? ' until it is unbanned' : ` until ${new Date(untilMs).toISOString()}`;
}
